import Cryptography
import Records
import Testing

@testable @_spi(ChokePoint) import Vault

@Suite struct TND1DamageTests {
    let key: ObjectKey
    let context: SealContext
    /// Four chunks: three full, one short.
    let sealed: [UInt8]
    static let s = 65_536

    init() throws {
        context = SealContext(workspace: .random(), scope: SealScope(.random(), .redacted))
        key = .random(context: context)
        sealed = try TND1.seal(
            noise(3 * Self.s), key: key, options: SealOptions(chunkSize: .small, compress: false))
    }

    func failure(_ bytes: [UInt8], isWhole: Bool = false) -> VaultError.Code? {
        let whole = code { _ = try TND1.open(bytes, key: key, context: context, isWhole: isWhole) }
        let streamed = code {
            let opener = TND1.Opener(
                key: key, context: context,
                expectedByteCount: isWhole ? UInt64(bytes.count) : nil)
            var out: [UInt8] = []
            for start in stride(from: 0, to: bytes.count, by: 1000) {
                try opener.update(Array(bytes[start..<min(start + 1000, bytes.count)]), into: &out)
            }
            try opener.finish(into: &out)
        }
        #expect(whole == streamed)
        return whole
    }

    @Test("cut inside the header", arguments: [0, 1, 3, 4, 40, 75, 76, 77, 115])
    func headerTruncated(_ count: Int) {
        #expect(failure(Array(sealed[..<count])) == .headerTruncated)
    }

    @Test("cut at a chunk boundary", arguments: 0...3)
    func boundary(_ chunks: Int) {
        let count = chunks == 0 ? 116 : 76 + chunks * Self.s
        #expect(failure(Array(sealed[..<count])) == .truncatedAtChunkBoundary)
    }

    @Test(
        "cut inside a chunk",
        arguments: [117, 131, 132, 133, 50_000, 76 + 65_535, 76 + 65_537, 76 + 2 * 65_536 - 1])
    func inside(_ count: Int) {
        #expect(failure(Array(sealed[..<count])) == .truncatedInsideChunk)
    }

    @Test("cut inside the last chunk") func insideLast() {
        #expect(failure(Array(sealed.dropLast())) == .truncatedInsideChunk)
        #expect(failure(Array(sealed.dropLast(16))) == .truncatedInsideChunk)
    }

    @Test("one flipped bit in a chunk", arguments: [116, 200, 76 + 65_535, 76 + 65_536, 190_000])
    func flipped(_ place: Int) {
        var bytes = sealed
        bytes[place] ^= 1
        #expect(failure(bytes) == .chunkAltered)
    }

    @Test("one flipped bit in the last chunk") func flippedLast() {
        var bytes = sealed
        bytes[bytes.count - 1] ^= 0x80
        // Only who knows the length can tell an altered last chunk from a cut one.
        #expect(failure(bytes, isWhole: true) == .chunkAltered)
        #expect(failure(bytes) == .truncatedInsideChunk)
    }

    @Test("any flipped bit of salt or nonce prefix", arguments: [77, 100, 108, 109, 115])
    func flippedBodyHeader(_ place: Int) {
        var bytes = sealed
        bytes[place] ^= 4
        #expect(failure(bytes) == .chunkAltered)
    }

    @Test("swapped chunks", arguments: [(0, 1), (1, 2), (0, 2), (2, 3), (1, 3), (0, 3)])
    func swapped(_ pair: (Int, Int)) {
        let starts = [116, 76 + Self.s, 76 + 2 * Self.s, 76 + 3 * Self.s, sealed.count]
        var chunks = (0..<4).map { Array(sealed[starts[$0]..<starts[$0 + 1]]) }
        chunks.swapAt(pair.0, pair.1)
        let bytes = Array(sealed[..<116]) + chunks.joined()
        #expect(failure(bytes, isWhole: true) == .chunksSwapped)
        // A last chunk elsewhere is recognised by its length, which only a whole object tells.
        #expect(failure(bytes) == (pair.1 == 3 ? .chunkAltered : .chunksSwapped))
    }

    @Test("a repeated and a dropped chunk") func repeated() {
        let first = Array(sealed[..<(76 + 2 * Self.s)])
        let second = Array(sealed[(76 + Self.s)...])
        #expect(failure(first + second) == .chunksSwapped)
        let dropped = Array(sealed[..<(76 + Self.s)]) + Array(sealed[(76 + 2 * Self.s)...])
        #expect(failure(dropped) == .chunksSwapped)
    }

    @Test("bytes after the last chunk") func trailing() throws {
        let exact = try TND1.seal(
            noise(Self.s - 56), key: key, options: SealOptions(chunkSize: .small, compress: false))
        #expect(failure(exact + [0]) == .trailingBytes)
        #expect(failure(exact + exact) == .trailingBytes)
        #expect(failure(sealed + [0]) != nil)
    }

    @Test("wrong workspace, scope, stage") func wrongContext() throws {
        func open(_ context: SealContext) -> VaultError.Code? {
            code { _ = try TND1.open(sealed, key: key, context: context) }
        }
        let scope = context.scope
        #expect(open(SealContext(workspace: .random(), scope: scope)) == .wrongWorkspace)
        let dataset = SealScope(.random(), scope.stage)
        #expect(open(SealContext(workspace: context.workspace, scope: dataset)) == .wrongScope)
        for stage in SealStage.allCases where stage != scope.stage {
            let other = SealContext(
                workspace: context.workspace, scope: SealScope(scope.scope, stage))
            #expect(open(other) == .wrongStage)
        }
    }

    @Test("wrong key: the commitment does not match") func wrongKey() throws {
        let wrong = try ObjectKey(object: key.object, context: context, secret: .random())
        #expect(code { _ = try TND1.open(sealed, key: wrong, context: context) } == .wrongKey)
        var bytes = sealed
        bytes[50] ^= 1
        #expect(failure(bytes) == .wrongKey)
    }

    @Test("another object's key, another object's place") func swappedObjects() throws {
        let other = ObjectKey.random(context: context)
        #expect(code { _ = try TND1.open(sealed, key: other, context: context) } == .objectSwapped)
        #expect(
            code {
                _ = try ObjectKey(
                    object: key.object, context: context, secret: .random(byteCount: 16))
            }
                == .badArgument)
    }

    @Test("unknown magic, version, suite, flags, chunk size") func unknown() {
        func changed(_ place: Int, _ value: UInt8) -> VaultError.Code? {
            var bytes = sealed
            bytes[place] = value
            return failure(bytes)
        }
        #expect(changed(0, 0x55) == .notTND1)
        #expect(changed(3, 0x32) == .notTND1)
        #expect(changed(4, 2) == .unknownVersion)
        #expect(changed(4, 0) == .unknownVersion)
        #expect(changed(5, 2) == .unknownSuite)
        #expect(changed(6, 1) == .unknownFlags)
        #expect(changed(7, 2) == .unknownFlags)
        #expect(changed(7, 3) == .unknownFlags)
        #expect(changed(8, 1) == .badChunkSize)
        #expect(changed(9, 2) == .badChunkSize)
        #expect(failure([1, 2]) == .notTND1)
    }

    @Test("a changed flag or chunk size that is allowed by itself") func headerAltered() {
        var bytes = sealed
        bytes[7] = 1
        #expect(failure(bytes) == .headerAltered)
        bytes = sealed
        bytes[9] = 0x10
        bytes[8] = 0
        #expect(failure(bytes) == .headerAltered)
        bytes = sealed
        bytes[76] = 0x29
        #expect(failure(bytes) == .badBodyHeader)
    }

    @Test("authentic bytes that are not one zstd frame", arguments: [0, 1, 2])
    func compressionDamaged(_ kind: Int) throws {
        var frame: [UInt8] = []
        let compressor = try Compressor()
        try compressor.update(noise(100), into: &frame)
        try compressor.finish(into: &frame)
        let content =
            switch kind {
            case 0: noise(100)
            case 1: Array(frame.dropLast(3))
            default: frame + [7]
            }
        // Sealed as if it were a frame: the flag is set, the content is not compressed again.
        let forged = try forge(content)
        #expect(failure(forged) == .compressionDamaged)
    }

    private func forge(_ content: [UInt8]) throws -> [UInt8] {
        let header = TND1.Header(chunkSize: .small, isCompressed: true, object: key.object)
        let aad = TND1.associatedData(header: header, context: context)
        let salt = noise(32)
        let bodyKey = TND1.bodyKey(key: key.secret, salt: salt, associatedData: aad)
        return header.boundBytes + TND1.commitment(key: key.secret, associatedData: aad)
            + [0x28] + salt + noise(7)
            + (try AES256GCM.seal(content, key: bodyKey, nonce: noise(7) + [0, 0, 0, 0, 1]))
    }

    /// Every byte of a small object, flipped: nothing opens, whatever the error.
    @Test("no flipped bit of a small object opens") func everyBit() throws {
        let small = try TND1.seal(noise(20), key: key)
        for place in small.indices {
            var bytes = small
            bytes[place] ^= UInt8(1 << (place % 8))
            #expect(throws: VaultError.self) {
                try TND1.open(bytes, key: key, context: context, isWhole: true)
            }
        }
        for count in small.indices {
            #expect(throws: VaultError.self) {
                try TND1.open(Array(small[..<count]), key: key, context: context)
            }
        }
    }
}
