import Cryptography
import Testing

@Suite struct SymmetricKeyTests {
    @Test(arguments: [0, 1, 16, 32, 33, 4096])
    func holdsItsBytes(size: Int) {
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
        let key = SymmetricKey(bytes: bytes)
        #expect(key.byteCount == size)
        #expect(key.bytes == bytes)
        #expect(key.withBytes { Array($0) } == bytes)
        #expect(key.isEqual(to: bytes.withUnsafeBytes { SymmetricKey(copying: $0) }))
        #expect(!key.isEqual(to: SymmetricKey(bytes: bytes + [0])))
    }

    @Test func takesAndWipesAnArray() {
        var bytes: [UInt8] = [1, 2, 3]
        let key = SymmetricKey(wiping: &bytes)
        #expect(bytes.isEmpty)
        #expect(key.bytes == [1, 2, 3])
    }

    @Test func errorsPassThrough() {
        #expect(throws: CryptographyError.self) {
            try SymmetricKey.random().withBytes { _ throws(CryptographyError) in
                throw CryptographyError(.invalidKey, "no", hint: "none")
            }
        }
    }

    @Test func descriptionHidesTheBytes() {
        #expect("\(SymmetricKey(bytes: [1, 2, 3]))" == "SymmetricKey(3 bytes)")
    }

    @Test func randomBytesDiffer() {
        #expect(SecureRandom.bytes(0).isEmpty)
        #expect(SecureRandom.bytes(32).count == 32)
        #expect(SecureRandom.bytes(32) != SecureRandom.bytes(32))
        #expect(!SymmetricKey.random().isEqual(to: .random()))
        #expect(SymmetricKey.random(byteCount: 0).byteCount == 0)
    }

    @Test func constantTimeComparison() {
        #expect(constantTimeEqual([], []))
        #expect(constantTimeEqual([1, 2], [1, 2]))
        #expect(!constantTimeEqual([1, 2], [1, 3]))
        #expect(!constantTimeEqual([1, 2], [1, 2, 3]))
        #expect(!constantTimeEqual([], [0]))
    }

    @Test func errorsSayWhatAndHow() {
        let error = CryptographyError(.invalidKey, "what", hint: "how")
        #expect("\(error)" == "what (how)")
        #expect(error.code.rawValue == "invalid-key")
    }
}
