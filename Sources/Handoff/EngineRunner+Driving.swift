import Dispatch
internal import EngineProtocol
import Glibc
internal import Records
internal import Synchronization

extension EngineRunner {
    /// What the threads of one run share.
    private final class Watch: Sendable {
        struct State {
            var lastActivity = monotonicSeconds()
            var outcome = RunOutcome(
                startedAt: .now, finishedAt: .now, started: nil, summary: .null, artifacts: [],
                evaluations: [], predictions: [], recordsServed: [:], recordDigests: [:],
                standardError: "")
            var announced: [EngineEvent.Artifact] = []
            var isFinished = false
            var failure: HandoffError?
            var isOutputClosed = false
        }

        let state = Mutex(State())
        let wake = DispatchSemaphore(value: 0)

        func touch() { state.withLock { $0.lastActivity = monotonicSeconds() } }
    }

    /// Starts the engine with a message, serves it, waits for its end and judges it.
    func drive(
        _ message: EngineRequest, data: EngineData, terms: EngineServer.Terms?,
        onEvent: @escaping @Sendable (EngineEvent) -> Void
    ) throws(HandoffError) -> RunOutcome {
        let folder = try RunFolder(runFolder)
        defer { folder.remove() }
        let watch = Watch()
        var server: EngineServer?
        if let terms {
            server = try EngineServer(
                folder: folder.path, terms: terms, data: data,
                onActivity: { watch.touch() }, onFailure: { watch.wake.signal() })
        }
        defer { server?.shutDown() }
        let process = try EngineProcess(
            path: engine.path, arguments: [],
            environment: EngineEnvironment.variables(
                folder: folder.path, threads: message.threads),
            folder: folder.path, input: message.jsonBytes(), errorLimit: limits.errorByteCount,
            lineLimit: EngineEvent.lineLimit
        ) { line, overlong in
            Self.take(line, overlong: overlong, watch: watch, onEvent)
        }
        let stopped = wait(for: process, watch: watch, server: server, data: data)
        server?.drain(seconds: 2)
        process.clearGroup()
        if let stopped { throw stopped }
        return try judge(process, watch: watch, server: server)
    }

    // MARK: Events

    private static func take(
        _ line: [UInt8]?, overlong: Bool, watch: Watch,
        _ onEvent: @Sendable (EngineEvent) -> Void
    ) {
        guard let line else {
            watch.state.withLock { $0.isOutputClosed = true }
            watch.wake.signal()
            return
        }
        do {
            guard !overlong else {
                throw HandoffError(
                    .badFrame, "the engine wrote a line longer than \(EngineEvent.lineLimit) bytes",
                    hint: "events are short; artifacts go over the socket")
            }
            let event = try EngineEvent(line: line)
            let isWelcome = watch.state.withLock { state in
                state.lastActivity = monotonicSeconds()
                guard !state.isFinished else { return false }
                note(event, in: &state)
                return true
            }
            guard isWelcome else {
                throw HandoffError(
                    .badFrame, "the engine went on after 'finished'", hint: "nothing may follow it")
            }
            onEvent(event)
        } catch {
            let failure =
                error as? HandoffError
                ?? HandoffError(
                    .badFrame, "the engine wrote a line that is no event",
                    hint: "standard output holds NDJSON events only; logs go to standard error",
                    underlying: error)
            watch.state.withLock { if $0.failure == nil { $0.failure = failure } }
            watch.wake.signal()
        }
    }

    private static func note(_ event: EngineEvent, in state: inout Watch.State) {
        switch event {
        case .started(let started): state.outcome.started = started
        case .evaluation(let evaluation): state.outcome.evaluations.append(evaluation)
        case .prediction(let prediction): state.outcome.predictions.append(prediction)
        case .artifact(let artifact): state.announced.append(artifact)
        case .finished(let summary):
            state.outcome.summary = summary
            state.isFinished = true
        case .failed(let code, let message, let hint):
            state.failure = HandoffError(
                .engineFailed, "the engine failed (\(code)): \(message)", hint: hint)
        case .progress, .capabilities, .warning: break
        }
    }

    // MARK: Waiting

    /// Waits for the end of the process; stops it where it must not go on.
    ///
    /// - Returns: why it was stopped, nil if it ended by itself.
    private func wait(
        for process: EngineProcess, watch: Watch, server: EngineServer?, data: EngineData
    ) -> HandoffError? {
        var nextQuestion = monotonicSeconds()
        while process.poll() == nil {
            _ = watch.wake.wait(timeout: .now() + 0.05)
            if let reason = reasonToStop(
                watch: watch, server: server, data: data, nextQuestion: &nextQuestion)
            {
                stop(process)
                return reason
            }
        }
        return nil
    }

    private func reasonToStop(
        watch: Watch, server: EngineServer?, data: EngineData, nextQuestion: inout Double
    ) -> HandoffError? {
        if let failure = server?.state.withLock({ $0.failure }) { return failure }
        let (failure, lastActivity) = watch.state.withLock { ($0.failure, $0.lastActivity) }
        // An engine that reported its own failure may still end by itself.
        if let failure, failure.code != .engineFailed { return failure }
        if isCancelled.withLock({ $0 }) {
            return HandoffError(
                .cancelled, "the run was stopped", hint: "start it again when you are ready")
        }
        let now = monotonicSeconds()
        if now >= nextQuestion {
            nextQuestion = now + 1
            if !data.stillAllowed() {
                return HandoffError(
                    .cancelled, "the run is no longer allowed",
                    hint: "its lease ended or was revoked; see the audit log")
            }
        }
        if now - lastActivity > Double(limits.silenceSeconds) {
            return HandoffError(
                .timedOut, "the engine was silent for \(limits.silenceSeconds) seconds",
                hint: "it hangs; its standard error may tell why")
        }
        return nil
    }

    private func stop(_ process: EngineProcess) {
        process.signal(SIGTERM)
        let end = monotonicSeconds() + Double(limits.graceSeconds)
        while process.poll() == nil, monotonicSeconds() < end { usleep(20_000) }
        process.signal(SIGKILL)
        while process.poll() == nil { usleep(5_000) }
    }

    // MARK: Judging

    private func judge(
        _ process: EngineProcess, watch: Watch, server: EngineServer?
    ) throws(HandoffError) -> RunOutcome {
        if let failure = server?.state.withLock({ $0.failure }) { throw failure }
        var state = watch.state.withLock { $0 }
        if let failure = state.failure { throw failure }
        let status = process.poll() ?? 0
        guard status == 0 else {
            // wait(2): the low seven bits hold the signal, the next byte the status.
            let how =
                status & 0x7F == 0
                ? "with status \(status >> 8 & 0xFF)" : "by signal \(status & 0x7F)"
            throw withLastWords(
                .killed, "the engine ended \(how)", process)
        }
        guard state.isFinished else {
            throw withLastWords(
                .noFinish, "the engine ended without saying 'finished'", process)
        }
        let received = server?.state.withLock { $0.artifacts } ?? []
        let announced = state.announced.map {
            RunRequest.File(name: $0.name, sha256: $0.sha256, size: $0.size)
        }
        guard received == announced else {
            throw HandoffError(
                .artifactMismatch,
                "the engine handed over \(received.count) artifacts and announced others",
                hint: "each artifact event must follow the PUT that it tells of")
        }
        state.outcome.artifacts = received
        state.outcome.finishedAt = .now
        state.outcome.standardError = process.errorText
        if let served = server?.state.withLock({ ($0.served, $0.digests) }) {
            (state.outcome.recordsServed, state.outcome.recordDigests) = served
        }
        return state.outcome
    }

    /// An error with the tail of standard error beside it.
    private func withLastWords(
        _ code: HandoffError.Code, _ message: String, _ process: EngineProcess
    ) -> HandoffError {
        let words = process.errorText
        var error = HandoffError(
            code, message,
            hint: words.isEmpty
                ? "it left no word on standard error" : "its standard error may tell why")
        error.lastWords = String(words.suffix(2000))
        return error
    }
}

/// Seconds of a clock that only runs forward.
private func monotonicSeconds() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
