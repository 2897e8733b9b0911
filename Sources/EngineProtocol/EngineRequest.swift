public import Records

/// What an engine reads on standard input: one JSON object, to the end of the input.
///
/// It holds the one-time token, so it is never written anywhere; the frozen request that is kept
/// and hashed is Handoff's.
public struct EngineRequest: Sendable, Hashable {
    /// A model by name, and the files of it that can be fetched.
    public struct Model: Sendable, Hashable {
        /// A name for people and for an adapter's `base_model_name_or_path`; never a path.
        public var name: String
        /// File names, to be fetched as `base/<file>`, `adapter/<file>` or `checkpoint/<file>`.
        public var files: [String]

        /// Makes a reference.
        public init(name: String, files: [String]) {
            self.name = name
            self.files = files
        }
    }

    /// What to do; of a worker, what it will be asked for first.
    public var verb: EngineVerb
    /// What the model learns, or has learned, to do.
    public var task: EngineTask
    /// The run's id.
    public var run: String
    /// The socket's path, relative to the working directory; empty for `describe`.
    public var socket: String
    /// The one-time token; empty for `describe`.
    public var token: String
    /// This process's place among `world`.
    public var rank: Int
    /// How many processes work on this run.
    public var world: Int
    /// Threads to use; 0: as many as there are cores.
    public var threads: Int
    /// What to tune.
    public var method: TuningMethod
    /// What was set.
    public var hyperParameters: HyperParameters
    /// The base model, or the fully tuned model to evaluate or predict with.
    public var baseModel: Model
    /// The adapter to evaluate or predict with.
    public var adapter: Model?
    /// The checkpoint to go on from, called by its step; nil: begin.
    public var checkpoint: Model?
    /// Splits that may be read, with their record counts.
    public var splits: [Split: Int]
    /// The field that holds the text.
    public var textField: String
    /// The field that holds the label.
    public var labelField: String
    /// Texts to predict, generate, tag or probe on.
    public var texts: [String]
    /// Chats to answer.
    public var messages: [[EngineMessage]]
    /// How to generate; nil: the engine's defaults.
    public var generation: GenerationOptions?
    /// Whether jobs follow on standard input, a line each, until its end; the request itself is the
    /// first line then.
    public var isWorker: Bool
    /// Extra artifacts wanted.
    public var outputs: Set<RunOutput>

    /// Makes a request; what is not given is empty or the common case.
    public init(
        verb: EngineVerb, task: EngineTask = .sequenceClassification, run: String,
        socket: String = "", token: String = "", rank: Int = 0, world: Int = 1, threads: Int = 0,
        method: TuningMethod = .lora, hyperParameters: HyperParameters = .init(),
        baseModel: Model = .init(name: "", files: []), adapter: Model? = nil,
        checkpoint: Model? = nil, splits: [Split: Int] = [:], textField: String = "text",
        labelField: String = "label", texts: [String] = [], messages: [[EngineMessage]] = [],
        generation: GenerationOptions? = nil, isWorker: Bool = false,
        outputs: Set<RunOutput> = []
    ) {
        self.verb = verb
        self.task = task
        self.run = run
        self.socket = socket
        self.token = token
        self.rank = rank
        self.world = world
        self.threads = threads
        self.method = method
        self.hyperParameters = hyperParameters
        self.baseModel = baseModel
        self.adapter = adapter
        self.checkpoint = checkpoint
        self.splits = splits
        self.textField = textField
        self.labelField = labelField
        self.texts = texts
        self.messages = messages
        self.generation = generation
        self.isWorker = isWorker
        self.outputs = outputs
    }
}
