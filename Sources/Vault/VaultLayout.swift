internal import Records

/// Where a vault keeps what, inside the workspace folder.
struct VaultLayout: Sendable {
    let folder: String
    var keys: String { "\(folder)/keys" }
    var packs: String { "\(folder)/packs" }
    var root: String { "\(keys)/root.json" }
    var database: String { "\(keys)/keys.sqlite" }

    init(_ folder: String) { self.folder = folder }

    /// The file of an epoch's wrapped key-encryption key.
    func epoch(_ number: Int) -> String { "\(keys)/epoch-\(number)" }

    /// The content of `keys/root.json`.
    func rootParameters() throws(VaultError) -> JSONValue {
        guard PrivateFile.exists(root) else {
            throw VaultError(
                .notAVault, "\(folder) has no vault: keys/root.json is missing",
                hint: "Is this the workspace folder?")
        }
        return try Self.json(root, named: "keys/root.json")
    }

    static func json(_ path: String, named name: String) throws(VaultError) -> JSONValue {
        let bytes = try PrivateFile.read(path)
        do {
            return try JSONParser.parse(bytes)
        } catch {
            throw damaged(name)
        }
    }

    static func damaged(_ name: String) -> VaultError {
        VaultError(.keyDamaged, "\(name) is damaged", hint: "Restore it from the key backup.")
    }
}
