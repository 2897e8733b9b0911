import Cryptography
import Foundation
import ModelFiles
import Records
import Testing

/// SmolLM2-135M-Instruct as its GGUF file, which lies outside the repository (`scripts/fetch-models`).
struct GGUFReferenceTests {
    static let path: String = {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let models =
            ProcessInfo.processInfo.environment["TUNDISH_MODELS"]
            ?? root.appending(path: ".cache/models").path
        return "\(models)/smollm2/model.gguf"
    }()
    static var isThere: Bool {
        let found = FileManager.default.fileExists(atPath: path)
        if !found { print("skipped: SmolLM2's GGUF file is not at \(path)") }
        return found
    }

    @Test(.enabled(if: isThere, "SmolLM2 is not there"))
    func readsSmolLM2() throws {
        let file = try GGUFFile(mapping: Self.path)
        let config = try DecoderConfig(gguf: file)
        #expect(config.family == .llama && config.layerCount == 30 && config.hiddenSize == 576)
        #expect(config.headCount == 9 && config.keyHeadCount == 3 && config.headWidth == 64)
        #expect(config.rotaryBase == 100_000 && config.normEpsilon == 1e-5)
        #expect(config.vocabularySize == 49152 && config.maxPositions == 8192)
        #expect(config.tiesEmbeddings && config.rotaryScaling == nil && config.padID == 2)
        // Just the weights that a model of this configuration has.
        #expect(file.names == config.tensors.map(\.name).sorted())
        for tensor in config.tensors { #expect(file.shape(tensor.name) == tensor.shape) }
        let formats = file.names.compactMap { file.blocks($0)?.format }
        #expect(formats.count { $0 == .q4_1 } == 210 && formats.count { $0 == .q8_0 } == 1)
        #expect(file.metadata["tokenizer.ggml.tokens"]?.strings?.count == 49152)
    }

    /// SHA-256 of what the gguf package (0.19) dequantises, with the rows of q and k put in order.
    @Test(
        .enabled(if: isThere, "SmolLM2 is not there"),
        arguments: [
            (
                "model.embed_tokens.weight",
                "3fd491c8066dd9dc1a2bf6796701526c82817d95c0ecabacdef3013c2b8bbbaa"
            ),
            (
                "model.layers.0.self_attn.q_proj.weight",
                "54b377bbfa2deab945dfdba7fb59e0ca3eb74329358bd1b53b635b3ff37c1a56"
            ),
            (
                "model.layers.29.self_attn.k_proj.weight",
                "8e99b2450d5f3d53731f52790cc82f80b04341e533306bcfee6669ffa3c79921"
            ),
            (
                "model.layers.7.mlp.down_proj.weight",
                "9d3af8b67d13c727ae5ffe470464163b9cac42eb494525392bd3e79c8db73880"
            ),
        ])
    func decodesSmolLM2(_ name: String, _ digest: String) throws {
        let file = try GGUFFile(mapping: Self.path)
        let found = try file.floats(name).withUnsafeBytes { SHA256.hash($0) }
        #expect(Hex.encode(found) == digest)
    }
}
