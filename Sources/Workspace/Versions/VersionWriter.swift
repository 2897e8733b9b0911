import Catalog
import Cryptography
import Governance
import MerkleLog
import Records
import Vault

/// Turns a stream of records, ordered by rid, into an immutable version: segments in packs, roots,
/// manifest, and one catalog transaction with its audit event.
///
/// Nothing is visible before ``commit(_:event:alongside:)`` returns; a crash before leaves packs and
/// keys that nobody names, which `doctor` sweeps.
final class VersionWriter {
    /// What only the operation knows about its version.
    struct Description {
        var parents: [VersionRow]
        var recipe: JSONValue
        var policyDigest: [UInt8]?
        var detectorDigests: [String: [UInt8]] = [:]
        var counts: JSONValue
    }

    /// What came of a commit.
    struct Outcome {
        var manifest: VersionManifest
        var label: String
        /// False: a version of equal content and recipe was there already; nothing was written.
        var isNew: Bool
        var segments: Int
        var reusedSegments: Int
    }

    private let workspace: OpenWorkspace
    private let dataset: DatasetRow
    private let stage: Stage
    private let isDryRun: Bool
    private let scope: ScopeID
    private let hasher: LeafHasher
    private let session: SealingSession
    private let pack: PackWriter
    private let subjects: SealedSorter

    private var segment: [(encoded: EncodedRecord, subjects: [SubjectID])] = []
    private var closed: [[(encoded: EncodedRecord, subjects: [SubjectID])]] = []
    /// Segments that are sealed together: about 4,096 records share a transaction for their keys.
    private static let batch = 64
    private var records = MerkleFrontier()
    private var origins = OriginWriter()
    private var schema = Schema()
    private var splits: [String: Int] = [:]
    private var last: RecordID?
    private(set) var count = 0

    private var segmentOrder: [[UInt8]] = []
    private var newSegments: [SegmentRow] = []
    private var newObjects: [(id: ObjectID, kind: ObjectKind, stage: SealStage, at: PackLocation)] =
        []
    private var attachments: [(role: String, object: [UInt8])] = []
    private var inheritedOriginRoot: String?

    init(
        workspace: OpenWorkspace, dataset: DatasetRow, stage: Stage, isDryRun: Bool = false
    ) throws {
        self.isDryRun = isDryRun
        self.workspace = workspace
        self.dataset = dataset
        self.stage = stage
        scope = try ScopeID(bytes: dataset.id)
        hasher = try LeafHasher(vault: workspace.vault, scope: scope, makesKeys: true)
        session = workspace.vault.sealingSession(scope: SealScope(scope, stage.sealStage))
        pack = try workspace.vault.packs.writer()
        subjects = SealedSorter(folder: workspace.folder + "/packs", memoryLimit: 16 << 20)
    }

    /// Adds a record; ids must ascend.
    func append(_ record: Record) throws {
        schema.observe(record.fields)
        try append(
            EncodedRecord(rid: record.rid, canonical: record.canonicalBytes()),
            subjects: record.subjects, split: record.split)
    }

    /// Adds a record whose schema was told to ``observe(_:)``; ids must ascend.
    func append(_ encoded: EncodedRecord, subjects: [SubjectID], split: Split?) throws {
        if let last, last >= encoded.rid {
            throw WorkspaceError(.integrity, "records came out of order at \(encoded.rid)")
        }
        last = encoded.rid
        count += 1
        splits[split?.rawValue ?? "none", default: 0] += 1
        for subject in subjects { try self.subjects.append(key: subject.bytes, payload: []) }
        segment.append((encoded, subjects))
        if Segment.endsAfter(encoded.rid) { try closeSegment() }
    }

    /// Widens the version's schema.
    func observe(_ schema: Schema) { self.schema.unite(with: schema) }

    /// Adds where a record came from, as ``Origin/canonicalBytes()``; ids must ascend.
    func appendOrigin(of rid: RecordID, canonical: [UInt8]) throws {
        origins.append(rid, canonical, leaf: hasher.hash(ofOrigin: rid, canonical: canonical))
        if origins.isFull { try sealOrigins() }
    }

    /// Takes over the origins of a parent whose records are all still here.
    func inheritOrigins(of parent: VersionRow) throws {
        let manifest = try VersionManifest(json: JSONParser.parse(parent.manifest))
        inheritedOriginRoot = manifest.originRoot
        for object in try workspace.catalog.read({ try $0.objects(of: parent.id, role: "origins") })
        {
            attachments.append(("origins", object.object))
        }
    }

    /// Seals bytes that belong to the version, such as its findings, under the stage that may see them.
    func attach(_ bytes: [UInt8], role: String, kind: ObjectKind, stage: SealStage) throws {
        let object = try workspace.vault.seal(bytes, scope: SealScope(scope, stage))
        newObjects.append((object.id, kind, stage, try pack.append(object)))
        attachments.append((role, object.id.bytes))
    }

    private func closeSegment() throws {
        guard !segment.isEmpty else { return }
        closed.append(segment)
        segment.removeAll(keepingCapacity: true)
        if closed.count >= Self.batch { try sealSegments() }
    }

    /// Seals the closed segments: one look-up of keys and of reusable segments for all of them.
    private func sealSegments() throws {
        let leaves = try hasher.hashes(
            of: closed.flatMap { $0.map(\.encoded) },
            subjects: closed.flatMap { $0.map(\.subjects) })
        var first = 0
        let roots = closed.map { segment in
            let own = leaves[first..<(first + segment.count)]
            first += segment.count
            return MerkleTree.root(leafHashes: own)
        }
        for leaf in leaves { records.append(leafHash: leaf) }
        let reusable = try workspace.catalog.read { reader in
            try roots.map { try reader.segment(dataset: dataset.id, stage: stage, root: $0) }
        }
        for (index, segment) in closed.enumerated() {
            if let row = reusable[index] {
                segmentOrder.append(row.object)
            } else {
                try seal(segment.map(\.encoded), root: roots[index])
            }
        }
        closed.removeAll(keepingCapacity: true)
    }

    private func seal(_ encoded: [EncodedRecord], root: [UInt8]) throws {
        let object = try session.seal(Segment.encode(encoded))
        newObjects.append((object.id, .segment, stage.sealStage, try pack.append(object)))
        newSegments.append(
            SegmentRow(
                object: object.id.bytes, dataset: dataset.id, stage: stage, root: root,
                count: encoded.count, firstRID: encoded[0].rid.bytes,
                lastRID: encoded[encoded.count - 1].rid.bytes))
        segmentOrder.append(object.id.bytes)
    }

    private func sealOrigins() throws {
        let bytes = origins.take()
        guard !bytes.isEmpty else { return }
        try attach(Segment.encode(bytes), role: "origins", kind: .origins, stage: .raw)
    }

    /// Builds the manifest and commits it with its event; `alongside` joins the transaction.
    func commit(
        _ description: Description, event: EventDraft,
        alongside: (CatalogChange, _ version: [UInt8]) throws -> Void = { _, _ in }
    ) throws -> Outcome {
        try closeSegment()
        try sealSegments()
        try sealOrigins()
        let manifest = VersionManifest(
            dataset: Hex.encode(dataset.id), stage: stage,
            parents: description.parents.map { Hex.encode($0.id) },
            recordRoot: Hex.encode(records.root),
            originRoot: inheritedOriginRoot ?? Hex.encode(origins.tree.root),
            subjectRoot: Hex.encode(try subjectRoot()), count: count, schema: schema,
            recipe: description.recipe,
            policyDigest: description.policyDigest.map(Hex.encode),
            detectorDigests: description.detectorDigests.mapValues(Hex.encode),
            counts: description.counts, splits: splits, purposes: dataset.purposes,
            legalBasis: dataset.legalBasis.isEmpty ? nil : dataset.legalBasis)
        let id = Hex.decode(manifest.versionID) ?? []
        if let existing = try workspace.catalog.read({ try $0.version(id) }) {
            try discard()
            return outcome(manifest, label: try workspace.label(existing.id), isNew: false)
        }
        guard !isDryRun else {
            try discard()
            return outcome(manifest, label: "\(dataset.name)@?", isNew: true)
        }
        try session.flush()
        _ = try pack.finish()
        let number = try workspace.catalog.commit(
            completed(event, manifest: manifest), signer: workspace.session.signer
        ) { change in
            for object in newObjects { try change.add(row(of: object)) }
            for row in newSegments { try change.add(row) }
            let number = try change.add(
                VersionRow(
                    id: id, dataset: dataset.id, stage: stage, manifest: manifest.canonicalBytes,
                    count: count, created: .now, actor: workspace.session.actor.principal),
                parents: description.parents.map(\.id), segments: segmentOrder,
                objects: attachments.map { VersionObject(role: $0.role, object: $0.object) })
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
    private func discard() throws {
        try session.flush()
        pack.abort()
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

    private func row(
        of object: (id: ObjectID, kind: ObjectKind, stage: SealStage, at: PackLocation)
    ) -> ObjectRow {
        ObjectRow(
            id: object.id.bytes, kind: object.kind, scope: dataset.id,
            stageCode: object.stage.rawValue, pack: object.at.pack.hex,
            offset: Int(object.at.offset), length: Int(object.at.length))
    }

    private func subjectRoot() throws -> [UInt8] {
        var tree = MerkleFrontier()
        var current: (id: SubjectID, count: UInt64)?
        try subjects.forEach { entry in
            let id = try SubjectID(bytes: entry.key)
            if let open = current, open.id == id {
                current = (id, open.count + 1)
            } else {
                if let open = current {
                    tree.append(leafHash: Leaf.hash(subject: open.id, recordCount: open.count))
                }
                current = (id, 1)
            }
        }
        if let open = current {
            tree.append(leafHash: Leaf.hash(subject: open.id, recordCount: open.count))
        }
        return tree.root
    }
}

/// Gathers origins until there are enough for a sealed object.
private struct OriginWriter {
    private var entries: [EncodedRecord] = []
    private(set) var tree = MerkleFrontier()

    var isFull: Bool { entries.count >= 4096 }

    mutating func append(_ rid: RecordID, _ canonical: [UInt8], leaf: [UInt8]) {
        entries.append(EncodedRecord(rid: rid, canonical: canonical))
        tree.append(leafHash: leaf)
    }

    mutating func take() -> [EncodedRecord] {
        defer { entries.removeAll(keepingCapacity: true) }
        return entries
    }
}

extension Stage {
    /// The vault's stage whose key seals versions of this stage.
    var sealStage: SealStage {
        switch self {
        case .raw: .raw
        case .redacted: .redacted
        case .synthetic: .synthetic
        }
    }
}
