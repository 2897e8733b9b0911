public import EngineProtocol
public import Records

/// What came of a run that ended well.
public struct RunOutcome: Sendable {
    /// When the engine was started.
    public var startedAt: Timestamp
    /// When it had ended.
    public var finishedAt: Timestamp
    /// What the engine said when it began: labels and effective hyper-parameters.
    public var started: EngineEvent.Started?
    /// The engine's summary.
    public var summary: JSONValue
    /// The artifacts that were taken, with their digests, in the order they came.
    public var artifacts: [RunRequest.File]
    /// Every evaluation, in order.
    public var evaluations: [EngineEvent.Evaluation]
    /// Every prediction, in order.
    public var predictions: [EngineEvent.Prediction]
    /// Every answer to a chat or text, in order.
    public var generations: [EngineEvent.Generation]
    /// The tags of every text, in order.
    public var tags: [EngineEvent.Tags]
    /// How the model sees every text, in order.
    public var probes: [EngineEvent.Probe]
    /// What the engine said the run would take.
    public var plan: EnginePlan?
    /// Warnings and hints, in order.
    public var notes: [EngineEvent]
    /// Records that the engine read in epoch 0, by split.
    public var recordsServed: [Split: Int]
    /// SHA-256 of that stream of records, lower-case hex, by split.
    public var recordDigests: [Split: String]
    /// The engine's standard error, as far as it was kept.
    public var standardError: String

    /// Nothing yet.
    init() {
        startedAt = .now
        finishedAt = startedAt
        summary = .null
        (artifacts, evaluations, predictions, generations) = ([], [], [], [])
        (tags, probes, notes) = ([], [], [])
        (recordsServed, recordDigests, standardError) = ([:], [:], "")
    }

    /// Keeps what an event says, where it belongs to the outcome.
    mutating func note(_ event: EngineEvent) {
        switch event {
        case .started(let started): self.started = started
        case .plan(let plan): self.plan = plan
        case .evaluation(let evaluation): evaluations.append(evaluation)
        case .prediction(let prediction): predictions.append(prediction)
        case .generation(let generation): generations.append(generation)
        case .tags(let tags): self.tags.append(tags)
        case .probe(let probe): probes.append(probe)
        case .warning, .hint: notes.append(event)
        case .finished(let summary): self.summary = summary
        case .example, .progress, .checkpoint, .artifact, .capabilities, .answered, .refused,
            .failed:
            break
        }
    }
}
