import Testing

@testable import Cryptography

/// RFC 9180 test vectors, base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.
@Suite struct HPKETests {
    let info = [UInt8](hex: "4f6465206f6e2061204772656369616e2055726e")
    let enc = "6c93e09869df3402d7bf231bf540fadd35cd56be14f97178f0954db94b7fc256"
    let plaintext = [UInt8](hex: "4265617574792069732074727574682c20747275746820626561757479")
    let aad = [UInt8](hex: "436f756e742d30")
    let ciphertext =
        "e5d84cd531cfb583096e7cfa9641bd3079cf3a91cda813c52deb5f512be9931980a41de125a925cdad859d5b7a"

    func recipient() throws -> X25519.PrivateKey {
        try X25519.PrivateKey(
            rawRepresentation: [UInt8](
                hex: "497b4502664cfea5d5af0b39934dac72242a74f8480451e1aee7d6a53320333d"))
    }

    func ephemeral() throws -> X25519.PrivateKey {
        try X25519.PrivateKey(
            rawRepresentation: [UInt8](
                hex: "179d4b53b6365c45b600c4163b61d95cbc2f4d9e36f1695558dce265ab8bab11"))
    }

    @Test func publishedKeySchedule() throws {
        let recipient = try recipient()
        #expect(
            recipient.publicKey.rawRepresentation.hex
                == "430f4b9859665145a6b1ba274024487bd66f03a2dd577d7753c68d7d7d00c00c")
        let shared = HPKEKeySchedule.sharedSecret(
            diffieHellman: try ephemeral().sharedSecret(with: recipient.publicKey),
            encapsulated: [UInt8](hex: enc), recipient: recipient.publicKey.rawRepresentation)
        #expect(
            shared.bytes.hex == "3101c54c3a4f87439eaac080699ed9bbcc726ffe44e860c0424ccb7e3e2ead7b")
        let schedule = HPKEKeySchedule(sharedSecret: shared, info: info)
        #expect(
            schedule.key.bytes.hex
                == "f50b0609186798729ed0564b36ef2ef8044f1f9d05636874d1f46c819c7a669f")
        #expect(schedule.baseNonce.hex == "151d9929e2449747889bc923")
        #expect(
            schedule.exporterSecret.bytes.hex
                == "86017151bbff6a1940e8abae2ac9e0e7032e33df1eaaecc02ca6259b130d62df")
    }

    /// The KEM of another suite's vector (A.1, AES-128-GCM): the KEM does not know the AEAD.
    @Test func publishedSharedSecretOfTheSameKEM() throws {
        let recipient = try X25519.PrivateKey(
            rawRepresentation: [UInt8](
                hex: "4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8"))
        let ephemeral = try X25519.PrivateKey(
            rawRepresentation: [UInt8](
                hex: "52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736"))
        let shared = HPKEKeySchedule.sharedSecret(
            diffieHellman: try recipient.sharedSecret(with: ephemeral.publicKey),
            encapsulated: ephemeral.publicKey.rawRepresentation,
            recipient: recipient.publicKey.rawRepresentation)
        #expect(
            shared.bytes.hex == "fe0e18c9f024ce43799ae393c7e8fe8fce9d218875e8227b0187c04e7d2ea1fc")
    }

    @Test func publishedSealing() throws {
        let sealed = try HPKE.seal(
            plaintext, to: recipient().publicKey, info: info, authenticating: aad,
            ephemeral: ephemeral())
        #expect(sealed.hex == enc + ciphertext)
        #expect(
            try HPKE.open(sealed, with: recipient(), info: info, authenticating: aad) == plaintext)
    }

    @Test(arguments: [0, 1, 15, 16, 17, 32, 1000])
    func roundTrip(size: Int) throws {
        let reader = X25519.PrivateKey()
        let text = [UInt8](repeating: 3, count: size)
        let one = try HPKE.seal(text, to: reader.publicKey, info: info)
        let two = try HPKE.seal(text, to: reader.publicKey, info: info)
        #expect(one != two)
        #expect(one.count == size + HPKE.overhead)
        #expect(try HPKE.open(one, with: reader, info: info) == text)
        #expect(try HPKE.open(two, with: reader, info: info) == text)
    }

    @Test func everythingIsAuthenticated() throws {
        let reader = X25519.PrivateKey()
        let sealed = try HPKE.seal([1, 2, 3], to: reader.publicKey, info: [4], authenticating: [5])
        for index in sealed.indices {
            #expect(throws: CryptographyError.self) {
                try HPKE.open(
                    sealed.flipped(at: index), with: reader, info: [4], authenticating: [5])
            }
        }
        for length in 0..<sealed.count {
            #expect(throws: CryptographyError.self) {
                try HPKE.open(
                    Array(sealed.prefix(length)), with: reader, info: [4], authenticating: [5])
            }
        }
        #expect(
            code { try HPKE.open(sealed, with: reader, info: [], authenticating: [5]) }
                == .authenticationFailed)
        #expect(
            code { try HPKE.open(sealed, with: reader, info: [4], authenticating: []) }
                == .authenticationFailed)
        #expect(
            code { try HPKE.open(sealed, with: .init(), info: [4], authenticating: [5]) }
                == .authenticationFailed)
    }
}
