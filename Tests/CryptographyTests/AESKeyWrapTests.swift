import Cryptography
import Testing

@Suite struct AESKeyWrapTests {
    static let kek = SymmetricKey(bytes: Array(0x00...0x1f))

    /// RFC 3394 §4.3, §4.5, §4.6: 128, 192 and 256 bits under a 256-bit key.
    @Test(arguments: [
        (
            "00112233445566778899aabbccddeeff",
            "64e8c3f9ce0f5ba263e9777905818a2a93c8191e7d6e8ae7"
        ),
        (
            "00112233445566778899aabbccddeeff0001020304050607",
            "a8f9bc1612c68b3ff6e6f4fbe30e71e4769c8b80a32cb8958cd5d17d6b254da1"
        ),
        (
            "00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f",
            "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21"
        ),
    ])
    func published(key: String, wrapped: String) throws {
        let result = try AESKeyWrap.wrap(SymmetricKey(bytes: [UInt8](hex: key)), with: Self.kek)
        #expect(result.hex == wrapped)
        #expect(try AESKeyWrap.unwrap(result, with: Self.kek).bytes.hex == key)
    }

    @Test func everyChangedByteIsNoticed() throws {
        let wrapped = try AESKeyWrap.wrap(.random(), with: Self.kek)
        #expect(wrapped.count == 40)
        for index in wrapped.indices {
            #expect(
                code { try AESKeyWrap.unwrap(wrapped.flipped(at: index), with: Self.kek) }
                    == .unwrapFailed)
        }
        #expect(code { try AESKeyWrap.unwrap(wrapped, with: .random()) } == .unwrapFailed)
        #expect(
            code { try AESKeyWrap.unwrap(Array(wrapped.prefix(32)), with: Self.kek) }
                == .unwrapFailed)
    }

    @Test(arguments: [0, 1, 8, 15, 17, 31, 33, 4104])
    func sizesThatCannotBeWrapped(size: Int) {
        let key = SymmetricKey.random(byteCount: size)
        #expect(code { try AESKeyWrap.wrap(key, with: Self.kek) } == .invalidSize)
    }

    @Test(arguments: [0, 8, 16, 23, 39, 41, 4112])
    func sizesThatCannotBeUnwrapped(size: Int) {
        let wrapped = [UInt8](repeating: 1, count: size)
        #expect(code { try AESKeyWrap.unwrap(wrapped, with: Self.kek) } == .invalidSize)
    }

    @Test(arguments: [0, 16, 24, 31, 33])
    func wrongKeyEncryptionKeySize(size: Int) {
        let kek = SymmetricKey.random(byteCount: size)
        #expect(code { try AESKeyWrap.wrap(.random(), with: kek) } == .invalidKeySize)
        #expect(
            code { try AESKeyWrap.unwrap(Array(repeating: 1, count: 40), with: kek) }
                == .invalidKeySize)
    }
}
