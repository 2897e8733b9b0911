import Catalog
import Cleaning
import Governance
public import Records
import Vault

/// Makes a cleaned version by a recipe: `tundish clean` and `tundish split`.
public struct Clean: Sendable {
    /// The version to clean.
    public var version: String
    /// A YAML recipe; nil: the standard one.
    public var recipeFile: String?
    /// A recipe given as JSON; wins over the file.
    public var recipe: JSONValue?
    /// Whether to count only and change nothing.
    public var isDryRun: Bool
    /// How many threads to work with; the version does not depend on it.
    public var threads: Int

    /// Makes the request.
    public init(
        version: String, recipeFile: String? = nil, recipe: JSONValue? = nil,
        isDryRun: Bool = false, threads: Int = 2
    ) {
        self.threads = threads
        self.isDryRun = isDryRun
        self.version = version
        self.recipeFile = recipeFile
        self.recipe = recipe
    }

    /// Cleans and commits, in as many passes as the recipe needs: what has to see the dataset
    /// first is fitted, then duplicates, splits and the like are settled, then records are written.
    public func run(in workspace: OpenWorkspace) throws -> Report {
        let parent = try workspace.version(version)
        let recipe = try loadRecipe()
        let lease = try workspace.authorizer.workLease(
            version: parent.id, for: .clean, session: workspace.session)
        defer { try? workspace.authorizer.end(lease, session: workspace.session) }
        guard let dataset = try workspace.catalog.read({ try $0.dataset(parent.dataset) }) else {
            throw WorkspaceError(.integrity, "version \(version) belongs to no dataset")
        }
        let reader = try VersionReader(workspace, version: parent, lease: lease)
        let splitKey = try workspace.vault.namedKey(
            "split", scope: try ScopeID(bytes: dataset.id))
        var fit = CleaningFit(recipe: recipe, key: splitKey)
        while fit.needsPass {
            try reader.records { fit.collect($0) }
            try fit.finishPass()
        }
        let pass = CleanPass(
            reader: reader, cleaner: Cleaner(recipe: recipe, fit: fit), threads: threads)
        var global = GlobalCleaning(recipe: recipe, key: splitKey, groups: fit.groups)
        while global.needsPass {
            _ = try pass.run { _, record, _ in
                if let record { global.collect(record) }
            }
            global.endPass()
        }
        let writer = try VersionWriter(
            workspace: workspace, dataset: dataset, stage: parent.stage, isDryRun: isDryRun,
            threads: threads)
        let outcome = try write(pass, global, into: writer, parent: parent)
        return try commit(
            writer, recipe: recipe, counts: outcome, report: global.report, parent: parent)
    }

    private func write(
        _ pass: CleanPass, _ global: GlobalCleaning, into writer: VersionWriter, parent: VersionRow
    ) throws -> CleaningCounts {
        var dropped: Set<RecordID> = []
        let counts = try pass.run { rid, record, counts in
            guard var kept = record, global.apply(to: &kept, counts: &counts) else {
                dropped.insert(rid)
                return
            }
            try writer.append(kept)
        }
        if dropped.isEmpty {
            try writer.inheritOrigins(of: parent)
        } else {
            try pass.reader.origins { origin in
                guard !dropped.contains(origin.rid) else { return }
                try writer.appendOrigin(of: origin.rid, canonical: origin.canonicalBytes())
            }
        }
        return counts
    }

    private func commit(
        _ writer: VersionWriter, recipe: CleaningRecipe, counts: CleaningCounts,
        report: GlobalReport, parent: VersionRow
    ) throws -> Report {
        guard counts.isBalanced, writer.count == Int(counts.kept) else {
            throw WorkspaceError(.integrity, "cleaning lost count of records: \(counts.text)")
        }
        let manifest = try VersionManifest(json: JSONParser.parse(parent.manifest))
        var numbers = counts.json.objectValue ?? [:]
        if !report.isEmpty { numbers["global"] = report.json }
        if let noise = report.labelNoise {
            try writer.attach(
                LabelIssues.encode(noise.issues), role: LabelIssues.role, kind: .table,
                stage: parent.stage.sealStage)
        }
        let outcome = try writer.commit(
            VersionWriter.Description(
                parents: [parent], recipe: ["operation": "clean", "recipe": recipe.json],
                policyDigest: manifest.policyDigest.flatMap(Hex.decode),
                detectorDigests: manifest.detectorDigests.compactMapValues(Hex.decode),
                counts: .object(numbers)),
            event: EventDraft(
                "dataset.clean", object: "version",
                facts: [
                    "recipe": .string(Hex.encode(recipe.digest)), "counts": counts.json,
                ]))
        return result(outcome, counts: counts, report: report)
    }

    private func result(
        _ outcome: VersionWriter.Outcome, counts: CleaningCounts, report: GlobalReport
    ) -> Report {
        let splits = outcome.manifest.splits.sorted { $0.key < $1.key }
            .map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        let isBlocked = report.contamination?.exceedsLimit == true
        var next = [
            outcome.manifest.stage == .raw
                ? "tundish redact \(outcome.label) --policy retail-reviews"
                : "tundish release \(outcome.label) --purpose PURPOSE"
        ]
        if report.labelNoise?.issues.isEmpty == false {
            next.append("tundish dataset label-issues \(outcome.label)")
        }
        // A dry run made no version that a next command could name.
        let isUnwritten = isDryRun && outcome.isNew
        if isUnwritten { next = [] }
        let last: [String] = isUnwritten ? ["nothing was changed"] : []
        return Report(
            json: [
                "version": .string(outcome.manifest.versionID), "label": .string(outcome.label),
                "new": .bool(outcome.isNew), "counts": counts.json, "global": report.json,
                "splits": .object(outcome.manifest.splits.mapValues { .integer($0) }),
            ],
            lines: [
                "\(outcome.label): \(outcome.manifest.count) records", counts.text,
                "splits: \(splits)",
            ] + report.lines + last
                + (isBlocked
                    ? [
                        "no model may be trained on this: its evaluation parts stand in train "
                            + "(`action: drop` in the recipe's contamination mends it)"
                    ] : []),
            next: next)
    }

    private func loadRecipe() throws -> CleaningRecipe {
        if let recipe { return try CleaningRecipe(recipe) }
        guard let recipeFile else { return .standard }
        return try CleaningRecipe(YAMLFile.read(recipeFile))
    }
}
