/// The special tokens that a model wants around a text: what Hugging Face calls a post-processor,
/// for one text.
struct SequenceFrame: Sendable, Equatable {
    var prefix: [Int32] = []
    var suffix: [Int32] = []
}

extension SequenceFrame {
    /// Reads `post_processor` of a tokenizer.json. `ByteLevel` only concerns offsets.
    init(_ json: ByteJSON?) throws(TokenizerError) {
        guard let json, !json.isNull else { return }
        switch json["type"]?.text {
        case "ByteLevel":
            break
        case "BertProcessing", "RobertaProcessing":
            prefix = [try Self.id(json["cls"]?.elements?.last)]
            suffix = [try Self.id(json["sep"]?.elements?.last)]
        case "TemplateProcessing":
            try read(template: json)
        case "Sequence":
            for part in json["processors"]?.elements ?? [] {
                let frame = try SequenceFrame(part)
                prefix = frame.prefix + prefix
                suffix += frame.suffix
            }
        case let type:
            throw TokenizerError.unsupported("post-processor", type)
        }
    }

    private mutating func read(template json: ByteJSON) throws(TokenizerError) {
        var sequences = 0
        for piece in json["single"]?.elements ?? [] {
            if let sequence = piece["Sequence"] {
                sequences += 1
                guard sequence["id"]?.text == "A" else { throw TokenizerError.damaged("template") }
            } else if let name = piece["SpecialToken"]?["id"]?.bytes {
                guard case .object(let members)? = json["special_tokens"],
                    let ids = members.first(where: { $0.name == name })?.value["ids"]?.elements
                else { throw TokenizerError.damaged("template") }
                for id in ids {
                    let id = try Self.id(id)
                    if sequences == 0 { prefix.append(id) } else { suffix.append(id) }
                }
            }
        }
        guard sequences == 1 else { throw TokenizerError.damaged("template") }
    }

    private static func id(_ json: ByteJSON?) throws(TokenizerError) -> Int32 {
        guard let id = json?.integer.flatMap(Int32.init(exactly:)), id >= 0 else {
            throw TokenizerError.damaged("post-processor")
        }
        return id
    }
}

extension TokenizerError {
    /// A part of a tokenizer.json that this reader does not know.
    static func unsupported(_ part: String, _ name: String?) -> TokenizerError {
        TokenizerError(
            .unsupported, "tokenizer.json asks for the \(part) \(name ?? "without a type")",
            hint: "docs/tokenizers.md lists those that are read")
    }

    /// A part of a tokenizer.json that does not say what it must.
    static func damaged(_ part: String) -> TokenizerError {
        TokenizerError(
            .malformed, "tokenizer.json: the \(part) lacks a member or has one of a wrong type",
            hint: "fetch the file again")
    }
}
