internal import Records

/// The character encodings that are read; raw values are the names of the WHATWG Encoding Standard.
public enum TextEncoding: String, CaseIterable, Sendable, Hashable {
    /// UTF-8 (RFC 3629).
    case utf8 = "utf-8"
    /// UTF-16, least significant byte first (RFC 2781).
    case utf16LE = "utf-16le"
    /// UTF-16, most significant byte first (RFC 2781).
    case utf16BE = "utf-16be"
    /// Windows code page 1252, the usual meaning of "Latin-1" on the web.
    case windows1252 = "windows-1252"
    /// ISO 8859-1: byte n is U+00nn.
    case latin1 = "iso-8859-1"

    /// The encoding called `option`, by its name or a common alias.
    public init(option: String) throws(IngestionError) {
        let aliases: [String: TextEncoding] = [
            "utf8": .utf8, "utf16le": .utf16LE, "utf16be": .utf16BE, "cp1252": .windows1252,
            "win1252": .windows1252, "latin1": .latin1, "latin-1": .latin1, "iso8859-1": .latin1,
        ]
        let name = option.lowercased()
        guard let encoding = TextEncoding(rawValue: name) ?? aliases[name] else {
            throw IngestionError(
                .unsupportedEncoding, "the encoding '\(option)' is not read here",
                hint: Suggestion.hint(
                    for: option, in: Self.allCases.map(\.rawValue), called: "encodings"))
        }
        self = encoding
    }

    /// The byte order mark that this encoding may begin with.
    var byteOrderMark: [UInt8] {
        switch self {
        case .utf8: [0xEF, 0xBB, 0xBF]
        case .utf16LE: [0xFF, 0xFE]
        case .utf16BE: [0xFE, 0xFF]
        case .windows1252, .latin1: []
        }
    }
}
