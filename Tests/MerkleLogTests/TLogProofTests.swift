import Cryptography
import MerkleLog
import Testing

@Suite struct TLogProofTests {
    let signer: NoteSigner
    let witness: Witness
    let log = LogFixture(size: 13)
    let note: SignedNote

    init() throws {
        signer = try NoteSigner(name: "example.org/log", privateKey: Ed25519.PrivateKey())
        witness = try Witness(name: "witness.example/w1", privateKey: Ed25519.PrivateKey())
        let checkpoint = try Checkpoint(
            origin: "example.org/log", size: 13, root: log.frontier.root)
        note = try checkpoint.signed(by: [signer]).adding(witness.cosign(checkpoint, time: 5))
    }

    @Test(arguments: [nil, [], [1, 2, 3]] as [[UInt8]?])
    func roundTripAndVerification(extra: [UInt8]?) throws {
        for index in 0..<13 {
            let path = try StoredHashes.inclusionPath(of: index, size: 13, reader: log.read)
            let proof = try TLogProof(index: index, path: path, note: note, extra: extra)
            let read = try TLogProof(proof.bytes)
            #expect(read == proof)
            #expect(read.bytes == proof.bytes)
            let checkpoint = try read.verify(
                leafHash: log.leaves[index], logKey: signer.verifierKey,
                witnesses: [witness.verifierKey], quorum: 1)
            #expect(checkpoint.size == 13)
            #expect(
                code {
                    try read.verify(
                        leafHash: log.leaves[(index + 1) % 13], logKey: signer.verifierKey)
                } == .proofMismatch)
        }
    }

    @Test func layout() throws {
        let proof = try TLogProof(index: 12, path: [log.leaves[0]], note: note, extra: [0xff])
        let text = String(decoding: proof.bytes, as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[0] == "c2sp.org/tlog-proof@v1")
        #expect(lines[1] == "extra /w==")
        #expect(lines[2] == "index 12")
        #expect(lines[3].count == 44)
        #expect(lines[4].isEmpty)
        #expect(lines[5] == "example.org/log")
    }

    @Test func otherKeysAndQuorums() throws {
        let path = try StoredHashes.inclusionPath(of: 3, size: 13, reader: log.read)
        let proof = try TLogProof(index: 3, path: path, note: note)
        let stranger = try NoteSigner(name: "example.org/log", privateKey: Ed25519.PrivateKey())
        #expect(
            code { try proof.verify(leafHash: log.leaves[3], logKey: stranger.verifierKey) }
                == .unverifiedNote)
        #expect(
            code {
                try proof.verify(
                    leafHash: log.leaves[3], logKey: signer.verifierKey,
                    witnesses: [witness.verifierKey], quorum: 2)
            } == .unverifiedNote)
        let elsewhere = try NoteSigner(name: "example.org/else", privateKey: Ed25519.PrivateKey())
        let foreign = try TLogProof(
            index: 3, path: path, note: SignedNote(signing: note.text, with: [elsewhere]))
        #expect(
            code { try foreign.verify(leafHash: log.leaves[3], logKey: elsewhere.verifierKey) }
                == .originMismatch)
    }

    @Test func malformed() throws {
        let head = "c2sp.org/tlog-proof@v1\n"
        let tail = "\n" + String(decoding: note.bytes, as: UTF8.self)
        func parse(_ text: String) -> MerkleLogError.Code? {
            code { try TLogProof(Array(text.utf8)) }
        }
        #expect(parse(head + "index 0\n" + tail) == nil)
        #expect(parse("") == .malformedProof)
        #expect(parse("c2sp.org/tlog-proof@v2\nindex 0\n" + tail) == .malformedProof)
        #expect(parse(head) == .malformedProof)
        #expect(parse(head + "index 00\n" + tail) == .malformedProof)
        #expect(parse(head + "index -1\n" + tail) == .malformedProof)
        #expect(parse(head + "Index 1\n" + tail) == .malformedProof)
        #expect(parse(head + "extra ?\nindex 1\n" + tail) == .malformedProof)
        #expect(parse(head + "index 1\nextra AA==\n" + tail) == .malformedProof)
        #expect(parse(head + "index 1\nAAAA\n" + tail) == .malformedProof)
        #expect(parse(head + "index 1\n") == .malformedNote)
        #expect(parse(head + "index 1\n\n") == .malformedNote)
        let hash = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
        #expect(
            parse(head + "index 1\n" + String(repeating: hash, count: 63) + tail) == nil)
        #expect(
            parse(head + "index 1\n" + String(repeating: hash, count: 64) + tail)
                == .malformedProof)
        #expect(
            parse(head + "index 1\n" + String(repeating: hash, count: 99) + tail)
                == .malformedProof)
    }
}
