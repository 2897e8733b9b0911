public import Records

/// What a training run would take, by prediction: nothing was trained.
public struct EnginePlan: Sendable, Hashable {
    /// Optimiser steps.
    public var steps: Int
    /// Parameters that would be trained.
    public var trainableParameters: Int
    /// Parameters of the whole model.
    public var totalParameters: Int
    /// Bytes of memory at the worst moment.
    public var peakBytes: Int
    /// Bytes of memory that there are for it, if the engine knows.
    public var availableBytes: Int?
    /// Seconds for one optimiser step.
    public var secondsPerStep: Double?
    /// Seconds for the whole run.
    public var seconds: Double?
    /// Tokens that the model would see, all epochs together.
    public var tokens: Int
    /// What to know before it is started.
    public var warnings: [String]
    /// Why it cannot be done; with one of these `train` ends before its first step.
    public var refusals: [String]
    /// Anything else worth knowing.
    public var details: JSONValue

    /// Makes a plan.
    public init(
        steps: Int, trainableParameters: Int, totalParameters: Int, peakBytes: Int,
        availableBytes: Int? = nil, secondsPerStep: Double? = nil, seconds: Double? = nil,
        tokens: Int, warnings: [String] = [], refusals: [String] = [], details: JSONValue = [:]
    ) {
        self.steps = steps
        self.trainableParameters = trainableParameters
        self.totalParameters = totalParameters
        self.peakBytes = peakBytes
        self.availableBytes = availableBytes
        self.secondsPerStep = secondsPerStep
        self.seconds = seconds
        self.tokens = tokens
        self.warnings = warnings
        self.refusals = refusals
        self.details = details
    }

    /// The plan as JSON, members as they are named here.
    public var json: JSONValue {
        [
            "steps": .integer(steps), "trainableParameters": .integer(trainableParameters),
            "totalParameters": .integer(totalParameters), "peakBytes": .integer(peakBytes),
            "availableBytes": .optional(availableBytes),
            "secondsPerStep": .optional(secondsPerStep), "seconds": .optional(seconds),
            "tokens": .integer(tokens), "warnings": .texts(warnings),
            "refusals": .texts(refusals), "details": details,
        ]
    }

    init(_ fields: JSONFields) throws(EngineProtocolError) {
        self.init(
            steps: try fields.count("steps"),
            trainableParameters: try fields.count("trainableParameters"),
            totalParameters: try fields.count("totalParameters"),
            peakBytes: try fields.count("peakBytes"),
            availableBytes: fields.isAbsent("availableBytes")
                ? nil : try fields.count("availableBytes"),
            secondsPerStep: try fields.optionalNumber("secondsPerStep"),
            seconds: try fields.optionalNumber("seconds"), tokens: try fields.count("tokens"),
            warnings: fields.isAbsent("warnings") ? [] : try fields.texts("warnings"),
            refusals: fields.isAbsent("refusals") ? [] : try fields.texts("refusals"),
            details: fields.value("details"))
    }
}
