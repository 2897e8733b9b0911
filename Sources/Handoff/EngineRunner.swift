internal import Cryptography
import Dispatch
public import EngineProtocol
import Glibc
public import Records
internal import Synchronization

/// Drives one engine process through one request.
///
///     let runner = EngineRunner(engine: engine, runFolder: folder)
///     let outcome = try runner.run(request, runID: id, data: data) { event in show(event) }
///
/// A run ends well only if the engine said `finished`, ended with status 0, handed over exactly the
/// artifacts that it announced, and broke no rule of the socket. Everything else is a
/// ``HandoffError``.
public final class EngineRunner: Sendable {
    /// Bounds on an engine.
    public struct Limits: Sendable, Hashable {
        /// Seconds without an event or any traffic on the socket before the engine counts as hung.
        public var silenceSeconds = 900
        /// Seconds between SIGTERM and SIGKILL.
        public var graceSeconds = 5
        /// Bytes of standard error that are kept.
        public var errorByteCount = 64 << 10
        /// The largest artifact in bytes.
        public var artifactByteCount = 8 << 30

        /// The usual bounds.
        public init() {}
    }

    let engine: EngineExecutable
    let runFolder: String
    let limits: Limits
    let isCancelled = Mutex(false)

    /// Makes a runner.
    ///
    /// - Parameter runFolder: an absolute path; the folder is made with mode 0700 (its parent must
    ///   exist) and removed afterwards.
    public init(engine: EngineExecutable, runFolder: String, limits: Limits = .init()) {
        self.engine = engine
        self.runFolder = runFolder
        self.limits = limits
    }

    /// Stops the run, from any thread: SIGTERM, then SIGKILL. `run` then throws `.cancelled`.
    public func cancel() { isCancelled.withLock { $0 = true } }

    /// Asks the engine what it can do.
    public func describe() throws(HandoffError) -> JSONValue {
        try engine.check()
        var request = EngineRequest(verb: .describe, run: "describe")
        request.threads = 1
        let answer = Mutex<JSONValue>(.null)
        _ = try drive(request, data: EngineData(), terms: nil) { event in
            if case .capabilities(let value) = event { answer.withLock { $0 = value } }
        }
        return answer.withLock { $0 }
    }

    /// Runs a request to its end. Blocks; call it on a thread that may block.
    ///
    /// - Parameters:
    ///   - runID: names the run in the engine's request.
    ///   - texts: for `predict`.
    ///   - onEvent: gets each event on a thread of ours, in order.
    public func run(
        _ request: RunRequest, runID: String, texts: [String] = [], data: EngineData,
        onEvent: @escaping @Sendable (EngineEvent) -> Void = { _ in }
    ) throws(HandoffError) -> RunOutcome {
        guard request.engineSHA256 == engine.sha256 else {
            throw HandoffError(
                .invalidRequest, "the request names another engine than the one to start",
                hint: "freeze the request with the engine that will run it")
        }
        try engine.check()
        let token = Hex.encode(SecureRandom.bytes(32))
        var files = [ModelOrigin.base: Set(request.baseModel.files.map(\.name))]
        if let adapter = request.adapter { files[.adapter] = Set(adapter.files.map(\.name)) }
        guard files.values.allSatisfy({ $0.allSatisfy(ArtifactName.isValid) }) else {
            throw HandoffError(
                .invalidRequest, "a model file has a name that cannot travel",
                hint: "letters, digits, '.', '_' and '-' only")
        }
        let terms = EngineServer.Terms(
            token: Array(token.utf8), world: 1, splits: request.readableSplits, files: files,
            mayPut: request.verb == .train || request.verb == .evaluate,
            artifactLimit: limits.artifactByteCount, silenceSeconds: limits.silenceSeconds)
        func model(_ reference: RunRequest.ModelReference) -> EngineRequest.Model {
            .init(name: reference.name, files: reference.files.map(\.name))
        }
        let message = EngineRequest(
            verb: request.verb, run: runID, socket: UnixSocket.fileName, token: token,
            threads: request.threads, method: request.method,
            hyperParameters: request.hyperParameters, baseModel: model(request.baseModel),
            adapter: request.adapter.map(model), splits: request.readableSplits,
            textField: request.textField, labelField: request.labelField, texts: texts,
            outputs: request.outputs)
        return try drive(message, data: data, terms: terms, onEvent: onEvent)
    }
}
