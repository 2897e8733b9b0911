internal import FoundationEssentials
internal import GRDB
internal import Records

extension Vault {
    /// How many object keys there are.
    public func objectKeyCount() throws(VaultError) -> Int {
        try keys.read("cannot count object keys") { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM objectKey") ?? 0
        }
    }

    /// Whether there is a key for an object.
    public func hasKey(_ object: ObjectID) throws(VaultError) -> Bool {
        try keys.read("cannot look up an object key") { db in
            try KeyDatabase.objectKey(db, object) != nil
        }
    }

    /// Destroys the keys of objects, after the catalog commit that stops using them: rows are
    /// overwritten, the write-ahead log truncated. Gives how many there were.
    ///
    /// Calling it again with the same ids is harmless, and right after `keysStillInLog`.
    @discardableResult
    public func destroyKeys(_ objects: [ObjectID]) throws(VaultError) -> Int {
        guard !objects.isEmpty else { return 0 }
        let count = try keys.write("cannot destroy object keys") { db in
            try KeyDatabase.deleteObjectKeys(db, objects)
        }
        try keys.purge(rebuilding: false)
        return count
    }

    /// Destroys keys of objects that the catalog does not know, left behind by a crash between the
    /// two commits; gives their objects.
    ///
    /// - Parameters:
    ///   - live: every object of the catalog, read *before* this call.
    ///   - graceSeconds: how old a key must be: younger ones may belong to a commit on its way.
    @discardableResult
    public func sweepOrphanKeys(
        live: Set<ObjectID>, graceSeconds: Int64 = 3600
    ) throws(VaultError) -> [ObjectID] {
        let cutoff = Timestamp.now.secondsSince1970 - graceSeconds
        let orphans = try keys.read("cannot look for orphaned keys") { db in
            var orphans: [ObjectID] = []
            let cursor = try Row.fetchCursor(
                db, sql: "SELECT objectId FROM objectKey WHERE createdAt <= ? ORDER BY objectId",
                arguments: [cutoff])
            while let row = try cursor.next() {
                let object = try ObjectID(bytes: row.bytes(0))
                if !live.contains(object) { orphans.append(object) }
            }
            return orphans
        }
        try destroyKeys(orphans)
        return orphans
    }
}
