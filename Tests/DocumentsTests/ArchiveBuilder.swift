import Documents

/// Archives made by hand, for what tools would not pack.
enum ArchiveBuilder {
    /// A tar (POSIX.1-1988, ustar) of entries; `type` is the type flag.
    static func tar(
        _ entries: [(name: String, type: Character, content: [UInt8], link: String)]
    ) -> [UInt8] {
        var out: [UInt8] = []
        for entry in entries {
            var header = [UInt8](repeating: 0, count: 512)
            func put(_ text: String, _ at: Int) {
                header.replaceSubrange(at..<at + text.utf8.count, with: text.utf8)
            }
            func octal(_ value: Int, _ digits: Int) -> String {
                let text = String(value, radix: 8)
                return String(repeating: "0", count: digits - text.count) + text
            }
            put(entry.name, 0)
            put("0000644", 100)
            put("0000000", 108)
            put("0000000", 116)
            put(octal(entry.content.count, 11), 124)
            put("00000000000", 136)
            put("        ", 148)
            put(String(entry.type), 156)
            put(entry.link, 157)
            put("ustar", 257)
            put("00", 263)
            put(octal(header.reduce(0) { $0 + Int($1) }, 6), 148)
            header[154] = 0
            out += header + entry.content
            out += [UInt8](repeating: 0, count: (512 - entry.content.count % 512) % 512)
        }
        return out + [UInt8](repeating: 0, count: 1024)
    }

    /// A zip of stored entries (APPNOTE 6.3.10 §4.3); `method` may lie.
    static func zip(
        _ entries: [(name: String, content: [UInt8])], flags: Int = 0, method: Int = 0
    ) -> [UInt8] {
        func number(_ value: Int, _ bytes: Int) -> [UInt8] {
            (0..<bytes).map { UInt8(value >> (8 * $0) & 255) }
        }
        var out: [UInt8] = []
        var directory: [UInt8] = []
        for entry in entries {
            let name = Array(entry.name.utf8)
            var common = number(20, 2) + number(flags, 2) + number(method, 2) + number(0, 4)
            common += number(Int(checksum(entry.content)), 4)
            common += number(entry.content.count, 4) + number(entry.content.count, 4)
            common += number(name.count, 2) + number(0, 2)
            directory += [0x50, 0x4B, 1, 2] + number(20, 2) + common + number(0, 10)
            directory += number(out.count, 4) + name
            out += [0x50, 0x4B, 3, 4] + common + name + entry.content
        }
        let start = out.count
        out += directory + [0x50, 0x4B, 5, 6] + number(0, 4) + number(entries.count, 2)
        return out + number(entries.count, 2) + number(directory.count, 4) + number(start, 4)
            + number(0, 2)
    }

    /// A gzip (RFC 1952) of stored blocks.
    static func gzip(_ content: [UInt8]) -> [UInt8] {
        var out: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
        var at = 0
        repeat {
            let count = min(65535, content.count - at)
            let isLast: UInt8 = at + count == content.count ? 1 : 0
            let low = UInt8(count & 255)
            let high = UInt8(count >> 8)
            out += [isLast, low, high, ~low, ~high] + content[at..<at + count]
            at += count
        } while at < content.count
        let sum = checksum(content)
        return out + (0..<4).map { UInt8(truncatingIfNeeded: sum >> (8 * $0)) }
            + (0..<4).map { UInt8(truncatingIfNeeded: content.count >> (8 * $0)) }
    }

    /// The checksum of zip and gzip, bit by bit.
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return ~crc
    }
}
