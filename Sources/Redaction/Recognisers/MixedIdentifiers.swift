/// Identifiers of letters and digits with a fixed layout and a check character.
extension Scan {
    mutating func mixedIdentifier(_ p: Int, _ end: Int) -> Bool {
        guard opens(p) else { return false }
        let length = end - p
        switch length {
        case 9 where nino(p, compactEnd: end): return true
        case 9 where dea(p, end): return true
        case 8...9 where spanish(p, end) || irish(p, end): return true
        case 11 where mbi(compact: p, end): return true
        case 15 where french(p, end): return true
        case 16 where italian(p, end): return true
        case 17 where vin(p, end): return true
        case 4 where mbi(dashed: p): return true
        case 1...2 where nino(spaced: p): return true
        default: break
        }
        if length <= 2 || length == 8 { return spanish(dashed: p) }
        return false
    }

    /// "AB 12 34 56 C": the trigger is the first pair of digits.
    mutating func nino(spaced p: Int) -> Bool {
        guard at(p - 1) == 0x20, at(p - 2).isLetter, at(p - 3).isLetter, opens(p - 3) else {
            return false
        }
        return nino(p - 3, compactEnd: nil)
    }

    /// UK National Insurance: two letters, six digits, A–D (HMRC NIM39110).
    private mutating func nino(_ p: Int, compactEnd: Int?) -> Bool {
        let first = at(p).uppered, second = at(p + 1).uppered
        guard first.isUpper, second.isUpper else { return false }
        var i = p + 2
        var digits = 0
        while digits < 6 {
            if at(i) == 0x20, compactEnd == nil { i += 1 }
            guard at(i).isDigit else { return false }
            digits += 1
            i += 1
        }
        if at(i) == 0x20, compactEnd == nil { i += 1 }
        let suffix = at(i).uppered
        guard (0x41...0x44).contains(suffix), closes(i + 1) else { return false }
        let bad: [UInt8] = [0x44, 0x46, 0x49, 0x51, 0x55, 0x56]
        let valid =
            !bad.contains(first) && !bad.contains(second) && second != 0x4F
            && !["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"].contains(
                String(decoding: [first, second], as: UTF8.self))
        let named = near(.nino, p, i + 1)
        guard valid || named else { return false }
        claim(.nino, p, i + 1, named ? 0.95 : 0.7, valid ? .none : .checksumInvalid)
        return true
    }

    /// DEA registration: two letters, seven digits; d1+d3+d5 + 2(d2+d4+d6) ends in d7.
    private mutating func dea(_ p: Int, _ end: Int) -> Bool {
        guard at(p).isLetter, at(p + 1).isLetter || at(p + 1) == 0x39 else { return false }
        guard bytes[(p + 2)..<end].allSatisfy(\.isDigit) else { return false }
        let d = (2..<9).map { bytes[p + $0].digitValue }
        let valid = (d[0] + d[2] + d[4] + 2 * (d[1] + d[3] + d[5])) % 10 == d[6]
        let named = near(.dea, p, end)
        guard valid || named else { return false }
        claim(.dea, p, end, named ? 0.95 : 0.5, valid ? .checksumValid : .checksumInvalid)
        return true
    }

    /// Spanish DNI (8 digits, letter) and NIE (X, Y, Z, 7 digits, letter): number mod 23.
    private mutating func spanish(_ p: Int, _ end: Int) -> Bool {
        guard end - p == 9 else { return false }
        var value = 0
        for k in 0..<8 {
            let byte = bytes[p + k]
            if k == 0, (0x58...0x5A).contains(byte.uppered) {
                value = Int(byte.uppered) - 0x58
            } else {
                guard byte.isDigit else { return false }
                value = value * 10 + byte.digitValue
            }
        }
        return spanish(p, end, value, letter: bytes[end - 1])
    }

    /// "12345678-Z", "X-1234567-L".
    private mutating func spanish(dashed p: Int) -> Bool {
        var i = p
        var value = 0
        var digits = 0
        if (0x58...0x5A).contains(at(i).uppered), at(i + 1) == 0x2D {
            value = Int(at(i).uppered) - 0x58
            i += 2
            digits = 1
        }
        while at(i).isDigit, digits < 9 {
            value = value * 10 + at(i).digitValue
            digits += 1
            i += 1
        }
        guard digits == 8, at(i) == 0x2D, at(i + 1).isLetter, closes(i + 2) else { return false }
        return spanish(p, i + 2, value, letter: at(i + 1))
    }

    private mutating func spanish(_ p: Int, _ end: Int, _ value: Int, letter: UInt8) -> Bool {
        guard letter.isLetter else { return false }
        let table = Array("TRWAGMYFPDXBNJZSQVHLCKE".utf8)
        let valid = table[value % 23] == letter.uppered
        let named = near(.nationalID, p, end)
        guard valid || named else { return false }
        claim(.nationalID, p, end, named ? 0.95 : 0.8, valid ? .checksumValid : .checksumInvalid)
        return true
    }

    /// Irish PPS number: seven digits, weights 8…2, check letter (mod 23), optional second letter.
    private mutating func irish(_ p: Int, _ end: Int) -> Bool {
        guard bytes[p..<(p + 7)].allSatisfy(\.isDigit), bytes[(p + 7)..<end].allSatisfy(\.isLetter)
        else { return false }
        var sum = 0
        for k in 0..<7 { sum += bytes[p + k].digitValue * (8 - k) }
        if end - p == 9, bytes[p + 8].uppered != 0x57 {
            sum += (Int(bytes[p + 8].uppered) - 64) * 9
        }
        let expected = sum % 23 == 0 ? 0x57 : UInt8(64 + sum % 23)
        let valid = bytes[p + 7].uppered == expected
        let named = near(.nationalID, p, end)
        guard valid || named else { return false }
        claim(.nationalID, p, end, named ? 0.95 : 0.6, valid ? .checksumValid : .checksumInvalid)
        return true
    }

    /// French NIR of Corsica: 2A or 2B stand for 19 and 18 in the key.
    private mutating func french(_ p: Int, _ end: Int) -> Bool {
        guard bytes[p + 5] == 0x32, bytes[p + 6].uppered == 0x41 || bytes[p + 6].uppered == 0x42
        else { return false }
        var digits: [UInt8] = []
        for k in 0..<15 {
            if k == 5 {
                digits.append(1)
            } else if k == 6 {
                digits.append(bytes[p + 6].uppered == 0x41 ? 9 : 8)
            } else {
                guard bytes[p + k].isDigit else { return false }
                digits.append(bytes[p + k] - 48)
            }
        }
        let valid =
            97 - Checksums.mod97(digits.prefix(13)) == Int(digits[13]) * 10 + Int(digits[14])
        guard valid || near(.nationalID, p, end) else { return false }
        claim(.nationalID, p, end, 0.9, valid ? .checksumValid : .checksumInvalid)
        return true
    }

    /// Italian codice fiscale (D.M. 23 dicembre 1976): 16 characters, odd and even tables mod 26.
    private mutating func italian(_ p: Int, _ end: Int) -> Bool {
        let c = bytes[p..<end].map(\.uppered)
        let letters = [0, 1, 2, 3, 4, 5, 8, 11, 15]
        guard letters.allSatisfy({ c[$0].isUpper }) else { return false }
        let odd = [
            1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25,
            24, 23,
        ]
        var sum = 0
        for k in 0..<15 {
            let value = c[k].isDigit ? c[k].digitValue : Int(c[k]) - 65
            sum += k % 2 == 0 ? odd[value] : value
        }
        let valid = UInt8(65 + sum % 26) == c[15]
        guard valid || near([.nationalID, .tax], p, end) || c[6].isDigit && c[7].isDigit else {
            return false
        }
        claim(.nationalID, p, end, valid ? 0.95 : 0.6, valid ? .checksumValid : .checksumInvalid)
        return true
    }

    /// VIN (ISO 3779, check digit of 49 CFR 565.15): 17 characters without I, O, Q.
    private mutating func vin(_ p: Int, _ end: Int) -> Bool {
        let c = bytes[p..<end].map(\.uppered)
        guard c.allSatisfy({ $0 != 0x49 && $0 != 0x4F && $0 != 0x51 }),
            c.contains(where: \.isUpper), c.count(where: \.isDigit) >= 4
        else { return false }
        let values = [1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4, 5, 0, 7, 0, 9, 2, 3, 4, 5, 6, 7, 8, 9]
        let weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
        var sum = 0
        for k in 0..<17 {
            sum += (c[k].isDigit ? c[k].digitValue : values[Int(c[k]) - 65]) * weights[k]
        }
        let check = sum % 11
        let valid = c[8] == (check == 10 ? 0x58 : UInt8(48 + check))
        let named = near(.vehicle, p, end)
        guard valid || named || bytes[p..<end].allSatisfy({ !$0.isLower }) else { return false }
        claim(
            .vin, p, end, valid ? 0.95 : named ? 0.8 : 0.4,
            valid ? .checksumValid : .checksumInvalid)
        return true
    }

    /// Medicare Beneficiary Identifier (CMS): C A AN N A AN N A A N N.
    private mutating func mbi(compact p: Int, _ end: Int) -> Bool {
        guard Scan.isMBI(bytes[p..<end].map(\.uppered)) else { return false }
        let named = near(.medicare, p, end)
        claim(.mbi, p, end, named ? 0.95 : 0.6, named ? .context : .none)
        return true
    }

    private mutating func mbi(dashed p: Int) -> Bool {
        guard at(p + 4) == 0x2D, at(p + 8) == 0x2D, p + 13 <= count, closes(p + 13) else {
            return false
        }
        let joined = (bytes[p..<(p + 4)] + bytes[(p + 5)..<(p + 8)] + bytes[(p + 9)..<(p + 13)])
        guard Scan.isMBI(joined.map(\.uppered)) else { return false }
        claim(.mbi, p, p + 13, 0.85)
        return true
    }

    private static func isMBI(_ c: [UInt8]) -> Bool {
        guard c.count == 11, (0x31...0x39).contains(c[0]) else { return false }
        // S, L, O, I, B and Z are not used.
        func letter(_ b: UInt8) -> Bool { b.isUpper && !Array("SLOIBZ".utf8).contains(b) }
        func either(_ b: UInt8) -> Bool { letter(b) || b.isDigit }
        return letter(c[1]) && either(c[2]) && c[3].isDigit && letter(c[4]) && either(c[5])
            && c[6].isDigit && letter(c[7]) && letter(c[8]) && c[9].isDigit && c[10].isDigit
    }
}
