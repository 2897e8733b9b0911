public import Cryptography
public import Records

/// Who holds the root key. The key itself need never come near the vault: a provider only wraps and
/// unwraps, so HashiCorp Vault's Transit engine or a PKCS#11 token can stand behind it.
public protocol RootKeyProvider: Sendable {
    /// What `keys/root.json` keeps: the kind, and whatever is needed to find the key again. No
    /// secret.
    var parameters: JSONValue { get }
    /// Tells this root key from another, without saying anything about it.
    var identifier: String { get }
    /// Wraps a key. `label` says what for; providers that can bind it do.
    func wrap(_ key: SymmetricKey, label: String) throws(VaultError) -> [UInt8]
    /// Unwraps what `wrap` gave.
    func unwrap(_ wrapped: [UInt8], label: String) throws(VaultError) -> SymmetricKey
}

/// The cost of scrypt (RFC 7914): memory is 128 · n · r bytes.
public struct ScryptCost: Hashable, Sendable {
    /// CPU and memory cost, a power of two.
    public let n: UInt64
    /// Block size.
    public let r: UInt64
    /// Parallelisation.
    public let p: UInt64

    /// Chooses a cost.
    public init(n: UInt64, r: UInt64 = 8, p: UInt64 = 1) {
        self.n = n
        self.r = r
        self.p = p
    }

    /// n = 2^17, r = 8, p = 1: 128 MiB and about half a second.
    public static let standard = ScryptCost(n: 1 << 17)

    var json: JSONValue {
        ["n": .integer(Int(n)), "r": .integer(Int(r)), "p": .integer(Int(p))]
    }

    init?(json: JSONValue?) {
        guard let n = json?["n"]?.intValue, let r = json?["r"]?.intValue,
            let p = json?["p"]?.intValue, n > 1, r > 0, p > 0
        else { return nil }
        self.init(n: UInt64(n), r: UInt64(r), p: UInt64(p))
    }

    func derive(passphrase: [UInt8], salt: [UInt8]) throws(VaultError) -> SymmetricKey {
        try cryptographic("scrypt refuses") { () throws(CryptographyError) in
            try Scrypt.derive(passphrase: passphrase, salt: salt, n: n, r: r, p: p)
        }
    }
}
