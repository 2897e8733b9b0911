import Catalog
import Cryptography
import EngineProtocol
import Handoff
import Records

/// Runs an engine on an existing model: what evaluating and predicting share.
struct EngineSession {
    let workspace: OpenWorkspace
    let engine: String
    let threads: Int

    /// A model reads texts as it did in training: cut at the same length.
    private func parameters(of access: ModelAccess) throws -> HyperParameters {
        var parameters = HyperParameters()
        guard let id = access.row.run,
            let run = try workspace.catalog.read({ try $0.run(id) })
        else { return parameters }
        let request = try RunRequest(canonicalBytes: run.request)
        if let length = request.hyperParameters["max_length"]?.intValue {
            try parameters.set("max_length", String(length))
        }
        return parameters
    }

    func newRunID() -> String { "r-" + Hex.encode(SecureRandom.bytes(4)) }

    func run(
        _ verb: EngineVerb, access: ModelAccess, dataset: RunRequest.DatasetReference?,
        purpose: String, runID: String, texts: [String] = [],
        records:
            @escaping @Sendable (
                RecordQuery, ([UInt8], [UInt8]) throws -> Void
            ) throws -> Void = { _, _ in }
    ) throws -> RunOutcome {
        let executable = try RegisteredEngines(workspace).executable(engine)
        let request = RunRequest(
            verb: verb, method: access.adapterReference == nil ? .full : .lora,
            hyperParameters: try parameters(of: access), dataset: dataset,
            baseModel: access.baseReference,
            adapter: access.adapterReference,
            engine: executable,
            purpose: purpose, threads: threads, outputs: [.predictions])
        let ignored = MemoryArtifacts()
        let data = EngineData(
            records: records,
            readModelFile: { origin, name, emit in
                let bytes = try access.file(origin, name)
                for start in stride(from: 0, to: max(bytes.count, 1), by: 1 << 20) {
                    try emit(Array(bytes[start..<min(start + 1 << 20, bytes.count)]))
                }
            },
            artifactSink: { ignored.sink(name: $0, size: $1, sha256: $2) })
        return try EngineRunner(
            engine: executable, runFolder: try workspace.runFolder(runID)
        ).run(request, runID: runID, texts: texts, data: data, onEvent: { _ in })
    }
}
