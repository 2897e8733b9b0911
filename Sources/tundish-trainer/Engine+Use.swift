import EngineProtocol
import ModelFiles
import Records
import Training

extension Engine {
    /// Scores the model on every split that the request offers.
    func evaluate(_ request: EngineRequest, _ client: EngineClient) throws -> JSONValue {
        guard !request.splits.isEmpty else {
            throw EngineFailure(
                "data", "the request names no split", hint: "evaluate on validation or test")
        }
        let source = try ModelSource(request, client)
        let model = try source.classifier(request, client)
        let labels = LabelSet(model.labels)
        begin(request, labels: labels.labels)
        var summary: [String: JSONValue] = [:]
        var lines: [EngineEvent.Prediction] = []
        for split in Split.allCases where request.splits[split] != nil {
            let texts = try source.read(
                split, request, client, maxLength: maxLength(request), needsLabel: true)
            let examples = try texts.examples(labels, split)
            guard !examples.isEmpty else {
                throw EngineFailure(
                    "data", "the \(split.rawValue) split is empty", hint: "nothing to score")
            }
            let predictions = try model.predict(texts.map(\.ids))
            let evaluation = Evaluation(
                predictions: predictions, truth: examples.map(\.label), labels: labels.labels)
            events.write(
                .evaluation(
                    .init(split: split, step: 0, epoch: 0, metrics: evaluation.metrics)))
            summary[split.rawValue] = evaluation.metrics.json
            if request.outputs.contains(.predictions) {
                lines += rows(texts, predictions, labels: labels.labels)
            }
        }
        if request.outputs.contains(.predictions) { try putPredictions(lines, client) }
        return .object(summary)
    }

    /// Labels the request's texts, and every record of the splits that it offers.
    func predict(_ request: EngineRequest, _ client: EngineClient) throws -> JSONValue {
        let source = try ModelSource(request, client)
        let model = try source.classifier(request, client)
        begin(request, labels: model.labels)
        let limit = min(maxLength(request), source.config.maxPositions)
        let ids = request.texts.map { source.tokenizer.encode($0, maximumLength: limit) }
        var total = 0
        for (index, prediction) in try model.predict(ids).enumerated() {
            events.write(
                .prediction(
                    .init(
                        index: index, label: model.labels[prediction.label],
                        probabilities: prediction.probabilities.map(Double.init))))
            total += 1
        }
        for split in Split.allCases where request.splits[split] != nil {
            let texts = try source.read(
                split, request, client, maxLength: maxLength(request), needsLabel: false)
            let predictions = try model.predict(texts.map(\.ids))
            for row in rows(texts, predictions, labels: model.labels) {
                events.write(.prediction(row))
                total += 1
            }
        }
        return ["count": .integer(total)]
    }

    /// The length that texts are cut to: what was set, or as long as the model allows.
    private func maxLength(_ request: EngineRequest) -> Int {
        request.hyperParameters["max_length"]?.intValue ?? TrainingConfiguration().maxLength
    }

    /// Predictions beside the records that they are of.
    func rows(
        _ texts: [LabelledText], _ predictions: [Prediction], labels: [String]
    ) -> [EngineEvent.Prediction] {
        zip(texts, predictions).enumerated().map { index, pair in
            EngineEvent.Prediction(
                index: index, rid: Hex.encode(pair.0.rid), label: labels[pair.1.label],
                probabilities: pair.1.probabilities.map(Double.init), truth: pair.0.label)
        }
    }

    /// `predictions.jsonl`: one prediction event a line.
    func putPredictions(_ rows: [EngineEvent.Prediction], _ client: EngineClient) throws {
        try put(
            "predictions.jsonl", rows.flatMap { EngineEvent.prediction($0).line() }, client)
    }
}
