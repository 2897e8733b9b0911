/// A part of a profile's page that another room fills: findings, near duplicates, outliers.
///
/// Texts are shown as they are, escaped: names and numbers, never values of records.
public struct ProfileSection: Sendable, Hashable {
    /// What it shows.
    public var title: String
    /// A sentence about it; may be empty.
    public var note: String
    /// Bars with their names, in order.
    public var bars: [Bar]
    /// Facts: a name and what is so, both short.
    public var facts: [Fact]

    /// A bar of a chart.
    public struct Bar: Sendable, Hashable {
        /// What is counted.
        public var name: String
        /// How often.
        public var count: Int

        /// Makes a bar.
        public init(_ name: String, _ count: Int) {
            self.name = name
            self.count = count
        }
    }

    /// A line of a table.
    public struct Fact: Sendable, Hashable {
        /// What it is about.
        public var name: String
        /// What is so.
        public var value: String

        /// Makes a fact.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Makes a section of bars, facts or both.
    public init(
        title: String, note: String = "", bars: [(String, Int)] = [],
        facts: [(String, String)] = []
    ) {
        self.title = title
        self.note = note
        self.bars = bars.map { Bar($0.0, $0.1) }
        self.facts = facts.map { Fact($0.0, $0.1) }
    }
}
