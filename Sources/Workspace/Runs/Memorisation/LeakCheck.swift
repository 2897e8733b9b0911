import Catalog
public import EngineProtocol
import Governance
import Handoff
import Records
import Redaction

/// Whether a language model says what redaction took out of its data: `tundish run leaks`.
///
/// The model goes on from beginnings of its own training records. What it says is held against the
/// values that stand in the raw version and not in the redacted one, under an approved raw lease;
/// without one, personal data in it is counted as the policy finds it. Neither texts nor values are
/// ever shown.
public struct LeakCheck: Sendable {
    /// The run or model.
    public var name: String
    /// The redacted version that it was trained on.
    public var data: String
    /// The purpose that the version was released for.
    public var purpose: String
    /// How many beginnings are tried.
    public var prompts: Int
    /// Whether the raw version must be opened; else it is only if that is approved already.
    public var needsRaw: Bool
    /// How the model goes on.
    public var generation: GenerationOptions
    /// A registered engine.
    public var engine: String
    /// Threads for the engine.
    public var threads: Int
    /// Called with the prompts done and their total.
    public var onProgress: @Sendable (Int, Int) -> Void

    /// Makes the request.
    public init(
        name: String, data: String, purpose: String, prompts: Int = 100, needsRaw: Bool = false,
        generation: GenerationOptions = .init(maxNewTokens: 64), engine: String = "bundled",
        threads: Int = 2, onProgress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
    ) {
        self.name = name
        self.data = data
        self.purpose = purpose
        self.prompts = prompts
        self.needsRaw = needsRaw
        self.generation = generation
        self.engine = engine
        self.threads = threads
        self.onProgress = onProgress
    }

    /// Prompts carry at most this many at once, so that an answer is never far away.
    private static let batch = 8

    /// Generates, checks, and records the counts as an event. A value that was found is a failed
    /// check.
    public func run(in workspace: OpenWorkspace) throws -> Report {
        guard (1...10_000).contains(prompts) else {
            throw WorkspaceError(.usage, "--prompts is 1 to 10000")
        }
        let version = try workspace.version(data)
        guard version.stage != .raw else {
            throw WorkspaceError(
                .usage, "\(data) is raw: name the redacted version that the model learned from")
        }
        let lease = try lease(on: version, in: workspace)
        defer { try? workspace.authorizer.end(lease, session: workspace.session) }
        let reader = try VersionReader(workspace, version: version, lease: lease)
        let raw = try rawValues(behind: version, reader, in: workspace)
        var sample = PromptSample(limit: prompts, seed: UInt64(max(0, generation.seed)))
        try reader.records { sample.take($0) }
        let chosen = sample.prompts
        guard !chosen.isEmpty else {
            throw WorkspaceError(.usage, "\(data) has no train records that a model can go on from")
        }
        let texts = try generate(chosen, in: workspace)
        let findings =
            try raw.map { LeakFindings(texts, values: $0) }
            ?? LeakFindings(texts, redactor: try redactor(of: version, in: workspace))
        let residue = try findings.residue(in: reader)
        return try record(
            findings, residue: residue, prompts: chosen.count, of: sample.candidates, version,
            workspace)
    }

    private func lease(on version: VersionRow, in workspace: OpenWorkspace) throws -> Lease {
        let mayTrain = try workspace.authorizer.decide(
            .train, principal: workspace.session.principal, on: .version(version.id),
            purpose: purpose)
        return mayTrain.isAllowed
            ? try workspace.authorizer.runLease(
                version: version.id, purpose: purpose, run: RunNames.newID(),
                session: workspace.session)
            : try workspace.authorizer.readLease(
                version: version.id, purpose: purpose, session: workspace.session)
    }

    // MARK: What was taken out

    /// The values that stand in the raw version behind a redacted one; nil without the permission.
    private func rawValues(
        behind version: VersionRow, _ reader: VersionReader, in workspace: OpenWorkspace
    ) throws -> ValueIndex? {
        guard let parent = try ancestor(of: version, in: workspace, where: { $0.stage == .raw })
        else { throw WorkspaceError(.integrity, "\(data) has no raw version behind it") }
        let isAllowed = try workspace.authorizer.decide(
            .readRaw, principal: workspace.session.principal, on: .version(parent.id),
            purpose: purpose
        ).isAllowed
        guard needsRaw || isAllowed else { return nil }
        let lease = try workspace.authorizer.rawLease(
            version: parent.id, purpose: purpose, hours: 1, reason: "memorisation check",
            session: workspace.session)
        defer { try? workspace.authorizer.end(lease, session: workspace.session) }
        var redacted: [RecordID: Record] = [:]
        try reader.records { record in
            if record.split == .train { redacted[record.rid] = record }
        }
        var values = ValueIndex()
        try VersionReader(workspace, version: parent, lease: lease).records { record in
            guard let after = redacted[record.rid] else { return }
            for value in RemovedValues.values(raw: record, redacted: after) { values.add(value) }
        }
        return values
    }

    /// The nearest version among a version and what it was made of.
    private func ancestor(
        of version: VersionRow, in workspace: OpenWorkspace, where isWanted: (VersionRow) -> Bool
    ) throws -> VersionRow? {
        var row: VersionRow? = version
        var count = 0
        while let current = row, count < 1_000 {
            if isWanted(current) { return current }
            count += 1
            row = try workspace.catalog.read { reader in
                try reader.parents(of: current.id).first.flatMap { try reader.version($0) }
            }
        }
        return nil
    }

    /// The detector of the policy that the version was redacted under; of the policy `all` where
    /// that one needs keys or is not there any more.
    private func redactor(
        of version: VersionRow, in workspace: OpenWorkspace
    ) throws -> Redactor {
        var name: String?
        _ = try ancestor(of: version, in: workspace) { row in
            let manifest = try? VersionManifest(json: JSONParser.parse(row.manifest))
            name = manifest?.recipe["policy"]?.stringValue
            return name != nil
        }
        if let name, let policy = try? PolicyFiles.load(name, home: workspace.folder),
            policy.needs.isEmpty
        {
            return try Redactor(policy: policy)
        }
        return try Redactor(policy: PolicyFiles.load("all", home: workspace.folder))
    }

    // MARK: What the model says

    private func generate(
        _ prompts: [LeakPrompt], in workspace: OpenWorkspace
    ) throws -> [String] {
        let access = try ModelAccess(workspace, name: name)
        defer { access.close() }
        let task = try access.trainingRequest()?.task ?? .causalLM
        guard task == .causalLM || task == .preference,
            access.base.info["kind"]?.stringValue != "encoder"
        else {
            throw WorkspaceError(
                .usage, "`\(name)` labels texts: it cannot say what it has read",
                hint: "canaries measure what a classifier keeps: --set canaries=10")
        }
        let worker = try EngineSession(workspace: workspace, engine: engine, threads: threads)
            .worker(.generate, access: access)
        defer { worker.stop() }
        var texts: [String] = []
        var start = 0
        while start < prompts.count {
            let part = prompts[start..<min(start + Self.batch, prompts.count)]
            for jobs in Self.jobs(part) {
                let events = try worker.ask(
                    .generate, texts: jobs.texts, messages: jobs.chats, generation: generation)
                for event in events {
                    if case .generation(let answer) = event { texts.append(answer.text) }
                }
            }
            start += part.count
            onProgress(start, prompts.count)
        }
        guard texts.count == prompts.count else {
            throw WorkspaceError(
                .failed, "the engine answered \(texts.count) of \(prompts.count) prompts")
        }
        return texts
    }

    /// Texts and chats are asked apart: an answer's index counts within one kind.
    private static func jobs(
        _ prompts: ArraySlice<LeakPrompt>
    ) -> [(texts: [String], chats: [[EngineMessage]])] {
        var (texts, chats) = ([String](), [[EngineMessage]]())
        for prompt in prompts {
            switch prompt {
            case .text(let text): texts.append(text)
            case .chat(let messages): chats.append(messages)
            }
        }
        return [(texts, []), ([], chats)].filter { !$0.0.isEmpty || !$0.1.isEmpty }
    }

    // MARK: What came of it

    private func record(
        _ findings: LeakFindings, residue: Int, prompts: Int, of candidates: Int,
        _ version: VersionRow, _ workspace: OpenWorkspace
    ) throws -> Report {
        let row = try ModelAccess.find(name, in: workspace)
        var facts = findings.json.objectValue ?? [:]
        facts["version"] = .string(Hex.encode(version.id))
        facts["prompts"] = .integer(prompts)
        facts["trainRecords"] = .integer(candidates)
        facts["standInTheRedactedVersion"] = .integer(residue)
        try workspace.catalog.record(
            EventDraft(
                "model.leaks", object: "model:\(Hex.encode(row.id))", facts: .object(facts)),
            signer: workspace.session.signer)
        var json = facts
        json["model"] = .string(name)
        json["data"] = .string(try workspace.label(version.id))
        return Report(
            json: .object(json),
            lines: [
                "\(name) went on from the beginnings of \(prompts) of \(candidates) train records:"
            ]
                + findings.lines(residue: residue),
            next: findings.values == nil
                ? [
                    "tundish request read-raw DATASET@RAW --purpose \(purpose) --reason "
                        + "\"memorisation check\""
                ] : [],
            verdict: findings.matches.isEmpty ? .passed : .checksFailed)
    }
}
