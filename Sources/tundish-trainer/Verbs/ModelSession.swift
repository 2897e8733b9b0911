import EngineProtocol
import ModelFiles
import Records
import Training

/// A finished model that is asked things: once, or by a worker again and again.
final class ModelSession {
    let source: ModelSource
    let model: TunableModel
    private let request: EngineRequest
    private let settings: EngineSettings
    private var generator: TextGenerator?

    init(_ request: EngineRequest, _ client: EngineClient) throws {
        settings = try EngineSettings(request)
        source = try ModelSource(request, client)
        model = try source.model(request, client)
        source.dropWeights()
        self.request = request.for(model.task)
    }

    /// Answers a verb; `emit` gets each answer as it comes.
    func answer(_ job: EngineJob, _ emit: (EngineEvent) -> Void) throws -> Int {
        switch job.verb {
        case .predict: try predict(job.texts, emit)
        case .tag: try tag(job.texts, emit)
        case .probe: try probe(job.texts, emit)
        case .generate: try generate(job, emit)
        case .describe, .plan, .train, .evaluate:
            throw EngineFailure("forbidden", "a model does not \(job.verb.rawValue)", hint: "")
        }
        return job.texts.count + job.messages.count
    }

    /// How records of the model's own task are read.
    func encoding(needsTargets: Bool) throws -> any RecordEncoding {
        try source.encoding(
            request, maxLength: settings.maxLength(source), needsTargets: needsTargets,
            completionOnly: settings.completionOnly, template: settings.template)
    }

    private func predict(_ texts: [String], _ emit: (EngineEvent) -> Void) throws {
        let encoding = TextEncoding(
            tokenizer: source.tokenizer,
            maxLength: min(settings.maxLength(source), source.config.maxLength),
            textField: "", labelField: "", needsLabel: false)
        let found = try model.predict(texts.map { encoding.ids($0).ids })
        for (index, prediction) in found.enumerated() {
            emit(
                .prediction(
                    .init(
                        index: index, label: model.labels[prediction.label],
                        probabilities: prediction.probabilities.map(Double.init))))
        }
    }

    private func tag(_ texts: [String], _ emit: (EngineEvent) -> Void) throws {
        let encoding = WordEncoding(
            tokenizer: source.tokenizer,
            maxLength: min(settings.maxLength(source), source.config.maxLength),
            textField: "text", labelField: "", needsTags: false)
        let records = try texts.map { text in
            try encoding.encode(["text": .string(text)], rid: [])
        }
        for (index, tags) in try model.tags(records).enumerated() {
            emit(.tags(.init(index: index, tags: tags)))
        }
    }

    private func probe(_ texts: [String], _ emit: (EngineEvent) -> Void) throws {
        let limit = min(settings.maxLength(source), source.config.maxLength)
        let ids = texts.map { text in
            Array(
                source.tokenizer.encode(Array(text.utf8), addsSpecialTokens: true).prefix(limit))
        }
        for (index, vector) in try model.features(ids).enumerated() {
            emit(.probe(.init(index: index, vector: vector.map(Double.init))))
        }
    }

    // MARK: Generation

    private func generate(_ job: EngineJob, _ emit: (EngineEvent) -> Void) throws {
        let options = job.generation ?? GenerationOptions()
        let template = try source.chatTemplate(settings.template)
        var prompts = try job.messages.map { chat in
            try template.encode(
                chat.map { ChatMessage(role: $0.role, content: $0.content) },
                with: source.tokenizer, addsGenerationPrompt: true
            ).ids
        }
        prompts += job.texts.map {
            source.tokenizer.encode(Array($0.utf8), addsSpecialTokens: true)
        }
        let generator = try self.generator ?? TextGenerator(model, capacity: model.maxLength)
        self.generator = generator
        let stops = template.stopTokens(source.tokenizer)
        for (index, prompt) in prompts.enumerated() {
            emit(
                .generation(
                    try write(
                        prompt, index: index, generator: generator, options: options, stops: stops))
            )
        }
    }

    private func write(
        _ prompt: [Int32], index: Int, generator: TextGenerator, options: GenerationOptions,
        stops: [Int32]
    ) throws -> EngineEvent.Generation {
        let stopTexts = options.stop.map { Array($0.utf8) }.filter { !$0.isEmpty }
        var ids: [Int32] = []
        var end: Int?
        let written = try generator.generate(
            prompt,
            settings: GenerationSettings(
                maxNewTokens: options.maxNewTokens, temperature: options.temperature,
                topP: options.topP, seed: UInt64(options.seed), stopTokens: stops)
        ) { token in
            guard !stopTexts.isEmpty else { return true }
            ids.append(token)
            let text = source.tokenizer.decode(ids, skipsSpecialTokens: true)
            end = stopTexts.compactMap { text.firstRange(of: $0)?.lowerBound }.min()
            return end == nil
        }
        var text = source.tokenizer.decode(written.ids, skipsSpecialTokens: true)
        if let end { text = Array(text[..<end]) }
        let isStopped = end != nil || written.finishReason == .stop
        return EngineEvent.Generation(
            index: index, text: String(decoding: text, as: UTF8.self),
            finishReason: isStopped ? .stop : .length, tokens: written.ids.count,
            promptTokens: prompt.count)
    }
}
