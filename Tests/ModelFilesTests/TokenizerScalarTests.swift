import Cryptography
import Testing

@testable import ModelFiles

@Suite("WordPiece, scalar by scalar")
struct TokenizerScalarTests {
    /// The digest is of a table made with PyPI tokenizers 0.23.3 and MiniLM's tokenizer.json: for
    /// each scalar c, the words of "a" + c + "b" after its normalizer and pre-tokenizer, one line
    /// "<c>\t<words>" of upper-case hexadecimal, scalars joined by '.', words by a space.
    @Test("Planes 0 to 2: every scalar is handled as Hugging Face handles it")
    func everyScalar() {
        let basic = BasicTokenizer(options: .uncased)
        var hasher = SHA256.Hasher()
        for value in UInt32(0x80)..<0x30000 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = "a\(Character(scalar))b"
            let words = basic.words(Array(text.utf8)[...]).map { word in
                String(decoding: word, as: UTF8.self).unicodeScalars
                    .map { String($0.value, radix: 16, uppercase: true) }
                    .joined(separator: ".")
            }
            let name = String(value, radix: 16, uppercase: true)
            hasher.update(Array("\(name)\t\(words.joined(separator: " "))\n".utf8))
        }
        let digest = hasher.finalize().map {
            $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16)
        }
        #expect(
            digest.joined() == "9bd36fbf405ea888aece2f8b737ab607bd21c9120bf7f6ee22506983e2278f5c")
    }
}
