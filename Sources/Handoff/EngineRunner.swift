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
        /// Seconds between SIGTERM and SIGKILL for a run that is asked to stop: enough for the step
        /// that it is at, and a checkpoint.
        public var stopSeconds = 120
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

    /// Asks what a training run would take; nothing is trained.
    ///
    /// - Parameter request: with the verb `plan`, else as for `train`.
    /// - Throws: `.noFinish` if the engine gives no plan, and all that ``run`` throws.
    public func plan(
        _ request: RunRequest, runID: String, data: EngineData
    ) throws(HandoffError) -> EnginePlan {
        guard let plan = try run(request, runID: runID, data: data).plan else {
            throw HandoffError(
                .noFinish, "the engine gave no plan", hint: "`describe` tells which verbs it has")
        }
        return plan
    }

    /// Runs a request to its end. Blocks; call it on a thread that may block.
    ///
    /// - Parameters:
    ///   - runID: names the run in the engine's request.
    ///   - texts: for `predict`, `generate`, `tag` and `probe`.
    ///   - messages: chats, for `generate`.
    ///   - generation: how to generate; nil: the engine's defaults.
    ///   - checkpoint: what `train` goes on from, called by its step; its files are read as
    ///     ``ModelOrigin/checkpoint``. nil: from the beginning.
    ///   - onEvent: gets each event on a thread of ours, in order.
    public func run(
        _ request: RunRequest, runID: String, texts: [String] = [],
        messages: [[EngineMessage]] = [], generation: GenerationOptions? = nil,
        checkpoint: RunRequest.ModelReference? = nil, data: EngineData,
        onEvent: @escaping @Sendable (EngineEvent) -> Void = { _ in }
    ) throws(HandoffError) -> RunOutcome {
        var (message, terms) = try prepare(request, runID: runID, checkpoint: checkpoint)
        message.texts = texts
        message.messages = messages
        message.generation = generation
        return try drive(message, data: data, terms: terms, onEvent: onEvent)
    }

    /// Checks the engine, and makes its request and the rules of its socket.
    func prepare(
        _ request: RunRequest, runID: String, checkpoint: RunRequest.ModelReference? = nil
    ) throws(HandoffError) -> (message: EngineRequest, terms: EngineServer.Terms) {
        guard request.engineSHA256 == engine.sha256 else {
            throw HandoffError(
                .invalidRequest, "the request names another engine than the one to start",
                hint: "freeze the request with the engine that will run it")
        }
        try engine.check()
        let token = Hex.encode(SecureRandom.bytes(32))
        var files = [ModelOrigin.base: Set(request.baseModel.files.map(\.name))]
        if let adapter = request.adapter { files[.adapter] = Set(adapter.files.map(\.name)) }
        if let checkpoint { files[.checkpoint] = Set(checkpoint.files.map(\.name)) }
        guard files.values.allSatisfy({ $0.allSatisfy(ArtifactName.isValid) }) else {
            throw HandoffError(
                .invalidRequest, "a model file has a name that cannot travel",
                hint: "letters, digits, '.', '_' and '-' only")
        }
        let terms = EngineServer.Terms(
            token: Array(token.utf8), world: 1, splits: request.readableSplits, files: files,
            mayPut: request.verb == .train || request.verb == .evaluate
                || !request.outputs.isDisjoint(with: [.mergedModel, .gguf]),
            mayCheckpoint: request.verb == .train, artifactLimit: limits.artifactByteCount,
            silenceSeconds: limits.silenceSeconds)
        func model(_ reference: RunRequest.ModelReference) -> EngineRequest.Model {
            .init(name: reference.name, files: reference.files.map(\.name))
        }
        let message = EngineRequest(
            verb: request.verb, task: request.task, run: runID, socket: UnixSocket.fileName,
            token: token, threads: request.threads, method: request.method,
            hyperParameters: request.hyperParameters, baseModel: model(request.baseModel),
            adapter: request.adapter.map(model), checkpoint: checkpoint.map(model),
            splits: request.readableSplits, textField: request.textField,
            labelField: request.labelField, outputs: request.outputs)
        return (message, terms)
    }
}
