import Glibc
public import Records

/// How far a model has memorised its canaries.
public struct MemorisationReport: Sendable, Hashable {
    /// Exposure of each inserted canary in bits: log₂ |R| − log₂ rank, where R is the canary and the
    /// alternatives, ranked by loss. About 1.4 on average of a model that has memorised nothing;
    /// log₂ |R| if the model knows the canary better than every alternative.
    public let exposures: [Double]
    /// Secrets that each canary was compared with.
    public let alternativeCount: Int
    /// Mean loss of the inserted canaries, in nats; 0 without.
    public let insertedLoss: Double
    /// Mean loss of the alternatives: far above ``insertedLoss`` if those are known by heart. For a
    /// classifier this says more than the exposure, which few labels keep low.
    public let alternativeLoss: Double

    /// Canaries.
    public var count: Int { exposures.count }
    /// Mean exposure; 0 without canaries.
    public var mean: Double { Self.mean(exposures) }
    /// The largest exposure; 0 without canaries.
    public var max: Double { exposures.max() ?? 0 }
    /// The exposure of a canary that is known better than every alternative.
    public var ceiling: Double { log2(Double(alternativeCount + 1)) }

    /// Ranks each inserted canary's loss among the alternatives' (Carlini et al. 2019).
    ///
    /// An alternative of the same loss counts as better known: a model that cannot tell them apart
    /// has an exposure of 0.
    ///
    /// - Parameters:
    ///   - losses: of the inserted canaries, in nats.
    ///   - alternatives: losses of secrets of the same kind that were never trained on.
    public static func exposure(
        inserted losses: [Double], alternatives: [Double]
    ) -> MemorisationReport {
        let size = log2(Double(alternatives.count + 1))
        return MemorisationReport(
            exposures: losses.map { loss in
                // Not `$0 <= loss`: a loss that is not a number is never well known.
                size - log2(Double(1 + alternatives.count { !($0 > loss) }))
            }, alternativeCount: alternatives.count, insertedLoss: mean(losses),
            alternativeLoss: mean(alternatives))
    }

    private static func mean(_ values: [Double]) -> Double {
        values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    }

    /// `{"measure": "exposure", "unit": "bits", "mean": 1.3, "max": 4.1, "ceiling": 10, …}`
    public var json: JSONValue {
        [
            "measure": "exposure", "unit": "bits", "count": .integer(count),
            "alternatives": .integer(alternativeCount), "mean": .double(mean), "max": .double(max),
            "ceiling": .double(ceiling), "insertedLoss": .double(insertedLoss),
            "alternativeLoss": .double(alternativeLoss),
            "exposures": .array(exposures.map { .double($0) }),
        ]
    }
}
