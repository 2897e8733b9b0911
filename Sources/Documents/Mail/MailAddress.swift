/// Lists of addresses (RFC 5322 §3.4) as people write them: `Name <address>`, joined by a comma.
enum MailAddress {
    /// All addresses of a field; groups are flattened, comments serve as names, routes go.
    static func list(_ field: [UInt8]) -> String {
        var parser = Parser(bytes: field)
        return parser.addresses().joined(separator: ", ")
    }

    private struct Parser {
        let bytes: [UInt8]
        var index = 0
        var phrase: [UInt8] = []
        var comment: [UInt8] = []
        var address: [UInt8]?
        var found: [String] = []

        mutating func addresses() -> [String] {
            while index < bytes.count {
                let byte = bytes[index]
                switch byte {
                case 0x22: quoted()
                case 0x28: commented()
                case 0x3C: angle()
                case 0x2C, 0x3B:
                    finish()
                    index += 1
                case 0x3A where !phrase.contains(0x40) && address == nil:
                    // The name of a group.
                    phrase = []
                    index += 1
                default:
                    phrase.append(byte)
                    index += 1
                }
            }
            finish()
            return found
        }

        private mutating func quoted() {
            // A quoted local part is kept with its quotes; a name goes without.
            let start = index
            var text: [UInt8] = []
            index += 1
            while index < bytes.count, bytes[index] != 0x22 {
                if bytes[index] == 0x5C, index + 1 < bytes.count { index += 1 }
                text.append(bytes[index])
                index += 1
            }
            index = min(index + 1, bytes.count)
            let isLocalPart = index < bytes.count && bytes[index] == 0x40
            phrase.append(contentsOf: isLocalPart ? Array(bytes[start..<index]) : text)
        }

        private mutating func commented() {
            index += 1
            var depth = 1
            var text: [UInt8] = []
            while index < bytes.count {
                let byte = bytes[index]
                index += 1
                if byte == 0x5C, index < bytes.count {
                    text.append(bytes[index])
                    index += 1
                    continue
                }
                if byte == 0x28 { depth += 1 }
                if byte == 0x29 { depth -= 1 }
                if depth == 0 { break }
                text.append(byte)
            }
            comment = text
        }

        private mutating func angle() {
            index += 1
            let start = index
            while index < bytes.count, bytes[index] != 0x3E {
                if bytes[index] == 0x3C { break }
                index += 1
            }
            var inside = Self.withoutComments(bytes[start..<index]).filter { $0 > 0x20 }
            // A route: `@a,@b:user@host` (§4.4).
            if inside.first == 0x40, let colon = inside.firstIndex(of: 0x3A) {
                inside.removeSubrange(...colon)
            }
            address = inside
            if index < bytes.count, bytes[index] == 0x3E { index += 1 }
        }

        private mutating func finish() {
            defer { (phrase, comment, address) = ([], [], nil) }
            let words = MailText.trimmed(EncodedWord.decode(phrase))
            let note = MailText.trimmed(EncodedWord.decode(comment))
            if let address, !address.isEmpty {
                let spec = MailText.trimmed(EncodedWord.decode(address))
                let name = words.isEmpty ? note : words
                found.append(
                    name.isEmpty || name == spec ? spec : "\(Self.name(name)) <\(spec)>")
            } else if !words.isEmpty {
                found.append(
                    note.isEmpty || !words.utf8.contains(0x40)
                        ? words : "\(Self.name(note)) <\(words)>")
            }
        }

        private static func withoutComments(_ text: ArraySlice<UInt8>) -> [UInt8] {
            var depth = 0
            var out: [UInt8] = []
            for byte in text {
                if byte == 0x28 { depth += 1 }
                if depth == 0 { out.append(byte) }
                if byte == 0x29, depth > 0 { depth -= 1 }
            }
            return out
        }

        /// A name in quotes where it would read as more than one.
        private static func name(_ text: String) -> String {
            let single = text.split { $0.isWhitespace }.joined(separator: " ")
            guard single.utf8.contains(where: { [0x2C, 0x3B, 0x3C, 0x3E, 0x22].contains($0) })
            else { return single }
            return "\""
                + single.split(separator: "\"", omittingEmptySubsequences: false)
                .joined(separator: "\\\"") + "\""
        }
    }
}
