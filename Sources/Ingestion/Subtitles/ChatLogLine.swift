/// The first line of a message in a chat log.
struct ChatLogLine: Hashable {
    /// When, as written.
    var time: String
    /// Who; nil for what the program itself says (somebody joined).
    var author: String?
    /// What; further lines of the file may go on with it.
    var text: String
    /// Whether nothing but chat logs is written like this.
    var isDistinct: Bool

    /// Reads the usual forms; nil for a line that begins no message:
    ///
    /// - WhatsApp: `31.12.23, 21:41 - Ann: text`, `[12/31/23, 9:41:05 PM] Ann: text`
    /// - IRC: `[21:41] <ann> text`, `21:41:05 <@ann> text`, `2024-01-02 21:41 <ann> text`
    /// - others: `21:41 Ann: text`, `[21:41:05] Ann: text`, `[2024-01-02 21:41] Ann: text`
    init?(_ line: String) {
        var scanner = Scanner(
            Array(line.unicodeScalars.filter { !Self.marks.contains($0.value) }))
        let isBracketed = scanner.take("[")
        let start = scanner.i
        let hasDate = scanner.date()
        var hasComma = false
        if hasDate {
            hasComma = scanner.take(",")
            guard scanner.spaces() || scanner.take("T") else { return nil }
        }
        guard scanner.time() else { return nil }
        time = scanner.text(from: start)
        if isBracketed {
            guard scanner.take("]") else { return nil }
        }
        var isDashed = false
        let rest = scanner.i
        if scanner.spaces(), !isBracketed, scanner.take("-") || scanner.take("–") {
            isDashed = scanner.spaces()
        }
        if !isDashed {
            scanner.i = rest
            guard scanner.spaces() else { return nil }
        }
        let isWhatsApp = hasDate && hasComma && (isBracketed || isDashed)
        if scanner.take("<"), !isDashed {
            let nick = scanner.rest.prefix { $0 != ">" }
            guard nick.count < scanner.rest.count, (1...40).contains(nick.count) else { return nil }
            author = String(
                String.UnicodeScalarView(nick.drop { "@+ %&~".unicodeScalars.contains($0) }))
            text = String(String.UnicodeScalarView(scanner.rest.dropFirst(nick.count + 1)))
            isDistinct = true
        } else {
            let all = scanner.rest
            let name = all.prefix { $0 != ":" }
            let hasName = name.count < all.count && (1...60).contains(name.count)
            let isSpaced = hasName && (all.dropFirst(name.count + 1).first ?? " ") == " "
            if isSpaced {
                author = String(String.UnicodeScalarView(name))
                text = String(String.UnicodeScalarView(all.dropFirst(name.count + 1)))
            } else {
                guard isWhatsApp else { return nil }
                author = nil
                text = String(String.UnicodeScalarView(all))
            }
            isDistinct = isWhatsApp
        }
        author = author.map(ResolvedMapping.trimmed)
        if author == "" { return nil }
        text = ResolvedMapping.trimmed(text)
    }

    /// Direction marks, and the narrow space before AM and PM, which exports put in.
    private static let marks: Set<UInt32> = [0x200E, 0x200F, 0x202A, 0x202C, 0xFEFF]

    /// Goes over the parts of a line.
    private struct Scanner {
        let scalars: [Unicode.Scalar]
        var i = 0

        init(_ scalars: [Unicode.Scalar]) { self.scalars = scalars }

        var rest: ArraySlice<Unicode.Scalar> { scalars[i...] }

        func text(from start: Int) -> String {
            String(String.UnicodeScalarView(scalars[start..<i]))
        }

        mutating func take(_ mark: Unicode.Scalar) -> Bool {
            guard i < scalars.count, scalars[i] == mark else { return false }
            i += 1
            return true
        }

        mutating func spaces() -> Bool {
            let start = i
            while i < scalars.count, [0x20, 0x09, 0xA0, 0x202F].contains(scalars[i].value) {
                i += 1
            }
            return i > start
        }

        private mutating func digits(_ counts: ClosedRange<Int>) -> Bool {
            let start = i
            while i < scalars.count, (0x30...0x39).contains(scalars[i].value) { i += 1 }
            return counts.contains(i - start)
        }

        /// `31.12.23`, `12/31/2023`, `2023-12-31`; left where it was if there is none.
        mutating func date() -> Bool {
            let start = i
            let isDate =
                digits(1...4) && separator() && digits(1...2) && separator() && digits(2...4)
            if !isDate { i = start }
            return isDate
        }

        private mutating func separator() -> Bool { take(".") || take("/") || take("-") }

        /// `21:41`, `21:41:05`, `9.41 PM`
        mutating func time() -> Bool {
            guard digits(1...2), take(":") || take("."), digits(2...2) else { return false }
            let seconds = i
            if !((take(":") || take(".")) && digits(2...2)) { i = seconds }
            let end = i
            _ = spaces()
            let letters = rest.prefix(4).filter { $0 != "." }.prefix(2)
            let half = String(String.UnicodeScalarView(letters)).lowercased()
            guard half == "am" || half == "pm" else {
                i = end
                return true
            }
            while i < scalars.count, "apmAPM.".unicodeScalars.contains(scalars[i]) { i += 1 }
            return true
        }
    }
}
