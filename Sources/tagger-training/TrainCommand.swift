import Cryptography
import FoundationEssentials
import Redaction

/// `train`: makes data, learns, tries the result on held-out templates and names, writes it.
enum TrainCommand {
    static func run(_ options: Options) throws {
        guard options.plain.count == 2 else { throw UsageError(description: "train DATA OUT.bin") }
        let lists = try WordLists(folder: options.plain[0])
        let lexicon = LexiconBuilder.lexicon(lists)
        let seed = UInt64(options.number("seed", 20_261_122))
        let rounds = options.number("rounds", 8)
        let examples = options.number("examples", 50_000)
        var trainer = RandomFieldTrainer(bits: options.number("bits", 18))
        var generator = try CorpusGenerator(lists, .training, seed: seed)
        var random = GeneratorRandom(seed: seed ^ 1)
        let sentences = try options.named["conll"].map(ConllReader.sentences) ?? []
        let plain = try (options.named["plain"] ?? "").split(separator: ",").flatMap {
            try PlainReader.sentences(String($0), lexicon: lexicon)
        }
        // Interface texts of many languages, grouped so that each language gets the same share.
        let messages = Dictionary(
            grouping: try (options.named["messages"]).map(WordListsText.allLines) ?? []
        ) { $0.prefix(2) }
        let tongues = messages.keys.filter { $0.count == 2 }.sorted()
        print("plain sentences \(plain.count), messages in \(tongues.count) languages")
        print(
            "lexicon \(lexicon.count), templates \(generator.templateCount), CoNLL sentences \(sentences.count)"
        )
        let rate = trainer.rate
        var hasher = SHA256.Hasher()
        for round in 0..<rounds {
            trainer.rate = rate * (1 - 0.85 * Float(round) / Float(max(rounds - 1, 1)))
            trainer.resetLoss()
            for index in 0..<(examples / rounds * 1) {
                let example: Example
                if !sentences.isEmpty && index % 5 == 4 {
                    example = generator.renewed(random.pick(sentences))
                } else if !plain.isEmpty && index % 8 == 3 {
                    example = generator.finish([Piece(random.pick(plain))])
                } else if !tongues.isEmpty && index % 8 == 5 {
                    let lines = messages[random.pick(tongues)] ?? []
                    let text = (0..<random.within(1...3)).map { _ in
                        String(random.pick(lines).dropFirst(3))
                    }
                    example = generator.finish([Piece(text.joined(separator: " "))])
                } else {
                    example = generator.next()
                }
                hasher.update(example.text)
                var labelled = LabelledTokens(example, lexicon: lexicon)
                labelled.hide(&random)
                trainer.learn(labelled)
            }
            let nats = trainer.loss.sum / Double(max(trainer.loss.tokens, 1))
            print("round \(round + 1)/\(rounds): \(trainer.loss.tokens) tokens, loss \(nats)")
        }
        let model = trainer.model(lexicon: lexicon)
        let bias = Int32(Float(options.number("bias", 0)) / 100 * model.unit)
        let shipped = TaggerModel(
            bits: model.bits, unit: model.unit,
            lexicon: LexiconBuilder.lexicon(lists, isWhole: true), transitions: model.transitions,
            weights: model.weights)
        let file = shipped.encoded(outsideBias: bias)
        try Data(file).write(to: URL(filePath: options.plain[1]))
        let digest = hasher.finalize()
        let report = try report(
            Tagger(model: model, digest: digest, outsideBias: bias), lists, seed: seed ^ 2,
            data: digest, model: SHA256.hash(Array(file.dropFirst(40))))
        print(report)
        try Data(report.utf8).write(to: URL(filePath: options.plain[1] + ".json"))
    }

    /// Scores on templates and names that were held out, as JSON.
    private static func report(
        _ tagger: Tagger, _ lists: WordLists, seed: UInt64, data: [UInt8], model: [UInt8]
    ) throws -> String {
        var generator = try CorpusGenerator(lists, .heldOut, seed: seed)
        var scores = HeldOutScores()
        for _ in 0..<4000 {
            let example = generator.next()
            scores.add(example, tagger.findings(in: DocumentView(example.text)))
        }
        func hex(_ bytes: [UInt8]) -> String {
            bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
        func rounded(_ value: Double) -> String { "\((value * 10_000).rounded() / 10_000)" }
        let kinds = scores.missedByKind.sorted { $0.key < $1.key }.map {
            "\"\($0.key)\": \(rounded(Double($0.value.missed) / Double(max($0.value.all, 1))))"
        }
        return """
            {"leak": \(rounded(scores.leak)), "over": \(rounded(scores.over)), "span_f2_any": \(rounded(scores.f2)),
             "leak_by_kind": {\(kinds.joined(separator: ", "))},
             "held_out_templates": \(generator.templateCount), "data_sha256": "\(hex(data))", "model_sha256": "\(hex(model))"}

            """
    }
}
