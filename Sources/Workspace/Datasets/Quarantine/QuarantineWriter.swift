import Catalog
import Ingestion
import Records
import Vault

/// Collects rejected input: its raw bytes are sealed under the dataset's quarantine key, its place
/// and reason become rows of the catalog in the transaction that commits the version.
final class QuarantineWriter {
    /// A rejected row longer than this is kept as its place alone, not its bytes.
    static let maximumRawBytes: UInt64 = 16 << 20

    private let dataset: DatasetRow
    private let vault: Vault
    private let session: SealingSession
    /// Nothing is sealed where the run only counts.
    private let pack: PackWriter?
    private var rows: [QuarantineRow] = []
    private var objects: [(id: ObjectID, at: PackLocation)] = []

    init(workspace: OpenWorkspace, dataset: DatasetRow, isDryRun: Bool = false) throws {
        self.dataset = dataset
        vault = workspace.vault
        session = workspace.vault.sealingSession(
            scope: SealScope(try ScopeID(bytes: dataset.id), .quarantine))
        pack = isDryRun ? nil : try workspace.vault.packs.writer()
    }

    /// A row that was rejected while a file was read.
    struct Rejected {
        var reason: String
        var offset: UInt64
        var length: UInt64
        var place: String?
        /// What was decoded of it, as UTF-8.
        var content: [UInt8]
        /// Whether this stands for a file that could not be read at all.
        var isWholeFile: Bool
    }

    /// Adds a rejected row of a file: its bytes as they stand there, else what was decoded of them.
    func add(
        _ rejected: Rejected, from facts: FileFacts, rereading ingestor: Ingestor
    ) throws {
        var row = QuarantineRow(
            dataset: dataset.id, reason: rejected.reason, fileDigest: facts.digest,
            offset: Int(rejected.offset), length: Int(rejected.length), object: nil,
            place: rejected.isWholeFile ? "whole file" : rejected.place)
        var raw = rejected.content
        let isReread = facts.canReread && !rejected.isWholeFile && pack != nil
        if isReread, rejected.length <= Self.maximumRawBytes {
            raw = try ingestor.rereadRow(
                in: facts.file, offset: rejected.offset, length: rejected.length)
            row.encoding = facts.encoding.rawValue
        }
        try add(row, raw: raw.isEmpty ? nil : raw)
    }

    /// Adds a rejected piece of anything else, such as a record that could not be redacted.
    func add(
        reason: String, fileDigest: [UInt8], offset: UInt64, raw: [UInt8]?, length: UInt64,
        place: String? = nil
    ) throws {
        try add(
            QuarantineRow(
                dataset: dataset.id, reason: reason, fileDigest: fileDigest,
                offset: Int(offset), length: Int(length), object: nil, place: place), raw: raw)
    }

    /// Adds a row whose bytes are `raw`, if they are kept.
    func add(_ row: QuarantineRow, raw: [UInt8]?) throws {
        var row = row
        if let raw, let pack {
            let sealed = try session.seal(raw)
            objects.append((sealed.id, try pack.append(sealed)))
            row.object = sealed.id.bytes
        }
        rows.append(row)
    }

    /// How many rows were rejected.
    var count: Int { rows.count }

    /// Makes packs and keys durable; to be called before the catalog commit.
    func finish() throws {
        try session.flush()
        if objects.isEmpty { pack?.abort() } else { _ = try pack?.finish() }
    }

    /// Throws away what was sealed: the run makes no new version.
    func discard() throws {
        try session.flush()
        pack?.abort()
        _ = try vault.destroyKeys(objects.map(\.id))
    }

    /// Adds the rows to the transaction; what is in quarantine already is not put there twice.
    func commit(_ change: CatalogChange, version: [UInt8]? = nil) throws {
        let places = Dictionary(
            objects.map { ($0.id.bytes, $0.at) }, uniquingKeysWith: { first, _ in first })
        for var row in rows {
            row.version = version
            let isPlaced = row.length > 0 || row.place != nil
            if isPlaced, try change.isQuarantined(row) { continue }
            if let object = row.object, let at = places[object] {
                try change.add(
                    ObjectRow(
                        id: object, kind: .quarantine, scope: dataset.id,
                        stageCode: SealStage.quarantine.rawValue, pack: at.pack.hex,
                        offset: Int(at.offset), length: Int(at.length)))
            }
            try change.add(row)
        }
    }
}
