/// Crypto-currency addresses: Bitcoin (base58check shape, Bech32), Ethereum, Litecoin, Ripple,
/// Monero, Tron.
extension Scan {
    mutating func crypto(_ p: Int, _ end: Int) -> Bool {
        let length = end - p
        guard length >= 25, length <= 110, opens(p) else { return false }
        let first = bytes[p]
        if length == 42, first == 0x30, bytes[p + 1].lowered == 0x78 {
            guard bytes[(p + 2)..<end].allSatisfy(\.isHex) else { return false }
            claim(.crypto, p, end, 0.95)
            return true
        }
        if matches("bc1", at: p) || matches("ltc1", at: p) || matches("tb1", at: p) {
            claim(.crypto, p, end, 0.9)
            return true
        }
        let isBase58 = bytes[p..<end].allSatisfy {
            $0.isAlnum && $0 != 0x30 && $0 != 0x4F && $0 != 0x49 && $0 != 0x6C
        }
        let mixed =
            bytes[p..<end].contains(where: \.isLower) && bytes[p..<end].contains(where: \.isUpper)
            && bytes[p..<end].contains(where: \.isDigit)
        guard isBase58, mixed else { return false }
        let likely =
            switch first {
            case 0x31, 0x33: (25...35).contains(length)  // 1…, 3…: Bitcoin
            case 0x4C, 0x4D, 0x54, 0x44: (33...34).contains(length)  // L, M, T, D
            case 0x72: (25...35).contains(length)  // r: Ripple
            case 0x34, 0x38: (95...106).contains(length)  // 4, 8: Monero
            default: false
            }
        guard likely else { return false }
        claim(.crypto, p, end, near(.crypto, p, end) ? 0.95 : 0.75)
        return true
    }
}
