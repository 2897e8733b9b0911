import Catalog
import Cryptography
import EngineProtocol
import Handoff
import Records

/// Runs an engine on an existing model: what evaluating, predicting and all else that uses a model
/// share.
struct EngineSession {
    let workspace: OpenWorkspace
    let engine: String
    let threads: Int

    /// A model reads texts as it did in training: what decides that is handed on.
    private static let readingNames = [
        "max_length", "chat_template", "completion_only_loss", "quantization", "dpo_beta",
    ]

    func newRunID() -> String { RunNames.newID() }

    /// The request for a verb on a model.
    ///
    /// - Parameter settings: more parameters, which win over those of the training.
    func request(
        _ verb: EngineVerb, access: ModelAccess, dataset: RunRequest.DatasetReference? = nil,
        purpose: String = "", settings: [(String, String)] = []
    ) throws -> RunRequest {
        let trained = try access.trainingRequest()
        var parameters = HyperParameters()
        for name in Self.readingNames {
            if let value = trained?.hyperParameters[name] { try parameters.set(name, value) }
        }
        for (name, value) in settings { try parameters.set(name, value) }
        return RunRequest(
            verb: verb, task: trained?.task ?? Self.task(of: verb),
            method: trained?.method ?? (access.adapterReference == nil ? .full : .lora),
            hyperParameters: parameters, dataset: dataset, baseModel: access.baseReference,
            adapter: access.adapterReference,
            engine: try RegisteredEngines(workspace).executable(engine), purpose: purpose,
            threads: threads, outputs: verb == .evaluate ? [.predictions] : [])
    }

    /// What an imported model is asked for tells what it can do.
    private static func task(of verb: EngineVerb) -> EngineTask {
        switch verb {
        case .generate: .causalLM
        case .tag: .tokenClassification
        case .describe, .plan, .train, .evaluate, .predict, .probe: .sequenceClassification
        }
    }

    /// The model's files, for as long as its leases hold. What the engine hands over is not kept.
    func data(_ access: ModelAccess) -> EngineData {
        let ignored = MemoryArtifacts()
        return EngineData(
            readModelFile: { origin, name, emit in try access.stream(origin, name, into: emit) },
            artifactSink: { ignored.sink(name: $0, size: $1, sha256: $2) },
            stillAllowed: { access.isLive })
    }

    /// Runs a request once.
    func run(
        _ request: RunRequest, runID: String, texts: [String] = [],
        messages: [[EngineMessage]] = [], generation: GenerationOptions? = nil, data: EngineData,
        onEvent: @escaping @Sendable (EngineEvent) -> Void = { _ in }
    ) throws -> RunOutcome {
        try EngineRunner(
            engine: try RegisteredEngines(workspace).executable(engine),
            runFolder: try workspace.runFolder(runID)
        ).run(
            request, runID: runID, texts: texts, messages: messages, generation: generation,
            data: data, onEvent: onEvent)
    }

    /// Starts a worker that holds the model, for job after job; `access` must stay open meanwhile.
    func worker(_ verb: EngineVerb, access: ModelAccess) throws -> EngineWorker {
        let runID = newRunID()
        let worker = EngineWorker(
            engine: try RegisteredEngines(workspace).executable(engine),
            runFolder: try workspace.runFolder(runID))
        try worker.start(
            try request(verb, access: access), runID: runID, data: data(access))
        return worker
    }
}
