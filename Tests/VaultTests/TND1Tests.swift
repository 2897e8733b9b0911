import Cryptography
import Records
import Testing

@testable @_spi(ChokePoint) import Vault

@Suite struct TND1Tests {
    let key: ObjectKey
    let context: SealContext
    static let small = SealOptions(chunkSize: .small, compress: false)

    init() {
        context = SealContext(workspace: .random(), scope: SealScope(.random(), .redacted))
        key = .random(context: context)
    }

    static let boundaries: [(SealOptions.ChunkSize, Int)] = {
        var out: [(SealOptions.ChunkSize, Int)] = []
        for size in SealOptions.ChunkSize.allCases {
            let s = size.byteCount
            var counts: [Int] = [0, 1, 15, 16, 17, s - 57, s - 56, s - 55, s - 16, s]
            for end in [2 * s - 72, 3 * s - 88] { counts += [end - 1, end, end + 1] }
            out += counts.map { (size, $0) }
        }
        return out
    }()

    @Test("round trip at every boundary size", arguments: boundaries, [false, true])
    func roundTrip(_ boundary: (SealOptions.ChunkSize, Int), compress: Bool) throws {
        let (size, count) = boundary
        let plain = noise(count)
        let sealed = try TND1.seal(
            plain, key: key, options: SealOptions(chunkSize: size, compress: compress))
        if !compress {
            #expect(sealed.count == TND1.sealedByteCount(of: count, chunkSize: size))
        }
        #expect(try TND1.open(sealed, key: key, context: context) == plain)
        #expect(try TND1.open(sealed, key: key, context: context, isWhole: true) == plain)
        let header = try TND1.Header(sealed)
        #expect(header.object == key.object)
        #expect(header.isCompressed == compress)
    }

    @Test(
        "pieces of any size seal and open alike",
        arguments: [1, 7, 76, 116, 65_535, 65_536, 70_000])
    func pieces(_ piece: Int) throws {
        let plain = noise(piece < 100 ? 66_000 : 200_000)
        for compress in [false, true] {
            let sealer = try TND1.Sealer(
                key: key, options: SealOptions(chunkSize: .small, compress: compress))
            var sealed: [UInt8] = []
            for start in stride(from: 0, to: plain.count, by: piece) {
                try sealer.update(
                    Array(plain[start..<min(start + piece, plain.count)]), into: &sealed)
            }
            try sealer.finish(into: &sealed)
            let opener = TND1.Opener(key: key, context: context)
            var opened: [UInt8] = []
            for start in stride(from: 0, to: sealed.count, by: piece) {
                try opener.update(
                    Array(sealed[start..<min(start + piece, sealed.count)]), into: &opened)
            }
            try opener.finish(into: &opened)
            #expect(opened == plain)
        }
    }

    /// The specification once more, in the plainest way, against the sealer's bytes.
    @Test("bytes are those of the specification") func layout() throws {
        let plain = noise(65_480 + 100)
        let salt = noise(32, seed: 5)
        let prefix = noise(7, seed: 6)
        let sealer = try TND1.Sealer(
            key: key, options: Self.small, salt: salt, noncePrefix: prefix)
        var sealed: [UInt8] = []
        try sealer.update(plain, into: &sealed)
        try sealer.finish(into: &sealed)

        var expected: [UInt8] = Array("TND1".utf8) + [1, 1, 0, 0, 0, 1, 0, 0] + key.object.bytes
        let aad = expected + context.workspace.bytes + context.scope.scope.bytes + [2]
        #expect(aad.count == 77)
        let dek = key.secret.bytes
        expected += HKDFSHA256.derive(
            inputKey: dek, salt: [], info: Array("tnd1/commit".utf8) + aad, byteCount: 32)
        expected += [0x28] + salt + prefix
        let bodyKey = SymmetricKey(
            bytes: HKDFSHA256.derive(inputKey: dek, salt: salt, info: aad, byteCount: 32))
        expected += try AES256GCM.seal(
            Array(plain[..<65_480]), key: bodyKey, nonce: prefix + [0, 0, 0, 0, 0])
        expected += try AES256GCM.seal(
            Array(plain[65_480...]), key: bodyKey, nonce: prefix + [0, 0, 0, 1, 1])
        #expect(sealed == expected)
    }

    @Test("compression makes text small and says so") func compression() throws {
        let plain = [UInt8](repeating: 65, count: 500_000)
        let sealed = try TND1.seal(plain, key: key)
        #expect(sealed.count < 1000)
        #expect(sealed[7] == 1)
        #expect(try TND1.open(sealed, key: key, context: context) == plain)
    }

    @Test("two seals of one text share nothing") func fresh() throws {
        let other = ObjectKey.random(context: context)
        let a = try TND1.seal([1, 2, 3], key: key)
        let b = try TND1.seal([1, 2, 3], key: other)
        #expect(a[12..<44] != b[12..<44])
        #expect(a[77..<116] != b[77..<116])
    }
}
