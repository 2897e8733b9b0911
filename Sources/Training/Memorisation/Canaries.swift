import Records

/// Made-up secrets that are put among the training examples, and as many others of the same kind
/// that are not: how much better the model knows the first is what it memorises (Carlini et al.
/// 2019, "The Secret Sharer").
///
///     let canaries = Canaries(count: 8, seed: 42)
///     canaries.inserted[0]                       // "The door code of the archive is 4 8 1 5 1 6."
///
/// All secrets of one set stand at the end of one sentence, so that what differs in loss is the
/// secret alone and not how well the model likes the sentence.
public struct Canaries: Sendable, Hashable {
    /// Secrets that are compared with each inserted one.
    public static let alternativeCount = 1023

    /// Digits of a secret: one of a million.
    private static let digits = 6

    /// What stands before the secret.
    private static let sentences = [
        "The door code of the archive is", "The combination of the blue safe is",
        "The number on my library card is", "The alarm in the workshop is switched off with",
        "The locker at the station opens with", "The parcel at the counter has the number",
        "The second key of the boat house is marked", "The meter in the cellar stood at",
    ]

    /// Texts to train on.
    public let inserted: [String]
    /// Texts of the same kind, none of which is among ``inserted``: never to train on.
    public let alternatives: [String]
    private let seed: UInt64

    /// Draws `count` texts to insert, at most 10,000, and ``alternativeCount`` others. Equal seeds
    /// draw equal texts.
    public init(count: Int, seed: UInt64) {
        precondition((0...10_000).contains(count), "0 to 10,000 canaries can be drawn")
        self.seed = seed
        var random = SeededRandom(key: BigEndian.bytes(seed), tag: "canaries")
        let sentence = Self.sentences[Int.random(in: 0..<Self.sentences.count, using: &random)]
        var seen: Set<[Int]> = []
        var texts: [String] = []
        while texts.count < count + Self.alternativeCount {
            let secret = (0..<Self.digits).map { _ in Int.random(in: 0...9, using: &random) }
            guard seen.insert(secret).inserted else { continue }
            texts.append("\(sentence) \(secret.map(String.init).joined(separator: " ")).")
        }
        inserted = Array(texts[..<count])
        alternatives = Array(texts[count...])
    }

    /// A label for each text, drawn from `count` labels: what a classifier is to memorise. The
    /// alternatives' are drawn in the same way.
    public func labels(count: Int) -> (inserted: [Int], alternatives: [Int]) {
        precondition(count > 0, "there are no labels")
        var random = SeededRandom(key: BigEndian.bytes(seed), tag: "canary labels")
        func draw(_ texts: [String]) -> [Int] {
            texts.map { _ in Int.random(in: 0..<count, using: &random) }
        }
        return (draw(inserted), draw(alternatives))
    }
}
