import Cryptography
import Testing

@Suite struct AES256GCMTests {
    struct Vector: Sendable {
        let key: String, nonce: String, plaintext: String, aad: String, ciphertext: String
        let tag: String
    }

    /// NIST CAVP, `gcmEncryptExtIV256.rsp`: 96-bit IV, 128-bit tag, count 0 of six groups.
    static let vectors = [
        Vector(
            key: "b52c505a37d78eda5dd34f20c22540ea1b58963cf8e5bf8ffa85f9f2492505b4",
            nonce: "516c33929df5a3284ff463d7",
            plaintext: "",
            aad: "",
            ciphertext: "",
            tag: "bdc1ac884d332457a1d2664f168c76f0"),
        Vector(
            key: "886cff5f3e6b8d0e1ad0a38fcdb26de97e8acbe79f6bed66959a598fa5047d65",
            nonce: "3a8efa1cd74bbab5448f9945",
            plaintext: "",
            aad: "519fee519d25c7a304d6c6aa1897ee1eb8c59655",
            ciphertext: "",
            tag: "f6d47505ec96c98a42dc3ae719877b87"),
        Vector(
            key: "82c4f12eeec3b2d3d157b0f992d292b237478d2cecc1d5f161389b97f999057a",
            nonce: "7b40b20f5f397177990ef2d1",
            plaintext: "982a296ee1cd7086afad976945",
            aad: "",
            ciphertext: "ec8e05a0471d6b43a59ca5335f",
            tag: "113ddeafc62373cac2f5951bb9165249"),
        Vector(
            key: "69b458f2644af9020463b40ee503cdf083d693815e2659051ae0d039e606a970",
            nonce: "8d1da8ab5f91ccd09205944b",
            plaintext: "f3e0e09224256bf21a83a5de8d",
            aad: "036ad5e5494ef817a8af2f5828784a4bfedd1653",
            ciphertext: "c0a62d77e6031bfdc6b13ae217",
            tag: "a794a9aaee48cd92e47761bf1baff0af"),
        Vector(
            key: "1fded32d5999de4a76e0f8082108823aef60417e1896cf4218a2fa90f632ec8a",
            nonce: "1f3afa4711e9474f32e70462",
            plaintext: "06b2c75853df9aeb17befd33cea81c630b0fc53667ff45199c629c8e15dce41e"
                + "530aa792f796b8138eeab2e86c7b7bee1d40b0",
            aad: "",
            ciphertext: "91fbd061ddc5a7fcc9513fcdfdc9c3a7c5d4d64cedf6a9c24ab8a77c36eefbf1"
                + "c5dc00bc50121b96456c8cd8b6ff1f8b3e480f",
            tag: "30096d340f3d5c42d82a6f475def23eb"),
        Vector(
            key: "24501ad384e473963d476edcfe08205237acfd49b5b8f33857f8114e863fec7f",
            nonce: "9ff18563b978ec281b3f2794",
            plaintext: "27f348f9cdc0c5bd5e66b1ccb63ad920ff2219d14e8d631b3872265cf117ee86"
                + "757accb158bd9abb3868fdc0d0b074b5f01b2c",
            aad: "adb5ec720ccf9898500028bf34afccbcaca126ef",
            ciphertext: "eb7cb754c824e8d96f7c6d9b76c7d26fb874ffbf1d65c6f64a698d839b0b0614"
                + "5dae82057ad55994cf59ad7f67c0fa5e85fab8",
            tag: "bc95c532fecc594c36d1550286a7a3f0"),
    ]

    @Test(arguments: vectors)
    func published(vector: Vector) throws {
        let key = SymmetricKey(bytes: [UInt8](hex: vector.key))
        let nonce = [UInt8](hex: vector.nonce)
        let aad = [UInt8](hex: vector.aad)
        let sealed = try AES256GCM.seal(
            [UInt8](hex: vector.plaintext), key: key, nonce: nonce, authenticating: aad)
        #expect(sealed.hex == vector.ciphertext + vector.tag)
        let opened = try AES256GCM.open(sealed, key: key, nonce: nonce, authenticating: aad)
        #expect(opened.hex == vector.plaintext)
    }

    let key = SymmetricKey(bytes: Array(0..<32))
    let nonce: [UInt8] = Array(0..<12)

    @Test func everySmallSize() throws {
        for length in 0...70 {
            let text = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let sealed = try AES256GCM.seal(text, key: key, nonce: nonce)
            #expect(sealed.count == length + 16)
            #expect(try AES256GCM.open(sealed, key: key, nonce: nonce) == text)
        }
    }

    @Test func everyChangedByteIsNoticed() throws {
        let sealed = try AES256GCM.seal(
            [UInt8]("the text"), key: key, nonce: nonce, authenticating: [9])
        for index in sealed.indices {
            #expect(
                code {
                    try AES256GCM.open(
                        sealed.flipped(at: index), key: key, nonce: nonce, authenticating: [9])
                }
                    == .authenticationFailed)
        }
        for length in 0..<sealed.count {
            #expect(
                code {
                    try AES256GCM.open(
                        Array(sealed.prefix(length)), key: key, nonce: nonce, authenticating: [9])
                }
                    == .authenticationFailed)
        }
        #expect(
            code { try AES256GCM.open(sealed + [0], key: key, nonce: nonce, authenticating: [9]) }
                == .authenticationFailed)
        #expect(
            code {
                try AES256GCM.open(
                    sealed, key: key, nonce: nonce.flipped(at: 3), authenticating: [9])
            } == .authenticationFailed)
        #expect(
            code { try AES256GCM.open(sealed, key: key, nonce: nonce, authenticating: []) }
                == .authenticationFailed)
        #expect(
            code { try AES256GCM.open(sealed, key: .random(), nonce: nonce, authenticating: [9]) }
                == .authenticationFailed)
    }

    @Test(arguments: [0, 1, 16, 24, 31, 33, 64])
    func wrongKeySize(size: Int) {
        let key = SymmetricKey.random(byteCount: size)
        #expect(code { try AES256GCM.seal([1], key: key, nonce: nonce) } == .invalidKeySize)
        #expect(
            code { try AES256GCM.open(Array(0..<17), key: key, nonce: nonce) } == .invalidKeySize)
    }

    @Test(arguments: [0, 1, 8, 11, 13, 16])
    func wrongNonceSize(size: Int) {
        let nonce = [UInt8](repeating: 1, count: size)
        #expect(code { try AES256GCM.seal([1], key: key, nonce: nonce) } == .invalidNonceSize)
        #expect(
            code { try AES256GCM.open(Array(0..<17), key: key, nonce: nonce) } == .invalidNonceSize)
    }

    @Test func oneSealerManyChunksInPlace() throws {
        let sealer = try AES256GCM.Sealer(key: key)
        let opener = try AES256GCM.Opener(key: key)
        var buffer = [UInt8](repeating: 0, count: 200)
        for index in 0..<100 {
            var nonce = nonce
            nonce[11] = UInt8(index)
            let text = (0..<index).map { UInt8($0 ^ index) }
            buffer.replaceSubrange(0..<index, with: text)
            try buffer.withUnsafeMutableBytes { buffer in
                let written = try sealer.seal(
                    UnsafeRawBufferPointer(rebasing: buffer[..<index]), into: buffer, nonce: nonce)
                #expect(written == index + 16)
            }
            #expect(
                Array(buffer.prefix(index + 16))
                    == (try AES256GCM.seal(text, key: key, nonce: nonce)))
            try buffer.withUnsafeMutableBytes { buffer in
                let written = try opener.open(
                    UnsafeRawBufferPointer(rebasing: buffer[..<(index + 16)]), into: buffer,
                    nonce: nonce)
                #expect(written == index)
            }
            #expect(Array(buffer.prefix(index)) == text)
        }
    }

    @Test func failedOpenLeavesNoPlaintextAndTheOpenerGoesOn() throws {
        let text = [UInt8]("a secret that must not leak")
        let sealed = try AES256GCM.seal(text, key: key, nonce: nonce)
        let opener = try AES256GCM.Opener(key: key)
        var output = [UInt8](repeating: 0xff, count: text.count)
        let broken = sealed.flipped(at: sealed.count - 1)
        #expect(throws: CryptographyError.self) {
            try broken.withUnsafeBytes { input in
                _ = try output.withUnsafeMutableBytes {
                    try opener.open(input, into: $0, nonce: nonce)
                }
            }
        }
        #expect(output.allSatisfy { $0 == 0 })
        _ = try sealed.withUnsafeBytes { input in
            try output.withUnsafeMutableBytes { try opener.open(input, into: $0, nonce: nonce) }
        }
        #expect(output == text)
    }

    @Test func tooSmallBuffersAreRefused() throws {
        var output = [UInt8](repeating: 0, count: 18)
        let sealer = try AES256GCM.Sealer(key: key)
        #expect(
            code {
                _ = try [1, 2, 3].withUnsafeBytes { input in
                    try output.withUnsafeMutableBytes {
                        try sealer.seal(input, into: $0, nonce: nonce)
                    }
                }
            } == .bufferTooSmall)
    }
}

/// The code of the error that `body` throws, or nil.
func code(_ body: () throws -> some Any) -> CryptographyError.Code? {
    do {
        _ = try body()
        return nil
    } catch {
        return (error as? CryptographyError)?.code
    }
}
