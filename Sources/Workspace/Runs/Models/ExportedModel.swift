import Cryptography
import FoundationEssentials
import Handoff
import MerkleLog
import Records

/// A merged or converted model that was exported, checked without the workspace.
///
/// The chain: trusted key → log checkpoint → inclusion of the export's audit entry → the digest of
/// every file, and that of the statement about the run that the model came of.
struct ExportedModel {
    let folder: String
    /// The log's vkey, from somewhere else than the folder; nil: the signer stays unknown.
    let trustedKey: String?

    /// The run's own statement; its subjects are the files before they were merged.
    static let statementName = "run-provenance.dsse.json"

    /// One check.
    struct Check: Sendable {
        var name: String
        var passed: Bool
        var detail: String
    }

    /// Whether the folder holds such an export.
    var isThere: Bool {
        (try? Self.entry(folder))?["action"]?.stringValue == "model.export"
    }

    private static func entry(_ folder: String) throws -> JSONValue {
        try JSONParser.parse(Files.read(folder + "/entry.json"))
    }

    /// Makes every check; only a folder that cannot be read throws.
    func checks() throws -> [Check] {
        let bytes = try Files.read(folder + "/entry.json")
        let facts = try JSONParser.parse(bytes)["facts"] ?? .null
        var checks = [inclusion(of: bytes)]
        let files = (facts["files"]?.objectValue ?? [:]).sorted { $0.key < $1.key }
        for (name, digest) in files {
            checks.append(check(name, signed: digest.stringValue ?? ""))
        }
        if let statement = facts["statement"]?.stringValue {
            let found = try? SignatureEnvelope(
                json: Files.read(folder + "/" + Self.statementName)
            ).digest
            checks.append(
                Check(
                    name: "log entry names the run's statement",
                    passed: found.map { Hex.encode($0) } == statement,
                    detail: "envelope sha256 \(statement.prefix(16))…"))
        }
        let known = Set(files.map(\.key)).union(["entry.json", "proof.tlog"])
        let strangers = try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { !known.contains($0) }.sorted()
        checks.append(
            Check(
                name: "nothing unsigned lies beside", passed: strangers.isEmpty && !files.isEmpty,
                detail: strangers.isEmpty
                    ? "\(files.count) files" : strangers.joined(separator: ", ")))
        return checks
    }

    private func inclusion(of entry: [UInt8]) -> Check {
        let name = "log entry is included"
        do {
            // RFC 6962 §2.1: leaf = SHA-256(0x00 ‖ entry).
            let leaf = SHA256.hash([0] + entry)
            let proof = try TLogProof(Files.read(folder + "/proof.tlog"))
            let checkpoint: Checkpoint
            if let trustedKey {
                checkpoint = try proof.verify(leafHash: leaf, logKey: try VerifierKey(trustedKey))
            } else {
                checkpoint = try Checkpoint(text: proof.note.text)
                try MerkleTree.verifyInclusion(
                    leafHash: leaf, index: proof.index, size: checkpoint.size, path: proof.path,
                    root: checkpoint.root)
            }
            return Check(
                name: name, passed: true,
                detail: "index \(proof.index) of \(checkpoint.size) in \(checkpoint.origin)")
        } catch {
            return Check(name: name, passed: false, detail: "\(error)")
        }
    }

    private func check(_ name: String, signed: String) -> Check {
        let digest =
            name.contains("/")
            ? nil : try? Hex.encode(FilePieces("\(folder)/\(name)").digest())
        return Check(
            name: name, passed: digest == signed,
            detail: digest == signed
                ? "sha256 \(signed.prefix(16))…"
                : "sha256 \(digest?.prefix(16) ?? "missing")…, signed is \(signed.prefix(16))…")
    }
}
