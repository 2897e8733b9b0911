import ModelFiles

/// Whether the files of a model belong together: said at import, before anybody spends time.
extension ModelSource {
    func check(at path: String) throws {
        try checkTensors(at: path)
        let rows = vocabularySize
        guard tokenizer.vocabularyCount <= rows else {
            throw WorkspaceError(
                .failed,
                "the tokenizer in \(path) has ids up to \(tokenizer.vocabularyCount - 1), the model "
                    + "knows \(rows) tokens",
                hint: "it is another model's tokenizer: fetch the model's own")
        }
    }

    private func checkTensors(at path: String) throws {
        switch config {
        case .decoder(let config):
            for tensor in config.tensors {
                try require(
                    [tensor.name, tensor.name.dropping("transformer.").dropping("model.")],
                    shape: tensor.shape, at: path)
            }
        case .encoder(let config):
            let prefix = "\(config.family.rawValue)."
            for (name, shape) in Self.outline(config) {
                try require([prefix + name, name], shape: shape, at: path)
            }
        }
    }

    private func require(_ names: [String], shape: [Int], at path: String) throws {
        guard let found = names.lazy.compactMap({ weights.shape($0) }).first else {
            throw WorkspaceError(
                .failed, "the weights in \(path) have no tensor \(names[0])",
                hint: "they belong to another config.json, or a part of them is missing")
        }
        guard found == shape else {
            throw WorkspaceError(
                .failed,
                "the tensor \(names[0]) in \(path) has the shape \(found), config.json says \(shape)",
                hint: "the weights belong to another config.json")
        }
    }

    /// The tensors of an encoder by which its sizes can be told, without their prefix.
    private static func outline(_ config: EncoderConfig) -> [(String, [Int])] {
        let (wide, inner) = (config.hiddenSize, config.intermediateSize)
        var list = [
            ("embeddings.word_embeddings.weight", [config.vocabularySize, wide]),
            ("embeddings.position_embeddings.weight", [config.maxPositions, wide]),
        ]
        for layer in 0..<config.layerCount {
            let isDistilled = config.family == .distilbert
            let name = isDistilled ? "transformer.layer.\(layer)." : "encoder.layer.\(layer)."
            list += [
                (
                    name + (isDistilled ? "attention.q_lin.weight" : "attention.self.query.weight"),
                    [wide, wide]
                ),
                (
                    name + (isDistilled ? "ffn.lin1.weight" : "intermediate.dense.weight"),
                    [inner, wide]
                ),
            ]
        }
        return list
    }

    var vocabularySize: Int {
        switch config {
        case .decoder(let config): config.vocabularySize
        case .encoder(let config): config.vocabularySize
        }
    }
}

extension String {
    /// The text without `prefix`, if it begins with it.
    fileprivate func dropping(_ prefix: String) -> String {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self
    }
}
