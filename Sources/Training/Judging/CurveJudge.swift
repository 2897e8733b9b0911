/// Reads a run's curves and says what to change. Silent where it cannot be sure: a hint that is
/// wrong costs a user a run.
///
///     let hints = CurveJudge.hints(
///         losses: result.losses, evaluations: evaluations, configuration: configuration)
public struct CurveJudge {
    /// One evaluation: optimiser steps done, validation loss, and the score that chooses the best
    /// weights, the larger the better (the loss negated where it is the loss).
    public typealias EvaluationPoint = (step: Int, loss: Double, score: Double)

    let losses: [Double]
    let evaluations: [EvaluationPoint]
    let configuration: TrainingConfiguration

    /// What the curves show, the gravest first; empty for a healthy run and for one that is too
    /// short to tell (fewer than 20 steps, or 3 evaluations where it takes some).
    ///
    /// - Parameters:
    ///   - losses: of each step, before its update.
    ///   - evaluations: in the order of their steps.
    ///   - configuration: the settings of the run.
    public static func hints(
        losses: [Double], evaluations: [EvaluationPoint], configuration: TrainingConfiguration
    ) -> [CurveHint] {
        let judge = CurveJudge(
            losses: losses, evaluations: evaluations, configuration: configuration)
        if let hint = judge.diverging ?? judge.rateTooHigh ?? judge.underfitting { return [hint] }
        let hints = [judge.overfitting ?? judge.tooFewSteps ?? judge.plateau, judge.unusedPatience]
        return hints.compactMap { $0 }
    }

    /// Steps in a window at either end of the curve.
    private var width: Int { max(5, losses.count / 8) }
    private var isLongEnough: Bool { losses.count >= 20 }
    private var head: LossWindow { LossWindow(losses.prefix(width)) }
    private var tail: LossWindow { LossWindow(losses.suffix(width)) }

    // MARK: The training loss alone

    private var diverging: CurveHint? {
        if let step = losses.firstIndex(where: { !$0.isFinite }) {
            return hint(
                .diverging, "learning_rate",
                "The loss stopped being a number at step \(step + 1). Lower learning_rate.")
        }
        guard isLongEnough, tail.mean > 1.2 * head.mean, tail.isAbove(head) else { return nil }
        return hint(
            .diverging, "learning_rate",
            "The loss rose from \(text(head.mean)) to \(text(tail.mean)). Lower learning_rate, to "
                + "a third of what it is for example.")
    }

    /// The training examples' own loss rises only if steps are too long.
    private var rateTooHigh: CurveHint? {
        guard isLongEnough else { return nil }
        let windows = stride(from: 0, through: losses.count - width, by: max(1, width / 2))
            .map { LossWindow(losses[$0..<$0 + width]) }
        guard let lowest = windows.min(by: { $0.mean < $1.mean }) else { return nil }
        let fallen = head.mean - lowest.mean, risen = tail.mean - lowest.mean
        guard fallen > 0, risen > 0.4 * fallen, tail.isAbove(lowest) else { return nil }
        return hint(
            .rateTooHigh, "learning_rate",
            "The loss fell to \(text(lowest.mean)) and then rose to \(text(tail.mean)), on the "
                + "training examples themselves. Lower learning_rate.")
    }

    private var underfitting: CurveHint? {
        guard isLongEnough, tail.isLevel(with: head, within: 0.03) else { return nil }
        let what = capacity
        return hint(
            .underfitting, what.parameter,
            "The loss has hardly moved: \(text(head.mean)) at the beginning, \(text(tail.mean)) at "
                + "the end. \(what.advice)")
    }

    // MARK: Both losses

    /// Index of the evaluation with the lowest loss.
    private var lowest: Int? {
        evaluations.indices.min { evaluations[$0].loss < evaluations[$1].loss }
    }

    private var overfitting: CurveHint? {
        guard evaluations.count >= 3, let lowest, let last = evaluations.last else { return nil }
        let best = evaluations[lowest], after = evaluations[(lowest + 1)...]
        guard after.count >= 2, last.loss > 1.05 * best.loss,
            zip(after, after.dropFirst()).allSatisfy({ $1.loss > 0.99 * $0.loss }),
            last.score <= best.score, trainingFell(since: best.step)
        else { return nil }
        return hint(
            .overfitting, configuration.maxSteps > 0 ? "max_steps" : "num_train_epochs",
            "The validation loss was lowest at step \(best.step) (\(text(best.loss))) and is now "
                + "\(text(last.loss)), while the training loss went on falling. Train "
                + "\(shorter(best.step)), or regularise: \(regularization).")
    }

    /// Whether the training loss after `step` is below the one around it.
    private func trainingFell(since step: Int) -> Bool {
        guard step > 0, step < losses.count else { return false }
        let before = losses[max(0, step - width)..<step]
        return tail.mean < before.reduce(0, +) / Double(before.count)
    }

    private var tooFewSteps: CurveHint? {
        guard isLongEnough, losses.count >= 4 * width else { return nil }
        let before = LossWindow(losses[(losses.count - 2 * width)..<(losses.count - width)])
        guard before.isAbove(tail), before.mean - tail.mean > 0.1 * (head.mean - tail.mean)
        else { return nil }
        if evaluations.count >= 2 {
            let last = evaluations[evaluations.count - 1]
            guard lowest == evaluations.count - 1,
                evaluations[evaluations.count - 2].loss > 1.03 * last.loss
            else { return nil }
        }
        let name = configuration.maxSteps > 0 ? "max_steps" : "num_train_epochs"
        return hint(
            .tooFewSteps, name,
            "The loss was still falling at the end, from \(text(before.mean)) to "
                + "\(text(tail.mean)) over the last steps. Raise \(name).")
    }

    private var plateau: CurveHint? {
        let start = losses.count * 2 / 5
        let late = evaluations.filter { $0.step > start }
        guard losses.count >= 50, late.count >= 3 else { return nil }
        let middle = (start + losses.count) / 2
        let first = LossWindow(losses[start..<middle]), second = LossWindow(losses[middle...])
        let values = late.map(\.loss)
        guard let low = values.min(), let high = values.max(), high - low < 0.01 * low,
            second.isLevel(with: first, within: 0.02), second.mean > 0.5 * head.mean
        else { return nil }
        let what = capacity
        return hint(
            .plateau, what.parameter,
            "Neither loss has moved since step \(start): \(text(first.mean)) in training, "
                + "\(text(low)) to \(text(high)) in validation. More steps will not help. "
                + what.advice)
    }

    private var unusedPatience: CurveHint? {
        guard configuration.earlyStoppingPatience == 0, let last = evaluations.last else {
            return nil
        }
        let best = evaluations.indices.reduce(0) {
            evaluations[$1].score > evaluations[$0].score ? $1 : $0
        }
        let after = evaluations.count - 1 - best
        guard after >= 3, 5 * evaluations[best].step <= 3 * last.step,
            evaluations[(best + 1)...].allSatisfy({ $0.score < evaluations[best].score })
        else { return nil }
        return hint(
            .unusedPatience, "early_stopping_patience",
            "The best weights came at step \(evaluations[best].step); the \(after) evaluations "
                + "after it brought nothing. Set early_stopping_patience=2 to end such a run "
                + "sooner.")
    }
}
