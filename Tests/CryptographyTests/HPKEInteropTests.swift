import Cryptography
import Glibc
import Testing

/// HPKE with someone else's bytes; see `scripts/interop/hpke.py`.
@Suite struct HPKEInteropTests {
    struct Made: Sendable {
        let privateKey: String, info: String, plaintext: String, sealed: String
    }

    /// Printed by `hpke.py --make` with PyPI `cryptography` 50.0.2.
    static let made = [
        Made(
            privateKey: "88da3ae5d8f9f32b06e3d24e402ea42feac389648079e53d1f1ac9804ed7f35b",
            info: "", plaintext: "",
            sealed: "9c7da9111fce929e90f39946b337897f0b0637c2a0ae11c881376f1497602617"
                + "c51eb7e568959b746fdda2a794e24827"),
        Made(
            privateKey: "8844eabf6bbbef8ace3d29d6c8a76ac31be8b77715fc7ba84172488d714e3755",
            info: "723ea503ceb4382c89517f247d66ec56",
            plaintext: "91a1638d320e847939fb4779da94c0d3dac79d3922f91b9a9aef0e667109a144",
            sealed: "865a5a1cb060a726270a9fc6b2d318ad6e96bb1a6afcad5ac70ea1cc3b7ce147"
                + "db3a38218a17e9186cf1d370d7f3dad5687b5551d72a49e4a1a608a3e1a901b5"
                + "6918e3cca8ffec494c546fa57fa1aa94"),
    ]

    @Test(arguments: made)
    func opensWhatPythonSealed(made: Made) throws {
        let key = try X25519.PrivateKey(rawRepresentation: [UInt8](hex: made.privateKey))
        let opened = try HPKE.open(
            [UInt8](hex: made.sealed), with: key, info: [UInt8](hex: made.info))
        #expect(opened.hex == made.plaintext)
    }

    /// Set `TUNDISH_INTEROP_HPKE` to a file and run `hpke.py FILE` afterwards.
    @Test func writesForPython() throws {
        guard let path = getenv("TUNDISH_INTEROP_HPKE").map({ String(cString: $0) }) else {
            print("skipped: writing HPKE texts needs TUNDISH_INTEROP_HPKE")
            return
        }
        var elements: [String] = []
        for size in [0, 1, 16, 32, 255, 1000] {
            let key = X25519.PrivateKey()
            let plaintext = SecureRandom.bytes(size)
            let info = SecureRandom.bytes(size / 3)
            let sealed = try HPKE.seal(plaintext, to: key.publicKey, info: info)
            elements.append(
                """
                {"privateKey": "\(key.rawRepresentation.hex)", "info": "\(info.hex)", \
                "plaintext": "\(plaintext.hex)", "sealed": "\(sealed.hex)"}
                """)
        }
        let file = try #require(fopen(path, "w"))
        fputs("[" + elements.joined(separator: ",\n") + "]\n", file)
        fclose(file)
    }
}
