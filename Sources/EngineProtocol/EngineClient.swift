internal import Cryptography
public import Records

/// The engine's side of the socket: asks for records and model files, hands artifacts back.
///
///     let client = try EngineClient(request)
///     try client.records(of: .train) { rid, json in … }
///     try client.put("adapter_config.json", bytes)
public final class EngineClient {
    private let channel: FrameChannel
    private let rank: Int
    private let world: Int

    /// Connects and says hello.
    ///
    /// - Throws: `.socket` if there is no parent, `.remote` if it refuses the token or rank.
    public init(_ request: EngineRequest) throws(EngineProtocolError) {
        channel = FrameChannel(
            descriptor: try UnixSocket.connect(to: request.socket), silenceSeconds: 600)
        rank = request.rank
        world = request.world
        try command(
            .hello(
                version: EngineCommand.protocolVersion, token: request.token, rank: rank,
                world: world))
        _ = try expect(.reply)
    }

    /// Reads this rank's records of a split, in the parent's order.
    ///
    /// - Parameter body: gets 16 bytes of rid and the record's canonical JSON.
    /// - Returns: how many there were. Count and digest are checked against what the parent sent.
    @discardableResult
    public func records(
        of split: Split, epoch: Int = 0, _ body: ([UInt8], [UInt8]) throws -> Void
    ) throws -> Int {
        try command(.getSplit(split, epoch: epoch, rank: rank, world: world))
        var digest = StreamDigest()
        while true {
            let frame = try next()
            switch frame.kind {
            case .record:
                guard frame.payload.count >= 16 else { throw Self.unexpected(frame.kind) }
                digest.add(record: frame.payload)
                try body(Array(frame.payload[0..<16]), Array(frame.payload[16...]))
            case .end:
                let end = try JSONFields(bytes: frame.payload, "the end of the records")
                let count = try end.integer("count")
                guard count == digest.count, try end.text("sha256") == digest.finalizeHex() else {
                    throw Self.mismatch("the records of \(split.rawValue)")
                }
                return count
            default:
                throw Self.unexpected(frame.kind)
            }
        }
    }

    /// A file of the base model, the adapter or the checkpoint, whole.
    public func get(_ origin: ModelOrigin, _ name: String) throws(EngineProtocolError) -> [UInt8] {
        try command(.getArtifact(name: "\(origin.rawValue)/\(name)"))
        var bytes: [UInt8] = []
        while true {
            let frame = try next()
            switch frame.kind {
            case .bytes:
                bytes.append(contentsOf: frame.payload)
            case .end:
                let end = try JSONFields(bytes: frame.payload, "the end of \(name)")
                guard try end.integer("size") == bytes.count,
                    try end.text("sha256") == Hex.encode(SHA256.hash(bytes))
                else { throw Self.mismatch(name) }
                return bytes
            default:
                throw Self.unexpected(frame.kind)
            }
        }
    }

    /// Hands one file to the parent.
    ///
    /// - Returns: the event that tells of it.
    public func put(
        _ name: String, _ bytes: [UInt8]
    ) throws(EngineProtocolError) -> EngineEvent.Artifact {
        try ArtifactName.check(name)
        let digest = SHA256.hash(bytes)
        try command(.putArtifact(name: name, byteCount: bytes.count, sha256: digest))
        _ = try expect(.reply)
        var start = 0
        while start < bytes.count {
            let end = min(start + EngineFrame.chunkByteCount, bytes.count)
            try channel.send(.bytes, Array(bytes[start..<end]))
            start = end
        }
        let hex = Hex.encode(digest)
        try channel.send(
            .end,
            CanonicalJSON.encode(["size": .integer(bytes.count), "sha256": .string(hex)]))
        _ = try expect(.reply)
        return EngineEvent.Artifact(name: name, size: bytes.count, sha256: hex)
    }

    /// Hands the files of a checkpoint to the parent, which keeps it once it has read the event.
    ///
    /// - Returns: the event that tells of it, to be written at once.
    public func putCheckpoint(
        step: Int, epoch: Double, isBest: Bool, files: [(name: String, bytes: [UInt8])]
    ) throws(EngineProtocolError) -> EngineEvent.Checkpoint {
        var event = EngineEvent.Checkpoint(step: step, epoch: epoch, isBest: isBest, files: [])
        for (name, bytes) in files {
            var file = try put(CheckpointName(step: step, file: name).artifactName, bytes)
            file.name = name
            event.files.append(file)
        }
        return event
    }

    private func command(_ command: EngineCommand) throws(EngineProtocolError) {
        try channel.send(.command, command.line)
        try channel.flush()
    }

    private func expect(_ kind: EngineFrame.Kind) throws(EngineProtocolError) -> EngineFrame {
        let frame = try next()
        guard frame.kind == kind else { throw Self.unexpected(frame.kind) }
        return frame
    }

    /// The next frame; a frame of kind error is thrown.
    private func next() throws(EngineProtocolError) -> EngineFrame {
        guard let frame = try channel.receive() else {
            throw EngineProtocolError(
                .closed, "the parent closed the connection",
                hint: "the run was stopped, or the parent failed")
        }
        if frame.kind == .error {
            let fields = try JSONFields(bytes: frame.payload, "an error frame")
            throw EngineProtocolError(
                .remote,
                "the parent refused (\(try fields.text("code"))): \(try fields.text("message"))",
                hint: "the run's request does not allow it, or the parent failed")
        }
        return frame
    }

    private static func unexpected(_ kind: EngineFrame.Kind) -> EngineProtocolError {
        EngineProtocolError(
            .unexpectedFrame, "a \(kind) frame where none belongs",
            hint: "the peer speaks another version of this protocol")
    }

    private static func mismatch(_ what: String) -> EngineProtocolError {
        EngineProtocolError(
            .digestMismatch, "\(what): count or SHA-256 is not what was announced",
            hint: "run it again; if it stays, one side is broken")
    }
}
