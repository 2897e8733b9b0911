import Foundation

extension Normalizer {
    /// Reads `normalizer` of a tokenizer.json.
    init(_ json: ByteJSON?) throws(TokenizerError) {
        steps = []
        if let json, !json.isNull { try read(json) }
    }

    private mutating func read(_ json: ByteJSON) throws(TokenizerError) {
        switch json["type"]?.text {
        case "Sequence":
            for part in json["normalizers"]?.elements ?? [] { try read(part) }
        case let name? where UnicodeForm(rawValue: name) != nil:
            if let form = UnicodeForm(rawValue: name) { steps.append(.form(form)) }
        case "Lowercase":
            steps.append(.lowercase)
        case "StripAccents":
            steps.append(.stripAccents)
        case "Strip":
            steps.append(
                .strip(
                    left: json["strip_left"]?.truth ?? true,
                    right: json["strip_right"]?.truth ?? true))
        case "Replace":
            try read(replace: json)
        case "Prepend":
            guard let prefix = json["prepend"]?.bytes else {
                throw TokenizerError.damaged("normalizer")
            }
            steps.append(.prepend(prefix))
        case "Precompiled":
            // Missing or empty: a map that changes nothing.
            if let text = json["precompiled_charsmap"]?.text, !text.isEmpty {
                guard let bytes = Data(base64Encoded: text) else {
                    throw TokenizerError.damaged("normalizer")
                }
                steps.append(.characterMap(try CharacterMap([UInt8](bytes))))
            }
        case let type:
            throw TokenizerError.unsupported("normalizer", type)
        }
    }

    private mutating func read(replace json: ByteJSON) throws(TokenizerError) {
        guard let content = json["content"]?.bytes else {
            throw TokenizerError.damaged("normalizer")
        }
        if let pattern = json["pattern"]?["String"]?.bytes, !pattern.isEmpty {
            steps.append(.replace(pattern, with: content))
        } else if json["pattern"]?["Regex"]?.text == " {2,}" {
            steps.append(.replaceSpaces(with: content))
        } else {
            throw TokenizerError.unsupported(
                "normalizer", "Replace of \(json["pattern"]?["Regex"]?.text ?? "nothing")")
        }
    }
}
