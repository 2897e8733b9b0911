/// Reads lines of text formats that end every line with one newline (U+000A).
struct LineScanner {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// The next line without its newline; nil when no complete line is left.
    mutating func next() -> ArraySlice<UInt8>? {
        guard let end = rest.firstIndex(of: 0x0a) else { return nil }
        defer { rest = rest[(end + 1)...] }
        return rest[..<end]
    }

    /// A decimal number as C2SP writes sizes and indexes: ASCII digits, no sign, no leading zeros.
    static func number(_ text: ArraySlice<UInt8>) -> Int? {
        guard let first = text.first, text.count == 1 || first != UInt8(ascii: "0"),
            text.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Int(String(decoding: text, as: UTF8.self))
    }

    /// The 32 bytes of a Base64 hash.
    static func hash(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard let hash = Base64Text.decode(text), hash.count == MerkleTree.hashByteCount else {
            return nil
        }
        return hash
    }
}
