internal import Cryptography
internal import Records
internal import Synchronization

/// The unwrapped keys of a vault that is open: epoch keys and stage keys, in memory only.
///
/// Rows name the epoch and stage key that they are under, so a rotation by another process is
/// noticed by a name that is not here yet, never by a stale key.
final class KeyRing: Sendable {
    private let layout: VaultLayout
    private let root: Mutex<(any RootKeyProvider)?>
    private let epochs = Mutex<[Int: SymmetricKey]>([:])
    private let stageKeys = Mutex<[KEKID: SymmetricKey]>([:])

    init(layout: VaultLayout, root: (any RootKeyProvider)?) {
        self.layout = layout
        self.root = Mutex(root)
    }

    var isUnlocked: Bool { root.withLock { $0 != nil } }

    /// The root key, or the error that says that there is none.
    func requireRoot() throws(VaultError) -> any RootKeyProvider {
        guard let root = root.withLock({ $0 }) else {
            throw VaultError(
                .locked, "this needs the root key, which only the Custodian holds",
                hint: "Ask the Custodian, or open the vault with its root key.")
        }
        return root
    }

    /// Goes on with another root key.
    func replaceRoot(_ new: any RootKeyProvider) { root.withLock { $0 = new } }

    /// The key-encryption key of an epoch.
    func epochKey(_ number: Int) throws(VaultError) -> SymmetricKey {
        if let key = epochs.withLock({ $0[number] }) { return key }
        let key = try EpochFile.read(number, in: layout, root: try requireRoot())
        epochs.withLock { $0[number] = key }
        return key
    }

    /// The stage key of a row.
    func stageKey(_ row: StageKeyRow) throws(VaultError) -> SymmetricKey {
        if let key = stageKeys.withLock({ $0[row.id] }) { return key }
        let key = try KeyWrap.unwrap(
            row.wrapped, with: try epochKey(row.epoch), what: "stage key \(row.id.hex)")
        stageKeys.withLock { $0[row.id] = key }
        return key
    }

    /// Forgets a stage key that was destroyed.
    func forget(_ id: KEKID) { stageKeys.withLock { $0[id] = nil } }

    /// Forgets an epoch's key that was replaced.
    func forget(epoch number: Int) { epochs.withLock { $0[number] = nil } }
}

/// `keys/epoch-N`: one epoch's key-encryption key, wrapped by the root key.
///
/// ```
/// {"format":"tundish-epoch-1","epoch":1,"wrapped":{"<root identifier>":"<base64>"}}
/// ```
/// While the root key is being changed, it stands there under both; so a crash locks nobody out.
enum EpochFile {
    private static let format = "tundish-epoch-1"

    static func write(
        _ key: SymmetricKey, epoch number: Int, in layout: VaultLayout,
        roots: [any RootKeyProvider]
    ) throws(VaultError) {
        var wrapped: [String: JSONValue] = [:]
        for root in roots {
            let bytes = try root.wrap(key, label: label(number))
            wrapped[root.identifier] = .string(Base64.encode(bytes))
        }
        let json: JSONValue = [
            "format": .string(format), "epoch": .integer(number), "wrapped": .object(wrapped),
        ]
        try PrivateFile.write(
            CanonicalJSON.encode(json) + [0x0a], to: layout.epoch(number), replacing: true)
    }

    static func read(
        _ number: Int, in layout: VaultLayout, root: any RootKeyProvider
    ) throws(VaultError) -> SymmetricKey {
        let name = "keys/epoch-\(number)"
        guard PrivateFile.exists(layout.epoch(number)) else {
            throw VaultError(
                .keyDamaged, "\(name) is missing", hint: "Restore it from the key backup.")
        }
        let json = try VaultLayout.json(layout.epoch(number), named: name)
        guard json["format"]?.stringValue == format, json["epoch"]?.intValue == number,
            let wrapped = json["wrapped"]?.objectValue
        else { throw VaultLayout.damaged(name) }
        guard let text = wrapped[root.identifier]?.stringValue else {
            throw VaultError(
                .wrongRootKey, "\(name) is not wrapped by this root key",
                hint: "Open the vault with the root key that it was made with.")
        }
        guard let bytes = Base64.decode(text) else { throw VaultLayout.damaged(name) }
        return try root.unwrap(bytes, label: label(number))
    }

    private static func label(_ number: Int) -> String { "epoch key \(number)" }
}
