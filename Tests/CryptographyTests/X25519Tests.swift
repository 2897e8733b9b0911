import Cryptography
import Testing

@Suite struct X25519Tests {
    /// RFC 7748 §6.1.
    @Test func publishedAgreement() throws {
        let alice = try X25519.PrivateKey(
            rawRepresentation: [UInt8](
                hex: "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"))
        let bob = try X25519.PrivateKey(
            rawRepresentation: [UInt8](
                hex: "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"))
        #expect(
            alice.publicKey.rawRepresentation.hex
                == "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a")
        #expect(
            bob.publicKey.rawRepresentation.hex
                == "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f")
        let secret = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"
        #expect(try alice.sharedSecret(with: bob.publicKey).bytes.hex == secret)
        #expect(try bob.sharedSecret(with: alice.publicKey).bytes.hex == secret)
    }

    /// RFC 7748 §5.2, first vector.
    @Test func publishedMultiplication() throws {
        let scalar = try X25519.PrivateKey(
            rawRepresentation: [UInt8](
                hex: "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"))
        let point = try X25519.PublicKey(
            rawRepresentation: [UInt8](
                hex: "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c"))
        #expect(
            try scalar.sharedSecret(with: point).bytes.hex
                == "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552")
    }

    /// Points of small order give an all-zero secret and are refused (RFC 7748 §6.1).
    @Test(arguments: [0, 1] as [UInt8])
    func pointsOfSmallOrder(first: UInt8) throws {
        let point = try X25519.PublicKey(
            rawRepresentation: [first] + [UInt8](repeating: 0, count: 31))
        #expect(code { try X25519.PrivateKey().sharedSecret(with: point) } == .invalidKey)
    }

    @Test(arguments: [0, 1, 31, 33])
    func wrongSizes(size: Int) {
        let raw = [UInt8](repeating: 1, count: size)
        #expect(code { try X25519.PrivateKey(rawRepresentation: raw) } == .invalidKeySize)
        #expect(code { try X25519.PublicKey(rawRepresentation: raw) } == .invalidKeySize)
    }
}
