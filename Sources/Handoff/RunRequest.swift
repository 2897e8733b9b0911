internal import Cryptography
public import EngineProtocol
public import Records

/// What a run computes, frozen: its canonical JSON is kept, its digest stands in the log.
///
/// It names no run, no time and no person, so that equal requests have equal digests: the same
/// request on the same machine type gives the same weights.
public struct RunRequest: Sendable, Hashable {
    /// A file by its digest.
    public struct File: Sendable, Hashable {
        /// Its name, without folder.
        public var name: String
        /// Its SHA-256, lower-case hex.
        public var sha256: String
        /// Its length in bytes.
        public var size: Int

        /// Makes a reference.
        public init(name: String, sha256: String, size: Int) {
            self.name = name
            self.sha256 = sha256
            self.size = size
        }
    }

    /// A model by the digests of its files.
    public struct ModelReference: Sendable, Hashable {
        /// A name for people.
        public var name: String
        /// Its files: config.json, tokenizer.json or vocab.txt, model.safetensors; of an adapter:
        /// adapter_config.json, adapter_model.safetensors, config.json.
        public var files: [File]

        /// Makes a reference.
        public init(name: String, files: [File]) {
            self.name = name
            self.files = files
        }
    }

    /// A dataset version.
    public struct DatasetReference: Sendable, Hashable {
        /// The ref that was given, such as `reviews@3`.
        public var name: String
        /// The version id, lower-case hex.
        public var version: String
        /// The digest of the redaction policy, lower-case hex.
        public var policyDigest: String?
        /// Record counts by split.
        public var splits: [Split: Int]

        /// Makes a reference.
        public init(
            name: String, version: String, policyDigest: String? = nil, splits: [Split: Int]
        ) {
            self.name = name
            self.version = version
            self.policyDigest = policyDigest
            self.splits = splits
        }
    }

    /// What to do.
    public var verb: EngineVerb
    /// What the model learns, or has learned, to do.
    public var task: EngineTask
    /// What to tune.
    public var method: TuningMethod
    /// What was set; the engine reports the effective values when it starts.
    public var hyperParameters: HyperParameters
    /// The data; nil for work on texts and chats.
    public var dataset: DatasetReference?
    /// The model to start from or to use.
    public var baseModel: ModelReference
    /// The adapter to use; nil for `plan` and `train`.
    public var adapter: ModelReference?
    /// The engine's name.
    public var engineName: String
    /// The engine executable's SHA-256, lower-case hex.
    public var engineSHA256: String
    /// What the run is for; one of the dataset's purposes.
    public var purpose: String
    /// The field that holds the text.
    public var textField: String
    /// The field that holds the label.
    public var labelField: String
    /// Threads; 0: as many as there are cores.
    public var threads: Int
    /// Extra artifacts wanted.
    public var outputs: Set<RunOutput>

    /// Makes a request.
    public init(
        verb: EngineVerb, task: EngineTask = .sequenceClassification,
        method: TuningMethod = .lora, hyperParameters: HyperParameters = .init(),
        dataset: DatasetReference? = nil, baseModel: ModelReference,
        adapter: ModelReference? = nil, engine: EngineExecutable, purpose: String,
        textField: String = "text", labelField: String = "label", threads: Int = 0,
        outputs: Set<RunOutput> = []
    ) {
        self.verb = verb
        self.task = task
        self.method = method
        self.hyperParameters = hyperParameters
        self.dataset = dataset
        self.baseModel = baseModel
        self.adapter = adapter
        engineName = engine.name
        engineSHA256 = engine.sha256
        self.purpose = purpose
        self.textField = textField
        self.labelField = labelField
        self.threads = threads
        self.outputs = outputs
    }

    /// SHA-256 of the canonical bytes.
    public var digest: [UInt8] { SHA256.hash(canonicalBytes()) }

    /// Splits that this run may read: `evaluate` any, the others never the test split.
    public var readableSplits: [Split: Int] {
        guard let dataset else { return [:] }
        switch verb {
        case .describe: return [:]
        case .evaluate: return dataset.splits
        case .plan, .train, .predict, .generate, .tag, .probe:
            return dataset.splits.filter { $0.key != .test }
        }
    }
}
