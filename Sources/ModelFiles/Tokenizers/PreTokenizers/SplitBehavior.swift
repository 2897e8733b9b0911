/// What becomes of the matches at which a text is split, as Hugging Face names it.
enum SplitBehavior: String, Sendable {
    case removed = "Removed"
    case isolated = "Isolated"
    case mergedWithPrevious = "MergedWithPrevious"
    case mergedWithNext = "MergedWithNext"
    case contiguous = "Contiguous"

    /// Cuts a range at matches, which lie in order and apart; empty pieces are left out.
    func split(
        _ range: Range<Int>, at matches: [Range<Int>], into pieces: inout [Range<Int>]
    ) {
        func add(_ lower: Int, _ upper: Int) {
            if lower < upper { pieces.append(lower..<upper) }
        }
        var start = range.lowerBound
        switch self {
        case .removed, .isolated:
            for match in matches {
                add(start, match.lowerBound)
                if self == .isolated { add(match.lowerBound, match.upperBound) }
                start = match.upperBound
            }
            add(start, range.upperBound)
        case .mergedWithPrevious:
            for match in matches {
                add(start, match.upperBound)
                start = match.upperBound
            }
            add(start, range.upperBound)
        case .mergedWithNext:
            for match in matches {
                add(start, match.lowerBound)
                start = match.lowerBound
            }
            add(start, range.upperBound)
        case .contiguous:
            var index = 0
            while index < matches.count {
                let lower = matches[index].lowerBound
                var upper = matches[index].upperBound
                while index + 1 < matches.count, matches[index + 1].lowerBound == upper {
                    index += 1
                    upper = matches[index].upperBound
                }
                add(start, lower)
                add(lower, upper)
                start = upper
                index += 1
            }
            add(start, range.upperBound)
        }
    }
}
