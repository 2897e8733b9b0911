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
    func run(input: [UInt8]) -> Bool {
        do {
            let request = try EngineRequest(jsonBytes: input)
            events.write(.finished(try carryOut(request)))
            return true
        } catch {
            let failure = EngineFailure(error)
            events.write(
                .failed(code: failure.code, message: failure.message, hint: failure.hint))
            return false
        }
    }

    private func carryOut(_ request: EngineRequest) throws -> JSONValue {
        switch request.verb {
        case .describe:
            events.write(.capabilities(Capabilities.json))
            return [:]
        case .train:
            return try train(request, EngineClient(request))
        case .evaluate:
            return try evaluate(request, EngineClient(request))
        case .predict:
            return try predict(request, EngineClient(request))
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
}
