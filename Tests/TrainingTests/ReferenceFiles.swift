import Foundation
import ModelFiles
import Records
import Testing

@testable import Training

/// The reference runs (made with transformers and peft) and the model that they start from. Both
/// lie outside the repository; tests that need them are skipped where they are absent.
enum ReferenceFiles {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static let shared: String =
        ProcessInfo.processInfo.environment["TUNDISH_SHARED"]
        ?? root.deletingLastPathComponent().appendingPathComponent("shared").path
    static let models: String =
        ProcessInfo.processInfo.environment["TUNDISH_MODELS"]
        ?? root.appendingPathComponent(".cache/models").path

    static var areThere: Bool {
        let needed = [
            "\(shared)/reference/minilm_full.json", "\(models)/minilm/model.safetensors",
            "\(models)/minilm/config.json",
        ]
        let found = needed.allSatisfy { FileManager.default.fileExists(atPath: $0) }
        if !found {
            print("skipped: the reference runs need ../shared and .cache/models/minilm")
        }
        return found
    }

    static var ofDecoderAreThere: Bool {
        let needed = [
            "\(shared)/reference/smollm2_full.json", "\(models)/smollm2/model.gguf",
        ]
        let found = needed.allSatisfy { FileManager.default.fileExists(atPath: $0) }
        if !found { print("skipped: these runs need ../shared and .cache/models/smollm2") }
        return found
    }

    static func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    static func json(_ name: String) throws -> JSONValue {
        try JSONParser.parse(bytes("\(shared)/reference/\(name).json"))
    }

    static func tensors(_ name: String) throws -> SafetensorsFile {
        try SafetensorsFile(mapping: "\(shared)/reference/\(name).safetensors")
    }

    static func model() throws -> (SafetensorsFile, EncoderConfig) {
        (
            try SafetensorsFile(mapping: "\(models)/minilm/model.safetensors"),
            try EncoderConfig(bytes: bytes("\(models)/minilm/config.json"))
        )
    }

    /// The eight sentences, without their padding.
    static func examples(_ reference: JSONValue) throws -> [EncodedExample] {
        let batch = try #require(reference["batch"])
        let ids = try #require(batch["input_ids"]?.arrayValue)
        let masks = try #require(batch["attention_mask"]?.arrayValue)
        let labels = try #require(batch["labels"]?.arrayValue)
        return try ids.indices.map { row in
            let mask = try #require(masks[row].arrayValue)
            let tokens = try #require(ids[row].arrayValue)
            return EncodedExample(
                ids: zip(tokens, mask).compactMap { id, kept in
                    kept.intValue == 1 ? Int32(id.intValue ?? -1) : nil
                }, label: try #require(labels[row].intValue))
        }
    }

    static func numbers(_ value: JSONValue?) throws -> [Double] {
        try #require(value?.arrayValue).map { try #require($0.doubleValue) }
    }
}
