/// The checksum of gzip (RFC 1952 §8), eight bytes at a time.
@safe struct CRC32 {
    private var state: UInt32 = 0xFFFF_FFFF

    /// The checksum of all bytes so far.
    var value: UInt32 { ~state }

    /// `tables[k][b]`: what byte `b` does to the checksum with `k` zero bytes behind it.
    private static let tables: [UInt32] = {
        var all = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            var value = UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
            all[byte] = value
        }
        for place in 1..<8 {
            for byte in 0..<256 {
                let before = all[(place - 1) * 256 + byte]
                all[place * 256 + byte] = before >> 8 ^ all[Int(before & 255)]
            }
        }
        return all
    }()

    /// Takes more bytes.
    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        var crc = state
        unsafe Self.tables.withUnsafeBufferPointer { table in
            var at = 0
            while at + 8 <= bytes.count {
                let eight = unsafe bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
                let low = UInt32(truncatingIfNeeded: eight.littleEndian) ^ crc
                let high = UInt32(truncatingIfNeeded: eight.littleEndian >> 32)
                crc = unsafe table[1792 + Int(low & 255)] ^ table[1536 + Int(low >> 8 & 255)]
                crc = unsafe crc ^ table[1280 + Int(low >> 16 & 255)] ^ table[1024 + Int(low >> 24)]
                crc = unsafe crc ^ table[768 + Int(high & 255)] ^ table[512 + Int(high >> 8 & 255)]
                crc = unsafe crc ^ table[256 + Int(high >> 16 & 255)] ^ table[Int(high >> 24)]
                at += 8
            }
            while at < bytes.count {
                crc = unsafe crc >> 8 ^ table[Int((crc ^ UInt32(bytes[at])) & 255)]
                at += 1
            }
        }
        state = crc
    }
}
