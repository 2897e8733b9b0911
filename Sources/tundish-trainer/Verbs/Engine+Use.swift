import EngineProtocol
import ModelFiles
import Records
import Training

extension Engine {
    /// Answers the request's texts and chats, and labels every record of the splits that it offers.
    func use(_ request: EngineRequest, _ client: EngineClient) throws -> JSONValue {
        if request.verb == .probe, !request.splits.isEmpty {
            return try probeSplits(request, client)
        }
        let session = try ModelSession(request, client)
        begin(request, labels: session.model.labels)
        var total = try session.answer(
            EngineJob(
                job: 0, verb: request.verb, texts: request.texts, messages: request.messages,
                generation: request.generation)
        ) { events.write($0) }
        if request.verb == .predict || request.verb == .tag {
            let encoding = try session.encoding(needsTargets: false)
            for split in Split.allCases where request.splits[split] != nil {
                let rows = try lines(session.model, encoding.read(split, request, client))
                for row in rows { events.write(row) }
                total += rows.count
            }
        }
        try putWhole(request, session, client)
        return ["count": .integer(total)]
    }

    /// The model as one whole, adapters merged, in the forms that the request wants.
    private func putWhole(
        _ request: EngineRequest, _ session: ModelSession, _ client: EngineClient
    ) throws {
        let model = session.model
        let wantsGGUF = request.outputs.contains(.gguf)
        guard wantsGGUF || request.outputs.contains(.mergedModel) else { return }
        let tensors = try model.mergedTensors()
        let format = request.hyperParameters["weight_format"]?.stringValue ?? "f32"
        if wantsGGUF {
            guard case .decoder(let config) = session.source.config else {
                throw EngineFailure(
                    "model", "GGUF is for language models, not for this encoder",
                    hint: "export it as safetensors")
            }
            let forms: [String: GGUFWriter.Format] = ["f32": .f32, "f16": .f16, "q8_0": .q8_0]
            let bytes = try GGUFWriter.encode(
                config: config, tensors: tensors, format: forms[format] ?? .f16,
                metadata: try session.source.vocabularyMetadata())
            try compare(model, with: GGUFFile(bytes: bytes), exact: format == "f32")
            try put("model.gguf", bytes, client)
            return
        }
        let bytes = try SafetensorsWriter.encode(tensors, as: format == "f16" ? .f16 : .f32)
        try compare(model, with: SafetensorsFile(bytes: bytes), exact: format != "f16")
        try put("model.safetensors", bytes, client)
        try put("config.json", model.configJSON(), client)
        for (name, file) in try session.source.exportedTokenizer().sorted(by: { $0.key < $1.key }) {
            try put(name, file, client)
        }
    }

    /// Reads an export back and compares what it says with what the model says.
    private func compare(
        _ model: TunableModel, with export: any TensorSource, exact: Bool
    ) throws {
        let again = try TunableModel(
            trained: export, config: model.config, task: model.task, threads: 0)
        let ids: [[Int32]] = [(0..<12).map { Int32($0 * 7 % model.config.vocabularySize) }]
        let (a, b) = (try model.features(ids)[0], try again.features(ids)[0])
        let product = zip(a, b).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        guard product > (exact ? 1 - 1e-5 : 0.99) else {
            throw EngineFailure(
                "export", "the exported file does not compute what the model computes",
                hint: "this is a fault of the engine")
        }
    }

    /// A quick classifier on frozen features of the train split, judged on validation.
    private func probeSplits(
        _ request: EngineRequest, _ client: EngineClient
    ) throws -> JSONValue {
        let source = try ModelSource(request, client)
        let settings = try EngineSettings(request)
        let encoding = TextEncoding(
            tokenizer: source.tokenizer,
            maxLength: min(settings.maxLength(source), source.config.maxLength),
            textField: request.textField, labelField: request.labelField, needsLabel: true)
        let train = try encoding.read(.train, request, client)
        let validation = try encoding.read(.validation, request, client)
        let labels = train.occurringLabels
        guard labels.labels.count >= 2, !validation.isEmpty else {
            throw EngineFailure(
                "data", "a probe needs two labels and a validation split",
                hint: "freeze splits with `tundish split`")
        }
        let model = try TunableModel(
            featuresOf: source.weights, config: source.config, threads: request.threads)
        begin(request, labels: labels.labels)
        func points(_ records: [ReadRecord], _ split: Split) throws -> [(
            vector: [Float], label: Int
        )] {
            let examples = try records.examples(labels, split)
            let vectors = try model.features(records.map(\.ids))
            return zip(vectors, examples).map { ($0, $1.label ?? 0) }
        }
        let scores = try FeatureProbe.run(
            train: try points(train, .train), validation: try points(validation, .validation),
            labels: labels.labels.count, seed: settings.training.seed)
        let result: JSONValue = [
            "accuracy": .double(scores.accuracy), "macroF1": .double(scores.macroF1),
            "count": .integer(validation.count), "trainCount": .integer(train.count),
        ]
        events.write(.probe(.init(index: 0, scores: result)))
        return result
    }
}
