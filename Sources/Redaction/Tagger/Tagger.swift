internal import CTaggerModel

/// The learned detector: names, places, addresses, organisations, groups, ages and years, found by
/// a linear-chain conditional random field (Lafferty, McCallum, Pereira 2001) over hashed features.
///
///     let findings = Tagger.bundled?.findings(in: DocumentView(Array("Ask Maria Lopez.".utf8)))
///
/// - Complexity: O(bytes); more than 1 MB/s on one core. Memory stays flat: long texts are read in
///   windows that are cut at line ends where there are any.
public struct Tagger: Detector {
    /// The name that findings carry.
    public let name = Tagger.detectorName
    static let detectorName = "tagger"
    /// The SHA-256 of the model.
    public let digest: [UInt8]

    private let model: TaggerModel
    private let outsideBias: Int32

    /// The model that is part of the program; nil only where its file is damaged.
    public static let bundled: Tagger? = {
        guard let parts = unsafe TaggerModel.decoded(bundledFile) else { return nil }
        return Tagger(model: parts.model, digest: parts.digest, outsideBias: parts.outsideBias)
    }()

    /// The bytes of the bundled model, which live as long as the program.
    package static var bundledFile: UnsafeRawBufferPointer {
        let start = unsafe UnsafeRawPointer(tundish_tagger_model_start())
        return unsafe UnsafeRawBufferPointer(start: start, count: tundish_tagger_model_count)
    }

    /// Wraps a model, such as one that has just been trained.
    package init(model: TaggerModel, digest: [UInt8], outsideBias: Int32) {
        self.model = model
        self.digest = digest
        self.outsideBias = outsideBias
    }

    /// Tokens per window: the most that is held in memory, and cut, at once.
    static let window = 1024

    /// The entities in `document`; none overlap.
    public func findings(in document: DocumentView) -> [Finding] {
        let bytes = document.bytes
        var findings: [Finding] = []
        var tokens: [TaggerToken] = []
        var start = 0
        while start < bytes.count {
            let stop = Self.segmentEnd(bytes, from: start)
            let gap: TaggerGap =
                start == 0 ? .start : bytes[start - 1] == 0x0A ? .newline : .space
            tokens.removeAll(keepingCapacity: true)
            TaggerTokenizer.append(bytes, start..<stop, gap: gap, to: &tokens)
            start = stop
            var first = 0
            while first < tokens.count {
                let end = Self.windowEnd(tokens, from: first)
                var part = Array(tokens[first..<end])
                model.lexicon.mark(&part)
                append(part, to: &findings)
                first = end
            }
        }
        return findings
    }

    /// Bytes that are cut into tokens at once.
    static let segment = 1 << 17

    /// Where the segment that begins at `start` ends: after the last line, or else space, in its
    /// second half, or else before a character.
    static func segmentEnd(_ bytes: [UInt8], from start: Int) -> Int {
        let limit = start + segment
        if limit >= bytes.count { return bytes.count }
        let earliest = start + segment / 2
        for mark: UInt8 in [0x0A, 0x20] {
            var at = limit
            while at > earliest {
                if bytes[at - 1] == mark { return at }
                at -= 1
            }
        }
        var at = limit
        while at > earliest, bytes[at] & 0xC0 == 0x80 { at -= 1 }
        return at
    }

    /// Where the window that begins at `first` ends: all that is left, or after the last line, or
    /// else sentence, or else token, that fits.
    static func windowEnd(_ tokens: [TaggerToken], from first: Int) -> Int {
        let limit = first + window
        if limit >= tokens.count { return tokens.count }
        let earliest = first + window / 2
        var at = limit
        while at > earliest {
            if tokens[at].gap == .newline || tokens[at].gap == .blankLine { return at }
            at -= 1
        }
        at = limit
        while at > earliest {
            if tokens[at].gap == .space && tokens[at - 1].shape == .sign { return at }
            at -= 1
        }
        return limit
    }

    private func append(_ tokens: [TaggerToken], to findings: inout [Finding]) {
        let (labels, margins) = model.labels(tokens, outsideBias: outsideBias)
        var index = 0
        while index < tokens.count {
            guard let kind = TaggerLabel.kind(Int(labels[index])) else {
                index += 1
                continue
            }
            var end = index + 1
            while end < tokens.count && Int(labels[end]) == TaggerLabel.inside(kind) { end += 1 }
            var last = end
            while last > index && tokens[last - 1].shape == .sign { last -= 1 }
            if last > index {
                let mean = margins[index..<last].reduce(0, +) / Float(last - index)
                findings.append(
                    Finding(
                        type: kind.entityType,
                        range: Int(tokens[index].start)..<Int(tokens[last - 1].end),
                        score: Self.score(margin: mean), detector: name))
            }
            index = end
        }
    }

    /// A score in 0.5…1 from the mean margin, in nats, by which the tokens beat "outside".
    private static func score(margin: Float) -> Float {
        let positive = max(0, margin)
        return min(1, 0.5 + 0.5 * positive / (positive + 1.5))
    }
}
