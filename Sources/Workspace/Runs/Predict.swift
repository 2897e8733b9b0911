import Catalog
import EngineProtocol
import Governance
import Handoff
import Records

/// Asks a model: `tundish predict`.
public struct Predict: Sendable {
    /// The model.
    public var model: String
    /// The texts.
    public var texts: [String]
    /// A registered engine.
    public var engine: String
    /// Threads for the engine.
    public var threads: Int

    /// Makes the request.
    public init(model: String, texts: [String], engine: String = "bundled", threads: Int = 2) {
        self.model = model
        self.texts = texts
        self.engine = engine
        self.threads = threads
    }

    /// A label with its probabilities for each text, in order.
    public func run(in workspace: OpenWorkspace) throws -> Report {
        guard !texts.isEmpty else {
            throw WorkspaceError(.usage, "there is no text", hint: "give --text or lines on stdin")
        }
        let access = try ModelAccess(workspace, name: model)
        defer { access.close() }
        let session = EngineSession(workspace: workspace, engine: engine, threads: threads)
        let outcome = try session.run(
            .predict, access: access, dataset: nil, purpose: "", runID: session.newRunID(),
            texts: texts)
        let predictions = outcome.predictions.sorted { $0.index < $1.index }
        let labels = outcome.started?.labels ?? []
        guard predictions.count == texts.count else {
            throw WorkspaceError(
                .failed,
                "the engine answered \(predictions.count) of \(texts.count) texts")
        }
        return Report(
            json: [
                "predictions": .array(
                    predictions.map {
                        [
                            "index": .integer($0.index), "label": .string($0.label),
                            "probabilities": .object(Self.named($0.probabilities, labels)),
                        ]
                    })
            ],
            lines: zip(texts, predictions).map { text, prediction in
                "\(prediction.label.filled(to: 12))"
                    + MetricsTable.fixed(prediction.probabilities.max() ?? .nan)
                    + "  \(text.prefix(100))"
            })
    }

    private static func named(_ values: [Double], _ labels: [String]) -> [String: JSONValue] {
        Dictionary(zip(labels, values.map { .double($0) })) { first, _ in first }
    }
}
