internal import Cryptography
import Glibc
internal import Records

/// What the check of a log proof found.
public struct InclusionReport: Sendable, Hashable {
    /// The log's origin.
    public var origin: String
    /// The entry's index.
    public var index: Int
    /// The size of the tree that the checkpoint signs.
    public var size: Int
    /// Whether the checkpoint's signature was checked with a trusted key.
    public var isSigned: Bool

    /// Makes a report.
    public init(origin: String, index: Int, size: Int, isSigned: Bool) {
        self.origin = origin
        self.index = index
        self.size = size
        self.isSigned = isSigned
    }
}

/// What an offline verification found, check by check.
public struct VerificationReport: Sendable, CustomStringConvertible {
    /// One check.
    public struct Check: Sendable, Hashable {
        /// What was checked.
        public var name: String
        /// Whether it holds.
        public var passed: Bool
        /// What was found.
        public var detail: String
    }

    /// What all checks together say.
    public enum Verdict: String, Sendable {
        /// Everything holds, and the log's checkpoint is signed by the trusted key.
        case verified
        /// Everything fits together, but no trusted key was given: anyone could have made it.
        case consistentSignerUnknown = "consistent, signer unknown"
        /// At least one check failed.
        case failed
    }

    /// The checks in the order they were made.
    public var checks: [Check] = []
    /// Whether a trusted key was used.
    public var isSignerTrusted = false
    /// The statement, once its signature holds.
    public var statement: ProvenanceStatement?
    /// Where in the log it stands, once the proof holds.
    public var inclusion: InclusionReport?

    /// What all checks together say.
    public var verdict: Verdict {
        guard !checks.isEmpty, checks.allSatisfy(\.passed), statement != nil else {
            return .failed
        }
        return isSignerTrusted ? .verified : .consistentSignerUnknown
    }

    /// A line for each check, then the verdict.
    public var description: String {
        let lines = checks.map { "\($0.passed ? "ok    " : "FAILED") \($0.name): \($0.detail)" }
        return (lines + [verdict.rawValue]).joined(separator: "\n")
    }
}

/// Verifies an exported model folder, offline.
///
/// The chain: trusted key → log checkpoint → inclusion of the audit entry → the entry names the
/// envelope's digest and the key that signed it → the statement → the digest of every file.
public struct ModelVerifier: Sendable {
    /// The envelope's file name in an exported folder.
    public static let envelopeName = "provenance.dsse.json"
    /// The proof's file name (c2sp.org/tlog-proof).
    public static let proofName = "proof.tlog"
    /// The audit entry's file name.
    public static let entryName = "entry.json"

    /// Checks a proof for a leaf hash; with a vkey also the checkpoint's signature.
    public typealias InclusionCheck =
        @Sendable (_ proof: [UInt8], _ leafHash: [UInt8], _ vkey: String?) throws ->
        InclusionReport

    private let trusted: String?
    private let verifyInclusion: InclusionCheck
    private let companions: Set<String>

    /// Makes a verifier.
    ///
    /// - Parameters:
    ///   - trusted: the log's vkey, from somewhere else than the folder.
    ///   - companions: further files that may lie in the folder unsigned; they are documents.
    public init(
        trusted: String?, companions: Set<String> = ["README.md", "LICENSE"],
        verifyInclusion: @escaping InclusionCheck
    ) {
        self.trusted = trusted
        self.companions = companions
        self.verifyInclusion = verifyInclusion
    }

    /// Checks a folder. Failed checks stand in the report; only a folder that cannot be read
    /// throws.
    public func verify(folder: String) throws(HandoffError) -> VerificationReport {
        let names = try FolderFiles.names(in: folder)
        var report = VerificationReport()
        do {
            let envelopeBytes = try FolderFiles.read(folder, Self.envelopeName)
            let entry = try FolderFiles.read(folder, Self.entryName)
            let proof = try FolderFiles.read(folder, Self.proofName)
            let envelope = try SignatureEnvelope(json: envelopeBytes)
            let facts = try Self.facts(of: entry)
            let inclusion = checkInclusion(proof, entry: entry, facts: facts, &report)
            report.inclusion = inclusion
            report.isSignerTrusted = trusted != nil && inclusion?.isSigned == true
            report.add(
                "log entry names the statement", facts.envelope == Hex.encode(envelope.digest),
                "envelope sha256 \(Hex.encode(envelope.digest).prefix(16))…")
            let statement = checkSignature(envelope, facts: facts, &report)
            report.statement = statement
            if let statement { checkFiles(statement, folder: folder, names: names, &report) }
        } catch {
            report.add("folder is complete", false, error.message)
        }
        return report
    }

    // MARK: Checks

    /// What the audit entry says of the envelope.
    private struct EntryFacts {
        var envelope: String
        var signer: [UInt8]
        var log: String?
    }

    private static func facts(of entry: [UInt8]) throws(HandoffError) -> EntryFacts {
        let json = try? JSONParser.parse(entry)
        let facts = json?["facts"]
        guard let envelope = facts?["envelope"]?.stringValue,
            let signer = facts?["signer"]?.stringValue.flatMap(Base64.decode)
        else {
            throw HandoffError(
                .malformed, "\(entryName) names no envelope and signer",
                hint: "export the model again")
        }
        return EntryFacts(envelope: envelope, signer: signer, log: json?["log"]?.stringValue)
    }

    private func checkInclusion(
        _ proof: [UInt8], entry: [UInt8], facts: EntryFacts, _ report: inout VerificationReport
    ) -> InclusionReport? {
        let name = "log entry is included"
        do {
            // RFC 6962 §2.1: leaf = SHA-256(0x00 ‖ entry).
            let found = try verifyInclusion(proof, SHA256.hash([0] + entry), trusted)
            report.add(
                name, true, "index \(found.index) of \(found.size) in \(found.origin)")
            if let log = facts.log {
                report.add("log entry is of this log", log == found.origin, log)
            }
            if trusted != nil {
                report.add(
                    "checkpoint is signed by the trusted key", found.isSigned, found.origin)
            }
            return found
        } catch {
            report.add(name, false, "\(error)")
            return nil
        }
    }

    private func checkSignature(
        _ envelope: SignatureEnvelope, facts: EntryFacts, _ report: inout VerificationReport
    ) -> ProvenanceStatement? {
        let name = "statement is signed by the key that the log names"
        guard let key = try? Ed25519.PublicKey(rawRepresentation: facts.signer) else {
            report.add(name, false, "the entry's signer is no Ed25519 key")
            return nil
        }
        do {
            let statement = try envelope.verify(publicKey: key)
            report.add(name, true, "key \(SignatureEnvelope.keyID(of: key).prefix(16))…")
            return statement
        } catch {
            report.add(name, false, error.message)
            return nil
        }
    }

    private func checkFiles(
        _ statement: ProvenanceStatement, folder: String, names: [String],
        _ report: inout VerificationReport
    ) {
        for subject in statement.subjects {
            guard names.contains(subject.name) else {
                report.add(subject.name, false, "missing")
                continue
            }
            let digest = try? FolderFiles.digest(folder, subject.name)
            report.add(
                subject.name, digest == subject.sha256,
                digest == subject.sha256
                    ? "sha256 \(subject.sha256.prefix(16))…"
                    : "sha256 \(digest?.prefix(16) ?? "unreadable")…, "
                        + "signed is \(subject.sha256.prefix(16))…")
        }
        // A file beside the signed ones could change what a loader picks up.
        let known = Set(statement.subjects.map(\.name)).union(companions)
            .union([Self.envelopeName, Self.proofName, Self.entryName])
        let strangers = names.filter { !known.contains($0) }
        report.add(
            "nothing unsigned lies beside", strangers.isEmpty,
            strangers.isEmpty ? "\(names.count) files" : strangers.joined(separator: ", "))
    }
}

extension VerificationReport {
    fileprivate mutating func add(_ name: String, _ passed: Bool, _ detail: String) {
        checks.append(Check(name: name, passed: passed, detail: detail))
    }
}
