import Records
import Testing

@testable import EngineProtocol

@Suite("Hyper-parameters")
struct HyperParametersTests {
    @Test("Text becomes values of the right type")
    func values() throws {
        let parameters = try HyperParameters(pairs: [
            ("learning_rate", "5e-5"), ("num_train_epochs", "3"), ("seed", "7"),
            ("group_by_length", "true"), ("target_modules", "query, value"),
            ("lr_scheduler_type", "cosine"), ("class_weights", "balanced"),
            ("layers_to_transform", "0,1"),
        ])
        #expect(parameters["learning_rate"]?.doubleValue == 5e-5)
        #expect(parameters["num_train_epochs"]?.doubleValue == 3)
        #expect(parameters["seed"] == 7)
        #expect(parameters["group_by_length"] == true)
        #expect(parameters["target_modules"] == ["query", "value"])
        #expect(parameters["class_weights"] == "balanced")
        #expect(parameters["layers_to_transform"] == [0, 1])
        #expect(try HyperParameters(json: parameters.json) == parameters)
    }

    @Test(
        "A slip gets a suggestion",
        arguments: [
            ("learning_rat", "learning_rate"), ("lora_r", "r"),
            ("num_train_epoch", "num_train_epochs"),
            ("warmup_step", "warmup_steps"), ("target_module", "target_modules"),
            ("weight_decai", "weight_decay"), ("save_step", "save_steps"),
            ("dp_target_epsilo", "dp_target_epsilon"), ("use_dorra", "use_dora"),
        ])
    func suggestion(name: String, meant: String) {
        let error = #expect(throws: EngineProtocolError.self) {
            try HyperParameters(pairs: [(name, "1")])
        }
        #expect(error?.code == .hyperParameter)
        if meant.count > 1 { #expect(error?.hint == "did you mean \(meant)?") }
    }

    @Test("Members of the request are pointed out", arguments: ["method", "threads"])
    func elsewhere(name: String) {
        let error = #expect(throws: EngineProtocolError.self) {
            try HyperParameters(pairs: [(name, "1")])
        }
        #expect(error?.hint.contains("an option of its own") == true)
    }

    @Test(
        "A value of the wrong type is refused",
        arguments: [
            ("learning_rate", "fast"), ("seed", "1.5"), ("group_by_length", "yes"),
            ("class_weights", "a,b"), ("layers_to_transform", "x"), ("max_steps", ""),
            ("learning_rate", "nan"),
        ])
    func wrongType(name: String, value: String) {
        let error = #expect(throws: EngineProtocolError.self) {
            try HyperParameters(pairs: [(name, value)])
        }
        #expect(error?.code == .hyperParameter)
        #expect(error?.message.contains(name) == true)
    }

    @Test(
        "Words that are the same for every engine are checked",
        arguments: [
            ("save_strategy", "epoch", "epochs"), ("adapter_config", "pfeiffer", "pfeifer"),
            ("quantization", "nf4", "int8"), ("weight_format", "f16", "bf16"),
            ("eval_strategy", "no", "never"),
        ])
    func choices(name: String, right: String, wrong: String) throws {
        #expect(try HyperParameters(pairs: [(name, right)])[name]?.stringValue == right)
        let error = #expect(throws: EngineProtocolError.self) {
            try HyperParameters(pairs: [(name, wrong)])
        }
        #expect(error?.code == .hyperParameter)
        #expect(error?.message.contains(name) == true && error?.message.contains(wrong) == true)
    }

    @Test("Every name takes the example that its error gives")
    func examples() throws {
        for name in HyperParameters.keys {
            let error = #expect(throws: EngineProtocolError.self) {
                try HyperParameters(json: [name: .object([:])])
            }
            let example = try #require(error?.hint.split(separator: " ").last)
            let parts = example.split(separator: "=", maxSplits: 1).map(String.init)
            #expect(parts.first == name)
            _ = try HyperParameters(pairs: [(name, parts[1])])
        }
    }
}
