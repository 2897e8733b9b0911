internal import Cryptography
internal import FoundationEssentials
internal import GRDB
internal import MerkleLog
internal import Records

/// The audit log's tables inside one transaction: entries, details, and the hash of every complete
/// subtree, so that appending and proving read O(log n) rows.
struct LogStorage {
    let db: Database

    init(_ db: Database) { self.db = db }

    /// Number of entries.
    func size() throws(CatalogError) -> UInt64 {
        try mapped {
            let statement = try db.cachedStatement(sql: "SELECT max(idx) FROM log_entries")
            return UInt64((try Int64.fetchOne(statement) ?? -1) + 1)
        }
    }

    /// Signs an event and appends it with its detail and hashes.
    ///
    /// - Complexity: O(log n) rows.
    func append(
        _ draft: EventDraft, origin: String, signer: EventSigner, time: Timestamp
    ) throws(CatalogError) {
        let index = try size()
        let salt = SecureRandom.bytes(32)
        let detail = CanonicalJSON.encode(draft.detail)
        let entry = try EntryFormat.make(
            draft, origin: origin,
            detailDigest: EntryFormat.detailDigest(salt: salt, detail: detail), signer: signer,
            time: time)
        try mapped {
            try db.cachedStatement(sql: "INSERT INTO log_entries (idx, entry) VALUES (?, ?)")
                .execute(arguments: [Int64(index), blob(entry)])
            try db.cachedStatement(
                sql: "INSERT INTO log_details (idx, salt, detail) VALUES (?, ?, ?)"
            ).execute(arguments: [Int64(index), blob(salt), blob(detail)])
        }
        try store(leaf: MerkleTree.leafHash(entry), at: Int(index))
    }

    /// A leaf completes one subtree per trailing 1 bit of its index.
    private func store(leaf: [UInt8], at index: Int) throws(CatalogError) {
        try mapped {
            var frontier = try StoredHashes.frontier(size: index, reader: hashes)
            var position = StoredHashes.index(level: 0, position: index)
            for hash in frontier.append(leafHash: leaf) {
                try db.cachedStatement(sql: "INSERT INTO log_hashes (idx, hash) VALUES (?, ?)")
                    .execute(arguments: [position, blob(hash)])
                position += 1
            }
        }
    }

    /// Stored subtree hashes by `MerkleLog`'s dense numbering.
    func hashes(_ indexes: [Int]) throws(CatalogError) -> [[UInt8]] {
        var result: [[UInt8]] = []
        for index in indexes { result.append(try hash(index)) }
        return result
    }

    /// One stored subtree hash.
    func hash(_ index: Int) throws(CatalogError) -> [UInt8] {
        let hash = try mapped {
            try Data.fetchOne(
                try db.cachedStatement(sql: "SELECT hash FROM log_hashes WHERE idx = ?"),
                arguments: [index])
        }
        guard let hash, hash.count == 32 else {
            let (level, position) = StoredHashes.location(of: index)
            throw CatalogError(
                .integrity, "the log lacks the hash at level \(level), position \(position)")
        }
        return [UInt8](hash)
    }

    /// The stored hash of an entry.
    func leafHash(_ index: UInt64) throws(CatalogError) -> [UInt8] {
        try hash(StoredHashes.index(level: 0, position: Int(index)))
    }

    /// The root over the first `size` entries, from stored hashes.
    func root(size: UInt64) throws(CatalogError) -> [UInt8] {
        try mapped { try StoredHashes.root(size: Int(size), reader: hashes) }
    }

    /// Visits entries in order.
    func entries(
        from start: UInt64, limit: Int, _ visit: (LogEntry) throws(CatalogError) -> Void
    ) throws(CatalogError) {
        try mapped {
            let cursor = try Row.fetchCursor(
                db,
                sql: """
                    SELECT log_entries.idx AS idx, entry, salt, detail FROM log_entries
                    LEFT JOIN log_details ON log_details.idx = log_entries.idx
                    WHERE log_entries.idx >= ? ORDER BY log_entries.idx LIMIT ?
                    """, arguments: [Int64(clamping: start), limit])
            while let row = try cursor.next() {
                try visit(
                    LogEntry(
                        index: UInt64(try row.value("idx", as: Int64.self)),
                        bytes: try row.bytes("entry"), detail: try row.optionalBytes("detail"),
                        salt: try row.optionalBytes("salt")))
            }
        }
    }

    /// The stored checkpoint of a size, or nil.
    func checkpoint(size: UInt64) throws(CatalogError) -> SignedCheckpoint? {
        try mapped {
            try Row.fetchOne(
                db, sql: "SELECT * FROM log_checkpoints WHERE size = ?",
                arguments: [Int64(clamping: size)]
            ).map { try SignedCheckpoint($0) }
        }
    }

    /// All stored checkpoints, smallest first.
    func checkpoints() throws(CatalogError) -> [SignedCheckpoint] {
        try mapped {
            try Row.fetchAll(db, sql: "SELECT * FROM log_checkpoints ORDER BY size")
                .map { try SignedCheckpoint($0) }
        }
    }

    /// Keeps a checkpoint.
    func add(_ checkpoint: SignedCheckpoint) throws(CatalogError) {
        try mapped {
            try db.execute(
                sql: "INSERT INTO log_checkpoints (size, root, note) VALUES (?, ?, ?)",
                arguments: [
                    Int64(checkpoint.size), blob(checkpoint.root), checkpoint.note,
                ])
        }
    }
}
