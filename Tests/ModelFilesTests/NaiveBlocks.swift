import Foundation

/// GGUF's blocks decoded one number at a time, straight from the description of each format: the
/// oracle of CBlocks. Every operation rounds once to a float, as there.
enum NaiveBlocks {
    /// The half with these bits, by the definition of IEEE 754 binary16.
    static func half(_ bits: UInt16) -> Float {
        let sign: Double = bits >> 15 == 0 ? 1 : -1
        let (exponent, fraction) = (Int(bits >> 10) & 31, Double(bits & 1023))
        switch exponent {
        case 31: return Float(fraction == 0 ? sign * .infinity : .nan)
        case 0: return Float(sign * fraction / 1024 * pow(2, -14))
        default: return Float(sign * (1 + fraction / 1024) * pow(2, Double(exponent - 15)))
        }
    }

    /// The half nearest to `x`, by search among all of them; ties to the even one.
    static func nearestHalf(_ x: Float) -> UInt16 {
        let sign: UInt16 = x.sign == .minus ? 0x8000 : 0
        let size = x.magnitude
        // Halves of one sign grow with their bits; 0x7C00 stands for the number after the largest.
        func value(_ bits: UInt16) -> Double { bits == 0x7C00 ? 65536 : Double(half(bits)) }
        guard Double(size) < 65536 else { return sign | 0x7C00 }
        var (low, high): (UInt16, UInt16) = (0, 0x7C00)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if value(middle) <= Double(size) { low = middle } else { high = middle }
        }
        let (down, up) = (Double(size) - value(low), value(high) - Double(size))
        if down < up || (down == up && low % 2 == 0) { return sign | low }
        return sign | high
    }

    /// Number `index` of a block.
    static func number(_ format: Int, _ block: ArraySlice<UInt8>, _ index: Int) -> Float {
        let b = Array(block)
        func half(at offset: Int) -> Float {
            Self.half(UInt16(b[offset]) | UInt16(b[offset + 1]) << 8)
        }
        func signed(_ offset: Int) -> Float { Float(Int8(bitPattern: b[offset])) }
        /// Sixteen bytes hold 32 numbers: the first sixteen in their low halves.
        func nibble(_ start: Int) -> Int { Int(b[start + index % 16] >> (index < 16 ? 0 : 4)) & 15 }
        func fifthBit(_ start: Int) -> Int { Int(b[start + index / 8] >> (index % 8)) & 1 }
        switch format {
        case 2: return half(at: 0) * Float(nibble(2) - 8)
        case 3: return half(at: 0) * Float(nibble(4)) + half(at: 2)
        case 6: return half(at: 0) * Float(nibble(6) + 16 * fifthBit(2) - 16)
        case 7: return half(at: 0) * Float(nibble(8) + 16 * fifthBit(4)) + half(at: 2)
        case 8: return half(at: 0) * signed(2 + index)
        case 12, 13:
            let part = index / 32
            let (scale, minimum) = scales(Array(b[4..<16]), part)
            let start = (format == 12 ? 16 : 48) + index / 64 * 32 + index % 32
            var q = Int(b[start] >> (part % 2 == 0 ? 0 : 4)) & 15
            if format == 13 { q += 16 * (Int(b[16 + index % 32] >> part) & 1) }
            return half(at: 0) * Float(scale) * Float(q) - half(at: 2) * Float(minimum)
        case 14:
            let (side, within) = (index / 128, index % 128)
            let low = Int(b[64 * side + within % 64] >> (within < 64 ? 0 : 4)) & 15
            let high = Int(b[128 + 32 * side + within % 32] >> (within / 32 * 2)) & 3
            return half(at: 208) * signed(192 + index / 16) * Float((low | high << 4) - 32)
        default: fatalError("no block format")
        }
    }

    /// The six-bit scale and minimum of sub-block `part`, out of twelve bytes.
    private static func scales(_ p: [UInt8], _ part: Int) -> (Int, Int) {
        guard part >= 4 else { return (Int(p[part] & 63), Int(p[part + 4] & 63)) }
        let low = p[part + 4]
        return (
            Int(low & 15) | Int(p[part - 4] >> 6) << 4, Int(low >> 4) | Int(p[part] >> 6) << 4
        )
    }

    static func decode(_ format: Int, _ bytes: [UInt8], elements: Int, size: Int) -> [Float] {
        var out: [Float] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            for index in 0..<elements {
                out.append(number(format, bytes[start..<start + size], index))
            }
        }
        return out
    }
}

/// A small generator of bytes and numbers (splitmix64): the same in every run.
struct TestRandom: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next() >> 32) }
    }

    /// Numbers between −1 and 1.
    mutating func floats(_ count: Int) -> [Float] {
        (0..<count).map { _ in Float(Int32(truncatingIfNeeded: next() >> 32)) / 0x1p31 }
    }
}
