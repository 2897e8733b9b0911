import Cryptography
import Testing

@Suite struct HMACSHA256Tests {
    struct Vector: Sendable {
        let key: [UInt8], message: [UInt8], tag: String
    }

    /// RFC 4231 §4.2–4.4, 4.7, 4.8 (the truncated case left out).
    static let vectors = [
        Vector(
            key: Array(repeating: 0x0b, count: 20), message: [UInt8]("Hi There"),
            tag: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        Vector(
            key: [UInt8]("Jefe"), message: [UInt8]("what do ya want for nothing?"),
            tag: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        Vector(
            key: Array(repeating: 0xaa, count: 20), message: Array(repeating: 0xdd, count: 50),
            tag: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
        Vector(
            key: Array(1...25), message: Array(repeating: 0xcd, count: 50),
            tag: "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
        Vector(
            key: Array(repeating: 0xaa, count: 131),
            message: [UInt8]("Test Using Larger Than Block-Size Key - Hash Key First"),
            tag: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
        Vector(
            key: Array(repeating: 0xaa, count: 131),
            message: [UInt8](
                "This is a test using a larger than block-size key and a larger than "
                    + "block-size data. The key needs to be hashed before being used by the "
                    + "HMAC algorithm."),
            tag: "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
        Vector(
            key: [], message: [],
            tag: "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"),
    ]

    @Test(arguments: vectors)
    func published(vector: Vector) {
        let key = SymmetricKey(bytes: vector.key)
        #expect(HMACSHA256.authenticate(vector.message, key: key).hex == vector.tag)
        #expect(HMACSHA256.isValid([UInt8](hex: vector.tag), for: vector.message, key: key))
        #expect(
            !HMACSHA256.isValid(
                [UInt8](hex: vector.tag).flipped(at: 31), for: vector.message, key: key))
        #expect(!HMACSHA256.isValid([], for: vector.message, key: key))
    }

    @Test func oneContextServesManyMessages() {
        let key = SymmetricKey(bytes: [UInt8]("Jefe"))
        let keyed = HMACSHA256.Context(key: key)
        for length in 0..<130 {
            let message = (0..<length).map { UInt8($0) }
            var context = keyed
            for byte in message { context.update([byte]) }
            #expect(context.finalize() == HMACSHA256.authenticate(message, key: key))
        }
    }

    @Test func worksFromManyThreads() async {
        let key = SymmetricKey(bytes: [UInt8]("Jefe"))
        let expected = HMACSHA256.authenticate([1, 2, 3], key: key)
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    (0..<200).allSatisfy { _ in
                        HMACSHA256.authenticate([1, 2, 3], key: key) == expected
                    }
                }
            }
            for await fine in group { #expect(fine) }
        }
    }
}
