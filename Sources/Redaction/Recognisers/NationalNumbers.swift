/// Identifiers that are digits only, with the check digits of their standards.
///
/// Without a word of context a valid checksum gives a low score (one number in ten or eleven has
/// one by chance); with context even a failing checksum is a finding.
extension Scan {
    /// One kind of number: how many digits, what validates it, which cue names it.
    struct NumberKind {
        let type: EntityType
        let lengths: ClosedRange<Int>
        let cue: Cue
        let score: Float
        let isValid: @Sendable (ArraySlice<UInt8>) -> Bool
    }

    mutating func identifier(_ p: Int, _ context: Cue) -> Bool {
        guard opens(p), at(p - 1) != 0x2B, at(p - 1) != 0x24 else { return false }
        if usTaxOrSecurity(p, context) { return true }
        guard let (groups, total) = identifierGroups() else { return false }
        let end = run.groups[groups - 1].end
        guard closes(end) else { return false }
        let digits = run.digits.prefix(total)
        let isPhone = context.contains(.phone)
        var best: (kind: NumberKind, score: Float, validation: Validation)?
        for kind in Scan.numberKinds where kind.lengths.contains(total) {
            let valid = kind.isValid(digits)
            let tight = !context.isDisjoint(with: kind.cue)
            let isNear = tight || !isPhone && near(kind.cue, p, end, before: 40, after: 20)
            let score: Float
            switch (valid, tight, isNear) {
            case (true, _, true): score = 0.95
            case (true, _, false): score = isPhone ? 0.2 : kind.score
            case (false, true, _): score = 0.6
            default: continue
            }
            if score > best?.score ?? 0.3 {
                best = (kind, score, valid ? .checksumValid : .checksumInvalid)
            }
        }
        guard let best else { return false }
        // A number that could as well be called is left to the phone recogniser.
        if best.score < 0.5, groups > 1 || Scan.isNANP(digits) { return false }
        claim(best.kind.type, p, end, best.score, best.validation)
        return true
    }

    /// The groups that may form one identifier: joined by one kind of separator.
    private func identifierGroups() -> (groups: Int, total: Int)? {
        guard !run.isOverlong else { return nil }
        let dots = run.separators.allSatisfy {
            $0 == 0x2E || $0 == 0x2D || $0 == 0x20 || $0 == 0x2F
        }
        guard run.groups.count <= 7, dots, (8...15).contains(run.digits.count) else {
            if let first = run.groups.first, (8...15).contains(first.count) {
                return (1, first.count)
            }
            return nil
        }
        return (run.groups.count, run.digits.count)
    }

    static let numberKinds: [NumberKind] = [
        // ABA routing transit number: weights 3-7-1, and the ranges of Federal Reserve districts.
        NumberKind(type: .routingNumber, lengths: 9...9, cue: .routing, score: 0.4) { d in
            let prefix = Int(d[0]) * 10 + Int(d[1])
            guard
                (0...12).contains(prefix) || (21...32).contains(prefix)
                    || (61...72).contains(prefix) || prefix == 80
            else { return false }
            return Checksums.weighted(d, [3, 7, 1, 3, 7, 1, 3, 7, 1], mod: 10) == 0
        },
        // Dutch BSN, the "eleven test".
        NumberKind(type: .nationalID, lengths: 9...9, cue: .nationalID, score: 0.35) { d in
            let sum = zip(d, [9, 8, 7, 6, 5, 4, 3, 2, -1]).reduce(0) { $0 + Int($1.0) * $1.1 }
            return sum % 11 == 0 && sum != 0
        },
        // NHS number: weights 10…2, check digit 11 − remainder, 10 never issued.
        NumberKind(type: .nhs, lengths: 10...10, cue: .nhs, score: 0.45) { d in
            let check = 11 - Checksums.weighted(d, [10, 9, 8, 7, 6, 5, 4, 3, 2], mod: 11)
            return check != 10 && (check == 11 ? 0 : check) == Int(d[9])
        },
        // NPI: Luhn with the prefix 80840 (45 CFR 162.406), first digit 1 or 2.
        NumberKind(type: .npi, lengths: 10...10, cue: .npi, score: 0.45) { d in
            (d[0] == 1 || d[0] == 2) && Checksums.luhn(d, prefixSum: 24)
        },
        // Swedish personnummer: YYMMDD-NNNC, Luhn; with century 12 digits.
        NumberKind(type: .nationalID, lengths: 10...10, cue: .nationalID, score: 0.45) { d in
            Scan.isMonthDay(Int(d[2]) * 10 + Int(d[3]), Int(d[4]) * 10 + Int(d[5]))
                && Checksums.luhn(d)
        },
        NumberKind(type: .nationalID, lengths: 12...12, cue: .nationalID, score: 0.5) { d in
            let century = Int(d[0]) * 10 + Int(d[1])
            return (18...21).contains(century)
                && Scan.isMonthDay(Int(d[4]) * 10 + Int(d[5]), Int(d[6]) * 10 + Int(d[7]))
                && Checksums.luhn(d.dropFirst(2))
        },
        // German tax identification number (§ 139b AO): MOD 11,10; one digit of the first ten
        // occurs twice or thrice.
        NumberKind(type: .taxReference, lengths: 11...11, cue: [.tax, .nationalID], score: 0.5) {
            d in
            guard d[0] != 0 else { return false }
            var seen = [Int](repeating: 0, count: 10)
            for digit in d.prefix(10) { seen[Int(digit)] += 1 }
            let repeated = seen.count { $0 > 1 }
            return repeated == 1 && (seen.max() ?? 0) <= 3 && Checksums.mod11_10(d)
        },
        // Polish PESEL: weights 1-3-7-9, month carries the century.
        NumberKind(type: .nationalID, lengths: 11...11, cue: .nationalID, score: 0.5) { d in
            let month = (Int(d[2]) * 10 + Int(d[3])) % 20
            guard Scan.isMonthDay(month, Int(d[4]) * 10 + Int(d[5])) else { return false }
            let sum = Checksums.weighted(d, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3], mod: 10)
            return (10 - sum) % 10 == Int(d[10])
        },
        // Belgian national register number: 97 − (first nine mod 97), a 2 before them since 2000.
        NumberKind(type: .nationalID, lengths: 11...11, cue: .nationalID, score: 0.5) { d in
            let check = Int(d[9]) * 10 + Int(d[10])
            let old = 97 - Checksums.mod97(d.prefix(9))
            let new = 97 - Checksums.mod97([2] + d.prefix(9))
            return (check == old || check == new) && d[2] <= 5
        },
        // French NIR: sex, year, month, place, order; key 97 − (number mod 97).
        NumberKind(type: .nationalID, lengths: 15...15, cue: .nationalID, score: 0.6) { d in
            (1...8).contains(d[0])
                && 97 - Checksums.mod97(d.prefix(13)) == Int(d[13]) * 10 + Int(d[14])
        },
        // IMEI (3GPP TS 23.003): Luhn over 15 digits.
        NumberKind(type: .imei, lengths: 15...15, cue: .device, score: 0.5) { Checksums.luhn($0) },
    ]

    @inline(__always)
    static func isMonthDay(_ month: Int, _ day: Int) -> Bool {
        (1...12).contains(month) && (1...31).contains(day % 60)
            || (61...91).contains(day)
                && (1...12).contains(month)
    }
}
