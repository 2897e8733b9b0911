import FoundationEssentials
import Records
import Testing

@testable import Redaction

/// Identifiers of letters and digits with check characters, the generators written from the
/// standards and apart from the recognisers: none is missed, and one with a wrong check character is
/// found where a word says what it is.
///
/// 1,000 a kind; TUNDISH_LONG=1 makes them 10,000.
struct ChecksumKindsTests {
    typealias Generator = @Sendable (inout SeededRandom) -> String

    static let count = ProcessInfo.processInfo.environment["TUNDISH_LONG"] == nil ? 1000 : 10_000

    static func digits(_ count: Int, _ random: inout SeededRandom) -> [Int] {
        (0..<count).map { _ in Int.random(in: 0...9, using: &random) }
    }

    static func letter(_ set: String, _ random: inout SeededRandom) -> Character {
        set.randomElement(using: &random) ?? "A"
    }

    static func joined(_ digits: [Int]) -> String { digits.map(String.init).joined() }

    static func luhn(_ body: [Int]) -> [Int] {
        var sum = 0
        for (k, digit) in body.reversed().enumerated() {
            let value = k % 2 == 0 ? digit * 2 : digit
            sum += value > 9 ? value - 9 : value
        }
        return body + [(10 - sum % 10) % 10]
    }

    /// National parts by country: letters and digits (ISO 13616 registry).
    static let ibans: [(String, Int, Int)] = [
        ("DE", 0, 18), ("GB", 4, 14), ("FR", 0, 23), ("ES", 0, 20), ("NL", 4, 10), ("BE", 0, 12),
        ("PL", 0, 24), ("SE", 0, 20), ("PT", 0, 21), ("AT", 0, 16), ("IE", 4, 14), ("CH", 0, 17),
    ]

    static func iban(_ random: inout SeededRandom) -> String {
        let (country, letters, count) = ibans[Int.random(in: 0..<ibans.count, using: &random)]
        let head = (0..<letters).map { _ in letter("ABCDEFGHIJKLMNOPQRSTUVWXYZ", &random) }
        let national = String(head) + joined(digits(count, &random))
        var remainder = 0
        for scalar in "\(national)\(country)00".unicodeScalars {
            let value = Int(scalar.value)
            remainder =
                value < 65
                ? (remainder * 10 + value - 48) % 97 : (remainder * 100 + value - 55) % 97
        }
        let check = 98 - remainder
        return "\(country)\(check < 10 ? "0" : "")\(check)\(national)"
    }

    static let generators: [(type: String, word: String, make: Generator)] = [
        ("CREDIT_CARD", "card", { joined(luhn([3, 6] + digits(11, &$0))) }),
        ("CREDIT_CARD", "card", { joined(luhn([6, 0, 1, 1] + digits(11, &$0))) }),
        ("CREDIT_CARD", "card", { joined(luhn([4] + digits(14, &$0))) }),
        ("IBAN_CODE", "IBAN", { iban(&$0) }),
        (
            "DEA", "DEA",
            { random in
                let d = digits(6, &random)
                let sum = d[0] + d[2] + d[4] + 2 * (d[1] + d[3] + d[5])
                return
                    "\(letter("ABCDEFGHJKLMPRSTUX", &random))\(letter("ABCDEFGHIJKLMNOPQRSTUVWXYZ", &random))"
                    + joined(d) + "\(sum % 10)"
            }
        ),
        (
            "NATIONAL_ID", "NIE",
            { random in
                let head = Int.random(in: 0...2, using: &random)
                let number = Int.random(in: 1_000_000...9_999_999, using: &random)
                return "\(Array("XYZ")[head])\(number)"
                    + "\(Array("TRWAGMYFPDXBNJZSQVHLCKE")[(head * 10_000_000 + number) % 23])"
            }
        ),
        (
            "NATIONAL_ID", "PPS",
            { random in
                let d = digits(7, &random)
                let second = letter("ABH", &random)
                var sum = zip(d, [8, 7, 6, 5, 4, 3, 2]).reduce(0) { $0 + $1.0 * $1.1 }
                sum += 9 * (Int(second.asciiValue ?? 64) - 64)
                return joined(d) + "\(Array("WABCDEFGHIJKLMNOPQRSTUV")[sum % 23])\(second)"
            }
        ),
        (
            "VIN", "VIN",
            { random in
                let set = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
                var c = (0..<17).map { _ in letter(set, &random) }
                for k in 12..<17 { c[k] = letter("0123456789", &random) }
                // 49 CFR 565.15: letters count as in the table there, the ninth place checks.
                let values = "0123456789.ABCDEFGH..JKLMN.P.R..STUVWXYZ"
                let weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
                var sum = 0
                for k in 0..<17 {
                    let place = Array(values).firstIndex(of: c[k]) ?? 0
                    sum += place % 10 * weights[k]
                }
                c[8] = Array("0123456789X")[sum % 11]
                return String(c)
            }
        ),
        ("IMEI", "IMEI", { joined(luhn([3, 5] + digits(12, &$0))) }),
        (
            "CRYPTO", "wallet",
            { random in
                "0x" + String((0..<40).map { _ in letter("0123456789abcdef", &random) })
            }
        ),
        (
            "US_SSN", "SSN",
            { random in
                let area = Int.random(in: 100...665, using: &random)
                let group = Int.random(in: 10...99, using: &random)
                return "\(area)-\(group)-\(Int.random(in: 1000...9999, using: &random))"
            }
        ),
        (
            "UK_NINO", "NINO",
            { random in
                "\(letter("ABCEGHJKLMNPRSTWXYZ", &random))A\(joined(digits(6, &random)))"
                    + "\(letter("ABCD", &random))"
            }
        ),
    ]

    /// The kinds whose last character is a check digit, with the word that names them.
    @Test(arguments: generators.indices)
    func noneIsMissed(_ index: Int) {
        let (type, word, make) = Self.generators[index]
        var random = SeededRandom(seed: UInt64(index) + 7)
        let values = (0..<Self.count).map { _ in make(&random) }
        let text = values.map { "His \(word) number is \($0), thanks.\n" }.joined()
        let found = Set(scanned(text).map { $0.drop { $0 != ":" }.dropFirst() })
        let missed = values.filter { !found.contains(Substring($0)) }
        #expect(missed.isEmpty, "\(type): \(missed.prefix(3)) of \(missed.count)")
    }

    @Test(arguments: generators.indices)
    func aWrongCheckDigitInContextIsFound(_ index: Int) {
        let (type, word, make) = Self.generators[index]
        guard type != "CRYPTO" else { return }
        var random = SeededRandom(seed: UInt64(index) + 70)
        let values = (0..<200).map { _ -> String in
            var characters = Array(make(&random))
            let place = characters.lastIndex { $0.isNumber } ?? 0
            let old = characters[place].wholeNumberValue ?? 0
            characters[place] = Character("\((old + 1) % 10)")
            return String(characters)
        }
        let text = values.map { "The \(word) is \($0).\n" }.joined()
        let found = Set(scanned(text).map { $0.drop { $0 != ":" }.dropFirst() })
        let missed = values.filter { !found.contains(Substring($0)) }
        #expect(missed.isEmpty, "\(type): \(missed.prefix(3)) of \(missed.count)")
    }
}
