/// IEEE 754 binary16, for processors whose Swift has no `Float16`.
enum HalfPrecision {
    /// The single that equals the half with these bits (exact).
    static func float(_ bits: UInt16) -> Float {
        let sign = UInt32(bits >> 15) << 31
        let exponent = UInt32(bits >> 10) & 0x1F
        let fraction = UInt32(bits) & 0x3FF
        switch exponent {
        case 0x1F: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
        case 0:
            // Zero and subnormals: fraction · 2⁻²⁴.
            let magnitude = Float(fraction) * Float(bitPattern: 0x3380_0000)
            return sign == 0 ? magnitude : -magnitude
        default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
        }
    }
}
