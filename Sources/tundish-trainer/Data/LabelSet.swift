import Records

/// Class labels, sorted by their UTF-8 bytes, each once. Bytes decide, never `String` equality.
struct LabelSet {
    let labels: [String]
    private let indexes: [[UInt8]: Int]

    /// A model's labels, in its order.
    init(_ labels: [String]) {
        self.labels = labels
        indexes = Dictionary(
            labels.enumerated().map { (Array($1.utf8), $0) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// The labels that occur, sorted.
    init(occurring: some Sequence<String>) {
        let unique = Set(occurring.map { Array($0.utf8) })
        self.init(
            unique.sorted { $0.lexicographicallyPrecedes($1) }
                .map { String(decoding: $0, as: UTF8.self) })
    }

    /// The index of a label, nil if the set lacks it.
    func index(of label: String) -> Int? { indexes[Array(label.utf8)] }
}
