import ModelFiles
import Records

/// What is kept of a model beside its files: what `model show` tells and `model advise` ranks by.
extension ModelSource {
    /// Kind, family, sizes, context; nothing personal.
    var info: [String: JSONValue] {
        var info: [String: JSONValue] = [
            "parameters": parameterCount.map { .integer($0) } ?? .null,
            "vocabulary": .integer(vocabularySize),
            "weights": .string(gguf == nil ? "safetensors" : "gguf"),
            "chatTemplate": chatTemplate.map { .string($0.style.rawValue) } ?? .null,
        ]
        switch config {
        case .encoder(let config):
            info["kind"] = "encoder"
            info["family"] = .string(config.family.rawValue)
            info["hiddenSize"] = .integer(config.hiddenSize)
            info["layers"] = .integer(config.layerCount)
            info["context"] = .integer(config.longestInput)
            info["labels"] = config.labels.map { .array($0.map { .string($0) }) } ?? .null
        case .decoder(let config):
            info["kind"] = "decoder"
            info["family"] = .string(config.family.rawValue)
            info["hiddenSize"] = .integer(config.hiddenSize)
            info["layers"] = .integer(config.layerCount)
            info["context"] = .integer(config.maxPositions)
        }
        if let format = blockFormat { info["quantisation"] = .string(format) }
        return info
    }

    /// Numbers in all tensors; nil if that is more than a number holds.
    private var parameterCount: Int? {
        var total = 0
        for name in weights.names {
            var count = 1
            for size in weights.shape(name) ?? [] {
                let (product, overflow) = count.multipliedReportingOverflow(by: size)
                if overflow { return nil }
                count = product
            }
            let (sum, overflow) = total.addingReportingOverflow(count)
            if overflow { return nil }
            total = sum
        }
        return total
    }

    /// The form of most quantised tensors, such as `q4_1`; nil for plain numbers.
    private var blockFormat: String? {
        guard gguf != nil else { return nil }
        var counts: [BlockFormat: Int] = [:]
        for name in weights.names {
            if let blocks = weights.blocks(name) { counts[blocks.format, default: 0] += 1 }
        }
        return counts.max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }
            .map { "\($0.key)" }
    }

    /// The licence that the model's own files name: in GGUF metadata, or at the head of README.md.
    func licence(at path: String) -> String? {
        if let name = gguf?.metadata["general.license"]?.stringValue { return name }
        guard gguf == nil, let bytes = try? Files.read(path + "/README.md") else { return nil }
        let lines = bytes.prefix(1 << 16).split(separator: 0x0A, maxSplits: 200)
            .map { String(decoding: $0, as: UTF8.self) }
        guard lines.first?.hasPrefix("---") == true else { return nil }
        for line in lines.dropFirst() {
            if line.hasPrefix("---") { return nil }
            guard line.hasPrefix("license:") else { continue }
            let value = line.dropFirst("license:".count)
                .filter { !" \"'\r".contains($0) }.prefix(64)
            return value.isEmpty ? nil : String(value)
        }
        return nil
    }
}
