import Records
import Testing

@testable import Redaction

/// 10,000 valid identifiers with a checksum: none is missed, with a word of context or without.
struct GeneratedIdentifierTests {
    typealias Generator = @Sendable (inout SeededRandom) -> String

    static func digits(_ count: Int, _ random: inout SeededRandom) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...9, using: &random) }
    }

    static func text(_ digits: [UInt8]) -> String { digits.map { String($0) }.joined() }

    /// The first digits for which `isValid` holds.
    static func search(
        _ random: inout SeededRandom, _ count: Int, _ head: [UInt8] = [],
        _ isValid: (ArraySlice<UInt8>) -> Bool
    ) -> String {
        while true {
            let candidate = head + digits(count - head.count, &random)
            if isValid(candidate[...]) { return text(candidate) }
        }
    }

    static func kind(_ type: EntityType, _ length: Int, _ index: Int = 0) -> Scan.NumberKind {
        Scan.numberKinds.filter { $0.type == type && $0.lengths.contains(length) }[index]
    }

    static let generators: [(String, String, Generator)] = [
        ("CREDIT_CARD", "card", { search(&$0, 16, [4]) { Checksums.luhn($0) } }),
        ("CREDIT_CARD", "card", { search(&$0, 16, [5, 3]) { Checksums.luhn($0) } }),
        ("CREDIT_CARD", "card", { search(&$0, 15, [3, 7]) { Checksums.luhn($0) } }),
        ("ABA_ROUTING_NUMBER", "routing", { search(&$0, 9, [], kind(.routingNumber, 9).isValid) }),
        ("UK_NHS", "NHS", { search(&$0, 10, [], kind(.nhs, 10).isValid) }),
        ("US_NPI", "NPI", { search(&$0, 10, [1], kind(.npi, 10).isValid) }),
        ("NATIONAL_ID", "BSN", { search(&$0, 9, [], kind(.nationalID, 9).isValid) }),
        ("NATIONAL_ID", "personnummer", { search(&$0, 10, [], kind(.nationalID, 10).isValid) }),
        (
            "NATIONAL_ID", "personnummer",
            { search(&$0, 12, [1, 9], kind(.nationalID, 12).isValid) }
        ),
        ("NATIONAL_ID", "PESEL", { search(&$0, 11, [], kind(.nationalID, 11, 0).isValid) }),
        (
            "NATIONAL_ID", "rijksregisternummer",
            { search(&$0, 11, [], kind(.nationalID, 11, 1).isValid) }
        ),
        ("TAX_REFERENCE_NUMBER", "tax", { search(&$0, 11, [], kind(.taxReference, 11).isValid) }),
        ("NATIONAL_ID", "NIR", { search(&$0, 15, [1], kind(.nationalID, 15).isValid) }),
        ("IMEI", "IMEI", { search(&$0, 15, [8, 6], kind(.imei, 15).isValid) }),
        (
            "NATIONAL_ID", "DNI",
            { random in
                let number = Int.random(in: 10_000_000...99_999_999, using: &random)
                return "\(number)\(Array("TRWAGMYFPDXBNJZSQVHLCKE")[number % 23])"
            }
        ),
        (
            "IBAN_CODE", "IBAN",
            { random in
                let national = Array(text(digits(18, &random)).utf8)
                for check in 2...98 {
                    let pair = check < 10 ? "0\(check)" : "\(check)"
                    let whole = "DE" + pair + String(decoding: national, as: UTF8.self)
                    if Checksums.iban(Array(whole.utf8)) { return whole }
                }
                return ""
            }
        ),
    ]

    @Test(arguments: generators.indices)
    func foundWithContext(_ index: Int) {
        let (type, word, generate) = Self.generators[index]
        var random = SeededRandom(seed: UInt64(index))
        for _ in 0..<625 {
            let value = generate(&random)
            let found = scanned("His \(word) number is \(value), thanks.")
            #expect(found.contains { $0.hasSuffix(":\(value)") }, "\(type) \(value): \(found)")
        }
    }

    @Test(arguments: generators.indices)
    func foundAlone(_ index: Int) {
        let (type, _, generate) = Self.generators[index]
        var random = SeededRandom(seed: UInt64(index) + 100)
        for _ in 0..<150 {
            let value = generate(&random)
            let found = scanned("see \(value) here")
            #expect(found.contains { $0.hasSuffix(":\(value)") }, "\(type) \(value): \(found)")
        }
    }
}
