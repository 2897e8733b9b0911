public import Cryptography
public import Records

/// A root key of our own: derived from a passphrase, or 32 random bytes in a 0600 file.
///
/// `keys/root.json` keeps what is needed to find it again, and a key-check value:
/// ```
/// {"format":"tundish-root-1","kind":"passphrase","scrypt":{"n":131072,"p":1,"r":8},
///  "salt":"<base64, 32 bytes>","check":"<hex, 16 bytes>"}
/// {"format":"tundish-root-1","kind":"key-file","check":"<hex, 16 bytes>"}
/// ```
/// check = HKDF-SHA256(root, info = "tundish/root-check", 16). A key file is 64 hex digits and a
/// newline.
public struct RootKey: RootKeyProvider {
    /// What must be asked for to open a vault.
    public enum Kind: String, Sendable {
        /// A passphrase.
        case passphrase
        /// The path of a key file.
        case keyFile = "key-file"
    }

    /// What `keys/root.json` keeps.
    public let parameters: JSONValue
    let secret: SymmetricKey

    private init(secret: SymmetricKey, members: [String: JSONValue]) {
        self.secret = secret
        var members = members
        members["format"] = .string(Self.format)
        members["check"] = .string(Self.check(secret))
        parameters = .object(members)
    }

    private static let format = "tundish-root-1"

    /// The key-check value.
    public var identifier: String { Self.check(secret) }

    private static func check(_ secret: SymmetricKey) -> String {
        let check = HKDFSHA256.derive(
            inputKey: secret, salt: [], info: Array("tundish/root-check".utf8), byteCount: 16)
        return Hex.encode(check.bytes)
    }

    // MARK: Making one

    /// Makes a root key out of a passphrase and a fresh salt.
    public static func create(
        passphrase: [UInt8], cost: ScryptCost = .standard
    ) throws(VaultError) -> RootKey {
        guard !passphrase.isEmpty else {
            throw VaultError(.badArgument, "the passphrase is empty")
        }
        let salt = SecureRandom.bytes(32)
        let secret = try cost.derive(passphrase: passphrase, salt: salt)
        return RootKey(
            secret: secret,
            members: [
                "kind": .string(Kind.passphrase.rawValue), "scrypt": cost.json,
                "salt": .string(Base64.encode(salt)),
            ])
    }

    /// Makes a random root key and its 0600 file; refuses to replace one.
    public static func create(keyFile path: String) throws(VaultError) -> RootKey {
        let secret = SymmetricKey.random()
        try PrivateFile.write(
            Array((Hex.encode(secret.bytes) + "\n").utf8), to: path, replacing: false)
        return RootKey(secret: secret, members: ["kind": .string(Kind.keyFile.rawValue)])
    }

    // MARK: Opening one

    /// What the vault in `folder` needs to be opened; nil when another provider holds its root key.
    public static func kind(in folder: String) throws(VaultError) -> Kind? {
        Kind(rawValue: try VaultLayout(folder).rootParameters()["kind"]?.stringValue ?? "")
    }

    /// Derives the root key of the vault in `folder`.
    public static func open(
        passphrase: [UInt8], in folder: String
    ) throws(VaultError) -> RootKey {
        let stored = try VaultLayout(folder).rootParameters()
        guard stored["kind"]?.stringValue == Kind.passphrase.rawValue else {
            throw VaultError(
                .badArgument, "the root key of \(folder) does not come from a passphrase",
                hint: "Give the path of its key file.")
        }
        guard stored["format"]?.stringValue == format,
            let cost = ScryptCost(json: stored["scrypt"]),
            let salt = stored["salt"]?.stringValue.flatMap(Base64.decode)
        else { throw VaultLayout.damaged("keys/root.json") }
        let secret = try cost.derive(passphrase: passphrase, salt: salt)
        guard check(secret) == stored["check"]?.stringValue else {
            throw VaultError(
                .wrongPassphrase, "this passphrase does not open the vault in \(folder)")
        }
        return RootKey(secret: secret, members: stored.objectValue ?? [:])
    }

    /// Reads the root key of the vault in `folder` from its key file.
    public static func open(
        keyFile path: String, in folder: String
    ) throws(VaultError) -> RootKey {
        let stored = try VaultLayout(folder).rootParameters()
        guard stored["kind"]?.stringValue == Kind.keyFile.rawValue else {
            throw VaultError(
                .badArgument, "the root key of \(folder) does not come from a key file",
                hint: "Give its passphrase.")
        }
        var text = String(decoding: try PrivateFile.readSecret(path), as: UTF8.self)
        while text.hasSuffix("\n") { text.removeLast() }
        guard let bytes = Hex.decode(text), bytes.count == 32 else {
            throw VaultError(.keyDamaged, "\(path) is not a root key file: 64 hex digits")
        }
        let secret = SymmetricKey(bytes: bytes)
        guard check(secret) == stored["check"]?.stringValue else {
            throw VaultError(.wrongRootKey, "\(path) is not the root key of the vault in \(folder)")
        }
        return RootKey(secret: secret, members: stored.objectValue ?? [:])
    }

    // MARK: Using it

    /// AES-256 key wrap (RFC 3394). The label is not bound: 40 bytes have no room for it.
    public func wrap(_ key: SymmetricKey, label: String) throws(VaultError) -> [UInt8] {
        try KeyWrap.wrap(key, with: secret)
    }

    /// AES-256 key unwrap (RFC 3394).
    public func unwrap(_ wrapped: [UInt8], label: String) throws(VaultError) -> SymmetricKey {
        try KeyWrap.unwrap(wrapped, with: secret, what: label)
    }
}

extension RootKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The key-check value, never the key.
    public var description: String { "RootKey(\(identifier))" }
    /// The key-check value, never the key.
    public var debugDescription: String { description }
    /// The key-check value, never the key.
    public var customMirror: Mirror { Mirror(self, children: ["identifier": identifier]) }
}

/// AES-256 key wrap with this room's errors.
enum KeyWrap {
    static func wrap(
        _ key: SymmetricKey, with kek: SymmetricKey
    ) throws(VaultError) -> [UInt8] {
        try cryptographic("cannot wrap a key") { () throws(CryptographyError) in
            try AESKeyWrap.wrap(key, with: kek)
        }
    }

    static func unwrap(
        _ wrapped: [UInt8], with kek: SymmetricKey, what: String
    ) throws(VaultError) -> SymmetricKey {
        try cryptographic(
            "cannot unwrap \(what)", code: .keyDamaged,
            hint: "The row was altered, or belongs to another key."
        ) { () throws(CryptographyError) in
            try AESKeyWrap.unwrap(wrapped, with: kek)
        }
    }
}
