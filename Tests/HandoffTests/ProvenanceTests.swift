import Cryptography
import EngineProtocol
import Foundation
import MerkleLog
import Records
import Testing

@testable import Handoff

@Suite("Provenance")
struct ProvenanceTests {
    static let outcome = {
        var outcome = RunOutcome()
        outcome.startedAt = Timestamp(secondsSince1970: 1_795_341_600)
        outcome.finishedAt = Timestamp(secondsSince1970: 1_795_341_660)
        outcome.started = .init(
            engine: "tundish-trainer", version: "0.1.0", labels: ["negative", "positive"],
            configuration: ["learning_rate": .double(5e-5)])
        outcome.summary = [:]
        outcome.recordsServed = [.train: 3, .validation: 2]
        outcome.recordDigests = [.train: "aa"]
        return outcome
    }()

    static func statement(subjects: [RunRequest.File]) throws -> ProvenanceStatement {
        ProvenanceStatement(
            subjects: subjects, request: try RunRequestTests.request(), outcome: outcome,
            runID: "run-1", builderID: "urn:x-tundish:workspace:00ff",
            facts: .init(
                workspace: "tundish.local/00ff", principals: ["trainer": "p-1"],
                approvals: [
                    .init(action: "release", requestedBy: "p-1", approvedBy: "p-1"),
                    .init(action: "release", requestedBy: "p-1", approvedBy: "p-2", at: .now),
                ], purposes: ["sentiment"], legalBasis: "contract", detectorDigests: ["dd"]))
    }

    /// DSSE v1.0's own example: `PAE("http://example.com/HelloWorld", "hello world")`.
    @Test("Pre-authentication encoding is the specification's")
    func encoding() {
        let encoded = SignatureEnvelope.preAuthenticationEncoding(
            type: "http://example.com/HelloWorld", payload: Array("hello world".utf8))
        #expect(
            String(decoding: encoded, as: UTF8.self)
                == "DSSEv1 29 http://example.com/HelloWorld 11 hello world")
        let empty = SignatureEnvelope.preAuthenticationEncoding(type: "", payload: [])
        #expect(String(decoding: empty, as: UTF8.self) == "DSSEv1 0  0 ")
    }

    @Test("The statement names all that the model came from")
    func contents() throws {
        let statement = try Self.statement(
            subjects: [
                .init(name: "model.safetensors", sha256: String(repeating: "9", count: 64), size: 1)
            ])
        #expect(statement.json["_type"] == "https://in-toto.io/Statement/v1")
        #expect(statement.dependency("dataset") == String(repeating: "ab", count: 32))
        #expect(statement.dependency("policy") == String(repeating: "cd", count: 32))
        #expect(statement.dependency("engine") == "33")
        #expect(statement.dependency("base/model.safetensors") == "11")
        #expect(statement.dependency("detector") == "dd")
        let definition = statement.buildDefinition
        #expect(definition["externalParameters"]?["seed"] == 7)
        let inside = definition["internalParameters"]
        #expect(inside?["approvals"]?.arrayValue?.map { $0["selfApproved"] } == [true, false])
        #expect(
            inside?["requestDigest"]?["sha256"]?.stringValue
                == Hex.encode(try RunRequestTests.request().digest))
        #expect(
            try ProvenanceStatement(json: statement.canonicalBytes()).canonicalBytes()
                == statement.canonicalBytes())
    }

    @Test("A signature holds for its key and bytes only")
    func signing() throws {
        let key = Ed25519.PrivateKey()
        let statement = try Self.statement(
            subjects: [.init(name: "m", sha256: String(repeating: "9", count: 64), size: 1)])
        let envelope = try SignatureEnvelope.sign(statement, key: key)
        let again = try SignatureEnvelope(json: envelope.canonicalBytes())
        #expect(again == envelope && again.digest == envelope.digest)
        #expect(try again.verify(publicKey: key.publicKey) == statement)
        let stranger = #expect(throws: HandoffError.self) {
            try envelope.verify(publicKey: Ed25519.PrivateKey().publicKey)
        }
        #expect(stranger?.code == .signature)
        let text = String(decoding: envelope.canonicalBytes(), as: UTF8.self)
        let forged = text.replacing(
            SignatureEnvelope.statementType, with: "application/vnd.in-toto+jsom")
        #expect(throws: HandoffError.self) {
            try SignatureEnvelope(json: Array(forged.utf8)).verify(publicKey: key.publicKey)
        }
        for broken in ["", "{}", #"{"payload":"!","payloadType":"a","signatures":[]}"#] {
            #expect(throws: HandoffError.self) {
                try SignatureEnvelope(json: Array(broken.utf8))
            }
        }
    }

    /// An exported folder with a log of five entries around it.
    final class Export {
        let folder = NSTemporaryDirectory() + "tundish-export-" + UUID().uuidString
        let logKey = Ed25519.PrivateKey()
        let signer = Ed25519.PrivateKey()
        let vkey: String
        let files: [String: [UInt8]] = [
            "model.safetensors": Array("weights".utf8), "config.json": Array("{}".utf8),
        ]

        init(origin: String = "tundish.local/00ff", entryLog: String = "tundish.local/00ff") throws
        {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            let statement = try ProvenanceTests.statement(
                subjects: files.map { name, bytes in
                    .init(name: name, sha256: Hex.encode(SHA256.hash(bytes)), size: bytes.count)
                })
            let envelope = try SignatureEnvelope.sign(statement, key: signer)
            let entry = CanonicalJSON.encode([
                "action": "run.provenance", "log": .string(entryLog),
                "facts": [
                    "envelope": .string(Hex.encode(envelope.digest)),
                    "signer": .string(Base64.encode(signer.publicKey.rawRepresentation)),
                ],
            ])
            var leaves = (0..<5).map { MerkleTree.leafHash([UInt8($0)]) }
            leaves[3] = MerkleTree.leafHash(entry)
            let noteSigner = try NoteSigner(name: origin, privateKey: logKey)
            vkey = noteSigner.verifierKey.description
            let checkpoint = try Checkpoint(
                origin: origin, size: 5, root: MerkleTree.root(leafHashes: leaves))
            let proof = try TLogProof(
                index: 3, path: MerkleTree.inclusionPath(of: 3, in: leaves),
                note: checkpoint.signed(by: [noteSigner]), extra: nil)
            try write(ModelVerifier.envelopeName, envelope.canonicalBytes())
            try write(ModelVerifier.entryName, entry)
            try write(ModelVerifier.proofName, proof.bytes)
            for (name, bytes) in files { try write(name, bytes) }
        }

        deinit { try? FileManager.default.removeItem(atPath: folder) }

        func write(_ name: String, _ bytes: [UInt8]) throws {
            try Data(bytes).write(to: URL(filePath: folder + "/" + name))
        }

        func verify(_ trusted: String?) throws -> VerificationReport {
            try ModelVerifier(trusted: trusted).verify(folder: folder)
        }
    }

    @Test("An untouched export verifies; without a key its signer is unknown")
    func untouched() throws {
        let export = try Export()
        let report = try export.verify(export.vkey)
        #expect(report.verdict == .verified, "\(report)")
        #expect(
            report.inclusion
                == .init(origin: "tundish.local/00ff", index: 3, size: 5, isSigned: true))
        #expect(report.statement?.subjects.count == 2)
        #expect(try export.verify(nil).verdict == .consistentSignerUnknown)
        #expect(try export.verify(nil).description.hasSuffix("consistent, signer unknown"))
        try export.write("README.md", [1])
        #expect(try export.verify(export.vkey).verdict == .verified)
    }

    @Test("Another log's key does not verify it")
    func otherKey() throws {
        let export = try Export()
        let other = try NoteSigner(name: "tundish.local/00ff", privateKey: Ed25519.PrivateKey())
        #expect(try export.verify(other.verifierKey.description).verdict == .failed)
        #expect(try export.verify("nonsense").verdict == .failed)
        let foreign = try Export(entryLog: "elsewhere")
        #expect(try foreign.verify(foreign.vkey).verdict == .failed)
    }

    @Test("Every byte of every file counts, with and without a trusted key")
    func flippedBytes() throws {
        let export = try Export()
        for name in try FolderFiles.names(in: export.folder) {
            let bytes = try FolderFiles.read(export.folder, name)
            // Every byte of the small files, a sample of the long ones.
            for index in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 40)) {
                var flipped = bytes
                flipped[index] ^= 0x01
                try export.write(name, flipped)
                #expect(try export.verify(export.vkey).verdict == .failed, "\(name) \(index)")
            }
            try export.write(name, bytes)
        }
        #expect(try export.verify(export.vkey).verdict == .verified)
    }

    @Test("Missing and added files are named")
    func missingAndAdded() throws {
        let export = try Export()
        for name in try FolderFiles.names(in: export.folder) {
            let bytes = try FolderFiles.read(export.folder, name)
            try FileManager.default.removeItem(atPath: export.folder + "/" + name)
            let report = try export.verify(export.vkey)
            #expect(report.verdict == .failed)
            #expect(report.description.contains(name))
            try export.write(name, bytes)
        }
        try export.write("pytorch_model.bin", [1])
        let report = try export.verify(export.vkey)
        #expect(report.verdict == .failed)
        #expect(report.description.contains("pytorch_model.bin"))
        #expect(throws: HandoffError.self) {
            try ModelVerifier(trusted: nil).verify(folder: export.folder + "/none")
        }
    }
}
