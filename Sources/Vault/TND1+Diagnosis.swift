internal import Cryptography

// Nothing is opened here: once authentication has failed, these look for the reason, by trying what
// a mistake or an attacker would most likely have done. They never loosen what is accepted.
extension TND1.Opener {
    /// How far from its place a chunk is looked for.
    private static let searchedChunks: UInt64 = 256

    /// Why the commitment does not match.
    func diagnose(header: TND1.Header) -> VaultError {
        guard header.object == key.object else {
            return VaultError(
                .objectSwapped,
                "object \(header.object.hex) stands where object \(key.object.hex) should")
        }
        if matches(header, key.context) {
            if context.workspace != key.context.workspace {
                return VaultError(
                    .wrongWorkspace, "object \(header.object.hex) belongs to another workspace")
            }
            if context.scope.scope != key.context.scope.scope {
                return VaultError(
                    .wrongScope, "object \(header.object.hex) belongs to another dataset or model")
            }
            return VaultError(
                .wrongStage,
                "object \(header.object.hex) is of stage \(key.context.scope.stage.name), not "
                    + context.scope.stage.name)
        }
        for stage in SealStage.allCases where stage != context.scope.stage {
            let scope = SealScope(context.scope.scope, stage)
            let other = SealContext(workspace: context.workspace, scope: scope)
            guard matches(header, other) else { continue }
            return VaultError(
                .wrongStage,
                "object \(header.object.hex) is of stage \(stage.name), not "
                    + context.scope.stage.name)
        }
        for size in SealOptions.ChunkSize.allCases {
            for isCompressed in [false, true] {
                let other = TND1.Header(
                    chunkSize: size, isCompressed: isCompressed, object: header.object,
                    commitment: header.commitment)
                guard matches(other, context) || matches(other, key.context) else { continue }
                return VaultError(
                    .headerAltered,
                    "the header of object \(header.object.hex) was changed after sealing")
            }
        }
        return VaultError(
            .wrongKey,
            "the key does not match the key commitment of object \(header.object.hex)",
            hint: "The key, or the commitment itself, is not the one that was sealed.")
    }

    private func matches(_ header: TND1.Header, _ context: SealContext) -> Bool {
        let aad = TND1.associatedData(header: header, context: context)
        return constantTimeEqual(
            TND1.commitment(key: key.secret, associatedData: aad), header.commitment)
    }

    /// Why a chunk does not authenticate.
    ///
    /// - Parameters:
    ///   - chunk: its index.
    ///   - bytes: what is at hand, from the chunk's first byte.
    ///   - byteCount: how many of them make the chunk.
    ///   - isLast: whether nothing follows.
    ///   - isWhole: whether no byte is missing at the end.
    func diagnose(
        _ body: Body, chunk index: UInt64, bytes: ArraySlice<UInt8>, byteCount: Int, isLast: Bool,
        isWhole: Bool
    ) -> VaultError {
        let object = "object \(key.object.hex)"
        let sealed = bytes.prefix(byteCount)
        let full = body.capacity(ofChunk: index) + TND1.tagByteCount
        if isLast, byteCount == full, opens(body, sealed, as: index, isLast: false) {
            return VaultError(
                .truncatedAtChunkBoundary,
                "\(object) ends after chunk \(index), which is not its last")
        }
        if !isLast, opens(body, sealed, as: index, isLast: true) {
            return VaultError(.trailingBytes, "bytes follow the last chunk of \(object)")
        }
        if let other = misplaced(body, chunk: index, bytes: bytes, isLast: isLast) {
            return VaultError(
                .chunksSwapped, "chunk \(other) of \(object) stands in place of chunk \(index)")
        }
        if isLast, !isWhole, byteCount < full {
            return VaultError(
                .truncatedInsideChunk, "\(object) ends inside chunk \(index)",
                hint: "Its last chunk is cut or altered.")
        }
        return VaultError(.chunkAltered, "chunk \(index) of \(object) was altered")
    }

    /// The chunk that stands where chunk `index` should; nil when none is recognised.
    private func misplaced(
        _ body: Body, chunk index: UInt64, bytes: ArraySlice<UInt8>, isLast: Bool
    ) -> UInt64? {
        func size(_ other: UInt64) -> Int { body.capacity(ofChunk: other) + TND1.tagByteCount }
        // The last chunk, whose length follows from the object's.
        if let expectedByteCount, expectedByteCount > TND1.headerByteCount {
            let (last, rest) = (expectedByteCount - UInt64(TND1.headerByteCount) - 1)
                .quotientAndRemainder(dividingBy: UInt64(body.chunkSize.byteCount))
            let short = bytes.prefix(Int(rest) + 1)
            if last != index, opens(body, short, as: last, isLast: true) { return last }
        }
        for distance in 1...Self.searchedChunks {
            for other in [index &+ distance, index &- distance] where other < 1 << 32 {
                if bytes.count >= size(other) {
                    let full = bytes.prefix(size(other))
                    if opens(body, full, as: other, isLast: false) { return other }
                    if opens(body, full, as: other, isLast: true) { return other }
                }
                if isLast, bytes.count < size(other) {
                    if opens(body, bytes, as: other, isLast: true) { return other }
                }
            }
        }
        return nil
    }

    private func opens(
        _ body: Body, _ sealed: ArraySlice<UInt8>, as index: UInt64, isLast: Bool
    ) -> Bool {
        guard let counter = UInt32(exactly: index) else { return false }
        var scratch: [UInt8] = []
        return Self.decrypt(
            sealed, body.cipher, nonce: body.nonce.bytes(index: counter, isLast: isLast),
            into: &scratch)
    }
}
