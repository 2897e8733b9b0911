import CBlocks
import ModelFiles
import Testing

/// The C underneath against the naive decoder, and the encoders against their definition.
struct BlockTests {
    static func decode(_ format: Int, _ bytes: [UInt8], elements: Int) -> [Float] {
        var out = [Float](repeating: .nan, count: elements)
        cb_decode(Int32(format), bytes, &out, elements)
        return out
    }

    static func encode(_ format: Int32, _ values: [Float]) -> [UInt8]? {
        let blocks = values.count / cb_block_elements(format)
        var out = [UInt8](repeating: 0, count: blocks * cb_block_bytes(format))
        return cb_encode(format, values, &out, values.count) ? out : nil
    }

    static func bits(_ values: [Float]) -> [UInt32] {
        values.map { $0.isNaN ? UInt32.max : $0.bitPattern }
    }

    @Test(arguments: BlockFormat.allCases)
    func decodesAsTheDescriptionSays(_ format: BlockFormat) {
        var random = TestRandom(UInt64(format.rawValue))
        for blocks in [1, 2, 3, 7] {
            // Any bytes are a block, with infinite scales among them.
            let bytes = random.bytes(blocks * format.byteCount)
            let naive = NaiveBlocks.decode(
                format.rawValue, bytes, elements: format.elementCount, size: format.byteCount)
            let found = Self.decode(
                format.rawValue, bytes, elements: blocks * format.elementCount)
            #expect(Self.bits(found) == Self.bits(naive))
        }
    }

    @Test func sizesAreTheFormats() {
        let sizes = BlockFormat.allCases.map { [$0.elementCount, $0.byteCount] }
        #expect(
            sizes == [
                [32, 18], [32, 20], [32, 22], [32, 24], [32, 34], [256, 144], [256, 176],
                [256, 210],
            ])
        for unknown: Int32 in [-1, 4, 5, 9, 10, 15, 29, 31, .max] {
            #expect(cb_block_elements(unknown) == 0 && cb_block_bytes(unknown) == 0)
            var out: [UInt8] = [0]
            #expect(!cb_encode(unknown, [1], &out, 1))
        }
    }

    @Test func everyHalfIsItsValue() {
        let all = (0...UInt16.max).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        let found = Self.decode(1, all, elements: 65536)
        var wrong = 0
        for (index, value) in found.enumerated() {
            let expected = NaiveBlocks.half(UInt16(index))
            if expected.isNaN ? !value.isNaN : value.bitPattern != expected.bitPattern {
                wrong += 1
            }
        }
        #expect(wrong == 0)
        // And back again, but for what is not a number.
        let numbers = found.filter { !$0.isNaN }
        let kept = (0...UInt16.max).filter { $0 & 0x7FFF <= 0x7C00 }
        #expect(
            Self.encode(1, numbers)
                == kept.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] })
    }

    @Test func halvesAreTheNearest() {
        var random = TestRandom(7)
        var values: [Float] = [
            65519.996, 5.9604645e-08, 2.9802322e-08, 2.9802326e-08, 6.097555e-05, 1, 1.00048828125,
            1.00146484375, 0, -0.0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude * 70_000,
        ]
        for _ in 0..<500 {
            let float = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
            if float.magnitude < 65519 { values.append(float) }
            values.append(random.floats(1)[0])
        }
        let expected = values.map(NaiveBlocks.nearestHalf)
        #expect(
            Self.encode(1, values)
                == expected.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] })
        #expect(Self.encode(1, [65520]) == nil)
        #expect(Self.encode(1, [.infinity]) == [0x00, 0x7C])
        #expect(Self.decode(1, Self.encode(1, [.nan])!, elements: 1)[0].isNaN)
    }

    @Test func bfloatsAreTheNearest() {
        // Ties go to the even one: 1 + 2⁻⁸ and 1 + 3 · 2⁻⁸.
        #expect(
            Self.encode(30, [1, 1.00390625, 1.01171875, -2.5, .infinity])
                == [0x80, 0x3F, 0x80, 0x3F, 0x82, 0x3F, 0x20, 0xC0, 0x80, 0x7F])
        #expect(Self.encode(30, [.greatestFiniteMagnitude]) == nil)
        #expect(Self.decode(30, Self.encode(30, [.nan])!, elements: 1)[0].isNaN)
        #expect(Self.decode(30, [0x20, 0xC0], elements: 1) == [-2.5])
    }

    /// d = largest magnitude / 127 and q = x / d rounded: no number is off by more than half a step.
    @Test(arguments: [(Int32(8), Float(127)), (2, 8)])
    func quantisedNumbersAreNear(_ format: Int32, _ steps: Float) throws {
        var random = TestRandom(UInt64(format))
        for scale: Float in [0.05, 1, 300] {
            let values = random.floats(96).map { $0 * scale } + [Float](repeating: 0, count: 32)
            let bytes = try #require(Self.encode(format, values))
            let again = Self.decode(Int(format), bytes, elements: values.count)
            for start in stride(from: 0, to: values.count, by: 32) {
                let most = values[start..<start + 32].map(\.magnitude).max()!
                // Half a step, a whole one at the side of Q4_0 that has no −8, and the half's rounding.
                let bound = most / steps * (format == 8 ? 0.5 : 1) + most * 1e-3
                for index in start..<start + 32 {
                    #expect((values[index] - again[index]).magnitude <= bound)
                }
            }
            #expect(again.suffix(32).allSatisfy { $0 == 0 })
        }
    }

    @Test func q8BlocksAreThoseOfTheDefinition() throws {
        var values = [Float](repeating: 0, count: 32)
        values.replaceSubrange(0..<6, with: [127, -127, 0.5, -0.5, 1.49, -63.5])
        let bytes = try #require(Self.encode(8, values))
        #expect(bytes[..<8] == [0x00, 0x3C, 127, 129, 1, 255, 1, 192])
        #expect(bytes[8...].allSatisfy { $0 == 0 })
    }

    @Test func whatCannotBeHeldIsRefused() {
        for bad: Float in [.nan, .infinity, -.infinity, 1e30] {
            var values = [Float](repeating: 1, count: 64)
            values[40] = bad
            #expect(Self.encode(8, values) == nil)
            #expect(Self.encode(2, values) == nil)
        }
        // Too small for a half's scale: nothing is left, and nothing overflows.
        for tiny: Float in [.leastNonzeroMagnitude * 7, 1e-37 / 90, 1e-30] {
            let values = [Float](repeating: tiny, count: 32)
            let bytes = Self.encode(8, values)
            #expect(Self.decode(8, bytes!, elements: 32).allSatisfy { $0 == 0 })
        }
    }
}
