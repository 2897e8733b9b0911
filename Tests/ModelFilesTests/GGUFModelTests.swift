import ModelFiles
import Testing

/// llama.cpp's names and orders under Hugging Face's.
struct GGUFModelTests {
    /// Number i of a row of the file is 100 · (row of the file) + i.
    static func rows(_ rows: Int, _ columns: Int) -> [Float] {
        (0..<rows * columns).map { Float($0 / columns * 100 + $0 % columns) }
    }

    @Test func llamaTensorsHaveHuggingFacesNamesAndRows() throws {
        var builder = GGUFBuilder.llama
        let inner = [
            ("attn_q", "self_attn.q_proj"), ("attn_k", "self_attn.k_proj"),
            ("attn_v", "self_attn.v_proj"), ("attn_output", "self_attn.o_proj"),
        ]
        for (name, _) in inner {
            let rows = name == "attn_q" || name == "attn_output" ? 8 : 4
            builder.add("blk.0.\(name).weight", [8, UInt64(rows)], Self.rows(rows, 8))
        }
        builder.add("blk.0.attn_q.bias", [8], (0..<8).map(Float.init))
        for (name, size) in [("ffn_gate", 32), ("ffn_up", 32), ("ffn_down", 8)] {
            builder.add(
                "blk.0.\(name).weight", [UInt64(256 / size), UInt64(size)],
                Self.rows(size, 256 / size))
        }
        for name in ["output_norm", "blk.0.attn_norm", "blk.0.ffn_norm"] {
            builder.add("\(name).weight", [8], Self.rows(1, 8))
        }
        builder.add("output.weight", [8, 5], Self.rows(5, 8))
        builder.add("blk.00.attn_norm.weight", [1], [1])
        builder.add("blk.0.other.weight", [1], [1])
        let file = try GGUFFile(bytes: builder.bytes)
        let layer = "model.layers.0."
        #expect(
            file.names
                == ([
                    "lm_head.weight", "model.embed_tokens.weight", "model.norm.weight",
                    "blk.00.attn_norm.weight", "blk.0.other.weight",
                    layer + "input_layernorm.weight", layer + "post_attention_layernorm.weight",
                    layer + "self_attn.q_proj.bias",
                ] + inner.map { "\(layer)\($0.1).weight" }
                + ["gate", "up", "down"].map { "\(layer)mlp.\($0)_proj.weight" }).sorted())
        // Two heads of four rows: 0 1 2 3 in the model are 0 2 1 3 in the file.
        let q = try file.floats(layer + "self_attn.q_proj.weight")
        #expect((0..<8).map { q[$0 * 8] / 100 } == [0, 2, 1, 3, 4, 6, 5, 7])
        #expect(q[8..<16].elementsEqual((0..<8).map { Float(200 + $0) }))
        let k = try file.floats(layer + "self_attn.k_proj.weight")
        #expect((0..<4).map { k[$0 * 8] / 100 } == [0, 2, 1, 3])
        #expect(
            try file.floats(layer + "self_attn.q_proj.bias") == [0, 2, 1, 3, 4, 6, 5, 7])
        #expect(try file.floats(layer + "self_attn.v_proj.weight") == Self.rows(4, 8))
        #expect(try file.floats(layer + "self_attn.o_proj.weight") == Self.rows(8, 8))
    }

    /// As `permute` of llama.cpp's converter: (heads, 2, half) → (heads, half, 2).
    @Test(arguments: [2, 4, 6, 16, 64])
    func quantisedRowsAreUnpermutedWhole(_ headWidth: Int) throws {
        let heads = 3
        var random = TestRandom(UInt64(headWidth))
        let model = (0..<heads * headWidth).map { _ in random.bytes(BlockFormat.q4_1.byteCount) }
        var file: [UInt8] = []
        for head in 0..<heads {
            for pair in 0..<headWidth / 2 {
                for side in 0..<2 {
                    file += model[head * headWidth + side * headWidth / 2 + pair]
                }
            }
        }
        for name in ["q", "k", "v"] {
            var builder = GGUFBuilder()
            builder.add("general.architecture", name == "v" ? "qwen2" : "llama")
            builder.add("llama.attention.head_count", UInt32(heads * (name == "k" ? 4 : 1)))
            builder.add("llama.attention.head_count_kv", UInt32(heads))
            builder.tensors = [
                .init(
                    name: "blk.7.attn_\(name).weight",
                    dimensions: [32, UInt64(heads * headWidth)], type: 3, bytes: file)
            ]
            let read = try GGUFFile(bytes: builder.bytes)
            let expected = name == "v" ? file : model.flatMap(\.self)
            let full = "model.layers.7.self_attn.\(name)_proj.weight"
            let blocks = try #require(read.blocks(full))
            #expect(blocks.withBytes { Array($0) } == expected)
            let naive = NaiveBlocks.decode(3, expected, elements: 32, size: 20)
            #expect(BlockTests.bits(try read.floats(full)) == BlockTests.bits(naive))
        }
    }

    @Test func headsThatDoNotFitAreRefused() throws {
        for (heads, rows) in [(3, 8), (8, 8), (0, 8), (16, 8)] {
            var builder = GGUFBuilder()
            builder.add("general.architecture", "llama")
            builder.add("llama.attention.head_count", UInt32(heads))
            builder.add("blk.0.attn_q.weight", [1, UInt64(rows)], Self.rows(rows, 1))
            #expect(throws: ModelFilesError.self) { try GGUFFile(bytes: builder.bytes) }
        }
    }

    @Test func headsMayBeGivenForEachLayer() throws {
        for (counts, isRead) in [([2, 2], true), ([2, 4], false), ([], false)] {
            var builder = GGUFBuilder()
            builder.add("general.architecture", "llama")
            builder.add("llama.attention.head_count", 4 as UInt32)
            builder.values.append(
                (
                    "llama.attention.head_count_kv", 9,
                    GGUFBuilder.little(UInt32(5)) + GGUFBuilder.little(UInt64(counts.count))
                        + counts.flatMap { GGUFBuilder.little(Int32($0)) }
                ))
            builder.add("blk.0.attn_k.weight", [1, 8], Self.rows(8, 1))
            let file = try? GGUFFile(bytes: builder.bytes)
            #expect((file != nil) == isRead)
            if let file {
                #expect(
                    try file.floats("model.layers.0.self_attn.k_proj.weight").map { $0 / 100 }
                        == [0, 2, 1, 3, 4, 6, 5, 7])
            }
        }
    }

    @Test func blocksWithoutRowsAreRefused() {
        var builder = GGUFBuilder.llama
        builder.tensors = [
            .init(
                name: "blk.0.attn_q.bias", dimensions: [64], type: 8,
                bytes: [UInt8](repeating: 1, count: 68))
        ]
        #expect(throws: ModelFilesError.self) { try GGUFFile(bytes: builder.bytes) }
        builder.tensors[0].dimensions = [32, 2, 8]
        builder.tensors[0].bytes = [UInt8](repeating: 1, count: 34 * 16)
        #expect(throws: ModelFilesError.self) { try GGUFFile(bytes: builder.bytes) }
    }

    @Test func gpt2WeightsAreTransposed() throws {
        var builder = GGUFBuilder()
        builder.add("general.architecture", "gpt2")
        // 40 outputs from 3 inputs: more than one panel of rows.
        builder.add("blk.1.attn_qkv.weight", [3, 40], Self.rows(40, 3))
        builder.add("blk.1.attn_qkv.bias", [40], Self.rows(1, 40))
        builder.add("position_embd.weight", [3, 2], Self.rows(2, 3))
        builder.add("token_embd.weight", [3, 5], Self.rows(5, 3))
        builder.tensors.append(
            .init(
                name: "blk.1.ffn_up.weight", dimensions: [32, 2], type: 8,
                bytes: [UInt8](repeating: 1, count: 68)))
        let file = try GGUFFile(bytes: builder.bytes)
        let name = "transformer.h.1.attn.c_attn.weight"
        #expect(file.shape(name) == [3, 40])
        let values = try file.floats(name)
        for input in 0..<3 {
            for output in 0..<40 {
                #expect(values[input * 40 + output] == Float(output * 100 + input))
            }
        }
        #expect(file.shape("transformer.wpe.weight") == [2, 3])
        #expect(try file.floats("transformer.wte.weight") == Self.rows(5, 3))
        #expect(file.shape("transformer.h.1.mlp.c_fc.weight") == [32, 2])
        #expect(file.blocks("transformer.h.1.mlp.c_fc.weight") == nil)
    }

    @Test func otherArchitecturesKeepTheirNames() throws {
        var builder = GGUFBuilder()
        builder.add("general.architecture", "gemma3")
        builder.add("blk.0.attn_q.weight", [2, 2], [1, 2, 3, 4])
        let file = try GGUFFile(bytes: builder.bytes)
        #expect(file.names == ["blk.0.attn_q.weight"])
        #expect(try file.floats("blk.0.attn_q.weight") == [1, 2, 3, 4])
        #expect(throws: ModelFilesError.self) { try DecoderConfig(gguf: file) }
    }
}
