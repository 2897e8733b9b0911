import Foundation
import Records
import Testing

@testable import Training

struct EvaluationTests {
    /// Truth and answers, with scikit-learn's numbers for them (zero_division = 0).
    @Test func agreesWithScikitLearn() {
        let truth = [0, 0, 0, 1, 1, 2, 2, 2, 2, 0]
        let answers = [0, 1, 0, 1, 1, 2, 0, 2, 1, 0]
        let evaluation = ClassificationEvaluation(
            predictions: answers.map { answer in
                Prediction(logits: (0..<4).map { $0 == answer ? 2 : 0 })
            }, truth: truth, labels: ["a", "b", "c", "d"])
        #expect(evaluation.count == 10)
        #expect(evaluation.accuracy == 0.7)
        #expect(
            evaluation.confusion == [[3, 1, 0, 0], [0, 2, 0, 0], [1, 1, 2, 0], [0, 0, 0, 0]])
        let precision = evaluation.perClass.map(\.precision)
        #expect(precision == [0.75, 0.5, 1, 0])
        #expect(evaluation.perClass.map(\.recall) == [0.75, 1, 0.5, 0])
        #expect(abs(evaluation.perClass[1].f1 - 2.0 / 3) < 1e-12)
        #expect(evaluation.perClass[3].f1 == 0)
        #expect(evaluation.perClass.map(\.support) == [4, 2, 4, 0])
        #expect(abs(evaluation.macroF1 - (0.75 + 2.0 / 3 + 2.0 / 3) / 4) < 1e-12)
        #expect(evaluation.majorityBaseline == 0.4)
        // Every answer has confidence e²/(e² + 3): one bin.
        let confidence = exp(2.0) / (exp(2.0) + 3)
        #expect(abs(evaluation.calibrationError - abs(confidence - 0.7)) < 1e-6)
        let right = -log(confidence), wrong = -log(1 / (exp(2.0) + 3))
        #expect(abs(evaluation.loss - (7 * right + 3 * wrong) / 10) < 1e-9)
    }

    @Test func nothingToEvaluateIsZero() {
        let evaluation = ClassificationEvaluation(predictions: [], truth: [], labels: ["a", "b"])
        #expect(evaluation.accuracy == 0 && evaluation.loss == 0 && evaluation.macroF1 == 0)
    }

    @Test func crossEntropyIsTorchs() {
        // torch.nn.functional.cross_entropy with weight and label_smoothing, by its definition
        let logits: [[Double]] = [[0.3, -1, 2], [1, 1, 0]]
        let labels = [2, 0]
        let weights = [0.5, 1, 2.0]
        func losses(_ z: [Double]) -> [Double] {
            z.map { -log(exp($0) / z.reduce(0) { $0 + exp($1) }) }
        }
        var nll = 0.0
        var smooth = 0.0
        for (z, label) in zip(logits, labels) {
            nll += weights[label] * losses(z)[label]
            smooth += zip(weights, losses(z)).reduce(0) { $0 + $1.0 * $1.1 }
        }
        let wanted = 0.8 * nll / 2.5 + 0.2 / 3 * smooth / 2.5
        let loss = CrossEntropy(smoothing: 0.2, weights: weights)
        let matrix = TestNumbers.matrix(logits)
        let value = loss.forward(
            matrix, labels: labels.map(Int32.init),
            normalizer: labels.reduce(0) { $0 + loss.weight($1) }, gradient: nil)
        #expect(abs(value - wanted) < 1e-6)
    }
}
