import EngineProtocol
import Kernels
import Records
import Training

/// Carries out one request.
struct Engine {
    let events: EventWriter

    /// Runs the request and says how it ended.
    ///
    /// - Returns: whether the last event was `finished`.
    func run(_ input: InputLines) -> Bool {
        do {
            let request = try EngineRequest(jsonBytes: input.request())
            events.write(.finished(try carryOut(request, input)))
            return true
        } catch {
            let failure = EngineFailure(error)
            events.write(
                .failed(code: failure.code, message: failure.message, hint: failure.hint))
            return false
        }
    }

    private func carryOut(_ request: EngineRequest, _ input: InputLines) throws -> JSONValue {
        if request.verb == .describe {
            events.write(.capabilities(Capabilities.json))
            return [:]
        }
        let client = try EngineClient(request)
        if request.isWorker { return try work(request, client, input) }
        switch request.verb {
        case .describe: return [:]
        case .plan: return try plan(request, client)
        case .train: return try train(request, client)
        case .evaluate: return try evaluate(request, client)
        case .predict, .generate, .tag, .probe: return try use(request, client)
        }
    }

    /// Says that work begins, with what will be computed.
    func begin(
        _ request: EngineRequest, labels: [String], configuration: JSONValue = [:],
        details: JSONValue = [:]
    ) {
        if BLAS.shouldReexecute || BLAS.coreName == "Prescott" {
            events.write(
                .warning(
                    code: "slow-blas",
                    message: "OpenBLAS runs on its \(BLAS.coreName) core, far below this "
                        + "processor; set OPENBLAS_CORETYPE=\(BLAS.recommendedCoreType)"))
        }
        events.write(
            .started(
                .init(
                    engine: "tundish-trainer", version: TundishTrainer.version, labels: labels,
                    configuration: configuration, details: details)))
    }

    /// Hands one file over and tells of it.
    func put(_ name: String, _ bytes: [UInt8], _ client: EngineClient) throws {
        events.write(.artifact(try client.put(name, bytes)))
    }
}
