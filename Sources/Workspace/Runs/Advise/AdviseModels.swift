import Catalog
public import EngineProtocol
import Governance
import Handoff
import ModelFiles
import Records

/// Ranks the workspace's base models for a task and a version: `tundish model advise`.
public struct AdviseModels: Sendable {
    /// The version, purpose, task, parameters, engine and threads of the runs that are meant; name,
    /// model and method do not matter.
    public var train: Train
    /// The methods to plan; empty: the usual ones of each model.
    public var methods: [TuningMethod]
    /// The models to look at; empty: all base models.
    public var models: [String]
    /// Whether each model is tried on the data: a classifier on its frozen features.
    public var isProbing: Bool
    /// Called with what is being looked at.
    public var onStep: @Sendable (String) -> Void

    /// Makes the request.
    public init(
        _ train: Train, methods: [TuningMethod] = [], models: [String] = [],
        isProbing: Bool = false, onStep: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.train = train
        self.methods = methods
        self.models = models
        self.isProbing = isProbing
        self.onStep = onStep
    }

    /// Looks at each model, plans each method, and ranks.
    public func run(in workspace: OpenWorkspace) throws -> Report {
        let version = try workspace.version(train.data)
        let rows = try candidates(in: workspace)
        var sample: TextSample?
        var task = train.task
        var found: [Candidate] = []
        for row in rows {
            onStep(row.name)
            let materials = try RunMaterials(
                workspace, run: RunNames.newID(), version: version, purpose: train.purpose,
                model: row.name, engine: train.engine)
            defer { materials.close() }
            let texts = try sample ?? TextSample(materials.reader)
            let goal = try task ?? materials.task()
            (sample, task) = (texts, goal)
            found.append(try examine(row, texts, goal, materials))
        }
        return report(Ranking(found), sample: sample, task: task ?? .sequenceClassification)
    }

    private func candidates(in workspace: OpenWorkspace) throws -> [ModelRow] {
        let bases = try workspace.catalog.read { try $0.models() }
            .filter { $0.kind == .base && $0.state != .retired }
        guard !models.isEmpty else {
            guard !bases.isEmpty else {
                throw WorkspaceError(
                    .notFound, "there is no base model to choose from",
                    hint: "`tundish model import NAME FOLDER` brings one in")
            }
            return bases
        }
        return try models.map { name in
            guard let row = bases.first(where: { $0.name == name }) else {
                throw WorkspaceError(
                    .notFound, "there is no base model `\(name)`",
                    hint: Suggestion.hint(for: name, in: bases.map(\.name), called: "base models"))
            }
            return row
        }
    }

    // MARK: One model

    private func examine(
        _ row: ModelRow, _ sample: TextSample, _ task: EngineTask, _ materials: RunMaterials
    ) throws -> Candidate {
        var candidate = Candidate(name: row.name, info: row.info)
        candidate.misfit = Self.misfit(row, task)
        guard candidate.misfit == nil else { return candidate }
        switch try Self.tokenizer(of: materials.base) {
        case .success(let tokenizer): candidate.lengths = Self.lengths(sample, tokenizer)
        case .failure(let error): candidate.notes.append(error.message)
        }
        for method in methods.isEmpty ? Self.usualMethods(row) : methods {
            candidate.plans.append(try plan(method, task, materials))
        }
        if isProbing {
            do {
                candidate.probe = try probe(task, materials)
            } catch {
                let failure = WorkspaceError(describing: error)
                guard failure.code == .failed else { throw error }
                candidate.notes.append("no probe: \(failure.message)")
            }
        }
        return candidate
    }

    private static func misfit(_ row: ModelRow, _ task: EngineTask) -> String? {
        switch (row.info["kind"]?.stringValue, task) {
        case ("encoder", .causalLM), ("encoder", .preference):
            "an encoder labels texts and words, it cannot write"
        case ("decoder", .sequenceClassification), ("decoder", .tokenClassification):
            "a language model writes; labels are for encoders here"
        default: nil
        }
    }

    private static func usualMethods(_ row: ModelRow) -> [TuningMethod] {
        row.info["kind"]?.stringValue == "decoder"
            ? [.lora, .qlora, .full] : [.head, .lora, .full]
    }

    /// A GGUF file beyond this is not read for its tokenizer alone.
    private static let fileLimit = 1 << 30

    private static func tokenizer(
        of base: ModelAccess
    ) throws -> Result<any TextTokenizer, WorkspaceError> {
        let reference = base.baseReference
        do {
            for name in [ModelSource.ggufName, ModelSource.vocabularyName] {
                guard let file = reference.files.first(where: { $0.name == name }) else { continue }
                guard file.size <= fileLimit else {
                    return .failure(
                        WorkspaceError(.failed, "its tokenizer lies inside a very large file"))
                }
                return .success(
                    try TokenizerFiles.load(gguf: GGUFFile(bytes: base.file(.base, name))))
            }
            var files: [String: [UInt8]] = [:]
            for file in reference.files where TokenizerFiles.names.contains(file.name) {
                files[file.name] = try base.file(.base, file.name)
            }
            return .success(try TokenizerFiles.load(files))
        } catch let error as TokenizerError {
            return .failure(
                WorkspaceError(.failed, "its tokenizer cannot be read", hint: error.hint))
        }
    }

    private static func lengths(
        _ sample: TextSample, _ tokenizer: any TextTokenizer
    ) -> TokenLengths {
        let unknown = tokenizer.specialTokens.unknown
        var (lengths, count) = ([Int](), 0)
        for text in sample.texts {
            let ids = tokenizer.encode(Array(text.utf8), addsSpecialTokens: true)
            lengths.append(ids.count)
            if let unknown { count += ids.count { $0 == unknown } }
        }
        return TokenLengths(lengths: lengths, words: sample.wordCount, unknown: count)
    }

    // MARK: The engine

    private func request(
        _ verb: EngineVerb, _ method: TuningMethod, _ task: EngineTask, _ materials: RunMaterials
    ) throws -> RunRequest {
        var train = train
        (train.method, train.task) = (method, task)
        var request = try train.freeze(materials)
        request.verb = verb
        request.outputs = []
        return request
    }

    private func plan(
        _ method: TuningMethod, _ task: EngineTask, _ materials: RunMaterials
    ) throws -> Candidate.MethodPlan {
        let runID = RunNames.newID()
        let request = try request(.plan, method, task, materials)
        let runner = EngineRunner(
            engine: materials.executable, runFolder: try materials.workspace.runFolder(runID))
        do {
            let plan = try runner.plan(request, runID: runID, data: materials.engineData())
            return Candidate.MethodPlan(
                method: method, plan: plan, refusal: plan.refusals.first)
        } catch {
            // What the engine refuses is a fact about this method, not the end of the advice.
            guard error.code == .engineFailed else { throw error }
            return Candidate.MethodPlan(method: method, plan: nil, refusal: error.message)
        }
    }

    private func probe(_ task: EngineTask, _ materials: RunMaterials) throws -> Candidate.Probe? {
        guard task == .sequenceClassification else {
            throw WorkspaceError(
                .failed, "a probe is for labels of texts, not for \(task.rawValue)")
        }
        let runID = RunNames.newID()
        let outcome = try EngineRunner(
            engine: materials.executable, runFolder: try materials.workspace.runFolder(runID)
        ).run(
            try request(.probe, .head, task, materials), runID: runID,
            data: materials.engineData())
        guard let scores = outcome.probes.first?.scores,
            let accuracy = scores["accuracy"]?.doubleValue,
            let macroF1 = scores["macroF1"]?.doubleValue, let count = scores["count"]?.intValue
        else { throw WorkspaceError(.failed, "the engine gave no scores") }
        return Candidate.Probe(accuracy: accuracy, macroF1: macroF1, count: count)
    }
}
