/// Digit groups with single separators between them: `+1 (212) 555-0142` is 1, 212, 555, 0142.
///
/// At most 32 digits in 12 groups are kept; what is longer is marked and is no identifier.
struct DigitRun {
    struct Group {
        var start: Int
        var count: Int
        var end: Int { start + count }
    }

    /// The values 0–9 of all kept digits.
    private(set) var digits: [UInt8] = []
    private(set) var groups: [Group] = []
    /// What stands between group k and k+1: `-`, `.`, `/`, a space, `(` or `)`.
    private(set) var separators: [UInt8] = []
    private(set) var isOverlong = false

    var start: Int { groups.first?.start ?? 0 }
    var end: Int { groups.last?.end ?? 0 }

    /// The number of digits in the first `k` groups.
    func digitCount(_ k: Int) -> Int { groups.prefix(k).reduce(0) { $0 + $1.count } }

    /// Whether the groups begin with those lengths, each boundary a plain `-`, `.` or space.
    func hasShape(_ lengths: [Int], separators allowed: (UInt8) -> Bool = { _ in true }) -> Bool {
        guard groups.count >= lengths.count else { return false }
        for k in 0..<lengths.count where groups[k].count != lengths[k] { return false }
        for k in 0..<max(0, lengths.count - 1) where !allowed(separators[k]) { return false }
        return true
    }

    /// The value of group `k` when it has at most nine digits.
    func value(_ k: Int) -> Int {
        var offset = 0
        for g in 0..<k { offset += groups[g].count }
        var value = 0
        for d in digits[offset..<min(offset + groups[k].count, offset + 9)] {
            value = value * 10 + Int(d)
        }
        return value
    }

    /// Reads the run that starts with a digit at `p`.
    mutating func read(_ bytes: [UInt8], at p: Int) {
        digits.removeAll(keepingCapacity: true)
        groups.removeAll(keepingCapacity: true)
        separators.removeAll(keepingCapacity: true)
        isOverlong = false
        var i = p
        let n = bytes.count
        while true {
            let start = i
            while i < n, bytes[i].isDigit {
                if digits.count < 32 { digits.append(bytes[i] &- 48) } else { isOverlong = true }
                if isOverlong { break }
                i += 1
            }
            groups.append(Group(start: start, count: i - start))
            if isOverlong || groups.count == 12 { return }
            if i < n, bytes[i].isLetter { return }
            guard let (next, mark) = DigitRun.separator(bytes, at: i) else { return }
            separators.append(mark)
            i = next
        }
    }

    /// The separator at `i` when a digit follows it: its end and its kind.
    static func separator(_ bytes: [UInt8], at i: Int) -> (next: Int, mark: UInt8)? {
        let n = bytes.count
        var j = i
        var mark: UInt8 = 0
        while j < n, j - i < 4 {
            let byte = bytes[j]
            if byte.isDigit { break }
            switch byte {
            case 0x20:
                if mark == 0 { mark = 0x20 }
                j += 1
            case 0x2D, 0x2E, 0x2F:
                // Two hyphens or dots in a row are no separator.
                if mark != 0, mark != 0x20, mark != 0x29 { return nil }
                mark = byte
                j += 1
            case 0x28, 0x29:
                mark = byte
                j += 1
            case 0xC2 where j + 1 < n && bytes[j + 1] == 0xA0:
                if mark == 0 { mark = 0x20 }
                j += 2
            case 0xE2 where j + 2 < n && bytes[j + 1] == 0x80:
                let last = bytes[j + 2]
                if last >= 0x90, last <= 0x95 {
                    mark = 0x2D
                } else if last == 0xAF || last <= 0x8A {
                    if mark == 0 { mark = 0x20 }
                } else {
                    return nil
                }
                j += 3
            default:
                return nil
            }
        }
        return j < n && bytes[j].isDigit && mark != 0 ? (j, mark) : nil
    }
}
