public import Cryptography
internal import Records

/// The Custodian's public keys.
public struct CustodianPublicKeys: Hashable, Sendable {
    /// Signs checkpoints, unattended events and provenance.
    public let signing: Ed25519.PublicKey
    /// What is sealed to the Custodian is sealed to this.
    public let opening: X25519.PublicKey
    /// Signs models.
    public let model: P256.PublicKey
}

extension Vault {
    static let custodianPrefix = "custodian/"
    private static let signingName = "custodian/ed25519"
    private static let openingName = "custodian/x25519"
    private static let modelName = "custodian/p256"

    /// The Custodian's public keys. Needs no root key.
    public var custodian: CustodianPublicKeys {
        get throws(VaultError) {
            let (signing, opening, model) = try keys.read("cannot read the Custodian's keys") {
                db in
                (
                    try KeyDatabase.setting(db, Self.signingName) ?? [],
                    try KeyDatabase.setting(db, Self.openingName) ?? [],
                    try KeyDatabase.setting(db, Self.modelName) ?? []
                )
            }
            return try cryptographic("the Custodian's public keys are damaged", code: .keyDamaged) {
                () throws(CryptographyError) in
                CustodianPublicKeys(
                    signing: try Ed25519.PublicKey(rawRepresentation: signing),
                    opening: try X25519.PublicKey(rawRepresentation: opening),
                    model: try P256.PublicKey(derRepresentation: model))
            }
        }
    }

    /// Signs as the Custodian: Ed25519 (RFC 8032), 64 bytes.
    public func sign(_ message: [UInt8]) throws(VaultError) -> [UInt8] {
        let secret = try custodianSecret(Self.signingName)
        return try cryptographic("cannot sign") { () throws(CryptographyError) in
            try Ed25519.PrivateKey(rawRepresentation: secret.bytes).signature(for: message)
        }
    }

    /// Signs a model: ECDSA over P-256 with SHA-256, DER.
    public func signModel(_ message: [UInt8]) throws(VaultError) -> [UInt8] {
        let secret = try custodianSecret(Self.modelName)
        return try cryptographic("cannot sign a model") { () throws(CryptographyError) in
            let pem = String(decoding: secret.bytes, as: UTF8.self)
            return try P256.PrivateKey(pemRepresentation: pem).signature(for: message)
        }
    }

    /// Opens what was sealed to the Custodian with HPKE.
    @_spi(ChokePoint)
    public func openAsCustodian(
        _ sealed: [UInt8], info: [UInt8]
    ) throws(VaultError) -> [UInt8] {
        let secret = try custodianSecret(Self.openingName)
        return try cryptographic("cannot open what was sealed to the Custodian") {
            () throws(CryptographyError) in
            let key = try X25519.PrivateKey(rawRepresentation: secret.bytes)
            return try HPKE.open(sealed, with: key, info: info)
        }
    }

    /// Makes the Custodian's keys, once, with the vault.
    func createCustodian() throws(VaultError) {
        let signing = Ed25519.PrivateKey()
        let opening = X25519.PrivateKey()
        let model = P256.PrivateKey()
        // RFC 3394 wraps multiples of 8 bytes: newlines after a PEM text mean nothing.
        var pem = Array(model.pemRepresentation.utf8)
        while !pem.count.isMultiple(of: 8) { pem.append(UInt8(ascii: "\n")) }
        let secrets = [
            (Self.signingName, signing.rawRepresentation, signing.publicKey.rawRepresentation),
            (Self.openingName, opening.rawRepresentation, opening.publicKey.rawRepresentation),
            (Self.modelName, pem, model.publicKey.derRepresentation),
        ]
        for (name, bytes, publicBytes) in secrets {
            _ = try secret(name, scope: workspace.bytes) { SymmetricKey(bytes: bytes) }
            try keys.write("cannot write the Custodian's keys") { db in
                try KeyDatabase.set(db, name, publicBytes)
            }
        }
    }

    private func custodianSecret(_ name: String) throws(VaultError) -> SymmetricKey {
        try secret(name, scope: workspace.bytes) {
            throw VaultError(
                .keyDamaged, "the Custodian's keys are missing",
                hint: "Restore keys.sqlite from the key backup.")
        }
    }
}
