/// The unigram language model (Kudo 2018): of all ways to cut a word into tokens the likeliest, found
/// by Viterbi's algorithm.
struct UnigramModel: Sendable {
    struct Options: Sendable {
        var unknown: Int32?
        /// An unknown character becomes `<0xNN>` tokens.
        var fallsBackToBytes = false
        /// Sums in 32 bits, as SentencePiece; Hugging Face's library adds in 64.
        var isSingle = false
    }

    private let options: Options
    private let trie: ByteTrie
    private let table: TokenTable
    private let scores: [Double]
    private let byteTokens: [Int32]
    /// The score of a character that no token covers: the lowest of all less 10.
    private let unknownScore: Double

    /// - Parameters:
    ///   - tokens: the vocabulary by id; an empty one is never found.
    ///   - scores: log probabilities, as many.
    ///   - lowest: the lowest score that counts; nil: the lowest of all.
    ///   - bytePieces: `<0xNN>` tokens by id that text cannot spell; nil: they are among the tokens.
    init(
        tokens: [[UInt8]], scores: [Double], lowest: Double? = nil, bytePieces: [[UInt8]]? = nil,
        options: Options
    ) throws(TokenizerError) {
        guard let trie = ByteTrie(tokens) else {
            throw TokenizerError(
                .unsupported, "the unigram vocabulary is too large",
                hint: "its tokens may have 8 million bytes together")
        }
        self.options = options
        self.trie = trie
        self.scores = scores
        let table = TokenTable(tokens)
        self.table = table
        let byteTable = bytePieces.map(TokenTable.init) ?? table
        byteTokens = (0..<256).map { byteTable.id(of: ByteFallback.token(UInt8($0))) ?? -1 }
        unknownScore = (lowest ?? scores.min() ?? 0) - 10
    }

    /// Appends the ids of a word.
    func append(
        _ text: [UInt8], _ word: Range<Int>, to ids: inout [Int32],
        _ scratch: inout TokenizerScratch
    ) {
        let isShort = word.count <= WordCache.longestWord
        let hash = isShort ? WordCache.hash(text, word) : 0
        if isShort, scratch.cache.appendIDs(of: text, word, hash: hash, to: &ids) { return }
        let first = ids.count
        findBestPath(text, word, &scratch.lattice)
        scratch.lattice.collectPath(unknown: options.unknown)
        for (range, id) in scratch.lattice.path {
            appendPiece(
                text, range.lowerBound + word.lowerBound..<range.upperBound + word.lowerBound,
                id, to: &ids)
        }
        if isShort { scratch.cache.insert(text, word, hash: hash, ids: ids[first...]) }
    }

    private func findBestPath(
        _ text: [UInt8], _ word: Range<Int>, _ lattice: inout UnigramLattice
    ) {
        lattice.reset(length: word.count)
        var start = 0
        while start < word.count {
            let position = word.lowerBound + start
            let length = UTF8Scalars.scalar(text, at: position, limit: word.upperBound).length
            let base = lattice.nodes[start].score
            var isCovered = false
            var node = 0
            for index in position..<word.upperBound {
                guard let child = trie.child(node, text[index]) else { break }
                node = child
                let id = trie.token(node)
                guard id >= 0 else { continue }
                let end = index + 1 - word.lowerBound
                lattice.offer(end, from: start, id, sum(base, scores[Int(id)]))
                if end - start == length { isCovered = true }
            }
            if !isCovered {
                lattice.offer(
                    start + length, from: start, UnigramLattice.unknown, sum(base, unknownScore))
            }
            start += length
        }
    }

    @inline(__always)
    private func sum(_ base: Double, _ score: Double) -> Double {
        options.isSingle ? Double(Float(base) + Float(score)) : base + score
    }

    private func appendPiece(
        _ text: [UInt8], _ range: Range<Int>, _ id: Int32, to ids: inout [Int32]
    ) {
        if id >= 0 {
            ids.append(id)
            return
        }
        // Unknown characters side by side are one piece, and that may be a token after all.
        if let id = table.id(
            prefix: [], word: text, range: range, hash: WordCache.hash(text, range))
        {
            ids.append(id)
        } else if options.fallsBackToBytes,
            text[range].allSatisfy({ byteTokens[Int($0)] >= 0 })
        {
            for byte in text[range] { ids.append(byteTokens[Int(byte)]) }
        } else if let unknown = options.unknown {
            ids.append(unknown)
        }
    }
}

/// The best way to each position of a word.
struct UnigramLattice {
    struct Node {
        var score: Double
        /// Where the best token that ends here starts, -1 if none does.
        var start: Int
        var id: Int32
    }

    /// The id of a character that no token covers, until it is known what becomes of it.
    static let unknown: Int32 = -1

    private(set) var nodes: [Node] = []
    /// The pieces of the best path, in order.
    private(set) var path: [(range: Range<Int>, id: Int32)] = []

    mutating func reset(length: Int) {
        nodes.removeAll(keepingCapacity: true)
        nodes.append(Node(score: 0, start: 0, id: 0))
        for _ in 0..<length { nodes.append(Node(score: 0, start: -1, id: 0)) }
    }

    /// A token from `start` to `end`; of two with one score the first stays.
    @inline(__always)
    mutating func offer(_ end: Int, from start: Int, _ id: Int32, _ score: Double) {
        if nodes[end].start < 0 || score > nodes[end].score {
            nodes[end] = Node(score: score, start: start, id: id)
        }
    }

    /// Walks back from the end. Unknown pieces side by side become one.
    mutating func collectPath(unknown: Int32?) {
        path.removeAll(keepingCapacity: true)
        var end = nodes.count - 1
        while end > 0 {
            let node = nodes[end]
            // The unknown token itself can be found by its name; it counts as unknown, too.
            let isUnknown = node.id == Self.unknown || node.id == unknown
            if isUnknown, let last = path.last, last.id == Self.unknown {
                path[path.count - 1].range = node.start..<last.range.upperBound
            } else {
                path.append((node.start..<end, isUnknown ? Self.unknown : node.id))
            }
            end = node.start
        }
        path.reverse()
    }
}
