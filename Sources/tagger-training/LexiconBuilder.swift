import Redaction

/// Makes the lexicon out of the lists: what is held out stays out of it.
struct LexiconBuilder {
    private var table: [UInt32: TaggerFlags] = [:]

    /// The lexicon of all lists.
    ///
    /// With `isWhole` the held-out names are in it too: for the model that is shipped, after it has
    /// been scored without them.
    static func lexicon(_ lists: WordLists, isWhole: Bool = false) -> TaggerLexicon {
        var builder = LexiconBuilder()
        builder.addAll(lists)
        if isWhole { builder.addNames(lists, .heldOut) }
        return TaggerLexicon(builder.table)
    }

    private mutating func addAll(_ lists: WordLists) {
        for (level, row) in lists.words.enumerated() {
            for word in row.values { add(word, .common(5 - level)) }
        }
        for row in lists.foreign { for word in row.values { add(word, .common(2)) } }
        addNames(lists, .training)
        for name in lists.countries { add(name, .country) }
        for row in lists.places.dropFirst() + lists.states.dropLast() {
            for name in row.values { add(name, .state) }
        }
        for code in lists.states.last?.values ?? [] { add(code, .state) }
        for (key, values) in lists.facts.sorted(by: { $0.key < $1.key }) {
            let flags: TaggerFlags? =
                key.hasSuffix(".co")
                ? .country
                : key.hasSuffix(".nrp") ? .group : key == "en.names" ? .surname : nil
            for value in values where flags != nil { add(value, flags ?? []) }
        }
        for group in lists.groups {
            add(group.one, .group)
            add(group.many, .group)
        }
        for name in lists.companies where !WordLists.isHeldOut(name) { add(name, .company) }
        for role in lists.roles { add(role, .role) }
        for (kind, values) in lists.things.sorted(by: { $0.key < $1.key }) {
            for value in values where Self.isMarked(value, kind) { addThing(value) }
        }
        let cueFlags: [String: TaggerFlags] = [
            "streetWord": .streetWord, "companyWord": .companyWord, "honorific": .honorific,
            "calendar": .calendar,
        ]
        for row in lists.cues {
            for word in row.values { add(word, cueFlags[row.key] ?? []) }
        }
    }

    private mutating func addNames(_ lists: WordLists, _ part: WordLists.Part) {
        for row in WordLists.part(lists.givenNames, part) {
            for name in row.values { addParts(name, .givenName) }
        }
        for row in WordLists.part(lists.surnames, part) {
            for name in row.values { addParts(name, .surname) }
        }
        for row in WordLists.part(lists.cities, part) {
            for name in row.values { add(name, .city) }
        }
    }

    /// Whether a thing is marked in the lexicon: those of one word only where they are software,
    /// medicine or a device's name; teams and shops never, which are firms in other sentences.
    private static func isMarked(_ thing: String, _ kind: String) -> Bool {
        let kind = kind.split(separator: ".").last.map(String.init) ?? kind
        if ["team", "goods", "adjective", "object", "appliance", "calendarthing"].contains(kind) {
            return false
        }
        return thing.contains(" ") || ["soft", "drug", "device"].contains(kind)
    }

    /// Marks a thing that is nobody's name, unless the lists know it as one.
    private mutating func addThing(_ thing: String) {
        let hashes = TaggerHash.phrase(thing)
        guard hashes.count > 1 || isFree(hashes) else { return }
        add(thing, .common(TaggerFlags.thingLevel))
    }

    private func isFree(_ hashes: [UInt64]) -> Bool {
        guard let only = hashes.first else { return false }
        return (table[TaggerLexicon.key(only)] ?? []).isDisjoint(with: .names)
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
