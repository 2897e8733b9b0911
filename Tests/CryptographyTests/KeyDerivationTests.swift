import Cryptography
import Testing

@Suite struct KeyDerivationTests {
    struct HKDFVector: Sendable {
        let input: [UInt8], salt: [UInt8], info: [UInt8], extracted: String, output: String
    }

    /// RFC 5869 appendix A.1–A.3.
    static let hkdf = [
        HKDFVector(
            input: Array(repeating: 0x0b, count: 22), salt: Array(0x00...0x0c),
            info: Array(0xf0...0xf9),
            extracted: "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
            output: "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
                + "34007208d5b887185865"),
        HKDFVector(
            input: Array(0x00...0x4f), salt: Array(0x60...0xaf), info: Array(0xb0...0xff),
            extracted: "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
            output: "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
                + "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
                + "cc30c58179ec3e87c14c01d5c1f3434f1d87"),
        HKDFVector(
            input: Array(repeating: 0x0b, count: 22), salt: [], info: [],
            extracted: "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
            output: "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
                + "9d201395faa4b61a96c8"),
    ]

    @Test(arguments: hkdf)
    func publishedHKDF(vector: HKDFVector) {
        let output = [UInt8](hex: vector.output)
        let extracted = HKDFSHA256.extract(inputKey: vector.input, salt: vector.salt)
        #expect(extracted.hex == vector.extracted)
        #expect(
            HKDFSHA256.derive(
                inputKey: vector.input, salt: vector.salt, info: vector.info,
                byteCount: output.count) == output)
        // Every shorter output is a prefix of it.
        for length in 0...output.count {
            let key = HKDFSHA256.derive(
                inputKey: SymmetricKey(bytes: vector.input), salt: vector.salt, info: vector.info,
                byteCount: length)
            #expect(key.bytes == Array(output.prefix(length)))
        }
    }

    @Test func longestHKDFOutput() {
        let key = [UInt8](repeating: 7, count: 32)
        let output = HKDFSHA256.expand(pseudorandomKey: key, info: [], byteCount: 8160)
        #expect(output.count == 8160)
    }

    struct ScryptVector: Sendable {
        let passphrase: String, salt: String, n: UInt64, r: UInt64, p: UInt64, output: String
    }

    /// RFC 7914 §12 (the fourth needs 1 GiB, more than is allowed here).
    static let scrypt = [
        ScryptVector(
            passphrase: "", salt: "", n: 16, r: 1, p: 1,
            output: "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
                + "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"),
        ScryptVector(
            passphrase: "password", salt: "NaCl", n: 1024, r: 8, p: 16,
            output: "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
                + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"),
        ScryptVector(
            passphrase: "pleaseletmein", salt: "SodiumChloride", n: 16384, r: 8, p: 1,
            output: "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
                + "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"),
    ]

    @Test(arguments: scrypt)
    func publishedScrypt(vector: ScryptVector) throws {
        let key = try Scrypt.derive(
            passphrase: Array(vector.passphrase.utf8), salt: Array(vector.salt.utf8), n: vector.n,
            r: vector.r, p: vector.p, byteCount: 64)
        #expect(key.bytes.hex == vector.output)
    }

    /// The defaults need 128 MiB, more than libcrypto allows when it is not told.
    @Test func scryptWithDefaults() throws {
        let key = try Scrypt.derive(passphrase: [UInt8]("correct horse"), salt: Array(0..<16))
        #expect(key.byteCount == 32)
        let other = try Scrypt.derive(passphrase: [UInt8]("correct horsf"), salt: Array(0..<16))
        #expect(!key.isEqual(to: other))
    }

    @Test(arguments: [
        (1 << 20, 8, 1, CryptographyError.Code.memoryLimit),
        (UInt64.max / 2 + 1, 8, 1, .memoryLimit), (1 << 14, UInt64.max, 1, .memoryLimit),
        (1 << 14, 8, UInt64.max, .memoryLimit), (0, 8, 1, .invalidParameter),
        (1, 8, 1, .invalidParameter), (1000, 8, 1, .invalidParameter),
        (1024, 0, 1, .invalidParameter), (1024, 8, 0, .invalidParameter),
    ])
    func scryptRefuses(n: UInt64, r: UInt64, p: UInt64, code: CryptographyError.Code) {
        let error = #expect(throws: CryptographyError.self) {
            try Scrypt.derive(passphrase: [], salt: [], n: n, r: r, p: p)
        }
        #expect(error?.code == code)
    }

    @Test func scryptRefusesAnEmptyKey() {
        #expect(throws: CryptographyError.self) {
            try Scrypt.derive(passphrase: [], salt: [], n: 16, r: 1, p: 1, byteCount: 0)
        }
    }
}
