import Cryptography
import MerkleLog
import Testing

@Suite struct CheckpointTests {
    /// The example of c2sp.org/tlog-checkpoint.
    static let text =
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"

    @Test func publishedExample() throws {
        let checkpoint = try Checkpoint(text: Self.text)
        #expect(checkpoint.origin == "example.com/behind-the-sofa")
        #expect(checkpoint.size == 20_852_163)
        #expect(
            checkpoint.root.hex
                == "0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62")
        #expect(checkpoint.text == Self.text)
    }

    @Test func extensionLines() throws {
        let checkpoint = try Checkpoint(text: Self.text + "one\ntwo\n")
        #expect(checkpoint.extensions == ["one", "two"])
        #expect(checkpoint.text == Self.text + "one\ntwo\n")
    }

    @Test func emptyLog() throws {
        let checkpoint = try Checkpoint(origin: "o", size: 0, root: MerkleTree.emptyRoot)
        #expect(try Checkpoint(text: checkpoint.text) == checkpoint)
        #expect(
            code { try Checkpoint(origin: "o", size: 0, root: MerkleTree.leafHash([])) }
                == .malformedCheckpoint)
    }

    @Test(arguments: [
        "", "\n", "o\n", "o\n1\n", "o\n1\nAAAA\n",
        "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "o\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "o\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "o\n+1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "o\n1 \nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "o\n\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "o\n9223372036854775808\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",
        "o\n1\nCsUYapGGPo4dkMgIAUqom_Xajj7h2fB2MPA3j2jxq2I=\n",
        "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=",
        "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n",
        "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\nx",
    ])
    func malformed(text: String) {
        #expect(code { try Checkpoint(text: text) } == .malformedCheckpoint)
    }

    @Test func signedAndCosigned() throws {
        let log = try NoteSigner(name: "example.org/log", privateKey: Ed25519.PrivateKey())
        let witness = try Witness(name: "witness.example/w1", privateKey: Ed25519.PrivateKey())
        let fixture = LogFixture(size: 7)
        let checkpoint = try Checkpoint(
            origin: "example.org/log", size: 7, root: fixture.frontier.root)
        let note = try checkpoint.signed(by: [log])
            .adding(witness.cosign(checkpoint, time: 1_679_315_147))
        let read = try SignedNote(note.bytes)
        #expect(try Checkpoint.open(read, keys: [log.verifierKey]) == checkpoint)
        #expect(
            try Checkpoint.open(read, keys: [log.verifierKey], origin: "example.org/log")
                == checkpoint)
        #expect(
            code { try Checkpoint.open(read, keys: [log.verifierKey], origin: "example.org/lag") }
                == .originMismatch)
        let verified = try read.verified(by: [witness.verifierKey])
        #expect(verified.map(\.cosignatureTime) == [1_679_315_147])
        #expect(read.signatures[0].cosignatureTime == nil)
        // The same key as an ordinary signer is another key.
        let plain = try VerifierKey(
            name: "witness.example/w1", publicKey: witness.verifierKey.publicKey)
        #expect(code { try read.verified(by: [plain]) } == .unverifiedNote)
        #expect(throws: MerkleLogError.self) { try witness.cosign(checkpoint, time: .max) }
    }

    /// The message is made here by hand, so that the signature is checked against the specification.
    @Test func cosignatureMessage() throws {
        let key = Ed25519.PrivateKey()
        let witness = try Witness(name: "w", privateKey: key)
        let signature = try witness.cosign(try Checkpoint(text: Self.text), time: 1_679_315_147)
        #expect(signature.signature.count == 72)
        #expect(signature.signature.prefix(8).elementsEqual([0, 0, 0, 0, 0x64, 0x18, 0x50, 0xcb]))
        let message = "cosignature/v1\ntime 1679315147\n" + Self.text
        #expect(
            key.publicKey.isValidSignature(
                Array(signature.signature.dropFirst(8)), for: Array(message.utf8)))
        let id = SHA256.hash(
            Array("w\n".utf8) + [0x04] + key.publicKey.rawRepresentation)
        #expect(signature.keyID == Array(id.prefix(4)))
    }
}
