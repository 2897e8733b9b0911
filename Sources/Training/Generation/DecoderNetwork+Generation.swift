import Kernels

extension DecoderNetwork {
    /// Tokens that are read at once.
    private static let chunk = 512

    /// Packs the weights of a finished model: a token at a time, reading them is all there is to do.
    func packForReading() {
        for linear in linears { linear.pack() }
        if case .dense(let words, _) = head.weight { head.packed.pack(words) }
    }

    /// Reads `tokens` behind those of the cache; the logits of the token after the last, V of them.
    func next(after tokens: [Int32], cache: KeyValueCache, storage: inout FloatStorage) -> Floats {
        precondition(!tokens.isEmpty)
        for start in stride(from: 0, to: tokens.count, by: Self.chunk) {
            let part = Array(tokens[start..<min(start + Self.chunk, tokens.count)])
            let isLast = start + part.count == tokens.count
            if let logits = read(part, cache: cache, storage: &storage, wantsLogits: isLast) {
                return logits
            }
        }
        preconditionFailure("no token was read")
    }

    private func read(
        _ tokens: [Int32], cache: KeyValueCache, storage: inout FloatStorage, wantsLogits: Bool
    ) -> Floats? {
        let first = cache.ids.count, count = tokens.count
        cache.begin(tokens)
        let size = PassSize(tokens: count, sequences: 1, longest: first + count, targets: 1)
        let room = { [self] (arena: inout Arena) in
            (
                DecoderFrozenBuffers(&arena, size, layout),
                LanguageHead.Trace(&arena, rows: 1, shape, backward: false)
            )
        }
        let needed = Arena.measure { _ = room(&$0) }
        if storage.count < needed { storage = FloatStorage(count: needed) }
        var arena = Arena(over: storage)
        let (buffers, head) = room(&arena)
        let positions = (first..<first + count).map(Int32.init)
        let places = DecoderLayer.Places(
            positions: positions,
            shape: AttentionShape(
                heads: shape.heads, keyStarts: [0, first + count], queryStarts: [0, count],
                keyHeads: shape.keyHeads, isCausal: true),
            keys: [], cache: cache)
        let table = rotary(first + count), pass = plainPass
        embedding.forward(ids: tokens, positions: positions, into: buffers.even.input, workers)
        var (from, to) = (buffers.even, buffers.odd)
        for layer in layers {
            layer.forward(
                into: to.input, trace: from, scratch: buffers.scratch, places: places,
                rotary: table, pass: pass)
            swap(&from, &to)
        }
        guard wantsLogits else { return nil }
        self.head.gather(from.input, rows: [Int32(count - 1)], trace: head, workers: workers)
        let logits = head.logits.slice(0, shape.vocabulary)
        self.head.multiply(
            head.normed, into: logits.matrix(1, shape.vocabulary), workers)
        return logits
    }
}
