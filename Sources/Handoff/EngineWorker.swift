public import EngineProtocol
internal import Records
internal import Synchronization

/// A long-lived engine process that answers one job after another with the model that it holds:
/// for `predict`, `generate`, `tag` and `probe`.
///
///     let worker = EngineWorker(engine: engine, runFolder: folder)
///     try worker.start(request, runID: id, data: data)
///     let events = try worker.ask(.predict, texts: ["The lamp is lovely"])
///     worker.stop()
///
/// A worker that crashed, hangs, breaks the protocol or is no longer allowed is ended; the job that
/// it was at fails with the reason, and so does every later one until ``start(_:runID:data:)`` is
/// called again.
public final class EngineWorker: Sendable {
    private let runner: EngineRunner
    private let link = Mutex<WorkerLink?>(nil)
    /// Held for the length of a job: one at a time, in the order of the callers.
    private let turn = Mutex(0)

    /// Makes a worker that is not running yet.
    ///
    /// - Parameters:
    ///   - runFolder: as for ``EngineRunner``; it exists while the worker runs.
    ///   - limits: the silence counts while the worker starts or is at a job.
    public init(
        engine: EngineExecutable, runFolder: String, limits: EngineRunner.Limits = .init()
    ) {
        runner = EngineRunner(engine: engine, runFolder: runFolder, limits: limits)
    }

    deinit { link.withLock { $0?.stop() } }

    /// Starts the engine with a model and waits until it is ready.
    ///
    /// - Parameter request: with one of the verbs of workers, and no dataset.
    /// - Returns: what the engine says of itself: labels, configuration.
    /// - Throws: `.invalidRequest` for another verb or a worker that runs already, and all that a
    ///   run throws.
    @discardableResult
    public func start(
        _ request: RunRequest, runID: String, data: EngineData
    ) throws(HandoffError) -> EngineEvent.Started {
        guard request.verb.isForWorkers, request.dataset == nil else {
            throw HandoffError(
                .invalidRequest, "no worker can be started to \(request.verb.rawValue)",
                hint: "predict, generate, tag and probe on texts and chats are for workers")
        }
        guard !isRunning else {
            throw HandoffError(
                .invalidRequest, "the worker runs already", hint: "stop it first")
        }
        // One that ended badly may not be cleaned up yet.
        stop()
        var (message, terms) = try runner.prepare(request, runID: runID)
        message.isWorker = true
        // An idle worker's connection may be silent; the worker's own limit is what counts.
        terms.silenceSeconds = 0
        let made = try WorkerLink(runner: runner, message: message, terms: terms, data: data)
        link.withLock { $0 = made }
        return try made.jobs.waitForStart()
    }

    /// Has one job done. Blocks; jobs of several threads wait for each other.
    ///
    /// - Parameter onEvent: gets each event of the job on a thread of ours, in order.
    /// - Returns: the job's events, without `answered`.
    /// - Throws: `.engineFailed` if the engine refuses the job, after which the worker goes on; why
    ///   the worker ended, if it did.
    public func ask(
        _ verb: EngineVerb, texts: [String] = [], messages: [[EngineMessage]] = [],
        generation: GenerationOptions? = nil,
        onEvent: @escaping @Sendable (EngineEvent) -> Void = { _ in }
    ) throws(HandoffError) -> [EngineEvent] {
        guard verb.isForWorkers else {
            throw HandoffError(
                .invalidRequest, "no worker can be asked to \(verb.rawValue)",
                hint: "predict, generate, tag and probe are for workers")
        }
        return try turn.withLock { (number: inout Int) throws(HandoffError) in
            guard let link = link.withLock({ $0 }) else {
                throw HandoffError(
                    .invalidRequest, "the worker does not run", hint: "start it first")
            }
            number += 1
            return try link.ask(
                EngineJob(
                    job: number, verb: verb, texts: texts, messages: messages,
                    generation: generation), onEvent)
        }
    }

    /// Whether it can be asked.
    public var isRunning: Bool { link.withLock { $0.map { $0.jobs.failure == nil } ?? false } }

    /// Ends the worker: the end of its input, then SIGTERM, then SIGKILL. A job that it is at
    /// fails.
    public func stop() {
        let ended = link.withLock { link in
            defer { link = nil }
            return link
        }
        ended?.stop()
    }
}
