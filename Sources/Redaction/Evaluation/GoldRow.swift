/// A text with the personal data in it marked by hand: what detection is scored against.
public struct GoldRow: Sendable, Hashable {
    /// A marked stretch, offsets in Unicode code points, the end exclusive.
    public struct Span: Sendable, Hashable {
        /// The first code point.
        public var start: Int
        /// The code point after the last.
        public var end: Int
        /// The type as the file names it.
        public var label: String

        /// Makes a span.
        public init(start: Int, end: Int, label: String) {
            self.start = start
            self.end = end
            self.label = label
        }
    }

    /// The text.
    public var text: String
    /// What is marked in it.
    public var spans: [Span]
    /// Other members of the row that are strings or numbers, such as `style` and `language`.
    public var attributes: [String: String]

    /// Makes a row.
    public init(text: String, spans: [Span], attributes: [String: String] = [:]) {
        self.text = text
        self.spans = spans
        self.attributes = attributes
    }
}
