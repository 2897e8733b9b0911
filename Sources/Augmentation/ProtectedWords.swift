/// Words that carry a label: negations, intensity, feeling. They are never edited, nor is what
/// stands within three words of a negation. Written for Tundish.
enum ProtectedWords {
    /// The places of words that may be edited.
    static func freeIndices(_ units: [TextUnit]) -> Set<Int> {
        var free: Set<Int> = []
        var sinceNegation = 4
        for (index, unit) in units.enumerated() {
            switch unit.kind {
            case .word:
                let word = unit.text.lowercased()
                if negations.contains(word) || word.hasSuffix("n't") {
                    sinceNegation = 0
                    // The word before belongs to it: "is not", "could never".
                    free.remove(index - 2)
                } else {
                    sinceNegation += 1
                    if sinceNegation > 3 && !isProtected(word) { free.insert(index) }
                }
            case .placeholder, .madeUp: sinceNegation += 1
            case .between:
                if unit.text.contains(where: { ".!?;".contains($0) }) { sinceNegation = 4 }
            }
        }
        return free
    }

    private static func isProtected(_ word: String) -> Bool {
        if word.contains(where: \.isNumber) || feeling.contains(word) { return true }
        if intensity.contains(word) { return true }
        for stem in stems where word.hasPrefix(stem) { return true }
        for ending in ["less", "ful", "est", "ly", "able", "ible"] where word.hasSuffix(ending) {
            return true
        }
        return false
    }

    static let negations: Set<String> = [
        "no", "not", "never", "none", "nobody", "nothing", "nowhere", "neither", "nor", "without",
        "cannot", "cant", "wont", "dont", "doesnt", "didnt", "isnt", "wasnt", "arent", "werent",
        "aint",
        "couldnt", "wouldnt", "shouldnt", "hasnt", "havent", "hadnt", "hardly", "barely",
        "scarcely", "seldom", "rarely", "lack",
        "lacks", "lacking", "except", "but", "although", "though", "however", "despite", "unless",
        "if", "instead", "than",
    ]

    static let intensity: Set<String> = [
        "very", "so", "too", "quite", "rather", "really", "extremely", "absolutely", "totally",
        "completely", "slightly", "somewhat", "almost", "most", "more", "less", "least", "much",
        "many", "few", "little", "only", "just", "even", "still", "yet", "always", "again", "ever",
        "super", "pretty", "way", "all", "every", "enough", "kind", "sort", "bit",
    ]

    static let feeling: Set<String> = [
        "good", "bad", "great", "nice", "fine", "well", "better", "worse", "okay", "ok", "cheap",
        "poor", "rich", "fast", "slow", "easy", "hard", "loud", "quiet", "clear", "sharp", "weak",
        "strong", "cool", "hot", "cold", "old", "new", "right", "wrong", "true", "false", "sad",
        "mad",
        "glad", "fun", "funny", "ugly", "clean", "dirty", "fresh", "solid", "smart", "dumb", "lame",
        "crap", "junk", "trash", "garbage", "sucks", "suck", "wow", "yay", "ugh", "meh", "thanks",
        "thank", "please", "sorry", "fail", "fails", "failed", "win", "wins", "lost", "loss",
        "lose",
        "broke", "broken", "break", "breaks", "dead", "died", "die", "works", "work", "worked",
        "worth",
        "waste", "return", "returned", "refund", "scam", "fraud", "lie", "lied", "free", "safe",
        "fix",
        "fixed", "flaw", "flaws", "bug", "bugs", "issue", "issues", "pros", "cons", "plus", "minus",
        "late", "early", "missing", "want", "wish", "hope", "like", "likes", "liked", "trust",
    ]

    static let stems: [String] = [
        "lov", "hat", "enjoy", "excel", "amaz", "awesom", "terribl", "horribl", "awful", "perfect",
        "best", "worst", "disappoint", "happ", "pleas", "satisf", "dissat", "unhapp", "annoy",
        "angr",
        "frustrat", "recommend", "regret", "impress", "fantast", "wonder", "beaut", "brillian",
        "superb", "problem", "trouble", "complain", "defect", "damag", "useless", "usef", "comfort",
        "uncomfort", "reliab", "unreliab", "favorit", "favourit", "delight", "disgust", "ridicul",
        "stupid", "pathetic", "poor", "mediocre", "outstanding", "exceptional", "fabulous",
        "worthless",
        "unfortun", "fortun", "luck", "unluck", "danger", "harm", "hurt", "pain", "expens",
        "overpric",
        "bargain", "qualit", "warn", "avoid", "attract", "bore", "boring", "interest", "exciting",
        "excit", "thrill", "glitch", "crash", "freez", "noisy", "flims", "sturd", "crisp", "blurr",
        "smooth", "rough", "friend", "rude", "kind", "cruel", "help", "support", "cancel", "block",
        "urgent", "emergenc", "fear", "scar", "worr", "anxi", "depress", "upset", "cry", "smil",
        "laugh",
    ]

    /// First words by which a sentence leans on the one before it.
    static let leaning: Set<String> = [
        "but", "however", "and", "so", "then", "also", "because", "although", "though", "instead",
        "it", "this", "that", "these", "those", "they", "he", "she", "which", "or", "yet", "still",
        "therefore", "thus", "besides", "otherwise", "after", "before", "first", "second",
        "finally",
        "next", "later", "both", "neither", "either", "one", "another", "such", "there", "here",
        "its",
        "their", "his", "her", "only", "even", "unfortunately", "now", "again", "what", "why",
    ]
}
