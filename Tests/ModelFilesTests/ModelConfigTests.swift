import ModelFiles
import Records
import Testing

struct ModelConfigTests {
    static let members: [String: JSONValue] = [
        "_name_or_path": "somewhere/secret", "model_type": "bert", "hidden_size": 384,
        "num_hidden_layers": 6, "num_attention_heads": 12, "intermediate_size": 1536,
        "vocab_size": 30522, "max_position_embeddings": 512, "type_vocab_size": 2,
        "layer_norm_eps": 1e-12, "hidden_act": "gelu", "position_embedding_type": "absolute",
    ]

    @Test func readsAndWritesAConfig() throws {
        let config = try EncoderConfig(bytes: CanonicalJSON.encode(.object(Self.members)))
        #expect(config.hiddenSize == 384 && config.layerCount == 6 && config.headCount == 12)
        #expect(config.normEpsilon == 1e-12 && config.labels == nil)
        let json = config.json(labels: ["no", "yes"])
        #expect(json["_name_or_path"] == nil)
        #expect(json["label2id"]?["yes"] == 1)
        #expect(json["architectures"] == ["BertForSequenceClassification"])
        #expect(try EncoderConfig(json: json).labels == ["no", "yes"])
    }

    @Test(
        arguments: [
            ("model_type", "llama" as JSONValue), ("hidden_size", 0), ("hidden_size", "x"),
            ("hidden_size", 385), ("num_hidden_layers", -1), ("vocab_size", 1e300),
            ("hidden_act", "relu"), ("position_embedding_type", "relative_key"),
        ] as [(String, JSONValue)])
    func unusableConfigsAreRefused(_ name: String, _ value: JSONValue) {
        var members = Self.members
        members[name] = value
        #expect(throws: ModelFilesError.self) { try EncoderConfig(json: .object(members)) }
    }

    @Test func gappyLabelsAreNoLabels() throws {
        var members = Self.members
        members["id2label"] = ["0": "a", "2": "b"]
        #expect(try EncoderConfig(json: .object(members)).labels == nil)
        #expect(throws: ModelFilesError.self) { try EncoderConfig(bytes: [1, 2]) }
        #expect(throws: ModelFilesError.self) { try EncoderConfig(json: []) }
    }

    @Test func adapterConfigRoundTrip() throws {
        let config = AdapterConfig(
            rank: 4, alpha: 8, dropout: 0.1, targetModules: ["value", "query"], layers: [1, 2],
            usesRankStabilization: true, baseModelName: "minilm")
        var again = try AdapterConfig(bytes: config.encoded())
        #expect(again.scale == 4)
        again.targetModules = ["value", "query"]
        #expect(again == config)
    }

    @Test func adaptersOfOtherTasksRoundTrip() throws {
        let config = AdapterConfig(
            rank: 8, alpha: 16, targetModules: [AdapterConfig.allLinear],
            taskType: .causalLanguageModelling, usesDoRA: true, fanInFanOut: true)
        #expect(config.modulesToSave.isEmpty)
        let json = try JSONParser.parse(config.encoded())
        #expect(json["target_modules"] == "all-linear" && json["task_type"] == "CAUSAL_LM")
        #expect(json["use_dora"] == true && json["modules_to_save"]?.isNull == true)
        #expect(try AdapterConfig(bytes: config.encoded()) == config)
        let tokens = AdapterConfig(
            rank: 8, alpha: 16, targetModules: ["query"], taskType: .tokenClassification)
        #expect(tokens.modulesToSave == ["classifier", "score"])
        #expect(try AdapterConfig(bytes: tokens.encoded()).taskType == .tokenClassification)
    }

    @Test(arguments: [
        #"{"peft_type":"IA3"}"#, #"{"peft_type":"LORA"}"#, "{", "[]",
        #"{"peft_type":"LORA","r":0,"lora_alpha":1,"target_modules":["query"]}"#,
        #"{"peft_type":"LORA","r":4,"lora_alpha":1,"target_modules":["query"],"lora_bias":true}"#,
        #"{"peft_type":"LORA","r":4,"lora_alpha":1,"target_modules":["query"],"bias":"all"}"#,
        #"{"peft_type":"LORA","r":4,"lora_alpha":1,"target_modules":".*attn.*"}"#,
        #"{"peft_type":"LORA","r":4,"lora_alpha":1,"target_modules":["query"],"task_type":"SEQ_2_SEQ_LM"}"#,
        #"{"peft_type":"LORA","r":4,"lora_alpha":1,"target_modules":["query"],"rank_pattern":{"a":2}}"#,
    ])
    func unusableAdaptersAreRefused(_ text: String) {
        #expect(throws: ModelFilesError.self) { try AdapterConfig(bytes: Array(text.utf8)) }
    }
}
