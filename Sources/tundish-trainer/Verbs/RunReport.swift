import EngineProtocol
import Records
import Training

/// What a run came to: `metrics.json`, and the summary that the last event carries.
struct RunReport {
    let result: TrainingResult
    let labels: [String]
    let curve: Curve
    let plan: EnginePlan
    var peakBytes = 0
    var memorisation: MemorisationReport?
    var forgetting: ForgettingReport?

    /// Everything, the curves included.
    var json: JSONValue {
        var members = common
        members["labels"] = .array(labels.map { .string($0) })
        members["losses"] = .array(result.losses.map { .double($0) })
        members["learningRates"] = .array(result.learningRates.map { .double($0) })
        members["gradientNorms"] = .array(result.gradientNorms.map { .double($0) })
        members["evaluations"] = .array(
            curve.evaluations.map { evaluation in
                [
                    "step": .integer(evaluation.step), "epoch": .double(evaluation.epoch),
                    "isBest": .bool(evaluation.isBest), "metrics": evaluation.metrics.json,
                ]
            })
        members["predictedPeakBytes"] = .integer(plan.peakBytes)
        return .object(members)
    }

    /// The same without the curves. What was measured stands here alone: seconds and memory differ
    /// between equal runs, whose metrics.json is the same.
    var summary: JSONValue {
        var members = common
        members["stoppedEarly"] = .bool(result.stoppedEarly)
        members["seconds"] = .double(result.seconds)
        members["peakBytes"] = .integer(peakBytes)
        return .object(members)
    }

    private var common: [String: JSONValue] {
        var members: [String: JSONValue] = [
            "steps": .integer(result.steps), "bestStep": .integer(result.bestStep),
            "weightsDigest": .string(Hex.encode(result.weightsDigest)),
            "validation": result.finalEvaluation?.metrics.json ?? .null,
        ]
        if let privacy = result.privacy {
            members["privacy"] = [
                "epsilon": .double(privacy.epsilon), "delta": .double(privacy.delta),
                "noiseMultiplier": .double(privacy.noiseMultiplier),
                "clippingNorm": .double(privacy.clippingNorm),
                "samplingRate": .double(privacy.samplingRate),
            ]
        }
        members["memorisation"] = memorisation?.json
        members["forgetting"] = forgetting?.json
        return members
    }
}
