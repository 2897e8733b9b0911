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
    /// Records that the engine read in epoch 0, by split.
    public var recordsServed: [Split: Int]
    /// SHA-256 of that stream of records, lower-case hex, by split.
    public var recordDigests: [Split: String]
    /// The engine's standard error, as far as it was kept.
    public var standardError: String
}
