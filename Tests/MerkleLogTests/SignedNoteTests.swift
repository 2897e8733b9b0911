import Cryptography
import MerkleLog
import Testing

@Suite struct SignedNoteTests {
    /// The key and the note of the documentation of Go's `golang.org/x/mod/sumdb/note`.
    static let vkey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    static let note =
        "If you think cryptography is the answer to your problem,\n"
        + "then you don't know what your problem is.\n\n"
        + "\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgK"
        + "vqfqdngotpRZb6KE6RyyBwJnAM=\n"

    @Test func publishedNote() throws {
        let key = try VerifierKey(Self.vkey)
        #expect(key.name == "PeterNeumann")
        #expect(key.keyID.hex == "c74f20a3")
        #expect(key.description == Self.vkey)
        let note = try SignedNote(Array(Self.note.utf8))
        #expect(note.bytes == Array(Self.note.utf8))
        #expect(try note.verified(by: [key]).map(\.name) == ["PeterNeumann"])
        let changed = try SignedNote(Array(Self.note.replacing("think", with: "thank").utf8))
        #expect(code { try changed.verified(by: [key]) } == .invalidSignature)
    }

    let signer = try! NoteSigner(name: "example.org/log", privateKey: Ed25519.PrivateKey())
    let other = try! NoteSigner(name: "example.org/other", privateKey: Ed25519.PrivateKey())

    @Test func unknownSignaturesAreIgnored() throws {
        let note = try SignedNote(signing: "a\n\nb\n", with: [other, signer])
        let read = try SignedNote(note.bytes)
        #expect(read == note)
        #expect(read.text == "a\n\nb\n")
        #expect(try read.verified(by: [signer.verifierKey]).count == 1)
        #expect(try read.verified(by: [signer.verifierKey, other.verifierKey]).count == 2)
        #expect(code { try read.verified(by: []) } == .unverifiedNote)
        let stranger = try NoteSigner(name: "example.org/log", privateKey: Ed25519.PrivateKey())
        #expect(code { try read.verified(by: [stranger.verifierKey]) } == .unverifiedNote)
    }

    @Test func repeatedSignaturesCountOnce() throws {
        let signature = try signer.sign("a\n")
        let note = try SignedNote(text: "a\n", signatures: [signature, signature])
        #expect(try note.verified(by: [signer.verifierKey]).count == 1)
        #expect(try note.adding(signature).signatures.count == 1)
    }

    @Test func oneBadSignatureOfAKnownKeySpoilsTheNote() throws {
        let note = try SignedNote(
            text: "a\n", signatures: [try signer.sign("a\n"), try other.sign("b\n")])
        #expect(try note.verified(by: [signer.verifierKey]).count == 1)
        #expect(
            code { try note.verified(by: [signer.verifierKey, other.verifierKey]) }
                == .invalidSignature)
    }

    @Test(arguments: [
        "", "\n", "a\n", "a\n\n", "a\n\nb\n", "a\n\n\u{2014} x AAAAAAA=", "a\n\n\u{2014} x\n",
        "a\n\n- x AAAAAAA=\n", "a\n\n\u{2014}  x AAAAAAA=\n", "a\n\n\u{2014} x+y AAAAAAA=\n",
        "a\n\n\u{2014} x AAAA\n", "a\n\n\u{2014} x AAAAAA==\n", "a\n\n\u{2014} x AAAAAAB=\n",
        "a\n\n\u{2014} x AAAAAAA= \n", "a\n\n\u{2014} x AAAAAAA\n", "a\t\n\n\u{2014} x AAAAAAA=\n",
        "a\r\n\n\u{2014} x AAAAAAA=\n", "a\u{0}\n\n\u{2014} x AAAAAAA=\n",
        "\n\u{2014} x AAAAAAA=\n", "\u{2014} x AAAAAAA=\n", "a\n\n\u{2014} x\u{a0}y AAAAAAA=\n",
    ])
    func malformedNotes(text: String) {
        #expect(code { try SignedNote(Array(text.utf8)) } == .malformedNote)
    }

    @Test func otherMalformedNotes() {
        let fine = Array("a\n\n\u{2014} x AAAAAAA=\n".utf8)
        #expect(code { try SignedNote(fine) } == nil)
        #expect(code { try SignedNote([0xff] + fine) } == .malformedNote)
        #expect(
            code { try SignedNote([UInt8](repeating: 97, count: 1_000_000) + fine) }
                == .malformedNote)
        let line = Array("\u{2014} x AAAAAAA=\n".utf8)
        let many = (0..<101).flatMap { _ in line }
        #expect(code { try SignedNote(Array("a\n\n".utf8) + many) } == .malformedNote)
        #expect(code { try SignedNote(Array("a\n\n".utf8) + many.dropLast(line.count)) } == nil)
        #expect(code { try SignedNote(text: "a", signatures: []) } == .malformedNote)
        #expect(code { try SignedNote(text: "a\n", signatures: []) } == .malformedNote)
    }

    @Test(arguments: [
        "", "+", "++", "a", "a+b", "PeterNeumann+c74f20a3", "PeterNeumann+c74f20a3+",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+Ahpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy",
        "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ])
    func malformedKeys(text: String) {
        #expect(code { try VerifierKey(text) } == .malformedKey)
    }

    @Test(arguments: ["", "a b", "a+b", "a\n", "a\u{2003}b"])
    func namesThatKeysCannotHave(name: String) {
        #expect(
            code { try NoteSigner(name: name, privateKey: Ed25519.PrivateKey()) } == .malformedKey)
    }

    @Test func keysRoundTrip() throws {
        let witness = try Witness(name: "witness.example/w1", privateKey: Ed25519.PrivateKey())
        for key in [signer.verifierKey, witness.verifierKey] {
            #expect(try VerifierKey(key.description) == key)
        }
        #expect(witness.verifierKey.algorithm == .cosignatureV1)
    }
}
