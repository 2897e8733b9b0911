/// Check digits of published identifiers, over digit values 0–9 (or characters where said).
enum Checksums {
    /// Luhn's formula (ISO/IEC 7812-1 annex B): the last digit is the check digit.
    static func luhn(_ digits: some BidirectionalCollection<UInt8>, prefixSum: Int = 0) -> Bool {
        var sum = prefixSum
        var double = false
        for digit in digits.reversed() {
            var value = Int(digit)
            if double {
                value *= 2
                if value > 9 { value -= 9 }
            }
            sum += value
            double.toggle()
        }
        return sum % 10 == 0
    }

    /// Σ weight × digit mod `modulus`.
    @inline(__always)
    static func weighted(
        _ digits: some Collection<UInt8>, _ weights: [Int], mod modulus: Int
    ) -> Int {
        var sum = 0
        for (digit, weight) in zip(digits, weights) { sum += Int(digit) * weight }
        return sum % modulus
    }

    /// The remainder by 97 of a number of any length (ISO/IEC 7064 MOD 97-10).
    static func mod97(_ digits: some Collection<UInt8>) -> Int {
        digits.reduce(0) { ($0 * 10 + Int($1)) % 97 }
    }

    /// ISO 13616: the IBAN's first four characters moved to the end, letters as 10…35, mod 97 = 1.
    static func iban(_ characters: [UInt8]) -> Bool {
        guard characters.count > 4 else { return false }
        var remainder = 0
        for byte in characters[4...] + characters[..<4] {
            if byte.isDigit {
                remainder = (remainder * 10 + byte.digitValue) % 97
            } else {
                remainder = (remainder * 100 + Int(byte.uppered) - 55) % 97
            }
        }
        return remainder == 1
    }

    /// ISO/IEC 7064 MOD 11,10 (German tax identification number).
    static func mod11_10(_ digits: some Collection<UInt8>) -> Bool {
        guard let last = digits.map(Int.init).last else { return false }
        var product = 10
        for digit in digits.dropLast() {
            var sum = (Int(digit) + product) % 10
            if sum == 0 { sum = 10 }
            product = sum * 2 % 11
        }
        let check = 11 - product
        return (check == 10 ? 0 : check) == last
    }
}
