/// The names that people give to things: they are printed, typed and quoted, so they are plain.
enum Names {
    /// Throws unless `name` has 1 to 64 of a–z, A–Z, 0–9, `-`, `_` and `.`, and begins with a letter
    /// or digit.
    static func check(_ name: String, of what: String) throws {
        let bytes = Array(name.utf8)
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                || (0x61...0x7A).contains(byte)
        }
        let isPlain = bytes.allSatisfy {
            isAlphanumeric($0) || $0 == 0x2D || $0 == 0x5F || $0 == 0x2E
        }
        guard let first = bytes.first, isPlain, isAlphanumeric(first), bytes.count <= 64 else {
            throw WorkspaceError(
                .usage, "this cannot be the name of a \(what)",
                hint: "up to 64 of a–z, A–Z, 0–9, - _ and ., beginning with a letter or digit")
        }
    }
}
