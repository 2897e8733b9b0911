internal import Cryptography
internal import EngineProtocol
import Glibc
internal import Records
internal import Synchronization

/// What an engine hands over: artifacts, and files of checkpoints.
extension EngineConnection {
    /// The most checkpoints whose event may be outstanding: an engine writes the event at once, but
    /// pipe and socket are read by different threads.
    private static let pendingLimit = 4
    /// Seconds that a next checkpoint waits for the events of those before it to be read.
    private static let pendingSeconds = 5
    /// The most files of a checkpoint.
    private static let checkpointFileLimit = 64

    func receiveArtifact(_ name: String, byteCount: Int, sha256: [UInt8]) throws {
        let checkpoint = try CheckpointName(artifactName: name)
        if let checkpoint { waitForRoom(step: checkpoint.step) }
        guard mayTake(name, checkpoint), byteCount <= server.terms.artifactLimit else {
            throw HandoffError(
                .forbidden,
                "the engine offers \(checkpoint == nil ? "an artifact" : "a checkpoint's file") of "
                    + "\(byteCount) bytes",
                hint: "not in this verb, not twice under one name, not more than can be kept, and "
                    + "at most \(server.terms.artifactLimit) bytes")
        }
        let sink =
            if let checkpoint {
                try server.data.checkpointSink(checkpoint, byteCount, sha256)
            } else {
                try server.data.artifactSink(name, byteCount, sha256)
            }
        do {
            try reply(["ok": true])
            try take(name, byteCount: byteCount, sha256: sha256, into: sink)
            try sink.finish()
        } catch {
            sink.abandon()
            throw error
        }
        let file = RunRequest.File(
            name: checkpoint?.file ?? name, sha256: Hex.encode(sha256), size: byteCount)
        server.state.withLock { state in
            if let checkpoint {
                state.pendingCheckpoints[checkpoint.step, default: []].append(file)
            } else {
                state.artifacts.append(file)
            }
        }
        try reply(["ok": true])
    }

    /// Waits until the events of earlier checkpoints were read: an engine that writes small ones
    /// quickly may be ahead of the thread that reads its output.
    private func waitForRoom(step: Int) {
        for _ in 0..<Self.pendingSeconds * 100 {
            let isReady = server.state.withLock { state in
                state.isShut || state.pendingCheckpoints[step] != nil
                    || state.pendingCheckpoints.count < Self.pendingLimit
            }
            if isReady { return }
            usleep(10_000)
        }
    }

    private func mayTake(_ name: String, _ checkpoint: CheckpointName?) -> Bool {
        server.state.withLock { state in
            guard let checkpoint else {
                return server.terms.mayPut && !state.artifacts.contains { $0.name == name }
            }
            let files = state.pendingCheckpoints[checkpoint.step]
            let hasRoom = state.pendingCheckpoints.count < Self.pendingLimit || files != nil
            return server.terms.mayCheckpoint && hasRoom
                && !state.keptCheckpoints.contains(checkpoint.step)
                && (files ?? []).count < Self.checkpointFileLimit
                && !(files ?? []).contains { $0.name == checkpoint.file }
        }
    }

    private func take(
        _ name: String, byteCount: Int, sha256: [UInt8], into sink: any ArtifactSink
    ) throws {
        var hasher = SHA256.Hasher()
        var size = 0
        while true {
            guard let frame = try channel.receive() else {
                throw EngineProtocolError(
                    .closed, "the engine left in the middle of '\(name)'",
                    hint: "look at the engine's last words")
            }
            server.noteActivity()
            switch frame.kind {
            case .bytes:
                size += frame.payload.count
                guard size <= byteCount else { throw Self.mismatch(name) }
                hasher.update(frame.payload)
                try sink.write(frame.payload)
            case .end:
                guard size == byteCount, constantTimeEqual(hasher.finalize(), sha256) else {
                    throw Self.mismatch(name)
                }
                return
            default:
                throw Self.unexpected(frame.kind)
            }
        }
    }

    private static func mismatch(_ name: String) -> HandoffError {
        HandoffError(
            .artifactMismatch, "artifact '\(name)' is not what the engine announced",
            hint: "length or SHA-256 differ: the engine is broken, or lies")
    }
}
