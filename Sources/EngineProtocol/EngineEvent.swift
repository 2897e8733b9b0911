public import Records

/// One line that an engine writes on standard output: NDJSON, the member `event` names the case.
public enum EngineEvent: Sendable, Hashable {
    /// The engine has understood the request and holds its data.
    public struct Started: Sendable, Hashable {
        /// The engine's name.
        public var engine: String
        /// The engine's version.
        public var version: String
        /// The class labels, in the order of the model's outputs.
        public var labels: [String]
        /// Every hyper-parameter with its effective value.
        public var configuration: JSONValue
        /// Anything else worth knowing: parameters, threads, core name.
        public var details: JSONValue

        /// Makes the event.
        public init(
            engine: String, version: String, labels: [String] = [],
            configuration: JSONValue = [:], details: JSONValue = [:]
        ) {
            self.engine = engine
            self.version = version
            self.labels = labels
            self.configuration = configuration
            self.details = details
        }
    }

    /// Where a training run stands.
    public struct Progress: Sendable, Hashable {
        /// Optimiser steps done.
        public var step: Int
        /// Optimiser steps in all.
        public var steps: Int
        /// Epochs done, with a fraction.
        public var epoch: Double
        /// Mean training loss since the last report.
        public var loss: Double
        /// The learning rate of this step.
        public var learningRate: Double
        /// The gradient's norm before clipping.
        public var gradientNorm: Double?
        /// Real tokens a second.
        public var tokensPerSecond: Double?
        /// Seconds that the rest will take.
        public var secondsRemaining: Double?
        /// Bytes of memory that the engine holds.
        public var residentBytes: Int?
        /// What it is at, such as `encoding`, `training`, `evaluating`.
        public var phase: String?

        /// Makes the event.
        public init(
            step: Int, steps: Int, epoch: Double, loss: Double, learningRate: Double,
            gradientNorm: Double? = nil, tokensPerSecond: Double? = nil,
            secondsRemaining: Double? = nil, residentBytes: Int? = nil, phase: String? = nil
        ) {
            self.step = step
            self.steps = steps
            self.epoch = epoch
            self.loss = loss
            self.learningRate = learningRate
            self.gradientNorm = gradientNorm
            self.tokensPerSecond = tokensPerSecond
            self.secondsRemaining = secondsRemaining
            self.residentBytes = residentBytes
            self.phase = phase
        }
    }

    /// Scores on a split.
    public struct Evaluation: Sendable, Hashable {
        /// The split.
        public var split: Split
        /// The optimiser step after which it was made.
        public var step: Int
        /// The epoch after which it was made.
        public var epoch: Double
        /// Whether it is the best so far.
        public var isBest: Bool
        /// The scores.
        public var metrics: RunMetrics

        /// Makes the event.
        public init(
            split: Split, step: Int, epoch: Double, isBest: Bool = false, metrics: RunMetrics
        ) {
            self.split = split
            self.step = step
            self.epoch = epoch
            self.isBest = isBest
            self.metrics = metrics
        }

        /// Makes the event of a classifier.
        public init(
            split: Split, step: Int, epoch: Double, isBest: Bool = false,
            metrics: ClassificationMetrics
        ) {
            self.init(
                split: split, step: step, epoch: epoch, isBest: isBest,
                metrics: .classification(metrics))
        }
    }

    /// What the model says of one text.
    public struct Prediction: Sendable, Hashable {
        /// The text's place in the request, or the record's in the split.
        public var index: Int
        /// The record's id in hex, if it was a record.
        public var rid: String?
        /// The most likely label.
        public var label: String
        /// Probabilities in the order of the labels of `started`.
        public var probabilities: [Double]
        /// The record's own label, if it has one.
        public var truth: String?

        /// Makes the event.
        public init(
            index: Int, rid: String? = nil, label: String, probabilities: [Double],
            truth: String? = nil
        ) {
            self.index = index
            self.rid = rid
            self.label = label
            self.probabilities = probabilities
            self.truth = truth
        }
    }

    /// A file that was handed to the parent.
    public struct Artifact: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// Its length in bytes.
        public var size: Int
        /// Its SHA-256, lower-case hex.
        public var sha256: String

        /// Makes the event.
        public init(name: String, size: Int, sha256: String) {
            self.name = name
            self.size = size
            self.sha256 = sha256
        }
    }

    /// The engine has begun.
    case started(Started)
    /// What a run would take: the answer to `plan`, and the first thing that `train` says.
    case plan(EnginePlan)
    /// The first example as the model gets it, the learned part marked. It shows a record: for the
    /// person who runs it, never for a log.
    case example(text: String)
    /// A training run moves on.
    case progress(Progress)
    /// A split was scored.
    case evaluation(Evaluation)
    /// Every file of a checkpoint was handed over; only now does it count.
    case checkpoint(Checkpoint)
    /// A text was labelled.
    case prediction(Prediction)
    /// A chat was answered.
    case generation(Generation)
    /// A text's words were tagged.
    case tags(Tags)
    /// A text was looked at.
    case probe(Probe)
    /// A file was handed over.
    case artifact(Artifact)
    /// The answer to `describe`.
    case capabilities(JSONValue)
    /// Something to know that does not stop the run.
    case warning(code: String, message: String)
    /// Advice on the run, such as `overfitting`; `parameter` names what to change.
    case hint(code: String, message: String, parameter: String?)
    /// A worker's job is done.
    case answered
    /// A worker's job cannot be done; the worker goes on.
    case refused(code: String, message: String, hint: String)
    /// The run ended well; nothing follows. The summary is the engine's own.
    case finished(JSONValue)
    /// The run ended badly; nothing follows.
    case failed(code: String, message: String, hint: String)
}
