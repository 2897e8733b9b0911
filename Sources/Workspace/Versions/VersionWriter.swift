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

    let workspace: OpenWorkspace
    let dataset: DatasetRow
    let stage: Stage
    let isDryRun: Bool
    let session: SealingSession
    let pack: PackWriter
    private let scope: ScopeID
    private let hasher: LeafHasher
    private let hashes = RepeatedSHA256()
    private let threads: Int
    private let subjects: SealedSorter
    private var encoder = RecordEncoder()

    private var segment: [(encoded: EncodedRecord, subjects: [SubjectID])] = []
    private var closed: [[(encoded: EncodedRecord, subjects: [SubjectID])]] = []
    /// Segments that are sealed together: about 4,096 records share a transaction for their keys.
    private static let batch = 64
    /// Origins that are sealed together.
    private static let originBatch = 4096
    private(set) var records = MerkleFrontier()
    private(set) var originTree = MerkleFrontier()
    private var origins: [EncodedRecord] = []
    private var observed = Schema()
    private(set) var splits: [String: Int] = [:]
    private var last: RecordID?
    private(set) var count = 0

    private(set) var segmentOrder: [[UInt8]] = []
    private(set) var newSegments: [SegmentRow] = []
    private(set) var newObjects: [NewObject] = []
    private(set) var attachments: [(role: String, object: [UInt8])] = []
    private(set) var inheritedOriginRoot: String?

    /// A sealed object that the commit will name.
    typealias NewObject = (id: ObjectID, kind: ObjectKind, stage: SealStage, at: PackLocation)

    /// - Parameter threads: how many hash and seal at once; the version does not depend on it.
    init(
        workspace: OpenWorkspace, dataset: DatasetRow, stage: Stage, isDryRun: Bool = false,
        threads: Int = 2
    ) throws {
        self.threads = threads
        self.isDryRun = isDryRun
        self.workspace = workspace
        self.dataset = dataset
        self.stage = stage
        scope = try ScopeID(bytes: dataset.id)
        hasher = try LeafHasher(
            vault: workspace.vault, scope: scope, makesKeys: true, threads: threads)
        session = workspace.vault.sealingSession(scope: SealScope(scope, stage.sealStage))
        pack = try workspace.vault.packs.writer()
        subjects = SealedSorter(folder: workspace.folder + "/packs", memoryLimit: 16 << 20)
    }

    /// Adds a record; ids must ascend.
    func append(_ record: Record) throws {
        try append(
            EncodedRecord(rid: record.rid, canonical: encoder.encode(record)),
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
        if Segment.endsAfter(encoded.rid, with: hashes) { try closeSegment() }
    }

    /// Widens the version's schema.
    func observe(_ schema: Schema) { observed.unite(with: schema) }

    /// What the columns hold.
    var schema: Schema {
        var schema = observed
        schema.unite(with: encoder.schema)
        return schema
    }

    /// Adds where a record came from, as ``Origin/canonicalBytes()``; ids must ascend.
    func appendOrigin(of rid: RecordID, canonical: [UInt8]) throws {
        origins.append(EncodedRecord(rid: rid, canonical: canonical))
        if origins.count >= Self.originBatch { try sealOrigins() }
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
        let isNew = reusable.indices.filter { reusable[$0] == nil }
        let (closed, session) = (self.closed, self.session)
        let sealed = try Shares.map(count: isNew.count, threads: threads) { range in
            try range.map { try session.seal(Segment.encode(closed[isNew[$0]].map(\.encoded))) }
        }
        var next = sealed.makeIterator()
        for (index, segment) in closed.enumerated() {
            if let row = reusable[index] {
                segmentOrder.append(row.object)
            } else if let object = next.next() {
                try add(object, of: segment.map(\.encoded), root: roots[index])
            }
        }
        self.closed.removeAll(keepingCapacity: true)
    }

    private func add(
        _ object: SealedObject, of encoded: [EncodedRecord], root: [UInt8]
    ) throws {
        newObjects.append((object.id, .segment, stage.sealStage, try pack.append(object)))
        newSegments.append(
            SegmentRow(
                object: object.id.bytes, dataset: dataset.id, stage: stage, root: root,
                count: encoded.count, firstRID: encoded[0].rid.bytes,
                lastRID: encoded[encoded.count - 1].rid.bytes))
        segmentOrder.append(object.id.bytes)
    }

    private func sealOrigins() throws {
        guard !origins.isEmpty else { return }
        for leaf in try hasher.hashes(ofOrigins: origins) { originTree.append(leafHash: leaf) }
        try attach(Segment.encode(origins), role: "origins", kind: .origins, stage: .raw)
        origins.removeAll(keepingCapacity: true)
    }

    /// Seals what is still held; nothing may be appended after it.
    func close() throws {
        try closeSegment()
        try sealSegments()
        try sealOrigins()
    }

    /// The root over the sorted blind ids of the subjects with their counts.
    func subjectRoot() throws -> [UInt8] {
        var tree = MerkleFrontier()
        var current: (id: SubjectID, count: UInt64)?
        try subjects.forEach { entry in
            let id = try SubjectID(bytes: Array(entry.key))
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
