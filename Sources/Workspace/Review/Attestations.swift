import Catalog
import Cryptography
import Governance
import Handoff
import Records
import Redaction
import Vault

/// Signed attestations on versions, and what a policy demands of them before a release.
struct Attestations {
    let workspace: OpenWorkspace

    /// The event that attaches an attestation.
    private static let action = "version.attest"

    init(_ workspace: OpenWorkspace) { self.workspace = workspace }

    /// Signs a statement with the actor's own key, stores it, and names its digest in the log.
    ///
    /// - Returns: the envelope's digest, lower-case hex.
    func attach(_ statement: AttestationStatement, to version: VersionRow) throws -> String {
        try workspace.authorizer.require(
            .label, on: .version(version.id), session: workspace.session)
        let key = workspace.identity.signing
        let envelope = try statement.sign(publicKey: key.publicKey) {
            try key.signature(for: $0)
        }
        let digest = Hex.encode(envelope.digest)
        try workspace.catalog.commit(
            EventDraft(
                Self.action, object: "version:\(Hex.encode(version.id))",
                facts: [
                    "envelope": .string(digest), "predicateType": .string(statement.kind.rawValue),
                ]), signer: workspace.session.signer
        ) { try $0.addAttestation(envelope.canonicalBytes(), to: version.id) }
        return digest
    }

    /// The attestations on a version and on what it was made of; newest last. Each must be signed by
    /// the principal who, by the log, attached it to that version: a row that was put into the
    /// database, even with a true signature, counts for nothing.
    func valid(for version: VersionRow) throws -> [SignedAttestation] {
        let ancestors = try line(of: version)
        let attached = try attachments()
        return try ancestors.reversed().flatMap { ancestor in
            let id = Hex.encode(ancestor.id)
            return try workspace.catalog.read { try $0.attestations(of: ancestor.id) }
                .compactMap { body -> SignedAttestation? in
                    guard let envelope = try? SignatureEnvelope(json: body) else { return nil }
                    let digest = Hex.encode(envelope.digest)
                    guard let actor = attached[id + " " + digest],
                        let principal = try workspace.catalog.read({ try $0.principal(actor) }),
                        let key = try? Ed25519.PublicKey(rawRepresentation: principal.ed25519),
                        let statement = try? AttestationStatement(
                            verifying: envelope, publicKey: key), statement.version == id
                    else { return nil }
                    return SignedAttestation(envelope: digest, statement: statement)
                }
        }
    }

    /// Who attached which envelope to which version, by the log.
    private func attachments() throws -> [String: String] {
        var result: [String: String] = [:]
        try workspace.catalog.read { reader in
            try reader.eachEntry { entry throws(CatalogError) in
                guard let event = try? entry.event(), event.action == Self.action,
                    event.outcome == .done, let envelope = event.facts["envelope"]?.stringValue
                else { return }
                let version = event.object.dropFirst("version:".count)
                result["\(version) \(envelope)"] = event.actor
            }
        }
        return result
    }

    /// Refuses a release of a version whose policy asks for evidence that is not there.
    func checkRelease(of version: VersionRow) throws {
        var rule: ReleaseRule?
        for ancestor in try line(of: version) {
            let manifest = try VersionManifest(json: JSONParser.parse(ancestor.manifest))
            if let found = ReleaseRule(json: manifest.recipe["release"]) {
                rule = found
                break
            }
        }
        guard let rule else { return }
        let label = try workspace.label(version.id)
        let attestations = try valid(for: version)
        if let limit = rule.maximumLeak {
            let latest = attestations.last { $0.statement.kind == .review }
            guard let upper = latest?.statement.predicate["residualLeak"]?["upper"]?.doubleValue
            else {
                throw WorkspaceError(
                    .denied, "the policy of \(label) asks for a review before it is released",
                    hint: "`tundish review next \(label)`, then `tundish review attest \(label)`")
            }
            guard upper <= limit else {
                throw WorkspaceError(
                    .denied,
                    "the review cannot exclude a residual leak of \(upper), and the policy of "
                        + "\(label) allows \(limit)",
                    hint: "look at more passages, or redact again with what was added")
            }
        }
        if let k = rule.k {
            // A part of a version, or one with other values, has other classes: no inheritance.
            let latest = attestations.last {
                $0.statement.kind == .anonymity
                    && $0.statement.version == Hex.encode(version.id)
                    && $0.statement.predicate["quasiIdentifiers"]?.stringArray
                        == rule.quasiIdentifiers
            }
            let fields = rule.quasiIdentifiers.joined(separator: ",")
            guard let found = latest?.statement.predicate["k"]?.intValue else {
                throw WorkspaceError(
                    .denied,
                    "the policy of \(label) asks for a k-anonymity report before it is released",
                    hint: "`tundish anonymity \(label) --quasi \(fields) --attest`")
            }
            guard found >= k else {
                throw WorkspaceError(
                    .denied,
                    "the smallest class of \(label) over \(fields) has \(found) records, and the "
                        + "policy asks for \(k)",
                    hint: "generalise those fields further, or leave one out")
            }
        }
    }

    /// The version and the redacted or synthetic versions before it, itself first.
    private func line(of version: VersionRow) throws -> [VersionRow] {
        var result: [VersionRow] = []
        var next: VersionRow? = version
        while let row = next, row.stage != .raw, result.count < 1000 {
            result.append(row)
            next = try workspace.catalog.read { reader in
                try reader.parents(of: row.id).first.flatMap { try reader.version($0) }
            }
        }
        return result
    }
}
