import Cryptography
import Testing

@Suite struct SHA256Tests {
    /// FIPS 180-4 examples (NIST CSRC, "SHA256.pdf").
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func published(message: String, digest: String) {
        #expect(SHA256.hash(Array(message.utf8)).hex == digest)
    }

    @Test func millionTimesA() {
        var hasher = SHA256.Hasher()
        let piece = [UInt8](repeating: UInt8(ascii: "a"), count: 999)
        for _ in 0..<1001 { hasher.update(piece) }
        hasher.update([UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000 - 999 * 1001))
        #expect(
            hasher.finalize().hex
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test func piecesEqualTheWhole() {
        let message = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        for cut in 0...message.count {
            var hasher = SHA256.Hasher()
            hasher.update(Array(message[..<cut]))
            hasher.update([])
            message[cut...].withUnsafeBytes { hasher.update($0) }
            #expect(hasher.finalize() == SHA256.hash(message))
        }
    }

    @Test func copiesGoOnIndependently() {
        var one = SHA256.Hasher()
        one.update([UInt8]("common"))
        var two = one
        one.update([UInt8]("1"))
        two.update([UInt8]("2"))
        #expect(one.finalize() == SHA256.hash([UInt8]("common1")))
        #expect(two.finalize() == SHA256.hash([UInt8]("common2")))
        one.update([UInt8]("3"))
        #expect(one.finalize() == SHA256.hash([UInt8]("common13")))
    }
}
