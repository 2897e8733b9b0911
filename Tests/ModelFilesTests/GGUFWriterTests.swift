import ModelFiles
import Records
import Testing

struct GGUFWriterTests {
    static let vocabulary: [String: GGUFValue] = [
        "general.name": .text("tiny"), "tokenizer.ggml.model": .text("gpt2"),
        "tokenizer.ggml.pre": .text("default"),
        "tokenizer.ggml.tokens": .strings((0..<50).map { Array("t\($0)".utf8) }),
        "tokenizer.ggml.token_type": .int32s([Int32](repeating: 1, count: 50)),
        "tokenizer.ggml.merges": .strings([]),
    ]

    static func config(_ members: [String: JSONValue]) throws -> DecoderConfig {
        try DecoderConfigTests.config(members)
    }

    /// Small models of each family; the sizes make rows of whole blocks, but for GPT-2's.
    static let configs: [[String: JSONValue]] = {
        var llama = DecoderConfigTests.llama
        llama.merge(["vocab_size": 60, "num_hidden_layers": 2]) { _, new in new }
        var untied = llama
        untied.merge(["tie_word_embeddings": false, "attention_bias": true, "head_dim": 8]) {
            _, new in new
        }
        var scaled = llama
        scaled["rope_scaling"] = [
            "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
            "original_max_position_embeddings": 8192,
        ]
        var linear = llama
        linear["rope_scaling"] = ["rope_type": "linear", "factor": 2.0]
        var qwen = llama
        qwen["model_type"] = "qwen2"
        var gpt2 = DecoderConfigTests.gpt2
        gpt2["n_embd"] = 48
        return [llama, untied, scaled, linear, qwen, gpt2]
    }()

    static func tensors(_ config: DecoderConfig) -> [NamedTensor] {
        var random = TestRandom(5)
        return config.tensors.map {
            NamedTensor(name: $0.name, shape: $0.shape, values: random.floats($0.elementCount))
        }
    }

    @Test(arguments: configs.indices, GGUFWriter.Format.allCases)
    func readsWhatItWrites(_ index: Int, _ format: GGUFWriter.Format) throws {
        let config = try Self.config(Self.configs[index])
        let tensors = Self.tensors(config)
        let bytes = try GGUFWriter.encode(
            config: config, tensors: tensors.shuffled(), format: format,
            metadata: Self.vocabulary)
        #expect(bytes.count % 32 == 0)
        let file = try GGUFFile(bytes: bytes)
        #expect(file.version == 3 && file.names == tensors.map(\.name).sorted())
        var read = try DecoderConfig(gguf: file)
        // A GGUF file has one end, and says nothing of new weights.
        var expected = config
        expected.eosIDs = Array(config.eosIDs.prefix(1))
        (expected.source, read.source) = ([:], [:])
        #expect(read == expected)
        for tensor in tensors {
            #expect(file.shape(tensor.name) == tensor.shape)
            let values = try file.floats(tensor.name)
            let isMatrix = tensor.shape.count == 2 && !tensor.name.contains("wpe")
            guard isMatrix, format != .f32 else {
                #expect(values == tensor.values)
                continue
            }
            // Half an ulp of a half; half a step of 1/127 and its half's rounding.
            let bound: Float = file.blocks(tensor.name) == nil ? 0x1p-12 : 0.5 / 127 + 0x1p-11
            let isWholeBlocks = config.family != .gpt2 && tensor.shape[1] % 32 == 0
            #expect((file.blocks(tensor.name) != nil) == (format == .q8_0 && isWholeBlocks))
            let worst = zip(values, tensor.values).map { ($0 - $1).magnitude }.max()!
            #expect(worst <= bound || (format == .q8_0 && worst <= 0.5 / 127 + 0x1p-11))
        }
    }

    @Test func metadataIsLlamaCppS() throws {
        let config = try Self.config(Self.configs[1])
        let bytes = try GGUFWriter.encode(
            config: config, tensors: Self.tensors(config), format: .q8_0,
            metadata: Self.vocabulary)
        let m = try GGUFFile(bytes: bytes).metadata
        #expect(m["general.architecture"]?.stringValue == "llama")
        #expect(m["general.name"]?.stringValue == "tiny")
        #expect(m["general.file_type"] == .uint32(7))
        #expect(m["llama.attention.head_count_kv"] == .uint32(2))
        #expect(m["llama.rope.dimension_count"] == .uint32(8))
        #expect(m["llama.attention.key_length"] == .uint32(8))
        #expect(m["llama.rope.freq_base"] == .float32(100_000))
        #expect(m["llama.attention.layer_norm_rms_epsilon"] == .float32(1e-5))
        #expect(m["tokenizer.ggml.eos_token_id"] == .uint32(2))
        // Rows without a token get one that is never used.
        let tokens = try #require(m["tokenizer.ggml.tokens"]?.strings)
        #expect(tokens.count == 60 && tokens[59] == Array("[PAD59]".utf8))
        let types = try #require(m["tokenizer.ggml.token_type"])
        #expect(types.integers == (0..<60).map { $0 < 50 ? 1 : 5 })
        #expect(types.elements?.first?.type == .int32)
        // The architecture stands first.
        let first = Array("general.architecture".utf8)
        #expect(Array(bytes[32..<32 + first.count]) == first)
    }

    @Test func piecesAreTheWholeFile() throws {
        let config = try Self.config([
            "model_type": "llama", "hidden_size": 256, "num_hidden_layers": 1,
            "num_attention_heads": 4, "intermediate_size": 320, "vocab_size": 3000,
        ])
        let tensors = Self.tensors(config)
        let byName = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0.values) })
        let writer = try GGUFWriter(
            config: config, tensors: tensors.map(\.outline), format: .f16)
        var asked: [String: Int] = [:]
        var pieces = writer.pieces { name, elements throws(ModelFilesError) in
            asked[name, default: 0] += elements.count
            return Array(byName[name]![elements])
        }
        var all: [UInt8] = []
        var count = 0
        while let piece = try pieces.next() {
            all += piece
            count += 1
            #expect(piece.count <= 1 << 20 + 64)
        }
        #expect(try pieces.next() == nil)
        #expect(all.count == writer.byteCount && count > tensors.count + 1)
        #expect(all == (try GGUFWriter.encode(config: config, tensors: tensors, format: .f16)))
        // Every number was asked for once.
        #expect(asked == byName.mapValues(\.count))
        var short = writer.pieces { _, _ throws(ModelFilesError) in [1] }
        _ = try short.next()
        #expect(throws: ModelFilesError.self) { try short.next() }
    }

    @Test func whatDoesNotBelongIsRefused() throws {
        let config = try Self.config(Self.configs[0])
        let good = Self.tensors(config)
        func refuse(
            _ tensors: [NamedTensor], _ metadata: [String: GGUFValue] = [:],
            _ format: GGUFWriter.Format = .q8_0
        ) {
            #expect(throws: ModelFilesError.self) {
                try GGUFWriter.encode(
                    config: config, tensors: tensors, format: format, metadata: metadata)
            }
        }
        refuse(Array(good.dropLast()))
        refuse(good + [NamedTensor(name: "score.weight", shape: [1], values: [1])])
        refuse(
            good.dropFirst() + [NamedTensor(name: good[0].name, shape: [1, 1], values: [1])])
        refuse(good, ["tokenizer.ggml.tokens": .strings([[UInt8]](repeating: [65], count: 61))])
        for (bad, format) in [
            (Float.nan, GGUFWriter.Format.q8_0), (.infinity, .q8_0), (70_000, .f16),
        ] {
            var values = good[0].values
            values[7] = bad
            refuse(
                good.dropFirst()
                    + [NamedTensor(name: good[0].name, shape: good[0].shape, values: values)], [:],
                format)
        }
        // A tied model's output layer is its embedding: it is left out.
        let extra = NamedTensor(name: "lm_head.weight", shape: [1], values: [1])
        let bytes = try GGUFWriter.encode(config: config, tensors: good + [extra], format: .f16)
        #expect(try GGUFFile(bytes: bytes).shape("lm_head.weight") == nil)
    }
}
