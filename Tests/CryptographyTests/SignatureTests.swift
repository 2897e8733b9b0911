import Cryptography
import Testing

@Suite struct Ed25519Tests {
    struct Vector: Sendable {
        let secret: String, point: String, message: String, signature: String
    }

    /// RFC 8032 §7.1, tests 1–3.
    static let vectors = [
        Vector(
            secret: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            point: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            message: "",
            signature: "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
        Vector(
            secret: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            point: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            message: "72",
            signature: "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
        Vector(
            secret: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            point: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            message: "af82",
            signature: "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
    ]

    @Test(arguments: vectors)
    func published(vector: Vector) throws {
        let key = try Ed25519.PrivateKey(rawRepresentation: [UInt8](hex: vector.secret))
        let message = [UInt8](hex: vector.message)
        #expect(key.publicKey.rawRepresentation.hex == vector.point)
        #expect(key.rawRepresentation.hex == vector.secret)
        let signature = try key.signature(for: message)
        #expect(signature.hex == vector.signature)
        let reader = try Ed25519.PublicKey(rawRepresentation: [UInt8](hex: vector.point))
        #expect(reader == key.publicKey)
        #expect(reader.isValidSignature(signature, for: message))
        for index in signature.indices {
            #expect(!reader.isValidSignature(signature.flipped(at: index), for: message))
        }
        #expect(!reader.isValidSignature(signature, for: message + [0]))
    }

    @Test func freshKeysDiffer() throws {
        let one = Ed25519.PrivateKey()
        let two = Ed25519.PrivateKey()
        #expect(one.publicKey != two.publicKey)
        let signature = try one.signature(for: [1])
        #expect(one.publicKey.isValidSignature(signature, for: [1]))
        #expect(!two.publicKey.isValidSignature(signature, for: [1]))
    }

    @Test(arguments: [0, 1, 31, 33, 64])
    func wrongSizes(size: Int) {
        let raw = [UInt8](repeating: 1, count: size)
        #expect(code { try Ed25519.PrivateKey(rawRepresentation: raw) } == .invalidKeySize)
        #expect(code { try Ed25519.PublicKey(rawRepresentation: raw) } == .invalidKeySize)
        #expect(!Ed25519.PrivateKey().publicKey.isValidSignature(raw, for: []))
    }
}

@Suite struct P256Tests {
    /// RFC 6979 A.2.5, SHA-256, message "sample", as SubjectPublicKeyInfo and DER signature.
    @Test func publishedSignature() throws {
        let point =
            "04" + "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
            + "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"
        let key = try P256.PublicKey(
            derRepresentation: [UInt8](
                hex: "3059301306072a8648ce3d020106082a8648ce3d030107034200" + point))
        #expect(key.x963Representation.hex == point)
        let signature = [UInt8](
            hex: "3046022100efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                + "022100f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8")
        #expect(key.isValidSignature(signature, for: [UInt8]("sample")))
        #expect(!key.isValidSignature(signature, for: [UInt8]("sampl")))
        for index in signature.indices {
            #expect(!key.isValidSignature(signature.flipped(at: index), for: [UInt8]("sample")))
        }
    }

    @Test func pemRoundTrip() throws {
        let key = P256.PrivateKey()
        let pem = key.pemRepresentation
        #expect(pem.hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
        let again = try P256.PrivateKey(pemRepresentation: pem)
        #expect(again.publicKey == key.publicKey)
        let publicPEM = key.publicKey.pemRepresentation
        #expect(publicPEM.hasPrefix("-----BEGIN PUBLIC KEY-----\n"))
        let reader = try P256.PublicKey(pemRepresentation: publicPEM)
        #expect(reader == key.publicKey)
        #expect(try P256.PublicKey(derRepresentation: reader.derRepresentation) == reader)
        #expect(reader.derRepresentation.count == 91)
        #expect(reader.x963Representation.first == 4)
        for length in [0, 1, 1000] {
            let message = [UInt8](repeating: 5, count: length)
            let signature = try again.signature(for: message)
            #expect(reader.isValidSignature(signature, for: message))
            #expect(!reader.isValidSignature(Array(signature.dropLast()), for: message))
            #expect(!reader.isValidSignature([], for: message))
        }
    }

    @Test func badKeysAreRefused() throws {
        #expect(code { try P256.PrivateKey(pemRepresentation: "") } == .invalidPEM)
        #expect(code { try P256.PublicKey(pemRepresentation: "no PEM") } == .invalidPEM)
        #expect(code { try P256.PublicKey(derRepresentation: []) } == .invalidPEM)
        let key = P256.PrivateKey()
        #expect(
            code { try P256.PublicKey(pemRepresentation: key.pemRepresentation) } == .invalidPEM)
        #expect(
            code { try P256.PublicKey(derRepresentation: key.publicKey.derRepresentation + [0]) }
                == .invalidKey)
        // Ed25519 in PKCS #8 (RFC 8410 §10.3): a fine key of another kind.
        let other = """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
            -----END PRIVATE KEY-----

            """
        #expect(code { try P256.PrivateKey(pemRepresentation: other) } == .invalidKey)
    }

    /// The public test key of RFC 9500 §2.3, and the same under the passphrase "test".
    static let testKey = """
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEIObLW92AqkWunJXowVR2Z5/+yVPBaFHnEedDk5WJxk/BoAoGCCqGSM49
        AwEHoUQDQgAEQiVI+I+3gv+17KN0RFLHKh5Vj71vc75eSOkyMsxFxbFsTNEMTLjV
        uKFxOelIgsiZJXKZNCX0FBmrfpCkKklCcg==
        -----END EC PRIVATE KEY-----

        """
    static let encryptedTestKey = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIHrMFYGCSqGSIb3DQEFDTBJMCgGCSqGSIb3DQEFDDAbBAgMWRa1TsBJWQIBATAM
        BggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQkAXqltltjQomYTxKvZviAQSBkDvu
        CvjYWNqpBFZmpC6sfgMQ+uTvoTsORJ2lh4iKOjaFTb/1wADDH8Gjy98++9yILnCd
        k/GvcT3D4ARrex4KVu/LsNFOWbNoYO1ZrYj9OltL5MunpglOxR+u6TXgMCVDJPbC
        sDiwchiYw61PD0AMUQOcC61rD3xmuKeTaAjEkqblX1F3Ow17qMPdvkRIwuDzMA==
        -----END ENCRYPTED PRIVATE KEY-----

        """
    static let compressedPoint = """
        -----BEGIN PUBLIC KEY-----
        MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgACQiVI+I+3gv+17KN0RFLHKh5Vj71v
        c75eSOkyMsxFxbE=
        -----END PUBLIC KEY-----

        """
    static let otherCurve = """
        -----BEGIN PUBLIC KEY-----
        MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAETdsBXzP+F5AqZRhixlkFooSBCn/5KYem
        kjxMWoUFyrubqcSh8zMoNM/VYLipF+Q2Q20oPnQ7z6JS6lbgyEscRYEAhchAkb86
        UUlmzqFS71nlZjEVLm/L8+uDTt9OCLK6
        -----END PUBLIC KEY-----

        """

    @Test func keysOfOtherTools() throws {
        let key = try P256.PrivateKey(pemRepresentation: Self.testKey)
        #expect(
            key.publicKey.x963Representation.hex
                == "04422548f88fb782ffb5eca3744452c72a1e558fbd6f73be5e48e93232cc45c5b1"
                + "6c4cd10c4cb8d5b8a17139e94882c8992572993425f41419ab7e90a42a494272")
        let compressed = try P256.PublicKey(pemRepresentation: Self.compressedPoint)
        #expect(compressed == key.publicKey)
        #expect(try P256.PublicKey(pemRepresentation: compressed.pemRepresentation) == compressed)
        // Neither asks the terminal for a passphrase nor opens without one.
        #expect(
            code { try P256.PrivateKey(pemRepresentation: Self.encryptedTestKey) } == .invalidPEM)
        #expect(code { try P256.PublicKey(pemRepresentation: Self.otherCurve) } == .invalidKey)
    }
}
