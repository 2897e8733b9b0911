internal import GRDB
internal import MerkleLog
internal import Records

/// A signed tree head: so many entries have this root.
public struct SignedCheckpoint: Sendable, Hashable {
    /// Number of entries.
    public let size: UInt64
    /// Root over them, 32 bytes.
    public let root: [UInt8]
    /// The signed note (C2SP tlog-checkpoint).
    public let note: String

    init(size: UInt64, root: [UInt8], note: String) {
        self.size = size
        self.root = root
        self.note = note
    }

    init(_ row: Row) throws(CatalogError) {
        size = UInt64(try row.value("size", as: Int64.self))
        root = try row.bytes("root")
        note = try row.text("note")
    }
}

extension CatalogStore {
    /// The Custodian's key as others need it to check checkpoints: `origin+hex8+base64`.
    public func verifierKey() throws(CatalogError) -> String {
        let publicKey = try custodianKey()
        guard let key = LogNote.verifierKey(origin: workspace.origin, publicKey: publicKey) else {
            throw CatalogError(.integrity, "the Custodian has no usable public key")
        }
        return key.description
    }

    func custodianKey() throws(CatalogError) -> [UInt8] {
        let row = try mapped {
            try read { reader in try reader.principal(workspace.custodian) }
        }
        guard let row else {
            throw CatalogError(.integrity, "the Custodian \(workspace.custodian) is not there")
        }
        return row.ed25519
    }

    /// Signs the log's present root, keeps the checkpoint in the database, in `log/checkpoint` and
    /// outside, and returns it.
    @discardableResult
    public func checkpoint(signer: EventSigner) throws(CatalogError) -> SignedCheckpoint {
        let checkpoint = try mapped {
            try pool.write { db in try self.sign(LogStorage(db), with: signer) }
        }
        try publish(checkpoint)
        return checkpoint
    }

    /// Signs inside a transaction; never a second root for a size that has one.
    func sign(_ log: LogStorage, with signer: EventSigner) throws(CatalogError) -> SignedCheckpoint
    {
        let size = try log.size()
        let root = try log.root(size: size)
        if let known = try log.checkpoint(size: size) {
            guard known.root == root else { throw .twoRoots(size) }
            return known
        }
        if let kept = try outside.read(), kept.size == size, kept.root != root {
            throw .twoRoots(size)
        }
        let note: String
        do {
            note = try LogNote.sign(
                Checkpoint(origin: workspace.origin, size: Int(size), root: root), signer: signer)
        } catch {
            throw CatalogError(.invalid, "the Custodian cannot sign the checkpoint")
        }
        let checkpoint = SignedCheckpoint(size: size, root: root, note: note)
        try log.add(checkpoint)
        return checkpoint
    }

    /// Writes a committed checkpoint to `log/checkpoint` and outside the workspace.
    func publish(_ checkpoint: SignedCheckpoint) throws(CatalogError) {
        try outside.raise(to: checkpoint)
        try DurableFile.write(
            Array(checkpoint.note.utf8), to: folder + "/log/checkpoint", synced: false)
    }

    /// Refuses a log that is behind, or other than, the checkpoint outside.
    func compareWithOutside() throws(CatalogError) {
        guard let kept = try outside.read() else { return }
        guard
            LogNote.isSigned(
                kept.note, origin: workspace.origin, publicKey: try custodianKey())
        else {
            throw CatalogError(
                .integrity,
                "the checkpoint in \(outside.path) is not signed by this workspace's Custodian",
                hint: "its key or the file was changed; `tundish audit verify` says more")
        }
        let (size, root) = try mapped {
            try read { reader in
                let size = try reader.logSize()
                return (size, size >= kept.size ? try reader.logRoot(size: kept.size) : [])
            }
        }
        guard size >= kept.size else {
            throw CatalogError(
                .rolledBack,
                "rolled back: the log has \(size) events, but the checkpoint in \(outside.path) "
                    + "was signed for \(kept.size)",
                hint: "an older catalog.sqlite was put back, or a copy of the workspace was "
                    + "written to: bring the newest one")
        }
        guard root == kept.root else {
            throw CatalogError(
                .integrity,
                "the log's first \(kept.size) events are not those that the checkpoint in "
                    + "\(outside.path) was signed for",
                hint: "history was rewritten; `tundish audit verify` says where")
        }
    }
}

extension CatalogError {
    static func twoRoots(_ size: UInt64) -> CatalogError {
        CatalogError(
            .integrity,
            "a checkpoint for \(size) events is already signed with another root; "
                + "two roots for one size are never signed",
            hint: "the log was changed; `tundish audit verify` says where")
    }
}
