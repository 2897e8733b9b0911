internal import Records

/// Lines that many records of one source share: headers, footers, disclaimers, notices.
///
/// Rules:
/// 1. Lines are compared without regard to case, to digits, and to anything but letters.
/// 2. A line counts once for each record that holds it, and only if it has at least ``minimumWords``
///    words and the text has other lines too.
/// 3. It is boilerplate if at least ``minimumRecords`` records, and at least the share ``share`` of
///    the records of its source, hold it; or if it is one of the ``notices``.
/// 4. Boilerplate goes, unless nothing would be left of the text.
public struct BoilerplateRule: Sendable, Hashable {
    /// The fields looked at; nil: the standard fields of the kind, without labels.
    public let fields: [String]?
    /// The field that names a record's source; nil: all records have one source.
    public let source: String?
    /// In how many records of the source a line has to be.
    public let minimumRecords: Int
    /// In what share of the records of the source a line has to be, from 0 to 1.
    public let share: Double
    /// How many words a line has to have.
    public let minimumWords: Int
    /// Whether well-known notices of mail programs and web pages go, however rare.
    public let removesNotices: Bool

    /// Makes a rule.
    public init(
        fields: [String]? = nil, source: String? = nil, minimumRecords: Int = 20,
        share: Double = 0.05, minimumWords: Int = 3, removesNotices: Bool = true
    ) {
        self.fields = fields
        self.source = source
        self.minimumRecords = minimumRecords
        self.share = share
        self.minimumWords = minimumWords
        self.removesNotices = removesNotices
    }

    /// Beginnings of lines that mail programs and web pages add, in letters of lower case.
    static let notices = [
        "sent from my iphone", "sent from my ipad", "sent from my samsung", "sent from my android",
        "sent from my mobile", "sent from my galaxy", "sent from outlook for", "sent from mail for",
        "sent from yahoo mail", "sent from proton mail", "sent with proton mail", "get outlook for",
        "von meinem iphone gesendet", "von meinem ipad gesendet", "gesendet von meinem",
        "gesendet von mail für", "envoyé de mon iphone", "envoyé depuis mon", "envoyé de mon",
        "enviado desde mi", "enviado do meu", "inviato da iphone", "inviato dal mio",
        "verzonden vanaf mijn", "verstuurd vanaf mijn", "skickat från min", "wysłane z iphone",
        "this email and any attachments", "this e mail and any attachments",
        "this message is confidential", "please consider the environment before printing",
        "this website uses cookies", "this site uses cookies", "we use cookies to",
        "by continuing to use this site", "accept all cookies", "diese website verwendet cookies",
        "wir verwenden cookies", "ce site utilise des cookies", "nous utilisons des cookies",
        "este sitio utiliza cookies", "questo sito utilizza i cookie", "all rights reserved",
        "to unsubscribe from", "you are receiving this email because", "virus free www avast com",
    ]

    /// The source of a record, as a hash.
    func sourceHash(of record: Record) -> UInt64 {
        guard let source, let value = record.fields[source] else { return 0 }
        return DistinctCounter.hash(CanonicalJSON.encode(value))
    }

    /// The fields of a record that the rule looks at.
    func names(in record: Record) -> [String] {
        fields ?? record.kind.standardFields.filter { $0 != "label" }
    }

    /// Removes boilerplate from a record; says whether it did.
    func apply(
        _ record: inout Record, counts: BoilerplateCounts?, reasons: inout ReasonCounts
    ) -> Bool {
        let source = sourceHash(of: record)
        var changed = false
        for name in names(in: record) {
            guard let value = record.fields[name],
                let new = self.removed(from: value, source, counts, &reasons)
            else { continue }
            record.fields[name] = new
            changed = true
        }
        return changed
    }

    private func removed(
        from value: JSONValue, _ source: UInt64, _ counts: BoilerplateCounts?,
        _ reasons: inout ReasonCounts
    ) -> JSONValue? {
        switch value {
        case .string(let text):
            return removed(from: Array(text.utf8), source, counts, &reasons)
                .map { .string(String(decoding: $0, as: UTF8.self)) }
        case .array(var elements):
            var changed = false
            for (index, element) in elements.enumerated() {
                guard let new = removed(from: element, source, counts, &reasons) else { continue }
                elements[index] = new
                changed = true
            }
            return changed ? .array(elements) : nil
        case .object(var members):
            guard let content = members["content"],
                let new = removed(from: content, source, counts, &reasons)
            else { return nil }
            members["content"] = new
            return .object(members)
        case .null, .bool, .number: return nil
        }
    }

    private func removed(
        from bytes: [UInt8], _ source: UInt64, _ counts: BoilerplateCounts?,
        _ reasons: inout ReasonCounts
    ) -> [UInt8]? {
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        guard lines.count > 1 else { return nil }
        var (repeated, known, left) = (0, 0, 0)
        var kept: [ArraySlice<UInt8>] = []
        for line in lines {
            let key = BoilerplateLine(line)
            if removesNotices && Self.notices.contains(where: key.starts(with:)) {
                known += 1
            } else if key.words >= minimumWords,
                counts?.isBoilerplate(key.hash(in: source), source: source, rule: self) == true
            {
                repeated += 1
            } else {
                kept.append(line)
                if key.words > 0 { left += 1 }
            }
        }
        guard known + repeated > 0, left > 0 else { return nil }
        reasons.add("boilerplate/notice", known)
        reasons.add("boilerplate/repeated-line", repeated)
        while kept.last?.allSatisfy({ $0 <= 0x20 }) == true { kept.removeLast() }
        let front = kept.prefix { $0.allSatisfy { $0 <= 0x20 } }.count
        return Array(kept.dropFirst(front).joined(separator: [0x0A]))
    }
}

/// A line without what does not count: letters in lower case, one space between words.
struct BoilerplateLine: Sendable {
    private var letters: [UInt8] = []
    /// How many words it has.
    private(set) var words = 0

    init(_ line: some Sequence<UInt8>) {
        var inWord = false
        for byte in line {
            // Bytes beyond ASCII count as letters: what matters is that equal lines stay equal.
            let isLetter = byte >= 0x80 || (0x61...0x7A).contains(byte | 0x20)
            if isLetter {
                if !inWord {
                    words += 1
                    if !letters.isEmpty { letters.append(0x20) }
                }
                letters.append(byte < 0x80 ? byte | 0x20 : byte)
            }
            inWord = isLetter
        }
    }

    /// Whether it begins with these letters.
    func starts(with notice: String) -> Bool { letters.starts(with: notice.utf8) }

    /// 64 evenly spread bits of the line in one source.
    func hash(in source: UInt64) -> UInt64 { DistinctCounter.hash(letters) ^ source }
}
