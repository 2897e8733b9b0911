/// The path of an archive's member, made harmless.
///
/// Parts that are empty, `.` or `..`, drive letters and leading slashes go; backslashes count as
/// slashes; control characters become `_`. What is left stays below the archive, whoever uses it.
enum MemberName {
    /// The longest path in bytes; of a longer one the end is kept.
    static let longest = 1024

    /// The cleaned path; nil where nothing is left of it.
    static func clean(_ raw: [UInt8]) -> String? {
        let text = String(validating: raw, as: UTF8.self) ?? Charset.decode(raw, "cp437") ?? ""
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x5C: bytes.append(0x2F)
            case ..<0x20, 0x7F: bytes.append(0x5F)
            default: bytes.append(byte)
            }
        }
        var parts = bytes.split(separator: 0x2F).filter { $0 != [0x2E] && $0 != [0x2E, 0x2E] }
        if let first = parts.first, first.count == 2, first.last == 0x3A { parts.removeFirst() }
        var length = parts.reduce(0) { $0 + $1.count + 1 }
        while length > longest, parts.count > 1 { length -= parts.removeFirst().count + 1 }
        guard let last = parts.last, last.count <= longest else { return nil }
        return String(decoding: Array(parts.joined(separator: [0x2F])), as: UTF8.self)
    }

    /// Whether any part is hidden, or is what macOS puts beside files.
    static func isHidden(_ path: String) -> Bool {
        path.utf8.split(separator: 0x2F).contains { $0.first == 0x2E }
            || path.hasPrefix("__MACOSX/")
    }

    /// A compressed file's name without the ending of its compression.
    static func inside(_ name: String) -> String {
        let base = name.utf8.split(separator: 0x2F).last.map { String(decoding: $0, as: UTF8.self) }
        let lower = (base ?? "").lowercased()
        for ending in endings where lower.hasSuffix(ending.key) && lower != ending.key {
            let stem = String((base ?? "").dropLast(ending.key.count))
            return clean(Array((stem + ending.value).utf8)) ?? "data"
        }
        return clean(Array((base ?? "").utf8)) ?? "data"
    }

    private static let endings = [
        ".gz": "", ".gzip": "", ".zst": "", ".zstd": "", ".bz2": "", ".xz": "", ".lzma": "",
        ".lz4": "", ".z": "", ".tgz": ".tar", ".tbz2": ".tar", ".txz": ".tar", ".tzst": ".tar",
    ]
}
