import EngineProtocol
import ModelFiles
import Records
import Training

extension Engine {
    /// The trained model's own files: an adapter, or the whole.
    func putModel(_ model: TunableModel, _ run: TrainingRun, _ client: EngineClient) throws {
        var files: [String: [UInt8]]
        switch run.request.method {
        case .lora, .qlora, .adapter:
            files = try model.exportAdapter(baseName: run.request.baseModel.name)
            files["config.json"] = adapterModelConfig(model)
        case .full, .freeze, .head:
            files = ["config.json": model.configJSON()]
            let format: SafetensorsWriter.Format = run.settings.weightFormat == "f16" ? .f16 : .f32
            files["model.safetensors"] = try SafetensorsWriter.encode(
                try model.mergedTensors(), as: format)
        }
        for (name, bytes) in run.source.tokenizerFiles { files[name] = bytes }
        for (name, bytes) in files.sorted(by: { $0.key < $1.key }) {
            try put(name, bytes, client)
        }
    }

    /// The configuration beside an adapter; it says how the base was kept.
    private func adapterModelConfig(_ model: TunableModel) -> [UInt8] {
        guard let quantization = model.quantization,
            case .object(var members)? = try? JSONParser.parse(model.configJSON())
        else { return model.configJSON() }
        members[ModelSource.quantizationMember] = .string(quantization.rawValue)
        return CanonicalJSON.encode(.object(members))
    }

    func putInitialWeights(
        _ model: TunableModel, _ run: TrainingRun, _ client: EngineClient
    ) throws {
        let isAdapter = [.lora, .qlora, .adapter].contains(run.request.method)
        let files =
            isAdapter
            ? try model.exportAdapter(baseName: run.request.baseModel.name)
            : try model.exportModel()
        let name = isAdapter ? "adapter_model.safetensors" : "model.safetensors"
        try put("initial_\(name)", files[name] ?? [], client)
    }

    /// `{"rids": […], "epochs": [[[row, …], …], …]}`: row i is the record rids[i].
    func putBatchOrder(_ run: TrainingRun, _ client: EngineClient) throws {
        let configuration = run.settings.training
        let lengths = run.trainExamples.map(\.tokenCount)
        func batches(_ epoch: Int) -> [[Int]] {
            Trainer.batchOrder(lengths: lengths, epoch: epoch, configuration: configuration)
        }
        // With max_steps alone the number of epochs is open: as many as the steps need.
        let perEpoch = max(1, batches(0).count)
        let count =
            configuration.epochs.isFinite
            ? Int(configuration.epochs.rounded(.up))
            : (configuration.maxSteps + perEpoch - 1) / perEpoch
        let epochs = (0..<max(1, count)).map { epoch -> JSONValue in
            .array(batches(epoch).map { .array($0.map { .integer($0) }) })
        }
        let order: JSONValue = [
            "rids": .array(run.train.map { .string(Hex.encode($0.rid)) }),
            "epochs": .array(epochs),
        ]
        try put("batch_order.json", CanonicalJSON.encode(order), client)
    }

    /// `predictions.jsonl`: one event a line.
    func putPredictions(_ lines: [EngineEvent], _ client: EngineClient) throws {
        try put("predictions.jsonl", lines.flatMap { $0.line() }, client)
    }

    /// What the model says of each record, beside what the record says.
    func lines(_ model: TunableModel, _ records: [ReadRecord]) throws -> [EngineEvent] {
        switch model.task {
        case .sequenceClassification(let labels):
            let found = try model.predict(records.map(\.ids))
            return zip(records, found).enumerated().map { index, pair in
                var truth: String?
                if case .label(let label) = pair.0.target { truth = label }
                return .prediction(
                    .init(
                        index: index, rid: Hex.encode(pair.0.rid),
                        label: labels[pair.1.label],
                        probabilities: pair.1.probabilities.map(Double.init), truth: truth))
            }
        case .tokenClassification:
            let tags = try model.tags(records)
            return zip(records, tags).enumerated().map { index, pair in
                var truth: [String]?
                if case .tags(let own, _) = pair.0.target { truth = own }
                return .tags(
                    .init(
                        index: index, rid: Hex.encode(pair.0.rid), tags: pair.1, truth: truth))
            }
        case .causalLanguageModel: return []
        }
    }
}

extension TunableModel {
    /// A tag for each word of each record; words that were cut off, or that gave no token, get `O`
    /// or, without such a label, the first.
    func tags(_ records: [ReadRecord]) throws -> [[String]] {
        let examples = records.map { record -> EncodedExample in
            var targets = [Int32](repeating: EncodedExample.ignored, count: record.ids.count)
            if case .tags(_, let places) = record.target {
                for place in places where place >= 0 { targets[place] = 0 }
            }
            return EncodedExample(ids: record.ids, targets: targets)
        }
        let none = labels.contains("O") ? "O" : labels[0]
        return zip(records, try tag(examples)).map { record, found in
            guard case .tags(_, let places) = record.target else { return [] }
            var next = found.makeIterator()
            return places.map { place in
                place < 0 ? none : next.next().map { labels[$0.label] } ?? none
            }
        }
    }
}
