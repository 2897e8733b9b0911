internal import Cryptography
internal import GRDB
internal import Glibc
internal import Records

/// The keys and packs of one workspace folder: seals objects, opens them for the choke-point, and
/// destroys their keys.
///
/// ```
/// root key → epoch key (keys/epoch-N) → one key per (scope, stage) → one key per object
/// ```
/// The rules of this room:
/// 1. Key rows are committed before a sealing call returns; the caller commits its catalog rows
///    afterwards. So a crash leaves an orphaned key (`sweepOrphanKeys`), never an object without one.
/// 2. Calls that give plaintext or stage keys stand under `@_spi(ChokePoint)`: only the room that
///    makes leases may import that.
/// 3. Rotation rewraps keys and never touches an object.
///
/// All calls may be made from any thread.
public final class Vault: Sendable {
    /// The workspace folder.
    public let folder: String
    /// The workspace's id, bound into every object.
    public let workspace: WorkspaceID
    /// The sealed objects on disk.
    public let packs: PackStore

    let layout: VaultLayout
    let keys: KeyDatabase
    let ring: KeyRing

    private init(
        layout: VaultLayout, workspace: WorkspaceID, keys: KeyDatabase, ring: KeyRing
    ) {
        folder = layout.folder
        self.workspace = workspace
        self.layout = layout
        self.keys = keys
        self.ring = ring
        packs = PackStore(folder: layout.packs)
    }

    /// Whether the root key is at hand: the Custodian's vault, not a person's view of it.
    public var isUnlocked: Bool { ring.isUnlocked }

    /// Makes a vault in the workspace folder `folder`; refuses one that has a vault.
    public static func create(
        in folder: String, workspace: WorkspaceID = .random(), root: any RootKeyProvider
    ) throws(VaultError) -> Vault {
        let layout = VaultLayout(folder)
        guard !PrivateFile.exists(layout.root), !PrivateFile.exists(layout.database) else {
            throw VaultError(
                .alreadyExists, "\(folder) has a vault already",
                hint: "If making it was interrupted, remove its keys/ folder first.")
        }
        try PrivateFile.makeFolder(layout.keys)
        try PrivateFile.makeFolder(layout.packs)
        try EpochFile.write(.random(), epoch: 1, in: layout, roots: [root])
        let keys = try KeyDatabase.open(layout.database, creating: true)
        let ring = KeyRing(layout: layout, root: root)
        try keys.write("cannot make the vault") { db in
            try KeyDatabase.set(db, "workspace", workspace.bytes)
            try KeyDatabase.setCurrentEpoch(db, 1)
        }
        let vault = Vault(layout: layout, workspace: workspace, keys: keys, ring: ring)
        try vault.createCustodian()
        // Last: a folder with a root.json is a vault.
        try PrivateFile.write(
            CanonicalJSON.encode(root.parameters) + [0x0a], to: layout.root, replacing: false)
        return vault
    }

    /// Opens the vault in the workspace folder `folder`.
    ///
    /// - Parameter root: the root key; nil opens a person's own view, in which only stage keys
    ///   sealed to that person work.
    public static func open(
        in folder: String, root: (any RootKeyProvider)?
    ) throws(VaultError) -> Vault {
        let layout = VaultLayout(folder)
        _ = try layout.rootParameters()
        let keys = try KeyDatabase.open(layout.database, creating: false)
        let (bytes, epoch) = try keys.read("cannot open the vault") { db in
            (try KeyDatabase.setting(db, "workspace"), try KeyDatabase.currentEpoch(db))
        }
        guard let bytes, let workspace = try? WorkspaceID(bytes: bytes) else {
            throw VaultLayout.damaged("keys/keys.sqlite")
        }
        let ring = KeyRing(layout: layout, root: root)
        if root != nil {
            // Fails here, not at the first object, when the root key is another vault's.
            _ = try ring.epochKey(epoch)
            try removeEpochFiles(before: epoch, layout)
        }
        return Vault(layout: layout, workspace: workspace, keys: keys, ring: ring)
    }

    /// Removes files of epochs that a rotation replaced, should a crash have left one.
    static func removeEpochFiles(before epoch: Int, _ layout: VaultLayout) throws(VaultError) {
        for name in try PrivateFile.names(in: layout.keys) where name.hasPrefix("epoch-") {
            guard let number = Int(name.dropFirst(6)), number < epoch else { continue }
            guard SystemCalls.unlink(layout.epoch(number)) == 0 || errno == ENOENT else {
                throw VaultError.system("remove", layout.epoch(number))
            }
        }
        try PrivateFile.synchronize(folder: layout.keys)
    }

    /// Binds a scope to this workspace.
    func context(_ scope: SealScope) -> SealContext {
        SealContext(workspace: workspace, scope: scope)
    }
}

extension Vault: CustomReflectable {
    /// The workspace's id, never a key.
    public var customMirror: Mirror { Mirror(self, children: ["workspace": workspace.hex]) }
}
