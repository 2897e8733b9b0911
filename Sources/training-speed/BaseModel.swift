import FoundationEssentials
import ModelFiles
import Training

/// A base model on the disk: a folder as Hugging Face has it, or a GGUF file.
struct BaseModel {
    let weights: any TensorSource
    let config: ModelConfig
    private let files: [String: [UInt8]]
    private let gguf: GGUFFile?

    init(path: String) throws {
        if path.hasSuffix(".gguf") {
            let file = try GGUFFile(mapping: path)
            (weights, gguf, files) = (file, file, [:])
            config = .decoder(try DecoderConfig(gguf: file))
            return
        }
        gguf = nil
        weights = try SafetensorsFile(mapping: "\(path)/model.safetensors")
        config = try ModelConfig(bytes: try Self.bytes("\(path)/config.json"))
        var found: [String: [UInt8]] = [:]
        for name in TokenizerFiles.names {
            found[name] = try? Self.bytes("\(path)/\(name)")
        }
        files = found
    }

    func tokenizer() throws -> any TextTokenizer {
        if let gguf { return try TokenizerFiles.load(gguf: gguf) }
        return try TokenizerFiles.load(files)
    }

    /// The chat template that the model was taught.
    var template: ChatTemplate? { ChatTemplate.detect(files, gguf: gguf) }

    static func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }
}
