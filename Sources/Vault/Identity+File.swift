internal import Cryptography
internal import Records

extension Identity {
    private static let format = "tundish-identity-1"
    private static let passphraseKind = "passphrase"
    private static let plainKind = "plain"

    /// Writes the identity's 0600 file: temporary → fsync → rename.
    ///
    /// - Parameters:
    ///   - path: where.
    ///   - passphrase: what it is sealed under; nil leaves it to the file's permissions.
    ///   - cost: of scrypt.
    ///   - replacing: whether a file that is there may be replaced.
    public func save(
        to path: String, passphrase: [UInt8]?, cost: ScryptCost = .standard,
        replacing: Bool = false
    ) throws(VaultError) {
        let secret = SymmetricKey(
            bytes: signing.rawRepresentation + opening.rawRepresentation)
        var members = Self.open(principal: principal, keys: publicKeys)
        if let passphrase {
            guard !passphrase.isEmpty else {
                throw VaultError(.badArgument, "the passphrase is empty")
            }
            let salt = SecureRandom.bytes(32)
            let nonce = SecureRandom.bytes(AES256GCM.nonceByteCount)
            let key = try cost.derive(passphrase: passphrase, salt: salt)
            let bound = Self.associatedData(members)
            let sealed = try cryptographic("cannot seal the identity") {
                () throws(CryptographyError) in
                try AES256GCM.seal(secret.bytes, key: key, nonce: nonce, authenticating: bound)
            }
            members["secret"] = [
                "kind": .string(Self.passphraseKind), "scrypt": cost.json,
                "salt": .string(Base64.encode(salt)), "nonce": .string(Base64.encode(nonce)),
                "sealed": .string(Base64.encode(sealed)),
            ]
        } else {
            members["secret"] = [
                "kind": .string(Self.plainKind), "bytes": .string(Base64.encode(secret.bytes)),
            ]
        }
        try PrivateFile.write(
            CanonicalJSON.encode(.object(members)) + [0x0a], to: path, replacing: replacing)
    }

    /// Reads an identity file; refuses one that others than its owner may touch.
    public static func load(
        from path: String, passphrase: [UInt8]?
    ) throws(VaultError) -> Identity {
        let (principal, keys, secret) = try parse(path)
        let bytes: [UInt8]?
        switch secret["kind"]?.stringValue {
        case plainKind:
            bytes = secret["bytes"]?.stringValue.flatMap(Base64.decode)
        case passphraseKind:
            guard let passphrase else {
                throw VaultError(
                    .wrongPassphrase, "\(path) is under a passphrase, none was given",
                    hint: "Give it at the prompt, or name a file in TUNDISH_PASSPHRASE_FILE.")
            }
            guard let cost = ScryptCost(json: secret["scrypt"]),
                let salt = secret["salt"]?.stringValue.flatMap(Base64.decode),
                let nonce = secret["nonce"]?.stringValue.flatMap(Base64.decode),
                let sealed = secret["sealed"]?.stringValue.flatMap(Base64.decode)
            else { throw damaged(path) }
            let key = try cost.derive(passphrase: passphrase, salt: salt)
            let bound = associatedData(open(principal: principal, keys: keys))
            bytes = try cryptographic(
                "cannot open \(path)", code: .wrongPassphrase,
                hint: "The passphrase is wrong, or the file was changed."
            ) { () throws(CryptographyError) in
                try AES256GCM.open(sealed, key: key, nonce: nonce, authenticating: bound)
            }
        default:
            throw damaged(path)
        }
        guard let bytes, bytes.count == 64 else { throw damaged(path) }
        let identity = try cryptographic("\(path) is damaged", code: .identityDamaged) {
            () throws(CryptographyError) in
            Identity(
                principal: principal,
                signing: try Ed25519.PrivateKey(rawRepresentation: Array(bytes[..<32])),
                opening: try X25519.PrivateKey(rawRepresentation: Array(bytes[32...])))
        }
        guard identity.publicKeys == keys else { throw damaged(path) }
        return identity
    }

    /// Whether `load` will need a passphrase.
    public static func needsPassphrase(at path: String) throws(VaultError) -> Bool {
        try parse(path).secret["kind"]?.stringValue == passphraseKind
    }

    /// The public part of an identity file; needs no passphrase, and is not authenticated by one.
    public static func publicKeys(
        at path: String
    ) throws(VaultError) -> (principal: String, keys: PrincipalKeys) {
        let (principal, keys, _) = try parse(path)
        return (principal, keys)
    }

    private static func parse(
        _ path: String
    ) throws(VaultError) -> (principal: String, keys: PrincipalKeys, secret: JSONValue) {
        let bytes = try PrivateFile.readSecret(path)
        guard let json = try? JSONParser.parse(bytes), json["format"]?.stringValue == format,
            let principal = json["principal"]?.stringValue,
            let keys = json["keys"].flatMap({ try? PrincipalKeys(json: $0) }),
            let secret = json["secret"]
        else { throw damaged(path) }
        return (principal, keys, secret)
    }

    private static func open(
        principal: String, keys: PrincipalKeys
    ) -> [String: JSONValue] {
        ["format": .string(format), "principal": .string(principal), "keys": keys.json]
    }

    private static func associatedData(_ members: [String: JSONValue]) -> [UInt8] {
        Array("tundish/identity".utf8) + CanonicalJSON.encode(.object(members))
    }

    private static func damaged(_ path: String) -> VaultError {
        VaultError(
            .identityDamaged, "\(path) is not a whole identity file",
            hint: "Restore it, or have an admin replace the principal's keys.")
    }
}
