import Dispatch
internal import EngineProtocol
import Glibc
internal import Records
internal import Synchronization

/// What the threads of one run share: the events so far, and why it must end.
final class EngineWatch: Sendable {
    struct State {
        var lastActivity = monotonicSeconds()
        var outcome = RunOutcome()
        var announced: [RunRequest.File] = []
        var isFinished = false
        var failure: HandoffError?
    }

    let state = Mutex(State())
    let wake = DispatchSemaphore(value: 0)
    private let refusesByPlan: Bool
    private let onEvent: @Sendable (EngineEvent) -> Void

    /// - Parameter refusesByPlan: whether a plan with refusals ends the run, as it does where
    ///   something is trained; where only the plan was asked for, it is the answer.
    init(refusesByPlan: Bool, onEvent: @escaping @Sendable (EngineEvent) -> Void) {
        self.refusesByPlan = refusesByPlan
        self.onEvent = onEvent
    }

    /// Something moved.
    func touch() { state.withLock { $0.lastActivity = monotonicSeconds() } }

    /// Keeps the first failure and wakes whoever waits.
    func fail(_ error: HandoffError) {
        state.withLock { if $0.failure == nil { $0.failure = error } }
        wake.signal()
    }

    /// Takes a line of standard output; nil is its end.
    func take(_ line: [UInt8]?, overlong: Bool, server: EngineServer?) {
        guard let line else {
            wake.signal()
            return
        }
        do {
            let event = try EngineEvent(line: Self.checked(line, overlong: overlong))
            let isWelcome = state.withLock { state in
                state.lastActivity = monotonicSeconds()
                guard !state.isFinished else { return false }
                note(event, in: &state)
                return true
            }
            guard isWelcome else {
                throw HandoffError(
                    .badFrame, "the engine went on after 'finished'", hint: "nothing may follow it")
            }
            if case .checkpoint(let checkpoint) = event { try server?.keep(checkpoint) }
            onEvent(event)
            if refusesByPlan, case .plan(let plan) = event { try Self.check(plan) }
        } catch {
            fail(Self.described(error))
        }
    }

    private func note(_ event: EngineEvent, in state: inout State) {
        state.outcome.note(event)
        switch event {
        case .artifact(let artifact):
            state.announced.append(
                .init(name: artifact.name, sha256: artifact.sha256, size: artifact.size))
        case .finished: state.isFinished = true
        case .failed(let code, let message, let hint):
            state.failure = HandoffError(
                .engineFailed, "the engine failed (\(code)): \(message)", hint: hint)
        default: break
        }
    }

    private static func check(_ plan: EnginePlan) throws(HandoffError) {
        guard !plan.refusals.isEmpty else { return }
        throw HandoffError(
            .refused, "the run cannot be done: " + plan.refusals.joined(separator: "; "),
            hint: "ask for less; `tundish run requirements` tells what a run would take")
    }

    /// A line that is short enough.
    static func checked(_ line: [UInt8], overlong: Bool) throws(HandoffError) -> [UInt8] {
        guard !overlong else {
            throw HandoffError(
                .badFrame, "the engine wrote a line longer than \(EngineEvent.lineLimit) bytes",
                hint: "events are short; artifacts go over the socket")
        }
        return line
    }

    /// What is wrong with a line.
    static func described(_ error: any Error) -> HandoffError {
        error as? HandoffError
            ?? HandoffError(
                .badFrame, "the engine wrote a line that is no event",
                hint: "standard output holds NDJSON events only; logs go to standard error",
                underlying: error)
    }
}

/// Seconds of a clock that only runs forward.
func monotonicSeconds() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
