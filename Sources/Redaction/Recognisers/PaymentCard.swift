/// Payment cards (ISO/IEC 7812): 12–19 digits, Luhn, issuer ranges; and IMEI, which shares Luhn.
extension Scan {
    mutating func paymentCard(_ p: Int) -> Bool {
        guard at(p - 1) != 0x2B, !run.isOverlong, let length = cardGroups(), opens(p) else {
            return false
        }
        let digits = run.digits.prefix(length.digits)
        let end = run.groups[length.groups - 1].end
        guard closes(end) else { return false }
        let valid = Checksums.luhn(digits)
        let issued = Scan.isIssuerRange(Array(digits))
        let grouped = length.groups > 1
        let context = cueBefore(p).cues
        let named = !context.isDisjoint(with: [.card])
        let isNear = named || near(.card, p, end)
        if valid, length.digits == 15 || length.digits == 14, !issued || context.contains(.device),
            near(.device, p, end)
        {
            claim(.imei, p, end, 0.9, .checksumValid)
            return true
        }
        switch (valid, issued) {
        case (true, true): claim(.creditCard, p, end, isNear ? 0.99 : 0.95, .checksumValid)
        case (true, false) where isNear: claim(.creditCard, p, end, 0.85, .checksumValid)
        case (true, false) where length.digits == 15 && !grouped:
            claim(.imei, p, end, 0.5, .checksumValid)
        case (true, false) where grouped && length.groups == 4 || length.digits == 16:
            claim(.creditCard, p, end, 0.5, .checksumValid)
        case (false, _) where isNear: claim(.creditCard, p, end, 0.7, .checksumInvalid)
        case (false, true) where grouped: claim(.creditCard, p, end, 0.6, .checksumInvalid)
        case (false, true) where length.digits == 16:
            claim(.creditCard, p, end, 0.45, .checksumInvalid)
        default: return false
        }
        return true
    }

    /// How many groups and digits of the run make a card: one block of 12–19, or the printed
    /// groupings 4-4-4-4(-3), 4-6-5, 4-6-4, 4-4-5.
    private func cardGroups() -> (groups: Int, digits: Int)? {
        let mark = run.separators.first ?? 0
        let plain: (UInt8) -> Bool = { $0 == mark && ($0 == 0x20 || $0 == 0x2D || $0 == 0x2E) }
        if let first = run.groups.first, (12...19).contains(first.count) { return (1, first.count) }
        for shape in Scan.cardShapes where run.hasShape(shape, separators: plain) {
            return (shape.count, shape.reduce(0, +))
        }
        return nil
    }

    private static let cardShapes = [
        [4, 4, 4, 4, 3], [4, 4, 4, 4], [4, 6, 5], [4, 6, 4], [4, 4, 4], [6, 13], [8, 8],
    ]

    /// The issuer ranges in use: Visa, Mastercard, American Express, Discover, Diners, JCB,
    /// UnionPay, Maestro, Mir, RuPay.
    static func isIssuerRange(_ d: [UInt8]) -> Bool {
        guard d.count >= 12 else { return false }
        let two = Int(d[0]) * 10 + Int(d[1])
        let three = two * 10 + Int(d[2])
        let four = three * 10 + Int(d[3])
        switch d.count {
        case 13: return d[0] == 4 || isMaestro(two, four)
        case 14: return two == 36 || two == 38 || two == 39 || (300...305).contains(three)
        case 15:
            return two == 34 || two == 37 || four == 2131 || four == 1800 || isMaestro(two, four)
        case 16:
            return d[0] == 4 || (51...55).contains(two) || (2221...2720).contains(four)
                || four == 6011 || two == 65 || (644...649).contains(three)
                || (3528...3589).contains(four) || two == 62 || two == 60 || two == 36 || two == 30
                || two == 38 || two == 39 || (2200...2204).contains(four) || two == 81
                || isMaestro(two, four)
        case 19: return d[0] == 4 || two == 62 || isMaestro(two, four)
        default: return isMaestro(two, four) || two == 62
        }
    }

    private static func isMaestro(_ two: Int, _ four: Int) -> Bool {
        two == 50 || (56...58).contains(two) || two == 67 || two == 63 || four == 6304
    }
}
