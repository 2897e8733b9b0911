import EngineProtocol
import Kernels
import ModelFiles
import Records
import Training

/// What this engine says of itself.
enum Capabilities {
    static var json: JSONValue {
        func names(_ values: [String]) -> JSONValue { .array(values.map { .string($0) }) }
        return [
            "engine": "tundish-trainer", "version": .string(TundishTrainer.version),
            "protocol": .integer(EngineCommand.protocolVersion),
            "verbs": names(EngineVerb.allCases.map(\.rawValue)),
            "tasks": names(EngineTask.allCases.map(\.rawValue)),
            "architectures": [
                "bert", "distilbert", "roberta", "xlm-roberta", "llama", "qwen2", "gpt2",
            ],
            "tokenizers": ["wordpiece", "byte-level-bpe", "sentencepiece-bpe", "unigram"],
            "weights": ["safetensors", "gguf"],
            "chatTemplates": names(ChatTemplate.Style.allCases.map(\.rawValue)),
            "methods": names(TuningMethod.allCases.map(\.rawValue)),
            "outputs": names(RunOutput.allCases.map(\.rawValue)), "world": 1,
            "hyperParameters": names(HyperParameters.keys),
            "defaults": TrainingConfiguration().json, "blasCore": .string(BLAS.coreName),
        ]
    }
}
