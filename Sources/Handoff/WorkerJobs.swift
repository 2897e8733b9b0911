import Dispatch
internal import EngineProtocol
internal import Records
internal import Synchronization

/// What the threads of one worker share: the job that it is at, its events, and why it ended.
final class WorkerJobs: Sendable {
    private struct State {
        var started: EngineEvent.Started?
        /// The job that it is at.
        var job: Int?
        var events: [EngineEvent] = []
        var onEvent: (@Sendable (EngineEvent) -> Void)?
        var refusal: HandoffError?
        var isFinished = false
        var lastActivity = monotonicSeconds()
        var failure: HandoffError?
    }

    private let state = Mutex(State())
    /// Signalled when the start or a job ends, well or badly.
    private let answered = DispatchSemaphore(value: 0)

    /// Something moved.
    func touch() { state.withLock { $0.lastActivity = monotonicSeconds() } }

    /// Why it ended or must end; nil while all is well.
    var failure: HandoffError? { state.withLock { $0.failure } }

    /// Whether it said that it is finished.
    var isFinished: Bool { state.withLock { $0.isFinished } }

    /// Seconds since something moved, while it starts or is at a job; 0 while it waits for one.
    var silence: Double {
        state.withLock { state in
            let isBusy = state.job != nil || state.started == nil
            return isBusy ? monotonicSeconds() - state.lastActivity : 0
        }
    }

    /// Keeps the first failure.
    func fail(_ error: HandoffError) {
        state.withLock { if $0.failure == nil { $0.failure = error } }
    }

    /// The process is gone, and so is everybody who waits.
    func end(_ error: HandoffError) {
        fail(error)
        answered.signal()
    }

    /// Waits for `started`.
    func waitForStart() throws(HandoffError) -> EngineEvent.Started {
        answered.wait()
        let (started, failure) = state.withLock { ($0.started, $0.failure) }
        if let failure { throw failure }
        guard let started else {
            throw HandoffError(
                .noFinish, "the worker never said 'started'", hint: "its engine is broken")
        }
        return started
    }

    /// Sends a job and waits for its end.
    func ask(
        _ job: EngineJob, _ onEvent: @escaping @Sendable (EngineEvent) -> Void,
        send: ([UInt8]) -> Void
    ) throws(HandoffError) -> [EngineEvent] {
        let line = job.line()
        guard line.count <= EngineJob.lineLimit else {
            throw HandoffError(
                .invalidRequest, "a job of \(line.count) bytes; \(EngineJob.lineLimit) is the most",
                hint: "ask for fewer texts at once")
        }
        let gone = state.withLock { state -> HandoffError? in
            guard state.failure == nil else { return state.failure }
            (state.job, state.events, state.refusal) = (job.job, [], nil)
            (state.onEvent, state.lastActivity) = (onEvent, monotonicSeconds())
            return nil
        }
        if let gone { throw gone }
        send(line)
        answered.wait()
        let end = state.withLock { state in
            defer { (state.job, state.events, state.onEvent) = (nil, [], nil) }
            return (events: state.events, failure: state.refusal ?? state.failure)
        }
        if let failure = end.failure { throw failure }
        return end.events
    }

    // MARK: Events

    /// Takes a line of standard output; nil is its end.
    func take(_ line: [UInt8]?, overlong: Bool) {
        guard let line else { return }
        do {
            try take(EngineJobEvent(line: EngineWatch.checked(line, overlong: overlong)))
        } catch {
            fail(EngineWatch.described(error))
        }
    }

    private func take(_ message: EngineJobEvent) throws(HandoffError) {
        typealias Taken = (isEnd: Bool, onEvent: (@Sendable (EngineEvent) -> Void)?)
        let taken = state.withLock { state -> Taken? in
            state.lastActivity = monotonicSeconds()
            // Nothing follows the end; what belongs to a job belongs to the one that it is at.
            guard !state.isFinished, message.job == nil || message.job == state.job else {
                return nil
            }
            let onEvent = message.job == nil ? nil : state.onEvent
            return (Self.note(message, in: &state), onEvent)
        }
        guard let taken else {
            throw HandoffError(
                .badFrame, "the worker answered what it was not asked",
                hint: "events carry the number of the job that it is at")
        }
        if taken.isEnd { answered.signal() } else { taken.onEvent?(message.event) }
    }

    /// - Returns: whether the start or a job has ended.
    private static func note(_ message: EngineJobEvent, in state: inout State) -> Bool {
        switch (message.event, message.job) {
        case (.started(let started), nil):
            defer { state.started = started }
            return state.started == nil
        case (.answered, .some):
            state.job = nil
            return true
        case (.refused(let code, let text, let hint), .some):
            state.refusal = HandoffError(
                .engineFailed, "the engine refused (\(code)): \(text)", hint: hint)
            state.job = nil
            return true
        case (.failed(let code, let text, let hint), _):
            state.failure = HandoffError(
                .engineFailed, "the engine failed (\(code)): \(text)", hint: hint)
        case (.finished, nil): state.isFinished = true
        case (let event, .some): state.events.append(event)
        default: break
        }
        return false
    }
}
