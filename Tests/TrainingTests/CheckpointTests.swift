import ModelFiles
import Records
import Testing

@testable import Training

/// A run that is killed after any step and taken up again ends in the same bits.
struct CheckpointTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        var isDecoder = false
        let method: TrainingConfiguration.Method
        var change: @Sendable (inout TrainingConfiguration) -> Void = { _ in }
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "full", method: .full),
        Case(name: "full, dropout", method: .full) {
            $0.hiddenDropout = 0.2
            $0.attentionDropout = 0.1
            $0.classifierDropout = 0.3
        },
        Case(name: "lora, adapter dropout, accumulation", method: .lora) {
            $0.adapterDropout = 0.2
            $0.batchSize = 2
            $0.accumulationSteps = 2
        },
        Case(name: "dora", method: .lora) { $0.usesDoRA = true },
        Case(name: "adapter", method: .adapter) {
            $0.adapterStyle = .houlsby
            $0.reductionFactor = 2
            $0.hiddenDropout = 0.1
        },
        Case(name: "frozen layers, kept outputs", method: .full) { $0.frozenLayers = 2 },
        Case(name: "head", method: .head),
        Case(name: "private lora", method: .lora) {
            $0.privacy = Privacy(noiseMultiplier: 0.8)
        },
        Case(name: "decoder lora", isDecoder: true, method: .lora) {
            $0.attentionDropout = 0.1
            $0.adapterDropout = 0.1
        },
        Case(name: "decoder full", isDecoder: true, method: .full),
    ]

    static func configuration(_ item: Case) -> TrainingConfiguration {
        TinyModel.configuration(item.method) {
            $0.maxSteps = 12
            $0.learningRate = 5e-2
            $0.saveStrategy = .steps
            $0.saveSteps = 1
            $0.evaluationStrategy = .steps
            $0.evaluationSteps = 2
            $0.metric = .loss
            $0.loggingSteps = 5
            $0.bootstrapSamples = 0
            item.change(&$0)
        }
    }

    struct Killed: Error {}

    /// Runs to the end, or until `dies` checkpoints were taken.
    static func run(
        _ item: Case, _ configuration: TrainingConfiguration, from: [String: [UInt8]]? = nil,
        dies: Int? = nil
    ) throws -> (result: TrainingResult?, checkpoints: [Checkpoint], events: [TrainingEvent]) {
        let model =
            item.isDecoder
            ? try TinyDecoder.model(.llama, configuration) : try TinyModel.classifier(configuration)
        let train = item.isDecoder ? TinyDecoder.examples(10) : TinyModel.examples(10)
        let held =
            item.isDecoder
            ? TinyDecoder.examples(4, seed: 9) : TinyModel.examples(4, seed: 9)
        var checkpoints: [Checkpoint] = []
        var events: [TrainingEvent] = []
        let hooks = RunHooks(
            onEvent: { events.append($0) },
            onCheckpoint: {
                checkpoints.append($0)
                if checkpoints.count == dies { throw Killed() }
            })
        do {
            let result = try Trainer(model: model, configuration: configuration)
                .run(train: train, validation: held, hooks: hooks, checkpoint: from)
            return (result, checkpoints, events)
        } catch is Killed {
            return (nil, checkpoints, events)
        }
    }

    @Test(arguments: cases)
    func killedAtAnyStepTheBitsAreTheSame(_ item: Case) throws {
        let configuration = Self.configuration(item)
        let whole = try Self.run(item, configuration)
        let result = try #require(whole.result)
        #expect(whole.checkpoints.map(\.step) == Array(1...11))
        for step in 1...11 {
            let checkpoint = whole.checkpoints[step - 1]
            if step % 5 == 1 {
                // A run that dies there leaves the same files.
                let killed = try Self.run(item, configuration, dies: step)
                #expect(killed.result == nil)
                #expect(killed.checkpoints.last?.files == checkpoint.files)
            }
            #expect(checkpoint.files.keys.sorted() == Checkpoint.fileNames)
            let resumed = try Self.run(item, configuration, from: checkpoint.files)
            let again = try #require(resumed.result)
            #expect(again.weightsDigest == result.weightsDigest, "killed at \(step)")
            #expect(again.losses == result.losses && again.gradientNorms == result.gradientNorms)
            #expect(again.learningRates == result.learningRates)
            #expect(again.bestStep == result.bestStep && again.steps == 12)
            #expect(again.finalEvaluation == result.finalEvaluation)
            #expect(again.stoppedEarly == result.stoppedEarly && again.privacy == result.privacy)
            // And it says from there on what the whole run said.
            #expect(
                Self.steps(resumed.events) == Self.steps(whole.events).filter { $0.step > step })
        }
    }

    /// Steps and losses of the reports.
    static func steps(_ events: [TrainingEvent]) -> [Pair] {
        events.compactMap { event in
            if case .step(let report) = event { Pair(report.step, report.loss) } else { nil }
        }
    }

    struct Pair: Hashable {
        let step: Int
        let loss: Double
        init(_ step: Int, _ loss: Double) {
            self.step = step
            self.loss = loss
        }
    }

    /// Patience counts evaluations across a kill; the best weights come back from before it.
    @Test(arguments: [TrainingConfiguration.Method.full, .lora, .adapter])
    func earlyStoppingAndBestWeightsSurvive(_ method: TrainingConfiguration.Method) throws {
        let item = Case(name: "", method: method) {
            $0.learningRate = 0.4
            $0.warmupRatio = 0
            $0.maxSteps = 40
            $0.evaluationSteps = 1
            $0.earlyStoppingPatience = 4
        }
        let configuration = Self.configuration(item)
        let whole = try Self.run(item, configuration)
        let result = try #require(whole.result)
        #expect(result.stoppedEarly && result.bestStep < result.steps && result.steps < 40)
        for checkpoint in whole.checkpoints {
            #expect(checkpoint.isBest == Self.isBest(checkpoint.step, whole.events))
            let resumed = try #require(
                try Self.run(item, configuration, from: checkpoint.files).result)
            #expect(resumed.weightsDigest == result.weightsDigest, "killed at \(checkpoint.step)")
            #expect(resumed.steps == result.steps && resumed.bestStep == result.bestStep)
            #expect(resumed.stoppedEarly && resumed.finalEvaluation == result.finalEvaluation)
        }
    }

    /// Whether the last best evaluation up to `step` was at `step`.
    static func isBest(_ step: Int, _ events: [TrainingEvent]) -> Bool {
        var best = 0
        for case .evaluation(let at, _, _, isBest: true) in events where at <= step { best = at }
        return best == step
    }

    /// A run that is asked to stop leaves a checkpoint, and ends as if it had never been asked.
    @Test(arguments: [TrainingConfiguration.Method.full, .lora])
    func aRunThatWasPausedGoesOn(_ method: TrainingConfiguration.Method) throws {
        let item = Case(name: "", method: method) { $0.hiddenDropout = 0.1 }
        var configuration = Self.configuration(item)
        configuration.saveStrategy = .no
        let whole = try #require(try Self.run(item, configuration).result)
        for step in [1, 4, 11] {
            var asked = 0
            var left: Checkpoint?
            let model = try TinyModel.classifier(configuration)
            let paused = try Trainer(model: model, configuration: configuration).run(
                train: TinyModel.examples(10), validation: TinyModel.examples(4, seed: 9),
                hooks: RunHooks(
                    onCheckpoint: { left = $0 },
                    shouldStop: {
                        asked += 1
                        return asked > step
                    }, savesWhenStopped: true))
            #expect(paused.stopped && paused.steps == step && paused.finalEvaluation == nil)
            let files = try #require(left).files
            let result = try #require(try Self.run(item, configuration, from: files).result)
            #expect(result.weightsDigest == whole.weightsDigest, "paused at \(step)")
            #expect(result.losses == whole.losses && result.bestStep == whole.bestStep)
        }
    }

    @Test func savingChangesNothing() throws {
        let item = Self.cases[1]
        var configuration = Self.configuration(item)
        let saved = try #require(try Self.run(item, configuration).result)
        configuration.saveStrategy = .no
        let plain = try Self.run(item, configuration)
        #expect(plain.checkpoints.isEmpty)
        #expect(plain.result?.weightsDigest == saved.weightsDigest)
        configuration.saveStrategy = .epoch
        #expect(try Self.run(item, configuration).checkpoints.map(\.step) == [3, 6, 9])
    }

    @Test func damagedAndForeignCheckpointsAreRefused() throws {
        let item = Self.cases[0]
        let configuration = Self.configuration(item)
        let killed = try Self.run(item, configuration, dies: 5)
        let files = try #require(killed.checkpoints.last).files
        let state = try #require(files["state.json"])
        let tensors = try #require(files["state.safetensors"])
        func refused(_ files: [String: [UInt8]], _ why: Comment) {
            let error = #expect(throws: TrainingError.self, why) {
                try Self.run(item, configuration, from: files)
            }
            #expect(error?.code == .checkpoint, why)
        }
        func with(_ name: String, _ bytes: [UInt8]) -> [String: [UInt8]] {
            files.merging([name: bytes]) { $1 }
        }
        refused([:], "nothing")
        refused(["state.json": state], "no tensors")
        refused(["state.safetensors": tensors], "no state")
        refused(with("state.json", []), "empty state")
        refused(with("state.json", Array(state.dropLast(9))), "cut state")
        refused(with("state.safetensors", Array(tensors.dropLast(4))), "cut tensors")
        refused(with("state.safetensors", Array(tensors.prefix(5))), "hardly any tensors")
        let members = try #require(try JSONParser.parse(state).objectValue)
        for (name, value) in [
            ("version", 2 as JSONValue), ("step", 6), ("step", 0), ("step", -1), ("step", "5"),
            ("totalSteps", 13), ("stepsAtReport", 6), ("losses", []), ("rates", nil),
            ("norms", ["x"]), ("best", ["value": 1]),
        ] {
            let changed = JSONValue.object(members.merging([name: value]) { $1 })
            refused(with("state.json", CanonicalJSON.encode(changed)), "\(name) is \(value)")
        }
        // Of another model or method
        for (other, method) in [(true, .full), (false, .lora)]
            as [(
                Bool, TrainingConfiguration.Method
            )]
        {
            let stranger = Case(name: "", isDecoder: other, method: method)
            let theirs = try Self.run(stranger, Self.configuration(stranger), dies: 5)
            refused(try #require(theirs.checkpoints.last).files, "of another model")
        }
        // Of a run that would come to something else
        for change: @Sendable (inout TrainingConfiguration) -> Void in [
            { $0.learningRate = 4e-2 }, { $0.seed = 1 }, { $0.threads = 1 },
            { $0.hiddenDropout = 0.1 },
        ] {
            let other = Case(name: "", method: .full, change: change)
            let theirs = try Self.run(other, Self.configuration(other), dies: 5)
            refused(try #require(theirs.checkpoints.last).files, "of another run")
        }
        // What is said of a run may change.
        var talkative = configuration
        talkative.loggingSteps = 1
        talkative.saveStrategy = .no
        #expect(try Self.run(item, talkative, from: files).result?.steps == 12)
        let tensorFile = try SafetensorsFile(bytes: tensors)
        for name in tensorFile.names where name != "best" {
            let rest = try tensorFile.names.filter { $0 != name }.map {
                NamedTensor(
                    name: $0, shape: tensorFile.shape($0) ?? [], values: try tensorFile.floats($0))
            }
            refused(with("state.safetensors", SafetensorsWriter.encode(rest)), "no \(name)")
        }
    }
}
