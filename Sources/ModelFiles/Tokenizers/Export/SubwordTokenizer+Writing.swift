extension SubwordTokenizer {
    /// The tokenizer as a tokenizer.json.
    ///
    /// - Throws: `TokenizerError` unless it is byte-level BPE with words that Hugging Face names.
    func json() throws(TokenizerError) -> [UInt8] {
        let model = try byteLevelModel()
        let vocabulary = parts.tokens.enumerated().filter { !$0.element.isEmpty }.map {
            (name: $0.element, value: JSONText.number($0.offset))
        }
        let merges = model.merges.all.map { merge in
            JSONText.array([
                JSONText.quoted(parts.tokens[Int(merge.left)]),
                JSONText.quoted(parts.tokens[Int(merge.right)]),
            ])
        }
        return JSONText.object([
            "version": JSONText.quoted("1.0"), "truncation": JSONText.null,
            "padding": JSONText.null,
            "added_tokens": JSONText.array(parts.added.map(Self.json(added:))),
            "normalizer": try Self.json(normalizer: parts.normalizer),
            "pre_tokenizer": try Self.json(words: parts.preTokenizer),
            "post_processor": json(frame: parts.frame),
            "decoder": JSONText.object([
                "type": JSONText.quoted("ByteLevel"), "add_prefix_space": JSONText.truth(true),
                "trim_offsets": JSONText.truth(true), "use_regex": JSONText.truth(true),
            ]),
            "model": JSONText.object([
                "type": JSONText.quoted("BPE"), "dropout": JSONText.null,
                "unk_token": JSONText.null, "continuing_subword_prefix": JSONText.null,
                "end_of_word_suffix": JSONText.null, "fuse_unk": JSONText.truth(false),
                "byte_fallback": JSONText.truth(false),
                "ignore_merges": JSONText.truth(model.options.ignoresMerges),
                "vocab": JSONText.object(vocabulary), "merges": JSONText.array(merges),
            ]),
        ])
    }

    func byteLevelModel() throws(TokenizerError) -> BytePairModel {
        guard case .bytePair(let model) = parts.model, model.options.isByteLevel,
            model.options.unknown == nil || model.knowsAllBytes
        else {
            throw TokenizerError(
                .unsupported, "only byte-level BPE tokenizers can be written in another form",
                hint: "keep the model's own tokenizer files")
        }
        return model
    }

    private static func json(added token: AddedToken) -> [UInt8] {
        JSONText.object([
            "id": JSONText.number(token.id), "content": JSONText.quoted(token.content),
            "single_word": JSONText.truth(token.isSingleWord),
            "lstrip": JSONText.truth(token.stripsLeft),
            "rstrip": JSONText.truth(token.stripsRight),
            "normalized": JSONText.truth(token.isNormalized),
            "special": JSONText.truth(token.isSpecial),
        ])
    }

    private static func json(normalizer: Normalizer) throws(TokenizerError) -> [UInt8] {
        switch normalizer.steps.first {
        case nil: return JSONText.null
        case .form(let form) where normalizer.steps.count == 1:
            return JSONText.object(["type": JSONText.quoted(form.rawValue)])
        default: throw unwritable("normalizer")
        }
    }

    private static func json(words: PreTokenizer) throws(TokenizerError) -> [UInt8] {
        func byteLevel(_ addsSpace: Bool, _ cuts: Bool) -> [UInt8] {
            JSONText.object([
                "type": JSONText.quoted("ByteLevel"),
                "add_prefix_space": JSONText.truth(addsSpace),
                "trim_offsets": JSONText.truth(true), "use_regex": JSONText.truth(cuts),
            ])
        }
        var parts: [[UInt8]] = []
        var addsSpace = false
        var isClosed = false
        for step in words.steps {
            guard !isClosed else { throw unwritable("pre-tokenizer") }
            switch step {
            case .prefixSpace:
                addsSpace = true
            case .digits(let behavior) where behavior == .isolated || behavior == .contiguous:
                guard !addsSpace else { throw unwritable("pre-tokenizer") }
                parts.append(
                    JSONText.object([
                        "type": JSONText.quoted("Digits"),
                        "individual_digits": JSONText.truth(behavior == .isolated),
                    ]))
            case .words(.gpt2):
                parts.append(byteLevel(addsSpace, true))
                isClosed = true
            case .words(let scanner):
                guard !addsSpace else { throw unwritable("pre-tokenizer") }
                parts.append(
                    JSONText.object([
                        "type": JSONText.quoted("Split"),
                        "pattern": JSONText.object(["Regex": JSONText.quoted(scanner.pattern)]),
                        "behavior": JSONText.quoted("Isolated"),
                        "invert": JSONText.truth(false),
                    ]))
                parts.append(byteLevel(false, false))
                isClosed = true
            default:
                throw unwritable("pre-tokenizer")
            }
        }
        guard isClosed else { throw unwritable("pre-tokenizer") }
        if parts.count == 1 { return parts[0] }
        return JSONText.object([
            "type": JSONText.quoted("Sequence"), "pretokenizers": JSONText.array(parts),
        ])
    }

    private func json(frame: SequenceFrame) -> [UInt8] {
        let byteLevel = JSONText.object([
            "type": JSONText.quoted("ByteLevel"), "add_prefix_space": JSONText.truth(true),
            "trim_offsets": JSONText.truth(false), "use_regex": JSONText.truth(true),
        ])
        if frame == SequenceFrame() { return byteLevel }
        func name(_ id: Int32) -> [UInt8] { JSONText.quoted(token(id) ?? []) }
        func pieces(_ sequences: String...) -> [UInt8] {
            func special(_ id: Int32) -> [UInt8] {
                JSONText.object([
                    "SpecialToken": JSONText.object([
                        "id": name(id), "type_id": JSONText.number(0),
                    ])
                ])
            }
            var list: [[UInt8]] = []
            for sequence in sequences {
                list += frame.prefix.map(special)
                list.append(
                    JSONText.object([
                        "Sequence": JSONText.object([
                            "id": JSONText.quoted(sequence), "type_id": JSONText.number(0),
                        ])
                    ]))
                list += frame.suffix.map(special)
            }
            return JSONText.array(list)
        }
        let special = Set(frame.prefix + frame.suffix).sorted().map { id in
            (
                name: token(id) ?? [],
                value: JSONText.object([
                    "id": name(id), "ids": JSONText.array([JSONText.number(id)]),
                    "tokens": JSONText.array([name(id)]),
                ])
            )
        }
        let template = JSONText.object([
            "type": JSONText.quoted("TemplateProcessing"), "single": pieces("A"),
            "pair": pieces("A", "B"), "special_tokens": JSONText.object(special),
        ])
        return JSONText.object([
            "type": JSONText.quoted("Sequence"),
            "processors": JSONText.array([byteLevel, template]),
        ])
    }

    static func unwritable(_ part: String) -> TokenizerError {
        TokenizerError(
            .unsupported, "the tokenizer's \(part) cannot be written in that form",
            hint: "keep the model's own tokenizer files")
    }
}
