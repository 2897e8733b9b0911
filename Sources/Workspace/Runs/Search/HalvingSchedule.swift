/// How successive halving spends its budget: many trials with little, the best of them with more
/// (Jamieson and Talwalkar, "Non-stochastic best arm identification and hyperparameter
/// optimization", AISTATS 2016; the factor as in Li et al., "Hyperband", JMLR 2018).
///
/// With n trials and factor η, rung k holds ⌊n/ηᵏ⌋ trials, and each of them gets η times what the
/// trials of the rung before got. The last rung gets all that a run is given.
struct HalvingSchedule: Sendable, Hashable {
    /// One round.
    struct Rung: Sendable, Hashable {
        /// Trials that run in it.
        var count: Int
        /// What each is given: epochs or steps.
        var resource: Double
    }

    /// The rounds, the first with the most trials.
    let rungs: [Rung]

    /// Makes the rounds.
    ///
    /// - Parameters:
    ///   - trials: how many trials the first round has.
    ///   - factor: η, at least 2.
    ///   - most: what the last round gives, above 0.
    ///   - least: what no round is below; it limits how many rounds there are.
    ///   - isWhole: whether the resource is counted in whole numbers.
    init(trials: Int, factor: Int, most: Double, least: Double, isWhole: Bool) {
        let factor = max(2, factor)
        var counts = [max(1, trials)]
        var share = most
        while let last = counts.last, last / factor >= 1, share / Double(factor) >= least {
            counts.append(last / factor)
            share /= Double(factor)
        }
        // From the last round back, which gets exactly what there is.
        var resource = most
        rungs = counts.reversed().map { count in
            defer { resource /= Double(factor) }
            return Rung(count: count, resource: isWhole ? max(1, resource.rounded(.up)) : resource)
        }.reversed()
    }

    /// What all rounds together give.
    var total: Double { rungs.reduce(0) { $0 + Double($1.count) * $1.resource } }
}

extension HalvingSchedule {
    /// The trials that go on into the next round: the best `count`, the lower number of equals
    /// first. Those without a score never go on before those with one.
    static func survivors(
        _ scores: [(trial: Int, score: Double?)], count: Int, metric: SearchMetric
    ) -> [Int] {
        scores.sorted { left, right in
            switch (left.score, right.score) {
            case (let one?, let other?) where one != other: metric.isBetter(one, than: other)
            case (.some, nil): true
            case (nil, .some): false
            default: left.trial < right.trial
            }
        }.filter { $0.score != nil }.prefix(count).map(\.trial)
    }
}
