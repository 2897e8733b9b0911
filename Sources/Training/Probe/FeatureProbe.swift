import Kernels
import Records

/// How well labels can be read off frozen vectors: a multinomial logistic regression with an L2
/// penalty, fitted in a second or two, says which base model suits a task before any is trained.
///
///     let vectors = try model.features(ids)
///     let score = try FeatureProbe.run(
///         train: zip(vectors, labels).map { ($0, $1) }, validation: held, labels: 2, seed: 42)
///
/// The penalty is chosen on a fifth of the training vectors, drawn by the seed, and the regression
/// fitted again on all of them. Equal input gives equal scores on machines of one type.
public struct FeatureProbe {
    /// A vector and the index of its label.
    public typealias Example = (vector: [Float], label: Int)

    /// Penalties that are tried, the strongest first: each starts where the one before ended.
    private static let penalties = [1, 0.1, 1e-2, 1e-3, 1e-4]

    /// Fits on `train` and scores the answers to `validation`.
    ///
    /// - Parameters:
    ///   - labels: how many there are.
    ///   - seed: decides which examples the penalty is chosen on.
    /// - Returns: the share of right answers, and the unweighted mean of the labels' F1.
    /// - Throws: `TrainingError.data` if there is nothing to fit or to score, a label is out of
    ///   range, or vectors differ in width or hold something else than numbers.
    public static func run(
        train: [Example], validation: [Example], labels: Int, seed: UInt64
    ) throws(TrainingError) -> (accuracy: Double, macroF1: Double) {
        let width = train.first?.vector.count ?? 0
        guard labels >= 2, width > 0, !validation.isEmpty else {
            throw TrainingError(
                .data, "a probe needs examples to learn, examples to judge and two labels",
                hint: "Check the splits and the label column.")
        }
        for example in train + validation {
            guard example.label >= 0, example.label < labels, example.vector.count == width,
                example.vector.allSatisfy(\.isFinite)
            else {
                throw TrainingError(
                    .data, "an example's vector or label does not fit the others",
                    hint: "Make all vectors with one model, and number labels from 0.")
            }
        }
        let scale = FeatureScale(train.map(\.vector))
        let penalty = choose(train, scale, labels: labels, seed: seed)
        let fit = SoftmaxRegression(train, scale, labels: labels)
        for strength in penalties where strength >= penalty { fit.minimize(penalty: strength) }
        let scores = evaluate(fit, validation, scale, labels)
        return (scores.accuracy, scores.macroF1)
    }

    /// The penalty that does best on a fifth of the examples; the strongest for very few.
    private static func choose(
        _ train: [Example], _ scale: FeatureScale, labels: Int, seed: UInt64
    ) -> Double {
        var random = SeededRandom(key: BigEndian.bytes(seed), tag: "probe")
        let order = Array(train.indices).shuffled(using: &random)
        let held = order.prefix(train.count / 5).map { train[$0] }
        guard held.count >= 5 else { return penalties[0] }
        let fit = SoftmaxRegression(
            order.dropFirst(held.count).map { train[$0] }, scale, labels: labels)
        let losses = penalties.map { penalty in
            fit.minimize(penalty: penalty)
            return evaluate(fit, held, scale, labels).loss
        }
        let best = losses.indices.reduce(0) { losses[$1] < losses[$0] ? $1 : $0 }
        return penalties[best]
    }

    private static func evaluate(
        _ fit: SoftmaxRegression, _ examples: [Example], _ scale: FeatureScale, _ labels: Int
    ) -> ClassificationEvaluation {
        let logits = fit.logits(scale.matrix(examples.map(\.vector)))
        return ClassificationEvaluation(
            predictions: examples.indices.map { row in
                Prediction(logits: logits.rows(row, 1).floats.slice(0, labels).array)
            }, truth: examples.map(\.label), labels: (0..<labels).map(String.init))
    }
}
