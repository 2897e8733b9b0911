import Glibc
import Kernels
import Records

/// Draws tokens from logits.
struct Sampler {
    private let settings: GenerationSettings
    private var random: SeededRandom

    init(_ settings: GenerationSettings) {
        self.settings = settings
        random = SeededRandom(key: BigEndian.bytes(settings.seed), tag: "generation")
    }

    /// The next token; of equal logits the first.
    mutating func next(_ logits: [Float]) -> Int32 {
        guard settings.temperature > 0 else {
            return Int32(logits.indices.reduce(0) { logits[$1] > logits[$0] ? $1 : $0 })
        }
        let largest = Double(logits.max() ?? 0)
        let weights = logits.map { exp((Double($0) - largest) / settings.temperature) }
        let total = weights.reduce(0, +)
        // A single comparison key would not be stable: of equal weights the lower id comes first.
        let order = weights.indices.sorted { (weights[$1], $0) < (weights[$0], $1) }
        var kept = 0.0
        var count = 0
        for index in order {
            kept += weights[index]
            count += 1
            if kept >= settings.topP * total { break }
        }
        var rest = random.unit() * kept
        for index in order.prefix(count) {
            rest -= weights[index]
            if rest < 0 { return Int32(index) }
        }
        return Int32(order[count - 1])
    }
}
