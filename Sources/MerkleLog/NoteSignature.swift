/// One signature line of a note: `— <name> <base64(keyID4 ‖ signature)>` (C2SP signed-note).
public struct NoteSignature: Sendable, Hashable {
    /// The name of the key.
    public let name: String
    /// The key's id, 4 bytes.
    public let keyID: [UInt8]
    /// What the key's algorithm gave; 64 bytes for Ed25519, 72 for a cosignature.
    public let signature: [UInt8]

    init(name: String, keyID: [UInt8], signature: [UInt8]) {
        self.name = name
        self.keyID = keyID
        self.signature = signature
    }

    /// When a witness signed, in seconds since 1970; nil for what is no `cosignature/v1` by its
    /// length. Believe it only after the signature was verified.
    public var cosignatureTime: UInt64? {
        guard signature.count == 8 + 64 else { return nil }
        let time = signature.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        // C2SP tlog-cosignature: at most 2^63 − 1.
        return time <= UInt64(Int64.max) ? time : nil
    }

    /// The line without its newline.
    var line: String { "\u{2014} \(name) \(Base64Text.encode(keyID + signature))" }

    /// A signature by its line, without the newline.
    init?(line: ArraySlice<UInt8>) {
        let prefix = Array("\u{2014} ".utf8)
        guard line.starts(with: prefix) else { return nil }
        let rest = line.dropFirst(prefix.count)
        guard let space = rest.firstIndex(of: UInt8(ascii: " ")),
            let name = String(validating: rest[..<space], as: UTF8.self),
            VerifierKey.isValidName(name),
            let bytes = Base64Text.decode(rest[(space + 1)...]), bytes.count > 4
        else { return nil }
        self.init(name: name, keyID: Array(bytes.prefix(4)), signature: Array(bytes.dropFirst(4)))
    }
}
