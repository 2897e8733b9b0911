import Catalog
import Governance
import MerkleLog
import Records
import Vault

extension VersionWriter {
    /// Builds the manifest and commits it with its event; `quarantine`, `before` and `alongside`
    /// join the transaction, or are left out where it makes no new version.
    func commit(
        _ description: Description, event: EventDraft, quarantine: QuarantineWriter? = nil,
        alongside: (CatalogChange, _ version: [UInt8]) throws -> Void = { _, _ in },
        before: (CatalogChange) throws -> Void = { _ in }
    ) throws -> Outcome {
        try close()
        let manifest = VersionManifest(
            dataset: Hex.encode(dataset.id), stage: stage,
            parents: description.parents.map { Hex.encode($0.id) },
            recordRoot: Hex.encode(records.root),
            originRoot: inheritedOriginRoot ?? Hex.encode(originTree.root),
            subjectRoot: Hex.encode(try subjectRoot()), count: count, schema: schema,
            recipe: description.recipe,
            policyDigest: description.policyDigest.map(Hex.encode),
            detectorDigests: description.detectorDigests.mapValues(Hex.encode),
            counts: description.counts, splits: splits, purposes: dataset.purposes,
            legalBasis: dataset.legalBasis.isEmpty ? nil : dataset.legalBasis)
        let id = Hex.decode(manifest.versionID) ?? []
        if let existing = try workspace.catalog.read({ try $0.version(id) }) {
            try discard(quarantine)
            return outcome(manifest, label: try workspace.label(existing.id), isNew: false)
        }
        guard !isDryRun else {
            try discard(quarantine)
            return outcome(manifest, label: "\(dataset.name)@?", isNew: true)
        }
        try session.flush()
        _ = try pack.finish()
        try quarantine?.finish()
        let number = try workspace.catalog.commit(
            completed(event, manifest: manifest), signer: workspace.session.signer
        ) { change in
            try before(change)
            for object in newObjects { try change.add(row(of: object)) }
            for row in newSegments { try change.add(row) }
            let number = try change.add(
                VersionRow(
                    id: id, dataset: dataset.id, stage: stage, manifest: manifest.canonicalBytes,
                    count: count, created: .now, actor: workspace.session.actor.principal),
                parents: description.parents.map(\.id), segments: segmentOrder,
                objects: attachments.map { VersionObject(role: $0.role, object: $0.object) })
            try quarantine?.commit(change, version: id)
            try alongside(change, id)
            return number
        }.value
        return outcome(manifest, label: "\(dataset.name)@\(number)", isNew: true)
    }

    private func outcome(_ manifest: VersionManifest, label: String, isNew: Bool) -> Outcome {
        Outcome(
            manifest: manifest, label: label, isNew: isNew, segments: segmentOrder.count,
            reusedSegments: segmentOrder.count - newSegments.count)
    }

    /// Throws away what was sealed: equal content and recipe make no new version, a dry run neither.
    private func discard(_ quarantine: QuarantineWriter?) throws {
        try session.flush()
        pack.abort()
        try quarantine?.discard()
        _ = try workspace.vault.destroyKeys(newObjects.map(\.id))
    }

    private func completed(_ event: EventDraft, manifest: VersionManifest) -> EventDraft {
        var event = event
        event.object = "version:\(manifest.versionID)"
        var facts = event.facts.objectValue ?? [:]
        facts["dataset"] = .string(manifest.dataset)
        facts["stage"] = .string(manifest.stage.rawValue)
        facts["recordRoot"] = .string(manifest.recordRoot)
        facts["count"] = .integer(manifest.count)
        event.facts = .object(facts)
        return event
    }

    private func row(of object: NewObject) -> ObjectRow {
        ObjectRow(
            id: object.id.bytes, kind: object.kind, scope: dataset.id,
            stageCode: object.stage.rawValue, pack: object.at.pack.hex,
            offset: Int(object.at.offset), length: Int(object.at.length))
    }
}
