import Catalog
import Cryptography
import EngineProtocol
import Governance
import Handoff
import Records
import Vault

/// Ends a run: the model's files, the signed statement, and the event that names its digest become
/// known in one transaction.
struct RunCompletion {
    let workspace: OpenWorkspace
    let version: VersionRow
    let base: ModelAccess
    let request: RunRequest
    let store: ArtifactStore
    let modelID: [UInt8]
    let name: String

    /// The name under which the envelope is kept among a model's files.
    static let envelopeName = "provenance.dsse.json"

    func commit(_ run: inout RunRow, outcome: RunOutcome) throws -> Report {
        let subjects = store.files.map {
            RunRequest.File(name: $0.name, sha256: Hex.encode($0.sha256), size: $0.size)
        }
        let custodian = try workspace.vault.custodian.signing
        let statement = ProvenanceStatement(
            subjects: subjects, request: request, outcome: outcome, runID: run.id,
            builderID: "urn:x-tundish:workspace:" + Hex.encode(workspace.catalog.workspace.id),
            facts: try facts(run))
        let envelope = try SignatureEnvelope.sign(
            statement, publicKey: custodian, signature: { try workspace.vault.sign($0) })
        let envelopeBytes = envelope.canonicalBytes()
        try store.add(envelopeBytes, name: Self.envelopeName)
        run.state = .finished
        run.finished = outcome.finishedAt
        run.metrics = outcome.summary
        run.statementDigest = envelope.digest
        let finished = run
        let model = ModelRow(
            id: modelID, name: name, kind: .finetuned, run: run.id, base: base.base.id,
            state: .draft, created: .now, actor: workspace.session.actor.principal,
            info: ["metrics": outcome.summary])
        let committed = try workspace.catalog.commit(
            EventDraft(
                "run.finish", object: "run:\(run.id)",
                facts: [
                    "envelope": .string(Hex.encode(envelope.digest)),
                    "signer": .string(Base64.encode(custodian.rawRepresentation)),
                    "model": .string(Hex.encode(modelID)),
                    "version": .string(Hex.encode(version.id)),
                ], detail: ["name": .string(name)]), signer: workspace.session.signer
        ) { change in
            try change.update(finished)
            try change.add(model)
            try store.commit(change)
            // What is finished has nothing to go on from.
            return try StoredCheckpoint.remove(
                StoredCheckpoint.all(of: finished.id, change), change)
        }
        StoredCheckpoint.destroy(committed.value, in: workspace)
        return report(outcome, envelope: envelope, event: committed.event, subjects: subjects)
    }

    private func facts(_ run: RunRow) throws -> ProvenanceStatement.Facts {
        let manifest = try VersionManifest(json: JSONParser.parse(version.manifest))
        let releases = try workspace.catalog.read { try $0.releases(of: version.id) }
            .filter { $0.purpose == request.purpose }
        var facts = ProvenanceStatement.Facts(
            workspace: workspace.catalog.workspace.origin,
            principals: principals(run),
            approvals: releases.map {
                ProvenanceStatement.Approval(
                    action: "release", requestedBy: $0.proposedBy, approvedBy: $0.approvedBy,
                    at: $0.at)
            },
            purposes: manifest.purposes, legalBasis: manifest.legalBasis,
            detectorDigests: manifest.detectorDigests.values.sorted())
        facts.attestations = try Attestations(workspace).valid(for: version)
        return facts
    }

    /// Who began the run, and who else brought it to its end.
    private func principals(_ run: RunRow) -> [String: String] {
        var principals = ["trainer": run.actor]
        if run.actor != workspace.session.principal {
            principals["resumedBy"] = workspace.session.principal
        }
        return principals
    }

    private func report(
        _ outcome: RunOutcome, envelope: SignatureEnvelope, event: UInt64,
        subjects: [RunRequest.File]
    ) -> Report {
        Report(
            json: [
                "run": .string(name), "model": .string(name),
                "version": .string(Hex.encode(version.id)), "summary": outcome.summary,
                "envelope": .string(Hex.encode(envelope.digest)), "event": .integer(Int(event)),
                "artifacts": .object(
                    Dictionary(
                        uniqueKeysWithValues: subjects.map { ($0.name, .string($0.sha256)) })),
            ],
            lines: [
                "\(name) is trained and sealed; statement \(Hex.encode(envelope.digest).prefix(16))… "
                    + "is audit event \(event)"
            ] + subjects.map { "  \($0.name)  \($0.size) bytes  \($0.sha256.prefix(16))…" },
            next: [
                "tundish evaluate \(name) --data \(request.dataset?.name ?? "D@V") --split test "
                    + "--purpose \(request.purpose)",
                request.task == .causalLM || request.task == .preference
                    ? "tundish chat \(name)" : "tundish predict \(name) --text \"…\"",
                "tundish run show \(name) --plot", "tundish model export \(name) DIR",
            ])
    }
}
