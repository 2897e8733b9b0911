import Catalog
import EngineProtocol
import Foundation
import Ingestion
import Records
import Synchronization
import Testing

@testable import Workspace

/// The real engine on the real base model, where `.cache/models/minilm` (or TUNDISH_MODELS) holds it.
@Suite("Fine-tune, end to end")
struct FineTuneTests {
    static let model: String? = {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let models =
            ProcessInfo.processInfo.environment["TUNDISH_MODELS"]
            ?? root.appending(path: ".cache/models").path
        return FileManager.default.fileExists(atPath: models + "/minilm/model.safetensors")
            ? models + "/minilm" : nil
    }()

    /// The engine is built beside the test bundle.
    static let engine: String? = {
        let path = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appending(path: "tundish-trainer").path
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }()

    @Test("train, evaluate, predict, export, verify, tamper") func whole() throws {
        guard let model = Self.model, let engine = Self.engine else {
            print("skipped: the fine-tune needs .cache/models/minilm and a built tundish-trainer")
            return
        }
        let home = try TemporaryWorkspace.make()
        let workspace = try home.open()
        var options = IngestOptions()
        options.mapping = try FieldMapping("text=review,label=sentiment", subject: ["email"])
        _ = try Ingest(
            dataset: "reviews", paths: [home.reviews(120)], options: options,
            purposes: ["sentiment"], legalBasis: "contract"
        ).run(in: workspace)
        _ = try Clean(version: "reviews").run(in: workspace)
        _ = try Redact(
            version: "reviews", policy: TemporaryWorkspace.policy("retail-reviews")
        ).run(in: workspace)
        _ = try RegisteredEngines(workspace).add("bundled", path: engine)
        _ = try ModelImport(name: "minilm", folder: model).run(in: workspace)

        let train = { (name: String, onEvent: @escaping @Sendable (EngineEvent) -> Void) in
            try Train(
                name: name, data: "reviews@3", model: "minilm", method: .lora,
                settings: [("num_train_epochs", "2"), ("logging_steps", "1")],
                purpose: "sentiment", onEvent: onEvent
            ).run(in: workspace)
        }
        #expect(throws: (any Error).self) { try train("early") { _ in } }
        _ = try Grants(workspace).release("reviews@3", purpose: "sentiment")

        let losses = Mutex<[Double]>([])
        let report = try train("mood") { event in
            if case .progress(let progress) = event { losses.withLock { $0.append(progress.loss) } }
        }
        let curve = losses.withLock { $0 }
        #expect(curve.count >= 4)
        #expect(try #require(curve.last) < #require(curve.first))

        // Determinism is a promise: the same request gives the same bytes.
        let again = try train("again") { _ in }
        #expect(
            report.json["artifacts"]?["adapter_model.safetensors"]
                == again.json["artifacts"]?["adapter_model.safetensors"])

        let evaluation = try Evaluate(
            model: "mood", data: "reviews@3", split: .test, purpose: "sentiment"
        ).run(in: workspace)
        #expect(evaluation.json["metrics"]?["confusion"] != nil)
        let prediction = try Predict(model: "mood", texts: ["The lamp is lovely", "It is broken"])
            .run(in: workspace)
        #expect(prediction.json["predictions"]?.arrayValue?.count == 2)

        let folder = home.folder + "/export"
        _ = try Models(workspace).export("mood", to: folder)
        let key = try workspace.catalog.verifierKey()
        #expect(try VerifyModel(folder: folder, trustedKey: key).run().verdict == .passed)
        #expect(try VerifyModel(folder: folder, trustedKey: nil).run().verdict == .checksFailed)
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            let path = folder + "/" + name
            let bytes = try Files.read(path)
            var changed = bytes
            changed[bytes.count / 2] ^= 1
            try Files.write(changed, to: path)
            #expect(
                try VerifyModel(folder: folder, trustedKey: key).run().verdict
                    == .integrityViolated, "\(name) was changed and not noticed")
            try Files.write(bytes, to: path)
        }
        #expect(try AuditLog(workspace).verify(trustedKey: key).verdict == .passed)
    }
}
