/// Which cell formats show dates (ISO/IEC 29500-1 §18.8.30, §18.8.31).
struct SheetFormats {
    private var styles: [SheetDate.Style?] = []

    init() {}

    init(_ root: XMLTree?) {
        var custom: [Int: SheetDate.Style?] = [:]
        for format in root?.first("numFmts")?.all("numFmt") ?? [] {
            guard let id = format[attribute: "numFmtId"].flatMap({ Int($0) }) else { continue }
            custom[id] = Self.style(ofCode: format[attribute: "formatCode"] ?? "")
        }
        for format in root?.first("cellXfs")?.all("xf") ?? [] {
            let id = format[attribute: "numFmtId"].flatMap { Int($0) } ?? 0
            styles.append(custom[id] ?? Self.builtIn(id))
        }
    }

    /// What the format at `index` shows; nil for anything but dates.
    func style(_ index: Int?) -> SheetDate.Style? {
        guard let index, styles.indices.contains(index) else { return nil }
        return styles[index]
    }

    private static func builtIn(_ id: Int) -> SheetDate.Style? {
        switch id {
        case 14...17, 27...31, 34...36, 50...54, 57, 58: .date
        case 18...21, 32, 33, 45, 47, 55, 56: .time
        case 22: .dateTime
        default: nil
        }
    }

    /// Letters of days and hours outside of quotes, escapes and brackets. Elapsed time (`[h]:mm`)
    /// is a number and no moment.
    static func style(ofCode code: String) -> SheetDate.Style? {
        var (hasDate, hasTime, months) = (false, false, 0)
        let bytes = Array(code.utf8)
        var index = 0
        loop: while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case 0x22:
                index += 1
                while index < bytes.count, bytes[index] != 0x22 { index += 1 }
            case 0x5C, 0x5F, 0x2A: index += 1
            case 0x5B:
                let end = bytes[index...].firstIndex(of: 0x5D) ?? bytes.count
                let inside = MailText.lowered(bytes[(index + 1)..<end])
                if !inside.isEmpty, inside.allSatisfy({ "hms".contains($0) }) { return nil }
                index = end
            case 0x3B: break loop
            case 0x30, 0x23, 0x3F:
                // Digits belong to numbers, but for the fractions of seconds.
                if !hasTime { return nil }
            default:
                switch byte | 0x20 {
                case 0x79, 0x64: hasDate = true
                case 0x68, 0x73: hasTime = true
                case 0x6D: months += 1
                case 0x67 where MailText.lowered(bytes[index...].prefix(7)) == "general": return nil
                default: break
                }
            }
            index += 1
        }
        if months > 0, !hasTime { hasDate = true }
        switch (hasDate, hasTime) {
        case (true, true): return .dateTime
        case (true, false): return .date
        case (false, true): return .time
        default: return nil
        }
    }
}
