internal import Cryptography
internal import EngineProtocol
internal import Records
internal import Synchronization

/// One connection of an engine, from HELLO to its end.
struct EngineConnection {
    let channel: FrameChannel
    let server: EngineServer

    /// Answers commands until the engine closes the connection.
    func serve() throws {
        guard let hello = try channel.receive() else { return }
        try greet(hello)
        while let frame = try channel.receive() {
            server.noteActivity()
            guard frame.kind == .command else { throw Self.unexpected(frame.kind) }
            switch try EngineCommand(line: frame.payload) {
            case .hello:
                throw Self.unexpected(frame.kind)
            case .getSplit(let split, let epoch, let rank, let world):
                try sendRecords(
                    RecordQuery(split: split, epoch: epoch, rank: rank, world: world))
            case .getArtifact(let name):
                try sendFile(name)
            case .putArtifact(let name, let byteCount, let sha256):
                try receiveArtifact(name, byteCount: byteCount, sha256: sha256)
            }
            try channel.flush()
        }
    }

    private func greet(_ frame: EngineFrame) throws {
        guard frame.kind == .command,
            case .hello(let version, let token, let rank, let world) = try EngineCommand(
                line: frame.payload)
        else { throw Self.unexpected(frame.kind) }
        guard version == EngineCommand.protocolVersion else {
            throw HandoffError(
                .badFrame, "the engine speaks protocol \(version)",
                hint: "this program speaks protocol \(EngineCommand.protocolVersion)")
        }
        // The token is judged first and alone, so that a stranger learns nothing about ranks.
        let isRight = constantTimeEqual(Array(token.utf8), server.terms.token)
        let isFresh =
            isRight
            && server.state.withLock { state in
                world == server.terms.world && state.usedRanks.insert(rank).inserted
            }
        guard isFresh else {
            throw HandoffError(
                .wrongToken,
                isRight
                    ? "rank \(rank)/\(world) is not of this run, or was here already"
                    : "a connection showed a token that is not this run's",
                hint: "each rank connects once, with the token of its request")
        }
        server.noteActivity()
        try reply(["ok": true, "protocol": .integer(EngineCommand.protocolVersion)])
        try channel.flush()
    }

    // MARK: Records

    private func sendRecords(_ query: RecordQuery) throws {
        guard server.terms.splits[query.split] != nil, query.world == server.terms.world else {
            throw HandoffError(
                .forbidden, "the engine asked for the \(query.split.rawValue) split",
                hint: "this run does not include it; only 'evaluate' reads the test split")
        }
        var digest = StreamDigest()
        try server.data.records(query) { rid, canonical in
            guard rid.count == 16 else {
                throw HandoffError(
                    .dataFailed, "a record id of \(rid.count) bytes", hint: "16 is right")
            }
            let payload = rid + canonical
            digest.add(record: payload)
            try channel.send(.record, payload)
            if digest.count % 256 == 0 { server.noteActivity() }
        }
        let hex = digest.finalizeHex()
        server.state.withLock { state in
            if query.epoch == 0 {
                state.served[query.split, default: 0] += digest.count
                state.digests[query.split] = hex
            }
        }
        try channel.send(
            .end, CanonicalJSON.encode(["count": .integer(digest.count), "sha256": .string(hex)]))
    }

    // MARK: Files

    private func sendFile(_ name: String) throws {
        let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
        guard parts.count == 2, let origin = ModelOrigin(rawValue: parts[0]),
            server.terms.files[origin]?.contains(parts[1]) == true
        else {
            throw HandoffError(
                .forbidden, "the engine asked for a model file that its request does not list",
                hint: "the request names every file that can be fetched")
        }
        var hasher = SHA256.Hasher()
        var size = 0
        try server.data.readModelFile(origin, parts[1]) { piece in
            hasher.update(piece)
            size += piece.count
            var start = 0
            while start < piece.count {
                let end = min(start + EngineFrame.chunkByteCount, piece.count)
                try channel.send(.bytes, Array(piece[start..<end]))
                start = end
            }
            server.noteActivity()
        }
        try channel.send(
            .end,
            CanonicalJSON.encode([
                "size": .integer(size), "sha256": .string(Hex.encode(hasher.finalize())),
            ]))
    }

    func reply(_ value: JSONValue) throws {
        try channel.send(.reply, CanonicalJSON.encode(value))
    }

    static func unexpected(_ kind: EngineFrame.Kind) -> EngineProtocolError {
        EngineProtocolError(
            .unexpectedFrame, "a \(kind) frame where none belongs",
            hint: "HELLO comes first and once; then GET and PUT")
    }
}
