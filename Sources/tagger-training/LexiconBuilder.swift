import Redaction

/// Makes the lexicon out of the lists: what is held out stays out of it.
struct LexiconBuilder {
    private var table: [UInt32: TaggerFlags] = [:]

    /// The lexicon of all lists.
    static func lexicon(_ lists: WordLists) -> TaggerLexicon {
        var builder = LexiconBuilder()
        builder.addAll(lists)
        return TaggerLexicon(builder.table)
    }

    private mutating func addAll(_ lists: WordLists) {
        for (level, row) in lists.words.enumerated() {
            for word in row.values { add(word, .common(5 - level)) }
        }
        for row in lists.foreign { for word in row.values { add(word, .common(2)) } }
        for row in WordLists.part(lists.givenNames, .training) {
            for name in row.values { addParts(name, .givenName) }
        }
        for row in WordLists.part(lists.surnames, .training) {
            for name in row.values { addParts(name, .surname) }
        }
        for row in WordLists.part(lists.cities, .training) {
            for name in row.values { add(name, .city) }
        }
        for name in lists.countries { add(name, .country) }
        for row in lists.places.dropFirst() + lists.states.dropLast() {
            for name in row.values { add(name, .state) }
        }
        for code in lists.states.last?.values ?? [] { add(code, .state) }
        for group in lists.groups {
            add(group.one, .group)
            add(group.many, .group)
        }
        for name in lists.companies where !WordLists.isHeldOut(name) { add(name, .company) }
        for role in lists.roles { add(role, .role) }
        let cueFlags: [String: TaggerFlags] = [
            "streetWord": .streetWord, "companyWord": .companyWord, "honorific": .honorific,
            "calendar": .calendar,
        ]
        for row in lists.cues {
            for word in row.values { add(word, cueFlags[row.key] ?? []) }
        }
    }

    /// Every word of a name by itself: `Ana Beatriz` teaches both.
    private mutating func addParts(_ name: String, _ flags: TaggerFlags) {
        for part in name.split(separator: " ") where part.utf8.count > 1 {
            add(String(part), flags)
        }
    }

    private mutating func add(_ phrase: String, _ flags: TaggerFlags) {
        let hashes = TaggerHash.phrase(phrase)
        guard let first = hashes.first, hashes.count <= TaggerLexicon.longestPhrase else { return }
        if hashes.count > 1 { set(first, .phraseStart) }
        var hash = first
        for next in hashes.dropFirst() { hash = TaggerHash.join(hash, next) }
        set(hash, flags)
    }

    private mutating func set(_ hash: UInt64, _ flags: TaggerFlags) {
        let key = TaggerLexicon.key(hash)
        var all = table[key] ?? []
        // The most common level that a word has wins; levels are no bits to be joined.
        if flags.commonness > 0 {
            if all.commonness == 0 { all.formUnion(flags) }
        } else {
            all.formUnion(flags)
        }
        table[key] = all
    }
}
