internal import Cryptography
import Dispatch
internal import EngineProtocol
import Glibc
internal import Records
internal import Synchronization

/// The parent's side of the engine socket.
///
/// Rules kept here: a connection says HELLO with the run's token first (compared in constant time),
/// each rank once; a split is served only if the request allows it; an artifact is finished only if
/// its length and SHA-256 are as announced. The first breach ends the run.
final class EngineServer: Sendable {
    /// What a server may do.
    struct Terms: Sendable {
        var token: [UInt8]
        var world: Int
        var splits: [Split: Int]
        var files: [ModelOrigin: Set<String>]
        var mayPut: Bool
        var mayCheckpoint: Bool
        var artifactLimit: Int
        /// 0: a connection may be silent for as long as the engine lives.
        var silenceSeconds: Int
    }

    struct State {
        var usedRanks: Set<Int> = []
        var descriptors: Set<Int32> = []
        var isShut = false
        var failure: HandoffError?
        var artifacts: [RunRequest.File] = []
        /// Files of checkpoints that were not announced yet, by step, in the order they came.
        var pendingCheckpoints: [Int: [RunRequest.File]] = [:]
        var keptCheckpoints: Set<Int> = []
        var served: [Split: Int] = [:]
        var digests: [Split: String] = [:]
    }

    let terms: Terms
    let data: EngineData
    let state = Mutex(State())
    private let listener: Int32
    private let work = DispatchGroup()
    private let onActivity: @Sendable () -> Void
    private let onFailure: @Sendable () -> Void

    /// Listens in `folder` and serves until ``shutDown()``.
    init(
        folder: String, terms: Terms, data: EngineData,
        onActivity: @escaping @Sendable () -> Void, onFailure: @escaping @Sendable () -> Void
    ) throws(HandoffError) {
        self.terms = terms
        self.data = data
        self.onActivity = onActivity
        self.onFailure = onFailure
        do {
            listener = try UnixSocket.listen(inFolder: folder)
        } catch {
            throw HandoffError(.startFailed, error.message, hint: error.hint)
        }
        let connections = DispatchQueue(label: "engine.connections", attributes: .concurrent)
        work.enter()
        DispatchQueue(label: "engine.accept").async { [self] in
            while let descriptor = UnixSocket.accept(on: listener) {
                let open = state.withLock { state in
                    if !state.isShut { state.descriptors.insert(descriptor) }
                    return !state.isShut
                }
                guard open else {
                    close(descriptor)
                    break
                }
                work.enter()
                connections.async { [self] in
                    serve(descriptor)
                    work.leave()
                }
            }
            work.leave()
        }
    }

    /// Ends every connection and waits for their threads.
    func shutDown() {
        let descriptors = state.withLock { state in
            state.isShut = true
            return state.descriptors
        }
        for descriptor in descriptors { Glibc.shutdown(descriptor, Int32(SHUT_RDWR)) }
        Glibc.shutdown(listener, Int32(SHUT_RDWR))
        work.wait()
        close(listener)
    }

    /// Waits until every connection that is open now has been served to its end.
    func drain(seconds: Int) {
        for _ in 0..<(seconds * 100) {
            if state.withLock({ $0.descriptors.isEmpty }) { return }
            usleep(10_000)
        }
    }

    /// Keeps a checkpoint that the engine announced, if it is what came over the socket.
    func keep(_ checkpoint: EngineEvent.Checkpoint) throws(HandoffError) {
        let announced = checkpoint.files.map {
            RunRequest.File(name: $0.name, sha256: $0.sha256, size: $0.size)
        }
        let isRight = state.withLock { state in
            guard state.pendingCheckpoints[checkpoint.step] == announced, !announced.isEmpty else {
                return false
            }
            state.pendingCheckpoints[checkpoint.step] = nil
            state.keptCheckpoints.insert(checkpoint.step)
            return true
        }
        guard isRight else {
            throw HandoffError(
                .artifactMismatch, "checkpoint \(checkpoint.step) is not what the engine put",
                hint: "its event names every file in the order of the PUTs, once")
        }
        do {
            try data.keepCheckpoint(checkpoint)
        } catch {
            throw HandoffError(
                .dataFailed, "checkpoint \(checkpoint.step) could not be kept",
                hint: "see the cause", underlying: error)
        }
    }

    private func serve(_ descriptor: Int32) {
        let channel = FrameChannel(descriptor: descriptor, silenceSeconds: terms.silenceSeconds)
        do {
            try EngineConnection(channel: channel, server: self).serve()
        } catch let error as HandoffError {
            fail(error, channel)
        } catch let error as EngineProtocolError where error.code == .closed {
            // The engine died or gave up; how it ended says more than that it went.
        } catch let error as EngineProtocolError {
            fail(Self.translated(error), channel)
        } catch {
            fail(
                HandoffError(
                    .dataFailed, "what the engine asked for could not be given or taken",
                    hint: "see the cause", underlying: error), channel)
        }
        // Removed before it is closed, so that shutDown never touches a number used again.
        _ = state.withLock { $0.descriptors.remove(descriptor) }
        channel.close()
    }

    /// Keeps the first failure, and tells the engine its code (never its text, which may tell
    /// more than an engine needs).
    private func fail(_ error: HandoffError, _ channel: FrameChannel) {
        let first = state.withLock { state in
            guard state.failure == nil, !state.isShut else { return false }
            state.failure = error
            return true
        }
        let reply: JSONValue = [
            "code": .string(error.code.rawValue), "message": "the run was ended by the parent",
        ]
        try? channel.send(.error, CanonicalJSON.encode(reply))
        try? channel.flush()
        if first { onFailure() }
    }

    func noteActivity() { onActivity() }

    private static func translated(_ error: EngineProtocolError) -> HandoffError {
        let code: HandoffError.Code =
            switch error.code {
            case .refused: .wrongToken
            case .forbidden: .forbidden
            case .digestMismatch: .artifactMismatch
            case .timedOut: .timedOut
            default: .badFrame
            }
        return HandoffError(code, "engine socket: \(error.message)", hint: error.hint)
    }
}
