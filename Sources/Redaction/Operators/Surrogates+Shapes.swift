/// Surrogates of each shape, from ranges that standards keep free for examples where there are any.
extension Surrogates.Stream {
    mutating func given() -> [UInt8] { pick(SurrogateWords.given) }

    mutating func surname() -> [UInt8] {
        pick(SurrogateWords.surnameHeads) + pick(SurrogateWords.surnameTails)
    }

    mutating func organization() -> [UInt8] {
        surname() + [0x20] + pick(SurrogateWords.companyTails)
    }

    mutating func town() -> [UInt8] {
        pick(SurrogateWords.surnameHeads) + pick(SurrogateWords.townTails)
    }

    mutating func street() -> [UInt8] {
        Array("\(below(980) + 11) ".utf8) + surname() + [0x20] + pick(SurrogateWords.streetTails)
    }

    /// RFC 2606 keeps example.com, .org and .net free.
    mutating func email() -> [UInt8] {
        let name = given().map(\.lowered) + [0x2E] + surname().map(\.lowered)
        return name + Array("\(below(90) + 10)@".utf8)
            + pick(["example.com", "example.org", "example.net"])
    }

    mutating func handle(like value: ArraySlice<UInt8>) -> [UInt8] {
        let name = given().map(\.lowered) + [0x5F] + letters(4)
        return value.first == 0x40 ? [0x40] + name : name
    }

    mutating func letters(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in 97 + UInt8(below(26)) }
    }

    mutating func hex(_ count: Int) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return (0..<count).map { _ in digits[below(16)] }
    }

    /// The same layout with other digits. North American numbers get 555-01xx, which the numbering
    /// plan keeps for fiction; others keep `+` and the country code only.
    mutating func phone(like value: ArraySlice<UInt8>) -> [UInt8] {
        let digits = value.filter(\.isDigit)
        let start = digits.count == 11 && digits[0] == 0x31 ? 1 : 0
        var fresh: [UInt8]
        if digits.count - start == 10, digits[start] >= 0x32 {
            fresh = Array(digits[..<start])
            fresh += Array("\(below(7) + 2)0\(below(8) + 2)55501".utf8) + [digit(), digit()]
        } else if digits.count == 7 {
            fresh = Array("55501".utf8) + [digit(), digit()]
        } else {
            let kept =
                value.first == 0x2B || value.first == 0x28 && value.dropFirst().first == 0x2B
                ? 2 : 1
            fresh = Array(digits.prefix(kept))
            while fresh.count < digits.count { fresh.append(digit()) }
        }
        return fill(value, fresh)
    }

    /// Luhn-valid under 9999 99, a prefix that ISO/IEC 7812 leaves to national bodies and that no
    /// card scheme issues.
    mutating func card(like value: ArraySlice<UInt8>) -> [UInt8] {
        let count = value.count(where: \.isDigit)
        guard count >= 8 else { return shape(of: value) }
        var digits: [UInt8] = [9, 9, 9, 9, 9, 9]
        while digits.count < count - 1 { digits.append(UInt8(below(10))) }
        for check in 0..<10 where Checksums.luhn(digits + [UInt8(check)]) {
            digits.append(UInt8(check))
            break
        }
        return fill(value, digits.map { $0 + 48 })
    }

    /// Area 666 has never been given out.
    mutating func securityNumber(like value: ArraySlice<UInt8>) -> [UInt8] {
        var digits = Array("666".utf8)
        while digits.count < value.count(where: \.isDigit) { digits.append(digit()) }
        return fill(value, digits)
    }

    /// The country stays, the bank's part begins with zeros, the check digits are right.
    mutating func iban(like value: ArraySlice<UInt8>) -> [UInt8] {
        let compact = value.filter(\.isAlnum).map(\.uppered)
        guard compact.count > 8 else { return shape(of: value) }
        let national = compact[4...].enumerated().map { k, byte in
            byte.isDigit ? (k < 4 ? 48 : digit()) : 65 + UInt8(below(26))
        }
        for check in 2...98 {
            let pair: [UInt8] = [UInt8(48 + check / 10), UInt8(48 + check % 10)]
            let whole = Array(compact[..<2]) + pair + national
            if Checksums.iban(whole) { return fill(value, whole) }
        }
        return shape(of: value)
    }

    /// RFC 5737 and RFC 3849 keep these networks for documentation.
    mutating func address(like value: ArraySlice<UInt8>) -> [UInt8] {
        if value.contains(0x3A), !value.contains(0x2E) {
            return Array("2001:db8::".utf8) + hex(4).map(\.lowered)
        }
        return pick(["192.0.2.", "198.51.100.", "203.0.113."]) + Array("\(below(254) + 1)".utf8)
    }

    /// Digits for digits, letters for letters of the same case, the rest as it stands.
    mutating func shape(of value: ArraySlice<UInt8>) -> [UInt8] {
        value.map { byte in
            if byte.isDigit { return digit() }
            if byte.isUpper { return 65 + UInt8(below(26)) }
            return byte.isLower ? 97 + UInt8(below(26)) : byte
        }
    }

    /// `fresh` in the places of the letters and digits of `value`.
    private func fill(_ value: ArraySlice<UInt8>, _ fresh: [UInt8]) -> [UInt8] {
        let onlyDigits = fresh.allSatisfy(\.isDigit)
        var k = 0
        return value.map { byte in
            guard onlyDigits ? byte.isDigit : byte.isAlnum, k < fresh.count else { return byte }
            k += 1
            return fresh[k - 1]
        }
    }
}
