/// What a step makes smaller.
enum Objective {
    /// Cross-entropy of a few classes.
    case classes(CrossEntropy)
    /// Cross-entropy of the next token, with label smoothing ε.
    case nextToken(smoothing: Double)
    /// Direct preference optimisation (Rafailov et al. 2023), see ``Preference``.
    case preference(Preference)

    /// What the loss of a whole step is divided by.
    func normalizer(_ examples: some Sequence<EncodedExample>) -> Double {
        switch self {
        case .classes(let loss):
            examples.reduce(0) { sum, example in
                switch example.target {
                case .label(let label): sum + loss.weight(label)
                case .tokens(let targets):
                    targets.reduce(sum) {
                        $1 == EncodedExample.ignored ? $0 : $0 + loss.weight(Int($1))
                    }
                }
            }
        case .nextToken:
            examples.reduce(0) { $0 + Double($1.learnedCount) }
        case .preference: examples.reduce(0) { sum, _ in sum + 1 }
        }
    }
}

extension EncodedExample {
    /// Tokens that a language model learns of this example; the first has nothing before it.
    var learnedCount: Int {
        (targets ?? []).dropFirst().count { $0 != Self.ignored }
    }
}
