import Foundation
import ModelFiles
import Testing

struct GGUFFileTests {
    typealias Builder = GGUFBuilder

    @Test(arguments: [UInt32(2), 3])
    func readsEveryKindOfMetadata(_ version: UInt32) throws {
        var builder = GGUFBuilder()
        builder.version = version
        builder.values = [
            ("u8", 0, [200]), ("i8", 1, [200]), ("u16", 2, [1, 255]), ("i16", 3, [1, 255]),
            ("u32", 4, [1, 0, 0, 255]), ("i32", 5, [254, 255, 255, 255]),
            ("f32", 6, Builder.little((1.5 as Float).bitPattern)), ("bool", 7, [1]),
            ("text", 8, Builder.string("ä")), ("raw", 8, Builder.little(UInt64(1)) + [0xFF]),
            ("u64", 10, Builder.little(UInt64.max)), ("u64s", 10, Builder.little(UInt64(7))),
            ("i64", 11, Builder.little(Int64(-7))),
            ("f64", 12, Builder.little((0.1).bitPattern)),
            (
                "list", 9,
                Builder.little(UInt32(5)) + Builder.little(UInt64(2)) + [1, 0, 0, 0]
                    + [255, 255, 255, 255]
            ),
            (
                "words", 9,
                Builder.little(UInt32(8)) + Builder.little(UInt64(2))
                    + Builder.string("a") + Builder.string("")
            ),
            (
                "nested", 9,
                Builder.little(UInt32(9)) + Builder.little(UInt64(1))
                    + Builder.little(UInt32(7)) + Builder.little(UInt64(2)) + [0, 1]
            ),
        ]
        let file = try GGUFFile(bytes: builder.bytes)
        #expect(file.version == Int(version) && file.names.isEmpty && file.architecture == nil)
        let m = file.metadata
        #expect(m["u8"] == .integer(200, .uint8) && m["i8"] == .integer(-56, .int8))
        #expect(m["u16"]?.intValue == 0xFF01 && m["i16"]?.intValue == -255)
        #expect(m["u32"]?.intValue == 0xFF00_0001 && m["i32"]?.intValue == -2)
        #expect(m["f32"]?.doubleValue == 1.5 && m["f64"]?.doubleValue == 0.1)
        #expect(m["bool"]?.boolValue == true && m["text"]?.stringValue == "ä")
        #expect(m["raw"]?.bytes == [0xFF] && m["raw"]?.stringValue == nil)
        #expect(m["u64"] == .large(.max) && m["u64"]?.intValue == nil)
        #expect(m["u64"]?.doubleValue == 0x1p64 && m["u64s"]?.intValue == 7)
        #expect(m["i64"]?.intValue == -7)
        #expect(m["list"]?.integers == [1, -1] && m["list"]?.doubles == [1, -1])
        #expect(m["words"]?.strings == [[97], []] && m["words"]?.integers == nil)
        #expect(m["nested"]?.elements == [.array([.bool(false), .bool(true)], of: .bool)])
        #expect(m["nested"]?.type == .array && m["text"]?.type == .string)
    }

    @Test(arguments: BlockFormat.allCases)
    func readsQuantisedTensors(_ format: BlockFormat) throws {
        var random = TestRandom(3)
        let blocks = random.bytes(6 * format.byteCount)
        var builder = GGUFBuilder()
        builder.tensors = [
            .init(
                name: "w", dimensions: [UInt64(2 * format.elementCount), 3],
                type: UInt32(format.rawValue), bytes: blocks)
        ]
        let file = try GGUFFile(bytes: builder.bytes)
        #expect(file.shape("w") == [3, 2 * format.elementCount])
        let naive = NaiveBlocks.decode(
            format.rawValue, blocks, elements: format.elementCount, size: format.byteCount)
        #expect(BlockTests.bits(try file.floats("w")) == BlockTests.bits(naive))
        let raw = try #require(file.blocks("w"))
        #expect(raw.format == format && raw.rows == 3 && raw.columns == 2 * format.elementCount)
        #expect(raw.rowByteCount == 2 * format.byteCount && raw.byteCount == blocks.count)
        #expect(raw.withBytes { Array($0) } == blocks)
    }

    @Test func readsPlainTensorsFromDiskAndMemory() throws {
        var builder = GGUFBuilder()
        builder.add("general.alignment", 64 as UInt32)
        builder.alignment = 64
        builder.add("b", [3, 2], [1, 2, 3, 4, 5, 6])
        builder.tensors.append(
            .init(name: "h", dimensions: [2], type: 1, bytes: [0, 0x3C, 0, 0xC0]))
        builder.tensors.append(
            .init(name: "a", dimensions: [2], type: 30, bytes: [0x80, 0x3F, 0x20, 0xC1]))
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).gguf").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(builder.bytes).write(to: URL(filePath: path))
        let inMemory = try GGUFFile(bytes: builder.bytes)
        let mapped = try GGUFFile(mapping: path)
        #expect(inMemory.digest() == mapped.digest() && mapped.digest().count == 32)
        for file in [inMemory, mapped] {
            #expect(file.names == ["a", "b", "h"])
            #expect(file.shape("b") == [2, 3] && file.shape("none") == nil)
            #expect(try file.floats("b") == [1, 2, 3, 4, 5, 6])
            #expect(try file.floats("h") == [1, -2] && file.floats("a") == [1, -10])
            #expect(file.blocks("b") == nil && file.blocks("none") == nil)
            #expect(throws: ModelFilesError.self) { try file.floats("none") }
            var short = [Float](repeating: 0, count: 5)
            #expect(throws: ModelFilesError.self) {
                try short.withUnsafeMutableBufferPointer { (buffer) throws(ModelFilesError) in
                    try file.copyFloats("b", into: buffer)
                }
            }
        }
    }

    /// Each change makes a good file a bad one.
    static let damages: [(String, @Sendable (inout GGUFBuilder) -> Void)] = [
        ("magic", { $0.magic = Array("GGUG".utf8) }),
        ("version 1", { $0.version = 1 }),
        ("version 4", { $0.version = 4 }),
        ("big endian", { $0.version = 0x0300_0000 }),
        ("more tensors than bytes", { $0.tensorCount = .max }),
        ("one tensor too many", { $0.tensorCount = 3 }),
        ("more metadata than bytes", { $0.valueCount = 1 << 60 }),
        ("unknown type of value", { $0.values.append(("x", 13, [0])) }),
        ("a key twice", { $0.values += [("x", 0, [0]), ("x", 0, [1])] }),
        ("a truth that is 2", { $0.values.append(("x", 7, [2])) }),
        ("a long string", { $0.values.append(("x", 8, GGUFBuilder.little(UInt64.max))) }),
        (
            "a long array",
            {
                $0.values.append(
                    ("x", 9, GGUFBuilder.little(UInt32(0)) + GGUFBuilder.little(UInt64(1) << 40)))
            }
        ),
        (
            "arrays in arrays in arrays",
            { builder in
                var nested = GGUFBuilder.little(UInt32(0)) + GGUFBuilder.little(UInt64(0))
                for _ in 0..<5 {
                    nested = GGUFBuilder.little(UInt32(9)) + GGUFBuilder.little(UInt64(1)) + nested
                }
                builder.values.append(("x", 9, nested))
            }
        ),
        ("alignment 0", { $0.add("general.alignment", 0 as UInt32) }),
        ("alignment 24", { $0.add("general.alignment", 24 as UInt32) }),
        ("alignment 2³⁰", { $0.add("general.alignment", (1 << 30) as UInt32) }),
        ("alignment that is a text", { $0.add("general.alignment", "32") }),
        ("no dimensions", { $0.tensors[0].dimensions = [] }),
        ("five dimensions", { $0.tensors[0].dimensions = [1, 1, 1, 1, 4] }),
        ("a dimension 0", { $0.tensors[0].dimensions = [4, 0] }),
        ("a dimension of 2⁶³", { $0.tensors[0].dimensions = [1 << 63] }),
        ("a product of 2⁶⁴", { $0.tensors[0].dimensions = [1 << 32, 1 << 32] }),
        ("bytes beyond 2⁶³", { $0.tensors[0].dimensions = [1 << 62] }),
        ("more numbers than bytes", { $0.tensors[0].dimensions = [1 << 20] }),
        ("unknown type of tensor", { $0.tensors[0].type = 10 }),
        ("unknown type of tensor 2³¹", { $0.tensors[0].type = 1 << 31 }),
        ("rows that are no whole blocks", { $0.tensors[0].type = 8 }),
        ("an offset that is not aligned", { $0.tensors[1].offset = 33 }),
        ("an offset outside", { $0.tensors[1].offset = 1 << 20 }),
        ("an offset of 2⁶⁴ − 32", { $0.tensors[1].offset = .max - 31 }),
        ("an offset of 2⁶³ − 32", { $0.tensors[1].offset = 1 << 63 - 32 }),
        ("tensors that overlap", { $0.tensors[1].offset = 0 }),
        ("a tensor twice", { $0.tensors[1].name = "a" }),
    ]

    @Test(arguments: damages.indices)
    func hostileFilesAreRefused(_ index: Int) throws {
        var builder = GGUFBuilder()
        builder.add("x.y", 1 as UInt32)
        builder.add("a", [4], [1, 2, 3, 4])
        builder.add("b", [4], [5, 6, 7, 8])
        _ = try GGUFFile(bytes: builder.bytes)
        let (what, damage) = Self.damages[index]
        damage(&builder)
        #expect(throws: ModelFilesError.self, "\(what)") { try GGUFFile(bytes: builder.bytes) }
    }

    @Test func everyCutOfAFileIsRefused() throws {
        var builder = GGUFBuilder.llama
        builder.tensors = []
        builder.add("b", [8], (0..<8).map(Float.init))
        let whole = builder.bytes
        _ = try GGUFFile(bytes: whole)
        for count in 0..<whole.count {
            #expect(throws: ModelFilesError.self) { try GGUFFile(bytes: Array(whole[..<count])) }
        }
    }

    @Test func errorsSayWhatAndHow() {
        var builder = GGUFBuilder()
        builder.tensors = [.init(name: "w", dimensions: [256], type: 10, bytes: [])]
        do {
            _ = try GGUFFile(bytes: builder.bytes)
            Issue.record("Q2_K was read")
        } catch {
            #expect(error.code == .unsupported)
            #expect(error.message.contains("tensor w") && error.message.contains("type 10"))
            #expect(error.hint.contains("Q4_K"))
        }
    }
}
