import Cryptography
import Foundation
import ModelFiles
import Records
import Testing

/// Writes what `scripts/interop/gguf_files.py` opens with other people's tools: tiny models as GGUF
/// and as safetensors, blocks of every format, and what our reader decodes out of each file.
@Suite struct GGUFInteropTests {
    static let folder = ProcessInfo.processInfo.environment["TUNDISH_INTEROP_GGUF"]
    /// More files to be decoded, with colons between their paths.
    static let models = ProcessInfo.processInfo.environment["TUNDISH_INTEROP_GGUF_MODELS"] ?? ""

    static func write(_ bytes: [UInt8], _ name: String) throws {
        let file = URL(filePath: try #require(folder)).appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
    }

    @Test(.enabled(if: folder != nil, "skipped: set TUNDISH_INTEROP_GGUF to a folder"))
    func tinyModels() throws {
        var decoded: [String: JSONValue] = [:]
        for (name, index) in [
            ("llama", 0), ("untied", 1), ("llama3", 2), ("qwen2", 4), ("gpt2", 5),
        ] {
            var members = GGUFWriterTests.configs[index]
            members["attention_bias"] = nil
            if name == "gpt2" {
                // transformers does not read a GPT-2's count of positions out of GGUF.
                members.merge(["n_embd": 64, "n_positions": 1024]) { _, new in new }
            }
            let config = try DecoderConfigTests.config(members)
            // Weights of a size with which logits differ from each other.
            let tensors = GGUFWriterTests.tensors(config).map { tensor in
                let shift: Float = tensor.name.contains("norm.weight") ? 1 : 0
                return NamedTensor(
                    name: tensor.name, shape: tensor.shape,
                    values: tensor.values.map { $0 * 0.3 + shift })
            }
            try Self.write(CanonicalJSON.encode(config.json()), "\(name)/config.json")
            try Self.write(SafetensorsWriter.encode(tensors), "\(name)/model.safetensors")
            for format in GGUFWriter.Format.allCases {
                let file = "\(name)/\(format.rawValue.lowercased()).gguf"
                let bytes = try GGUFWriter.encode(
                    config: config, tensors: tensors, format: format,
                    metadata: GGUFWriterTests.vocabulary)
                try Self.write(bytes, file)
                decoded[file] = try Self.digests(GGUFFile(bytes: bytes))
            }
        }
        var random = TestRandom(99)
        var builder = GGUFBuilder()
        builder.add("general.architecture", "none")
        for format in BlockFormat.allCases {
            var bytes = random.bytes(1536 / format.elementCount * format.byteCount)
            for block in stride(from: 0, to: bytes.count, by: format.byteCount) {
                // Scales below 2: an infinity times zero is not a number, and has many forms.
                for place in format == .q6_K ? [209] : [1, 3] { bytes[block + place] &= 0xBF }
            }
            builder.tensors.append(
                .init(
                    name: "\(format)", dimensions: [512, 3], type: UInt32(format.rawValue),
                    bytes: bytes))
        }
        try Self.write(builder.bytes, "blocks.gguf")
        decoded["blocks.gguf"] = try Self.digests(GGUFFile(bytes: builder.bytes))
        for path in Self.models.split(separator: ":").map(String.init) {
            decoded[path] = try Self.digests(GGUFFile(mapping: path))
        }
        try Self.write(CanonicalJSON.encode(.object(decoded)), "decoded.json")
    }

    /// Shape of each tensor, and SHA-256 of its numbers as little-endian singles.
    static func digests(_ file: GGUFFile) throws -> JSONValue {
        var members: [String: JSONValue] = [:]
        for name in file.names {
            let digest = try file.floats(name).withUnsafeBytes { SHA256.hash($0) }
            members[name] = [
                "shape": .array(file.shape(name)!.map { .integer($0) }),
                "sha256": .string(Hex.encode(digest)),
            ]
        }
        return .object(members)
    }
}
