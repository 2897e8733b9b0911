import Foundation
import Records
import Testing

@testable import Training

struct CurveJudgeTests {
    /// A made-up run: what its curve is called, and what the hints should be.
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        var steps = 160
        /// Loss by the share of the run that is done
        let loss: @Sendable (Double) -> Double
        var validation: (@Sendable (Double) -> Double)? = nil
        /// Larger is better; the loss negated if nothing is said
        var score: (@Sendable (Double) -> Double)? = nil
        var noise = 0.03
        var evaluations = 8
        var change: @Sendable (inout TrainingConfiguration) -> Void = { _ in }
        let hints: [CurveHint.Code]
        var parameter: String? = nil
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(
            name: "healthy: falls and levels off", loss: { 0.25 + 0.45 * exp(-6 * $0) },
            validation: { 0.3 + 0.4 * exp(-6 * $0) }, hints: []),
        Case(
            name: "healthy and noisy", loss: { 2.4 + 0.4 * exp(-4 * $0) },
            validation: { 2.5 + 0.3 * exp(-5 * $0) }, noise: 0.3, hints: []),
        Case(
            name: "healthy, without validation", loss: { 0.2 + 0.5 * exp(-7 * $0) }, hints: []),
        Case(
            name: "validation loss rises a little while the score does too",
            loss: { 0.05 + 0.6 * exp(-6 * $0) }, validation: { 0.3 + 0.05 * $0 },
            score: { 0.8 + 0.1 * $0 }, hints: []),
        Case(
            name: "validation loss rises much while the score does too",
            loss: { 0.05 + 0.6 * exp(-6 * $0) }, validation: { 0.3 + 0.4 * $0 },
            score: { 0.8 + 0.1 * $0 }, hints: []),
        Case(
            name: "one bad evaluation at the end", loss: { 0.1 + 0.6 * exp(-5 * $0) },
            validation: { $0 > 0.99 ? 0.5 : 0.3 + 0.4 * exp(-5 * $0) }, hints: []),
        Case(name: "too short to tell", steps: 9, loss: { 1 + $0 }, hints: []),
        Case(
            name: "nothing but noise", loss: { _ in 1.5 }, validation: { _ in 1.5 }, noise: 0.9,
            hints: []),
        Case(
            name: "overfitting", loss: { 0.02 + 0.66 * exp(-5 * $0) },
            validation: { 0.3 + 1.2 * ($0 - 0.4) * ($0 - 0.4) },
            score: { 0.9 - 0.2 * abs($0 - 0.4) }, hints: [.overfitting, .unusedPatience],
            parameter: "num_train_epochs"),
        Case(
            name: "overfitting of a run of given steps", loss: { 0.02 + 0.66 * exp(-5 * $0) },
            validation: { 0.3 + 1.2 * ($0 - 0.4) * ($0 - 0.4) },
            change: {
                $0.maxSteps = 160
                $0.earlyStoppingPatience = 9
            }, hints: [.overfitting], parameter: "max_steps"),
        Case(
            name: "diverging", loss: { 0.7 + 2 * $0 * $0 }, validation: { 0.7 + 2 * $0 },
            hints: [.diverging], parameter: "learning_rate"),
        Case(
            name: "not a number", steps: 30, loss: { $0 > 0.9 ? .nan : 0.7 }, noise: 0,
            hints: [.diverging], parameter: "learning_rate"),
        Case(
            name: "rate too high", loss: { $0 < 0.2 ? 0.7 - 2 * $0 : 0.3 + 0.3 * ($0 - 0.2) },
            validation: { $0 < 0.2 ? 0.7 - 2 * $0 : 0.3 + 0.3 * ($0 - 0.2) },
            hints: [.rateTooHigh], parameter: "learning_rate"),
        Case(
            name: "underfitting", loss: { 0.693 - 0.001 * $0 }, validation: { _ in 0.693 },
            noise: 0.01, change: { $0.method = .head }, hints: [.underfitting],
            parameter: "method"),
        Case(
            name: "underfitting for lack of a rate", loss: { 0.693 - 0.001 * $0 }, noise: 0.01,
            change: { $0.learningRate = 1e-6 }, hints: [.underfitting],
            parameter: "learning_rate"),
        Case(
            name: "too few steps", loss: { 4 - 2.5 * $0 }, validation: { 4 - 2.3 * $0 },
            hints: [.tooFewSteps], parameter: "num_train_epochs"),
        Case(
            name: "too few of the steps that were given", loss: { 4 - 2.5 * $0 },
            change: { $0.maxSteps = 160 }, hints: [.tooFewSteps], parameter: "max_steps"),
        Case(
            name: "plateau", steps: 400, loss: { 2 + exp(-25 * $0) },
            validation: { 2.1 + exp(-25 * $0) }, noise: 0.02, hints: [.plateau], parameter: "r"),
        Case(
            name: "unused patience", loss: { 0.3 + 0.4 * exp(-6 * $0) },
            validation: { 0.35 + 0.3 * exp(-6 * $0) }, score: { 0.9 - 0.1 * abs($0 - 0.3) },
            hints: [.unusedPatience], parameter: "early_stopping_patience"),
    ]

    @Test(arguments: cases)
    func judges(_ item: Case) throws {
        var configuration = TrainingConfiguration()
        item.change(&configuration)
        for seed: UInt64 in 1...5 {
            var random = SeededRandom(seed: seed)
            let losses = (0..<item.steps).map { step in
                item.loss(Double(step) / Double(item.steps)) + item.noise * gaussian(using: &random)
            }
            var points: [CurveJudge.EvaluationPoint] = []
            if let validation = item.validation {
                for index in 1...item.evaluations {
                    let share = Double(index) / Double(item.evaluations)
                    let loss = validation(share)
                    points.append(
                        (index * item.steps / item.evaluations, loss, item.score?(share) ?? -loss))
                }
            }
            let hints = CurveJudge.hints(
                losses: losses, evaluations: points, configuration: configuration)
            #expect(hints.map(\.code) == item.hints, "seed \(seed): \(hints)")
            if let parameter = item.parameter {
                #expect(hints.first?.parameter == parameter)
            }
            for hint in hints {
                #expect(TrainingConfiguration.fields[hint.parameter] != nil)
                #expect(hint.message.contains(hint.parameter) || hint.parameter.contains("s"))
                #expect(hint.json["code"]?.stringValue == hint.code.rawValue)
            }
        }
    }

    @Test func emptyRunsSayNothing() {
        let none = CurveJudge.hints(
            losses: [], evaluations: [], configuration: TrainingConfiguration())
        #expect(none.isEmpty)
        let one = CurveJudge.hints(
            losses: [1], evaluations: [(1, 1, 1)], configuration: TrainingConfiguration())
        #expect(one.isEmpty)
    }
}
