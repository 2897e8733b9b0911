/// Licence plates by their form, and beside a word for a vehicle.
extension Scan {
    /// "AB-123-CD" (France since 2009, Italy "AB 123 CD"), and "ABC 1234", "KD-AB 123", "AB12 CDE"
    /// where a word says that there is a vehicle. The trigger is the first part with a digit.
    mutating func plate(_ p: Int, _ end: Int) -> Bool {
        guard opens(p) || at(p - 1) == 0x2D, end - p <= 7 else { return false }
        let digitsOnly = bytes[p..<end].allSatisfy(\.isDigit)
        let mark = at(p - 1)
        if digitsOnly, mark == 0x2D || mark == 0x20 {
            let letters = skipBack(p - 1, limit: 4) { $0.isUpper }
            let count = p - 1 - letters
            guard count >= 1, count <= 3, opens(letters) || at(letters - 1) == 0x2D else {
                return false
            }
            // France: two letters, three digits, two letters.
            if count == 2, end - p == 3, at(end) == mark, at(end + 1).isUpper, at(end + 2).isUpper,
                closes(end + 3), opens(letters),
                mark == 0x2D || near([.vehicle, .plate], letters, end + 3)
            {
                claim(.licensePlate, letters, end + 3, mark == 0x2D ? 0.6 : 0.8)
                return true
            }
            guard end - p <= 4, closes(end) else { return false }
            var start = letters
            if at(start - 1) == 0x2D, !opens(start) || at(start - 2).isUpper {
                let town = skipBack(start - 1, limit: 3) { $0.isUpper }
                if town < start - 1, opens(town) { start = town }
            }
            guard start >= consumed, near([.vehicle, .plate], start, end, before: 40, after: 16)
            else { return false }
            claim(.licensePlate, start, end, 0.8, .context)
            return true
        }
        // "AB12 CDE", "1234 ABC"
        guard at(end) == 0x20 || at(end) == 0x2D, opens(p) else { return false }
        let tail = skip(end + 1, limit: 4) { $0.isUpper }
        guard tail - end - 1 == 3 || tail - end - 1 == 2, closes(tail), end - p == 4,
            digitsOnly || at(p).isUpper && at(p + 1).isUpper && at(p + 2).isDigit,
            near([.vehicle, .plate], p, tail, before: 40, after: 16)
        else { return false }
        claim(.licensePlate, p, tail, 0.8, .context)
        return true
    }
}
