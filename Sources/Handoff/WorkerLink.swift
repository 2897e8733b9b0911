import Dispatch
internal import EngineProtocol
import Glibc
internal import Records
internal import Synchronization

/// One running worker process: its folder, its socket, and the thread that watches it.
final class WorkerLink: Sendable {
    let jobs: WorkerJobs
    private let process: EngineProcess
    private let server: EngineServer
    private let folder: RunFolder
    private let limits: EngineRunner.Limits
    private let data: EngineData
    private let inputHasEnded = Mutex(false)
    private let gone = DispatchGroup()

    /// Starts the process; ``WorkerJobs/waitForStart()`` tells when it is ready.
    init(
        runner: EngineRunner, message: EngineRequest, terms: EngineServer.Terms, data: EngineData
    ) throws(HandoffError) {
        let jobs = WorkerJobs()
        let folder = try RunFolder(runner.runFolder)
        (self.jobs, self.folder, self.data, limits) = (jobs, folder, data, runner.limits)
        do {
            server = try EngineServer(
                folder: folder.path, terms: terms, data: data, onActivity: { jobs.touch() },
                onFailure: {})
        } catch {
            folder.remove()
            throw error
        }
        do {
            process = try EngineProcess(
                path: runner.engine.path, arguments: [],
                environment: EngineEnvironment.variables(
                    folder: folder.path, threads: message.threads),
                folder: folder.path, input: message.jsonBytes() + [0x0A], endsInput: false,
                errorLimit: runner.limits.errorByteCount, lineLimit: EngineEvent.lineLimit
            ) { line, overlong in
                jobs.take(line, overlong: overlong)
            }
        } catch {
            server.shutDown()
            folder.remove()
            throw error
        }
        gone.enter()
        DispatchQueue(label: "engine.worker").async { self.watch() }
    }

    /// Sends a job and waits for its end.
    func ask(
        _ job: EngineJob, _ onEvent: @escaping @Sendable (EngineEvent) -> Void
    ) throws(HandoffError) -> [EngineEvent] {
        try jobs.ask(job, onEvent) { process.send($0) }
    }

    /// Ends the process and waits until everything is cleaned up.
    func stop() {
        endInput()
        gone.wait()
    }

    private func endInput() {
        let isFirst = inputHasEnded.withLock { hasEnded in
            defer { hasEnded = true }
            return !hasEnded
        }
        if isFirst { process.endInput() }
    }

    /// Runs on a thread of its own until the process is gone; then cleans up.
    private func watch() {
        var nextQuestion = monotonicSeconds()
        var lastMoment: Double?
        while process.poll() == nil {
            usleep(20_000)
            let now = monotonicSeconds()
            if lastMoment == nil, inputHasEnded.withLock({ $0 }) {
                lastMoment = now + Double(limits.graceSeconds)
            }
            let isTimeToAsk = now >= nextQuestion
            if isTimeToAsk { nextQuestion = now + 1 }
            if let reason = reasonToEnd(isTimeToAsk: isTimeToAsk) {
                jobs.fail(reason)
                process.stop(graceSeconds: limits.graceSeconds)
            } else if let lastMoment, now >= lastMoment {
                process.stop(graceSeconds: limits.graceSeconds)
            }
        }
        server.drain(seconds: 1)
        process.clearGroup()
        server.shutDown()
        folder.remove()
        endInput()
        jobs.end(ending())
        gone.leave()
    }

    private func reasonToEnd(isTimeToAsk: Bool) -> HandoffError? {
        if let failure = server.state.withLock({ $0.failure }) { return failure }
        // An engine that reported its own failure may still end by itself.
        if let failure = jobs.failure, failure.code != .engineFailed { return failure }
        if isTimeToAsk, !data.stillAllowed() {
            return HandoffError(
                .cancelled, "the worker is no longer allowed",
                hint: "its lease ended or was revoked; see the audit log")
        }
        if jobs.silence > Double(limits.silenceSeconds) {
            return HandoffError(
                .timedOut, "the worker was silent for \(limits.silenceSeconds) seconds",
                hint: "it hangs; its standard error may tell why")
        }
        return nil
    }

    /// What there is to say to who still asks, once the process is gone.
    private func ending() -> HandoffError {
        let status = process.poll() ?? 0
        guard status == 0, jobs.isFinished else {
            return process.withLastWords(
                .killed, "the worker ended \(EngineProcess.how(status))")
        }
        return HandoffError(.stopped, "the worker has ended", hint: "start it again")
    }
}
