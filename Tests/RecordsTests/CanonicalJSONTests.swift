import Records
import Testing

@Suite("Canonical JSON (RFC 8785)")
struct CanonicalJSONTests {
    /// Doubles by their bits and what ECMAScript prints: RFC 8785 appendix B.
    @Test(arguments: [
        (0x0000_0000_0000_0000 as UInt64, "0"), (0x8000_0000_0000_0000, "0"),
        (0x0000_0000_0000_0001, "5e-324"), (0x8000_0000_0000_0001, "-5e-324"),
        (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
        (0x4340_0000_0000_0000, "9007199254740992"), (0xc340_0000_0000_0000, "-9007199254740992"),
        (0x4430_0000_0000_0000, "295147905179352830000"),
        (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
        (0x44b5_2d02_c7e1_4af6, "1e+23"), (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
        (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"), (0x444b_1ae4_d6e2_ef50, "1e+21"),
        (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"), (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
        (0x41b3_de43_5555_5553, "333333333.3333332"), (0x41b3_de43_5555_5554, "333333333.33333325"),
        (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
    ])
    func numbers(bits: UInt64, text: String) {
        let value = JSONValue.double(Double(bitPattern: bits))
        #expect(String(decoding: CanonicalJSON.encode(value), as: UTF8.self) == text)
    }

    @Test("literals are printed by value") func literals() throws {
        let value = try JSONParser.parse(Array("[1.0,1e2,-0,0.10,12345678901234567890]".utf8))
        #expect(
            String(decoding: CanonicalJSON.encode(value), as: UTF8.self)
                == "[1,100,0,0.1,12345678901234567000]")
    }

    @Test("members sort by UTF-16 code units") func order() throws {
        // A character past the BMP sorts before U+FB33, since its first surrogate is lower.
        let value = try JSONParser.parse(
            Array(#"{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"😀":5,"\u0080":6,"ö":7}"#.utf8))
        #expect(
            String(decoding: CanonicalJSON.encode(value), as: UTF8.self)
                == "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\u{fb33}\":3}")
    }

    @Test("the shortest escapes") func escapes() {
        let value = JSONValue.string("€$\u{0F}\nA'B\"\\\"/\u{8}\u{c}\u{7f}")
        #expect(
            String(decoding: CanonicalJSON.encode(value), as: UTF8.self)
                == #""€$\u000f\nA'B\"\\\"/\b\f"# + "\u{7f}\"")
    }
}

@Suite("JSON parser (RFC 8259)")
struct JSONParserTests {
    @Test(arguments: [
        "", "[", "]", "{", "[1,]", "{\"a\":1,}", "{a:1}", "01", "1.", ".5", "-", "1e", "+1", "nul",
        "\"\u{01}\"", "\"\\x\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"abc", "1 2",
        "[1]]", "\"\\u12g4\"", "{\"a\" 1}", "\u{feff}1",
    ])
    func refused(text: String) {
        #expect(throws: RecordsError.self) { try JSONParser.parse(Array(text.utf8)) }
    }

    @Test("what is refused says why") func reasons() {
        func code(_ bytes: [UInt8]) -> RecordsError.Code? {
            do { _ = try JSONParser.parse(bytes) } catch { return error.code }
            return nil
        }
        #expect(code(Array(#"{"a":1,"a":2}"#.utf8)) == .duplicateMember)
        #expect(code([UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)) == .tooDeep)
        #expect(code([0x22, 0xFF, 0x22]) == .malformedJSON)
    }

    @Test("values come out") func values() throws {
        let value = try JSONParser.parse(
            Array(
                #" { "a" : [ 1 , -2.5e3 , true , false , null ] , "b" : "\ud83d\ude00\/é" } "#.utf8)
        )
        #expect(value["a"] == [1, .number("-2.5e3"), true, false, nil])
        #expect(value["b"] == "😀/é")
        #expect(value["a"]?.arrayValue?[1].doubleValue == -2500)
    }

    @Test("parse ∘ encode is the identity on seeded values") func roundTrip() throws {
        var random = SeededRandom(seed: 7)
        for _ in 0..<500 {
            let value = Self.value(depth: 4, &random)
            let bytes = CanonicalJSON.encode(value)
            #expect(CanonicalJSON.encode(try JSONParser.parse(bytes)) == bytes)
        }
    }

    static func value(depth: Int, _ random: inout SeededRandom) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &random) {
        case 0: .null
        case 1: .bool(Bool.random(using: &random))
        case 2: .integer(Int.random(in: -1_000_000...1_000_000, using: &random))
        case 3: .double(Double(bitPattern: random.next()))
        case 4: .string(text(&random))
        case 5: .array((0..<3).map { _ in value(depth: depth - 1, &random) })
        default:
            .object(
                Dictionary((0..<3).map { _ in (text(&random), value(depth: depth - 1, &random)) }) {
                    $1
                })
        }
    }

    static func text(_ random: inout SeededRandom) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0..<8, using: &random) {
            let ranges: [ClosedRange<UInt32>] = [
                0...0x7f, 0x80...0x7ff, 0xe000...0xffff, 0x10000...0x10ffff,
            ]
            let range = ranges[Int.random(in: 0..<4, using: &random)]
            if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &random)) {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
