import FoundationEssentials

/// Things that carry names and are nobody's data.
extension SlotFiller {
    /// A thing of a kind, in the language of the text where there is one: well known, or made up in
    /// three cases of ten, so that the words around are learned and not the list; nil for a kind that
    /// `Data/things.txt` does not have.
    mutating func thing(_ kind: String) -> String? {
        if home == nil || kind == "work", random.chance(30), let made = madeUp(kind) { return made }
        if let home, let own = lists.things["\(home).\(kind)"], random.chance(80) {
            return random.pick(own)
        }
        return lists.things[kind].map { random.pick($0) }
    }

    private mutating func madeUp(_ kind: String) -> String? {
        switch kind {
        case "work":
            switch random.below(4) {
            case 0: return "\(givenName()) \(surname())"
            case 1: return givenName()
            case 2: return "The \(word().capitalized) of \(random.chance(50) ? city() : surname())"
            default: return "\(word().capitalized) \(word().capitalized)"
            }
        case "team":
            return random.chance(50)
                ? city()
                : "\(city()) \(random.pick(["United", "City", "FC", "Rovers", "Town", "Athletic"]))"
        case "eponym":
            let heads = [
                "disease", "syndrome", "sign", "test", "law", "effect", "scale", "theorem", "score",
                "fracture", "bridge", "equation", "limit", "contracture", "cell", "procedure",
            ]
            let link = random.pick(["'s ", " ", " ", "-\(surname()) "])
            return "\(surname())\(link)\(random.pick(heads))"
        case "law":
            switch random.below(4) {
            case 0: return "the \(surname())-\(surname()) Act"
            case 1: return "\(surname()) v. \(random.chance(60) ? surname() : city())"
            case 2: return "the \(random.pick(["Treaty", "Convention"])) of \(city())"
            default: return "the \(surname()) \(random.pick(["Act", "order", "rule", "doctrine"]))"
            }
        case "drug":
            let endings = [
                "olol", "pril", "artan", "statin", "mab", "grelor", "gliptin", "azole", "ine",
            ]
            return syllables() + random.pick(endings)
        case "soft":
            return syllables().capitalized + random.pick(["", "", "ly", "JS", "DB", "ify"])
        case "goods": return random.chance(50) ? surname() : syllables().capitalized
        case "device":
            return
                "\(word().capitalized) \(random.chance(50) ? model() : "\(random.within(2...900))")"
        case "dish":
            let dishes = ["salad", "pie", "sauce", "cake", "beans", "pudding", "steak", "fizz"]
            return
                "\([givenName(), surname(), city()][random.below(3)]) \(random.pick(dishes))"
        case "adjective": return city()
        default: return nil
        }
    }

    private mutating func syllables() -> String {
        let parts = [
            "tra", "zo", "lim", "ka", "ver", "do", "pex", "mi", "ra", "quo", "fen", "lu", "sta",
        ]
        return (0..<random.within(2...3)).map { _ in random.pick(parts) }.joined()
    }
}
