/// Values that must not be found in texts, indexed by how they begin.
///
/// Case and kinds of white space do not matter; a value counts only where a word begins and ends.
struct ValueIndex: Sendable {
    /// Shorter ones are found everywhere and say nothing.
    static let leastByteCount = 5

    private var values: [[UInt8]] = []
    private var isKnown: Set<[UInt8]> = []
    private var byStart: [UInt32: [Int]] = [:]

    /// No values.
    init() {}

    /// How many there are.
    var count: Int { values.count }

    /// Adds a value, unless it is too short or there already.
    mutating func add(_ value: String) {
        let bytes = Self.normal(value)
        guard bytes.count >= Self.leastByteCount, isKnown.insert(bytes).inserted else { return }
        byStart[Self.start(bytes, 0), default: []].append(values.count)
        values.append(bytes)
    }

    /// The places in ``values`` of those that stand in a text, each once.
    ///
    /// Complexity: O(text) and the values that begin alike.
    func found(in text: String) -> Set<Int> {
        let bytes = Self.normal(text)
        guard bytes.count >= 4 else { return [] }
        var found: Set<Int> = []
        for place in 0...(bytes.count - 4) where place == 0 || !Self.isWord(bytes[place - 1]) {
            for index in byStart[Self.start(bytes, place)] ?? [] {
                let value = values[index]
                let end = place + value.count
                guard end <= bytes.count, bytes[place..<end].elementsEqual(value),
                    end == bytes.count || !Self.isWord(bytes[end])
                else { continue }
                found.insert(index)
            }
        }
        return found
    }

    /// Whether a value can belong to hardly more than one person: it has a digit or an @.
    func isTelling(_ index: Int) -> Bool {
        values[index].contains { (0x30...0x39).contains($0) || $0 == 0x40 }
    }

    private static func start(_ bytes: [UInt8], _ place: Int) -> UInt32 {
        bytes[place..<(place + 4)].reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// A letter or digit; every byte of a character beyond ASCII counts as one.
    private static func isWord(_ byte: UInt8) -> Bool {
        byte >= 0x80 || (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
    }

    /// Lower case, words a space apart.
    private static func normal(_ text: String) -> [UInt8] {
        Array(
            text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ").utf8)
    }
}
