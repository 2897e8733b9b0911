import Dispatch
internal import EngineProtocol
import Glibc
internal import Records
internal import Synchronization

extension EngineRunner {
    /// Starts the engine with a message, serves it, waits for its end and judges it.
    func drive(
        _ message: EngineRequest, data: EngineData, terms: EngineServer.Terms?,
        onEvent: @escaping @Sendable (EngineEvent) -> Void
    ) throws(HandoffError) -> RunOutcome {
        let folder = try RunFolder(runFolder)
        defer { folder.remove() }
        let watch = EngineWatch(refusesByPlan: message.verb == .train, onEvent: onEvent)
        var made: EngineServer?
        if let terms {
            made = try EngineServer(
                folder: folder.path, terms: terms, data: data,
                onActivity: { watch.touch() }, onFailure: { watch.wake.signal() })
        }
        let server = made
        defer { server?.shutDown() }
        let process = try EngineProcess(
            path: engine.path, arguments: [],
            environment: EngineEnvironment.variables(
                folder: folder.path, threads: message.threads),
            folder: folder.path, input: message.jsonBytes(), errorLimit: limits.errorByteCount,
            lineLimit: EngineEvent.lineLimit
        ) { line, overlong in
            watch.take(line, overlong: overlong, server: server)
        }
        let stopped = wait(for: process, watch: watch, server: server, data: data)
        server?.drain(seconds: 2)
        process.clearGroup()
        guard let stopped else { return try judge(process, watch: watch, server: server) }
        // A run that ended well while it was asked to stop has nothing to go on with.
        guard stopped.code == .stopped,
            let outcome = try? judge(process, watch: watch, server: server)
        else { throw stopped }
        return outcome
    }

    /// Waits for the end of the process; stops it where it must not go on.
    ///
    /// - Returns: why it was stopped, nil if it ended by itself.
    private func wait(
        for process: EngineProcess, watch: EngineWatch, server: EngineServer?, data: EngineData
    ) -> HandoffError? {
        var nextQuestion = monotonicSeconds()
        while process.poll() == nil {
            _ = watch.wake.wait(timeout: .now() + 0.05)
            guard
                let reason = reasonToStop(
                    watch: watch, server: server, data: data, nextQuestion: &nextQuestion)
            else { continue }
            if reason.code == .stopped {
                return stopGently(process, reason, watch: watch, server: server, data: data)
            }
            process.stop(graceSeconds: limits.graceSeconds)
            return reason
        }
        return nil
    }

    private func reasonToStop(
        watch: EngineWatch, server: EngineServer?, data: EngineData, nextQuestion: inout Double
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
            if data.shouldStop() {
                return HandoffError(
                    .stopped, "the run was asked to stop",
                    hint: "it can go on from its last checkpoint")
            }
        }
        if now - lastActivity > Double(limits.silenceSeconds) {
            return HandoffError(
                .timedOut, "the engine was silent for \(limits.silenceSeconds) seconds",
                hint: "it hangs; its standard error may tell why")
        }
        return nil
    }

    /// SIGTERM, and time to hand over a last checkpoint, for as long as the run stays allowed.
    ///
    /// - Returns: the reason that was given, or what came in between.
    private func stopGently(
        _ process: EngineProcess, _ reason: HandoffError, watch: EngineWatch,
        server: EngineServer?, data: EngineData
    ) -> HandoffError {
        process.signal(SIGTERM)
        var quiet = data
        quiet.shouldStop = { false }
        let end = monotonicSeconds() + Double(limits.stopSeconds)
        var nextQuestion = monotonicSeconds()
        while process.poll() == nil, monotonicSeconds() < end {
            _ = watch.wake.wait(timeout: .now() + 0.05)
            if let other = reasonToStop(
                watch: watch, server: server, data: quiet, nextQuestion: &nextQuestion)
            {
                process.stop(graceSeconds: limits.graceSeconds)
                return other
            }
        }
        process.stop(graceSeconds: 0)
        return reason
    }

    // MARK: Judging

    private func judge(
        _ process: EngineProcess, watch: EngineWatch, server: EngineServer?
    ) throws(HandoffError) -> RunOutcome {
        if let failure = server?.state.withLock({ $0.failure }) { throw failure }
        var state = watch.state.withLock { $0 }
        if let failure = state.failure { throw failure }
        let status = process.poll() ?? 0
        guard status == 0 else {
            throw process.withLastWords(.killed, "the engine ended \(EngineProcess.how(status))")
        }
        guard state.isFinished else {
            throw process.withLastWords(.noFinish, "the engine ended without saying 'finished'")
        }
        let received = server?.state.withLock { $0.artifacts } ?? []
        guard received == state.announced else {
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
}
