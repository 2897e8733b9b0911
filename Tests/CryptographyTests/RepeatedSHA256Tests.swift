import Cryptography
import Testing

@Suite("SHA-256 and HMAC with one context")
struct RepeatedSHA256Tests {
    @Test("hashes in parts are hashes of the whole") func hash() {
        let hashes = RepeatedSHA256()
        for length in 0..<200 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
            let cut = length / 3
            #expect(hashes.hash(bytes) == SHA256.hash(bytes))
            #expect(hashes.hash(Array(bytes[..<cut]), Array(bytes[cut...])) == SHA256.hash(bytes))
        }
    }

    /// Empty keys, keys around a block of 64 bytes, and longer ones, which are hashed first.
    @Test("HMAC is HMAC", arguments: [0, 1, 20, 32, 63, 64, 65, 131])
    func authenticate(keyLength: Int) {
        let hashes = RepeatedSHA256()
        let key = SymmetricKey(bytes: (0..<keyLength).map { UInt8(truncatingIfNeeded: $0 + 1) })
        let padded = HMACSHA256.PaddedKey(key)
        for length in 0..<150 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 5) }
            let cut = length / 2
            #expect(
                hashes.authenticate(Array(bytes[..<cut]), Array(bytes[cut...]), key: padded)
                    == HMACSHA256.authenticate(bytes, key: key))
        }
    }
}
