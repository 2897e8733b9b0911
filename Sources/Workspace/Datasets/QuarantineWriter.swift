import Catalog
import Records
import Vault

/// Collects rejected input: its raw bytes are sealed under the dataset's quarantine key, its place
/// and reason become rows of the catalog in the transaction that commits the version.
final class QuarantineWriter {
    /// A rejected row longer than this is kept as its place alone, not its bytes.
    static let maximumRawBytes: UInt64 = 16 << 20

    private let workspace: OpenWorkspace
    private let dataset: DatasetRow
    private let session: SealingSession
    private let pack: PackWriter
    private var rows: [QuarantineRow] = []
    private var objects: [(id: ObjectID, at: PackLocation)] = []

    init(workspace: OpenWorkspace, dataset: DatasetRow) throws {
        self.workspace = workspace
        self.dataset = dataset
        session = workspace.vault.sealingSession(
            scope: SealScope(try ScopeID(bytes: dataset.id), .quarantine))
        pack = try workspace.vault.packs.writer()
    }

    /// Adds a rejected piece of input.
    func add(
        reason: String, fileDigest: [UInt8], offset: UInt64, raw: [UInt8]?, length: UInt64
    ) throws {
        var object: ObjectID?
        if let raw {
            let sealed = try session.seal(raw)
            objects.append((sealed.id, try pack.append(sealed)))
            object = sealed.id
        }
        rows.append(
            QuarantineRow(
                dataset: dataset.id, reason: reason, fileDigest: fileDigest,
                offset: Int(offset), length: Int(length), object: object?.bytes))
    }

    /// How many rows were rejected.
    var count: Int { rows.count }

    /// Makes packs and keys durable; to be called before the catalog commit.
    func finish() throws {
        try session.flush()
        if objects.isEmpty { pack.abort() } else { _ = try pack.finish() }
    }

    /// Adds the rows to the transaction.
    func commit(_ change: CatalogChange) throws {
        for object in objects {
            try change.add(
                ObjectRow(
                    id: object.id.bytes, kind: .quarantine, scope: dataset.id,
                    stageCode: SealStage.quarantine.rawValue, pack: object.at.pack.hex,
                    offset: Int(object.at.offset), length: Int(object.at.length)))
        }
        for row in rows { try change.add(row) }
    }
}

extension Datasets {
    /// The places and reasons of rejected rows; their bytes stay sealed.
    public func quarantine(of name: String, limit: Int) throws -> Report {
        let dataset = try workspace.dataset(name)
        try requireMetadata(of: dataset.id)
        let (rows, counts) = try workspace.catalog.read { reader in
            (
                try reader.quarantine(dataset: dataset.id, limit: limit),
                try reader.quarantineCounts(dataset: dataset.id)
            )
        }
        return Report(
            json: [
                "counts": .object(counts.mapValues { .integer($0) }),
                "rows": .array(
                    rows.map {
                        [
                            "reason": .string($0.reason),
                            "file": .string(Hex.encode($0.fileDigest)),
                            "offset": .integer($0.offset), "length": .integer($0.length),
                        ]
                    }),
            ],
            lines: counts.isEmpty
                ? ["nothing is in quarantine"]
                : counts.sorted { $0.key < $1.key }
                    .map { "\($0.value)".padded(to: 8) + "  \($0.key)" }
                    + rows.map {
                        "file \(Hex.encode($0.fileDigest).prefix(12))  byte \($0.offset)  "
                            + "\($0.length) bytes  \($0.reason)"
                    })
    }
}
