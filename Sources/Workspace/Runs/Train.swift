public import EngineProtocol
import Handoff

/// An audited fine-tune of an exact released version: `tundish train`.
public struct Train: Sendable {
    /// The name of the run and of the model that comes of it.
    public var name: String
    /// The version to learn from, such as `reviews@3`.
    public var data: String
    /// The base model.
    public var model: String
    /// What to learn; nil: what the records are for: labels of labelled ones, what is preferred of
    /// preference pairs, else the next token.
    public var task: EngineTask?
    /// How to tune.
    public var method: TuningMethod
    /// `key=value` pairs that change the method's defaults.
    public var settings: [(String, String)]
    /// The purpose that the version was released for.
    public var purpose: String
    /// A registered engine.
    public var engine: String
    /// Threads for the engine.
    public var threads: Int
    /// Whether the engine also gives batch order, initial weights and predictions, for parity.
    public var exportsBatchOrder: Bool
    /// Called with each event of the engine, while it runs.
    public var onEvent: @Sendable (EngineEvent) -> Void
    /// Asked about once a second: true stops the run, with a checkpoint.
    public var isInterrupted: @Sendable () -> Bool

    /// Makes the request.
    public init(
        name: String, data: String, model: String, task: EngineTask? = nil, method: TuningMethod,
        settings: [(String, String)] = [], purpose: String, engine: String = "bundled",
        threads: Int = 2, exportsBatchOrder: Bool = false,
        onEvent: @escaping @Sendable (EngineEvent) -> Void = { _ in },
        isInterrupted: @escaping @Sendable () -> Bool = { false }
    ) {
        self.name = name
        self.data = data
        self.model = model
        self.task = task
        self.method = method
        self.settings = settings
        self.purpose = purpose
        self.engine = engine
        self.threads = threads
        self.exportsBatchOrder = exportsBatchOrder
        self.onEvent = onEvent
        self.isInterrupted = isInterrupted
    }

    /// Freezes the request, drives the engine, seals the model, and signs what happened.
    public func run(in workspace: OpenWorkspace) throws -> Report {
        let version = try workspace.version(data)
        try RunNames.check(name, in: workspace)
        let runID = RunNames.newID()
        let materials = try RunMaterials(
            workspace, run: runID, version: version, purpose: purpose, model: model,
            engine: engine)
        defer { materials.close() }
        return try TrainingRun(
            materials: materials, request: try freeze(materials), onEvent: onEvent,
            isInterrupted: isInterrupted
        ).start(id: runID, name: name)
    }

    /// The request as it will stand for ever.
    func freeze(_ materials: RunMaterials) throws -> RunRequest {
        var parameters = HyperParameters()
        for (key, value) in settings { try parameters.set(key, value) }
        return RunRequest(
            verb: .train, task: try task ?? materials.task(), method: method,
            hyperParameters: parameters, dataset: try materials.dataset(),
            baseModel: materials.base.baseReference, engine: materials.executable,
            purpose: purpose, threads: threads,
            outputs: exportsBatchOrder ? [.batchOrder, .initialWeights, .predictions] : [])
    }
}
