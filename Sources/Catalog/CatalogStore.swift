internal import FoundationEssentials
internal import GRDB
public import Records
internal import Synchronization

/// A workspace's catalog: `catalog.sqlite` and the audit log inside it.
///
/// The rules of this room:
/// - a change and the event that tells of it commit in one transaction, or neither does;
/// - every commit leaves a checkpoint, signed by the Custodian, in the database, in
///   `log/checkpoint` and outside the workspace;
/// - a database that is behind, or other than, the checkpoint outside does not open;
/// - two roots for one size are never signed.
///
/// ```swift
/// try catalog.commit(EventDraft("dataset.create", object: "dataset:\(hex)"), signer: signer) {
///     change in try change.add(dataset)
/// }
/// ```
public final class CatalogStore: Sendable {
    /// What the workspace is.
    public let workspace: WorkspaceRow
    /// The workspace folder.
    public let folder: String
    /// Where the highest checkpoint is kept, outside the workspace.
    public let outside: OutsideCheckpoint
    let pool: DatabasePool
    let checkpointSigner = Mutex<EventSigner?>(nil)
    let queue = CommitQueue()

    init(folder: String, pool: DatabasePool, workspace: WorkspaceRow, stateFolder: String?) {
        self.folder = folder
        self.pool = pool
        self.workspace = workspace
        outside = OutsideCheckpoint(workspace: workspace.id, stateFolder: stateFolder)
    }

    /// The database file of a workspace folder.
    public static func path(in folder: String) -> String { folder + "/catalog.sqlite" }

    /// Makes the catalog of a new workspace, with its first event and checkpoint.
    ///
    /// - Parameters:
    ///   - folder: the workspace folder, which exists.
    ///   - workspaceID: 16 random bytes.
    ///   - origin: the log's origin line, e.g. `tundish.local/1a2b3c4d`; no spaces, no `+`.
    ///   - solo: whether one person may approve what they propose.
    ///   - custodian: the service principal that holds the root key.
    ///   - signer: the Custodian's; it signs the first event and every checkpoint.
    ///   - stateFolder: where outside checkpoints go; nil for `$XDG_STATE_HOME/tundish`.
    public static func create(
        in folder: String, workspaceID: [UInt8], origin: String, solo: Bool,
        custodian: NewPrincipal, signer: EventSigner, stateFolder: String? = nil
    ) throws(CatalogError) -> CatalogStore {
        let path = path(in: folder)
        guard !FileManager.default.fileExists(atPath: path) else {
            throw CatalogError(.conflict, "\(path) is already there", hint: "choose another folder")
        }
        guard workspaceID.count == 16 else {
            throw CatalogError(.invalid, "a workspace id has 16 bytes")
        }
        let hasSpace = origin.unicodeScalars.contains { $0.properties.isWhitespace || $0 == "+" }
        guard !origin.isEmpty, !hasSpace else {
            throw CatalogError(.invalid, "a log's origin must not be empty or hold a space or '+'")
        }
        guard custodian.ed25519 == signer.publicKey, custodian.id == signer.principal else {
            throw CatalogError(.invalid, "the Custodian must sign the first event")
        }
        let workspace = WorkspaceRow(
            id: workspaceID, origin: origin, created: .now, solo: solo, custodian: custodian.id)
        let store = CatalogStore(
            folder: folder, pool: try openPool(path), workspace: workspace,
            stateFolder: stateFolder)
        store.useCheckpointSigner(signer)
        var event = EventDraft(
            "workspace.create", object: "workspace:" + Hex.encode(workspaceID))
        event.facts = ["custodian": custodian.facts, "workspace": workspace.facts]
        event.detail = ["custodianName": .string(custodian.name)]
        do {
            try store.commit(event, signer: signer) { change in
                try change.run(
                    """
                    INSERT INTO workspace (id, origin, created, solo, custodian)
                    VALUES (?, ?, ?, ?, ?)
                    """,
                    [
                        blob(workspaceID), origin, workspace.created.rfc3339, solo, custodian.id,
                    ])
                try change.add(custodian)
            }
        } catch let error as CatalogError {
            throw error
        } catch {
            throw CatalogError(.database, "the first event cannot be written: \(error)")
        }
        return store
    }

    /// Opens the catalog of a workspace folder and holds its log against the checkpoint kept
    /// outside.
    ///
    /// - Parameter acknowledgingRollback: goes on although the database is older than that
    ///   checkpoint; only `restore`, with a second person, may say so, and must record the gap.
    /// - Throws: `rolledBack` when the log is shorter than the outside checkpoint, `integrity`
    ///   when its history is another one.
    public static func open(
        in folder: String, stateFolder: String? = nil, acknowledgingRollback: Bool = false
    ) throws(CatalogError) -> CatalogStore {
        let path = path(in: folder)
        guard FileManager.default.fileExists(atPath: path) else {
            throw CatalogError(
                .notFound, "\(folder) is no workspace: it has no catalog.sqlite",
                hint: "make one with `tundish init`, or name it with --home or TUNDISH_HOME")
        }
        let pool = try openPool(path)
        let workspace = try mapped {
            try pool.read { db in try WorkspaceRow.stored(in: db) }
        }
        let store = CatalogStore(
            folder: folder, pool: pool, workspace: workspace, stateFolder: stateFolder)
        if !acknowledgingRollback { try store.compareWithOutside() }
        return store
    }

    private static func openPool(_ path: String) throws(CatalogError) -> DatabasePool {
        var configuration = Configuration()
        configuration.label = "catalog"
        configuration.busyMode = .timeout(30)
        configuration.foreignKeysEnabled = true
        configuration.prepareDatabase { db in
            // An event that was answered for must survive a power cut: fsync on each commit.
            try db.execute(sql: "PRAGMA synchronous = FULL")
            try db.execute(sql: "PRAGMA secure_delete = ON")
        }
        return try mapped {
            let pool = try DatabasePool(path: path, configuration: configuration)
            try CatalogSchema.migrator.migrate(pool)
            return pool
        }
    }

    /// From now on every commit also leaves a checkpoint signed by the Custodian.
    public func useCheckpointSigner(_ custodian: EventSigner) {
        checkpointSigner.withLock { $0 = custodian }
    }

    /// Asks questions of one unchanging moment of the catalog.
    public func read<T>(_ body: (CatalogReader) throws -> T) throws -> T {
        do {
            return try pool.read { db in try body(CatalogReader(db, workspace: workspace)) }
        } catch let error as DatabaseError {
            throw CatalogError(sqlite: error)
        }
    }

    /// Stores what an engine says while it runs. This is telemetry, not a change of the catalog,
    /// and so the only write without an audit event.
    public func appendRunEvents(_ run: String, _ events: [JSONValue]) throws(CatalogError) {
        try mapped {
            try pool.write { db in
                for event in events {
                    try db.execute(
                        sql: """
                            INSERT INTO run_events (run, seq, event) SELECT ?1,
                                coalesce(max(seq), -1) + 1, ?2 FROM run_events WHERE run = ?1
                            """, arguments: [run, jsonText(event)])
                }
            }
        }
    }

    /// Copies the catalog to a new file, consistently, while it is in use.
    public func copy(to path: String) throws(CatalogError) {
        try mapped {
            try pool.backup(to: try DatabaseQueue(path: path))
        }
    }
}
