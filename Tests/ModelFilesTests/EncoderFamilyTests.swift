import ModelFiles
import Records
import Testing

struct EncoderFamilyTests {
    static let distilbert: [String: JSONValue] = [
        "model_type": "distilbert", "dim": 64, "n_layers": 2, "n_heads": 4, "hidden_dim": 128,
        "vocab_size": 100, "max_position_embeddings": 512, "activation": "gelu",
        "pad_token_id": 0, "dtype": "float16",
    ]
    static let roberta: [String: JSONValue] = [
        "model_type": "roberta", "hidden_size": 64, "num_hidden_layers": 2,
        "num_attention_heads": 4, "intermediate_size": 128, "vocab_size": 100,
        "max_position_embeddings": 514, "type_vocab_size": 1, "pad_token_id": 1,
        "layer_norm_eps": 1e-5, "hidden_act": "gelu",
    ]

    static func with(
        _ members: [String: JSONValue], _ name: String, _ value: JSONValue
    ) -> JSONValue {
        .object(members.merging([name: value]) { _, new in new })
    }

    @Test func readsTheFamilies() throws {
        let small = try EncoderConfig(json: .object(Self.distilbert))
        #expect(small.family == .distilbert && small.hiddenSize == 64 && small.layerCount == 2)
        #expect(small.headCount == 4 && small.intermediateSize == 128)
        #expect(small.typeVocabularySize == 0 && small.normEpsilon == 1e-12)
        #expect(small.longestInput == 512 && small.firstPosition == 0)
        let roberta = try EncoderConfig(json: .object(Self.roberta))
        #expect(roberta.family == .roberta && roberta.paddingIndex == 1)
        #expect(roberta.firstPosition == 2 && roberta.longestInput == 512)
        let many = try EncoderConfig(json: Self.with(Self.roberta, "model_type", "xlm-roberta"))
        #expect(many.family == .roberta)
        let bert = try EncoderConfig(json: .object(ModelConfigTests.members))
        #expect(bert.family == .bert && bert.longestInput == 512 && bert.paddingIndex == 0)
    }

    @Test func writesAClassForEachTask() throws {
        let many = Self.with(Self.roberta, "model_type", "xlm-roberta")
        for (json, type, name): (JSONValue, JSONValue, String) in [
            (.object(Self.distilbert), "distilbert", "DistilBert"),
            (.object(Self.roberta), "roberta", "Roberta"), (many, "xlm-roberta", "XLMRoberta"),
            (.object(ModelConfigTests.members), "bert", "Bert"),
        ] {
            let config = try EncoderConfig(json: json)
            let texts = config.json(labels: ["a", "b"])
            #expect(texts["architectures"] == [.string("\(name)ForSequenceClassification")])
            #expect(texts["problem_type"] == "single_label_classification")
            #expect(texts["model_type"] == type && texts["dtype"] == nil)
            let tokens = config.json(labels: ["O", "B-X"], task: .tokenClassification)
            #expect(tokens["architectures"] == [.string("\(name)ForTokenClassification")])
            #expect(tokens["problem_type"] == nil)
            #expect(try EncoderConfig(json: tokens).labels == ["O", "B-X"])
            #expect(try EncoderConfig(json: tokens).family == config.family)
        }
    }

    @Test func unusableFamiliesAreRefused() {
        for json in [
            Self.with(Self.distilbert, "dim", nil), Self.with(Self.distilbert, "n_heads", 3),
            Self.with(Self.distilbert, "activation", "relu"),
            Self.with(Self.roberta, "pad_token_id", 513),
            Self.with(Self.roberta, "pad_token_id", 100),
            Self.with(Self.roberta, "is_decoder", true),
            Self.with(Self.roberta, "quantization_config", ["quant_method": "bitsandbytes"]),
        ] {
            #expect(throws: ModelFilesError.self) { try EncoderConfig(json: json) }
        }
    }
}
