/// The operator `mask`.
enum Masking {
    /// One `*` for each letter or digit (one for each code point outside ASCII); spaces and
    /// punctuation stay; the last `keepLast` letters and digits stay too.
    static func mask(_ value: ArraySlice<UInt8>, keepLast: Int) -> [UInt8] {
        // Never more than half of the value stays.
        let total = value.count { $0.isAlnum || $0 >= 0xC0 }
        var left = total - min(keepLast, total / 2)
        var result: [UInt8] = []
        var stays = false
        for byte in value {
            if byte & 0xC0 == 0x80 {
                if stays { result.append(byte) }
            } else if byte.isAlnum || byte >= 0xC0 {
                stays = left <= 0
                left -= 1
                result.append(stays ? byte : 0x2A)
            } else {
                stays = false
                result.append(byte)
            }
        }
        return result
    }
}
