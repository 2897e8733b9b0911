/// IBAN (ISO 13616) and BIC (ISO 9362).
extension Scan {
    /// Lengths by country of the SWIFT IBAN registry.
    private static let ibanLengths: [[UInt8]: Int] = {
        let list = """
            AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 \
            DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 \
            HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 \
            MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 \
            RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 \
            VG24 XK20 YE30
            """
        var table: [[UInt8]: Int] = [:]
        for item in list.split(separator: " ") {
            table[Array(item.utf8.prefix(2))] = Int(item.dropFirst(2)) ?? 0
        }
        return table
    }()

    /// Two letters, two check digits, the national part, in one block or in groups of four.
    mutating func iban(_ p: Int, _ end: Int) -> Bool {
        guard at(p).isLetter, at(p + 1).isLetter, at(p + 2).isDigit, at(p + 3).isDigit, opens(p)
        else { return false }
        guard let length = Scan.ibanLengths[[at(p).uppered, at(p + 1).uppered]] else {
            return false
        }
        var characters: [UInt8] = []
        characters.reserveCapacity(length)
        var i = p
        while i < count, characters.count < length {
            let byte = bytes[i]
            if byte.isAlnum {
                characters.append(byte)
                i += 1
            } else if byte == 0x20 || byte == 0x2D, at(i + 1).isAlnum {
                i += 1
            } else if byte == 0xC2, at(i + 1) == 0xA0, at(i + 2).isAlnum {
                i += 2
            } else {
                break
            }
        }
        let named = near(.bank, p, end)
        if characters.count == length, closes(i), Checksums.iban(characters) {
            claim(.iban, p, i, 0.98, .checksumValid)
            return true
        }
        // A slip in the digits: the shape of one block, or a word of context.
        let block = end - p
        let looksRight =
            characters.count == length && closes(i) && characters.count(where: \.isDigit) > 8
        guard looksRight || named && block >= 12 else { return false }
        claim(.iban, p, looksRight ? i : end, named ? 0.75 : 0.5, .checksumInvalid)
        return true
    }

    /// Four letters, a country, two characters, optionally three more: in context only.
    mutating func bic(_ p: Int, _ end: Int) -> Bool {
        let length = end - p
        guard length == 8 || length == 11, opens(p) else { return false }
        guard bytes[p..<(p + 6)].allSatisfy(\.isUpper), !bytes[p..<end].contains(where: \.isLower),
            Scan.bicCountries.contains(Array(bytes[(p + 4)..<(p + 6)]))
        else { return false }
        let named = near([.bic], p, end)
        guard named || near(.bank, p, end) && bytes[p..<end].contains(where: \.isDigit) else {
            return false
        }
        claim(.bic, p, end, named ? 0.9 : 0.6, .context)
        return true
    }

    private static let bicCountries: Set<[UInt8]> = Set(
        Array(ibanLengths.keys)
            + "US CA AU NZ JP CN IN SG HK KR ZA MX ID TH MY PH VN NG KE TW".split(separator: " ")
            .map {
                Array($0.utf8)
            })
}
