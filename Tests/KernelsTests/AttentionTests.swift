import Kernels
import Testing

struct AttentionTests {
    /// Lengths of the sequences, and how many of each one's rows are queries.
    struct Case: Sendable {
        let lengths: [Int]
        /// All rows, only the first, or only the last three.
        var queries = Queries.all
        var probability: Float = 0
        let threads: Int
        var width = 4
        var heads = 2
        var keyHeads = 2
        var isCausal = false

        enum Queries { case all, first, lastThree }

        func queryCount(_ length: Int) -> Int {
            switch queries {
            case .all: length
            case .first: 1
            case .lastThree: min(3, length)
            }
        }
    }

    static let cases: [Case] = [
        Case(lengths: [1], threads: 1),
        Case(lengths: [5], threads: 1),
        Case(lengths: [3, 1, 17, 6], threads: 2),
        Case(lengths: [3, 1, 17, 6], queries: .first, threads: 3),
        Case(lengths: [4, 33, 2], probability: 0.3, threads: 2),
        Case(lengths: [4, 33, 2], queries: .first, probability: 0.3, threads: 2),
        Case(lengths: [16, 15, 48, 50], threads: 1, width: 16),
        Case(lengths: [7, 20], probability: 0.2, threads: 2, width: 19),
        Case(lengths: [1, 2, 3, 17], threads: 2, isCausal: true),
        Case(lengths: [49, 100], threads: 2, width: 3, isCausal: true),
        Case(lengths: [5, 51, 1], queries: .lastThree, threads: 2, isCausal: true),
        Case(
            lengths: [9, 50], probability: 0.25, threads: 1, heads: 6, keyHeads: 2, isCausal: true),
        Case(lengths: [6, 52], threads: 3, width: 8, heads: 9, keyHeads: 3, isCausal: true),
        Case(lengths: [6, 52], threads: 2, width: 5, heads: 3, keyHeads: 1),
    ]

    @Test(arguments: cases)
    func agreesWithTheOracle(_ item: Case) {
        let pool = WorkerPool(threadCount: item.threads)
        let heads = item.heads, width = item.width, group = heads / item.keyHeads
        var numbers = Oracle.Numbers(11)
        var keyStarts = [0], queryStarts = [0]
        for length in item.lengths {
            keyStarts.append(keyStarts.last! + length)
            queryStarts.append(queryStarts.last! + item.queryCount(length))
        }
        let tokens = keyStarts.last!, rows = queryStarts.last!
        let shape = AttentionShape(
            heads: heads, keyStarts: keyStarts, queryStarts: queryStarts, keyHeads: item.keyHeads,
            isCausal: item.isCausal)
        let narrow = item.keyHeads * width
        let q = Matrix.random(rows, heads * width, &numbers, gap: 3)
        let k = Matrix.random(tokens, narrow, &numbers, gap: 1)
        let v = Matrix.random(tokens, narrow, &numbers)
        let operands = AttentionOperands(queries: q, keys: k, values: v)
        let dropout =
            item.probability > 0
            ? Dropout(keys: DropoutTests.keys(rows), probability: item.probability) : nil
        let output = Matrix.random(rows, heads * width, &numbers)
        let sums = Floats(numbers.floats(heads * rows))
        let room = AttentionShape.scratchCount(
            longest: shape.longest, width: width, backward: true)
        let scratch = Floats(numbers.floats(item.threads * room))
        pool.attention(
            operands, shape: shape, into: output, logSums: sums, dropout: dropout, site: 40,
            scratch: scratch)

        let gradient = Matrix.random(rows, heads * width, &numbers)
        let gradients = AttentionOperands(
            queries: Matrix.random(rows, heads * width, &numbers, gap: 2),
            keys: Matrix.random(tokens, narrow, &numbers),
            values: Matrix.random(tokens, narrow, &numbers))
        pool.attentionBackward(
            operands, shape: shape, output: gradient, logSums: sums, into: gradients,
            dropout: dropout, site: 40, scratch: scratch)

        for sequence in item.lengths.indices {
            let queries = queryStarts[sequence]..<queryStarts[sequence + 1]
            let keys = keyStarts[sequence]..<keyStarts[sequence + 1]
            for keyHead in 0..<item.keyHeads {
                let group = keyHead * group..<(keyHead + 1) * group
                func part(_ x: Matrix, _ range: Range<Int>, _ head: Int) -> [[Double]] {
                    x.rows(range.lowerBound, range.count).columns(head * width, width).doubles
                }
                let factors = group.map {
                    mask(pool, dropout, queries, keys.count, site: 40 + UInt32($0))
                }
                // Queries of each head of the group, keys, values
                let inputs =
                    group.map { part(q, queries, $0) }
                    + [part(k, keys, keyHead), part(v, keys, keyHead)]
                func result(_ index: Int) -> [[Double]] {
                    Oracle.attention(
                        q: inputs[index], k: inputs[group.count], v: inputs[group.count + 1],
                        factors: factors[index], isCausal: item.isCausal)
                }
                for (index, head) in group.enumerated() {
                    let found = part(output, queries, head).joined()
                    for (a, b) in zip(found, result(index).joined()) { #expect(abs(a - b) < 1e-5) }
                }

                // Keys and values have the gradients of all heads of the group.
                var wanted = Oracle.AttentionGradient(keys: keys.count, width: width)
                for (index, head) in group.enumerated() {
                    let found = part(gradients.queries, queries, head)
                    Oracle.attentionBackward(
                        part(gradient, queries, head), q: inputs[index], k: inputs[group.count],
                        v: inputs[group.count + 1], factors: factors[index],
                        isCausal: item.isCausal, into: &wanted)
                    for (a, b) in zip(found.joined(), wanted.queries.joined()) {
                        #expect(abs(a - b) < 1e-5)
                    }
                }
                for (operand, wanted) in [
                    (gradients.keys, wanted.keys), (gradients.values, wanted.values),
                ] {
                    for (a, b) in zip(part(operand, keys, keyHead).joined(), wanted.joined()) {
                        #expect(abs(a - b) < 1e-5)
                    }
                }
            }
        }
    }

    /// The oracle's gradient is the slope of the oracle.
    @Test(arguments: [false, true])
    func theOraclesGradientIsASlope(isCausal: Bool) {
        var numbers = Oracle.Numbers(14)
        var inputs = [2, 4, 4].map { Matrix.random($0, 3, &numbers).doubles }
        let dy = Matrix.random(2, 3, &numbers).doubles
        let factors = Floats(numbers.floats(8, in: 0...2)).matrix(2, 4).doubles
        var gradient = Oracle.AttentionGradient(keys: 4, width: 3)
        Oracle.attentionBackward(
            dy, q: inputs[0], k: inputs[1], v: inputs[2], factors: factors, isCausal: isCausal,
            into: &gradient)
        let found = [gradient.queries, gradient.keys, gradient.values]
        func loss() -> Double {
            let output = Oracle.attention(
                q: inputs[0], k: inputs[1], v: inputs[2], factors: factors, isCausal: isCausal)
            return zip(output.joined(), dy.joined()).reduce(0) { $0 + $1.0 * $1.1 }
        }
        for operand in 0..<3 {
            for row in inputs[operand].indices {
                for column in 0..<3 {
                    let before = inputs[operand][row][column]
                    inputs[operand][row][column] = before + 1e-5
                    let above = loss()
                    inputs[operand][row][column] = before - 1e-5
                    let below = loss()
                    inputs[operand][row][column] = before
                    #expect(abs(found[operand][row][column] - (above - below) / 2e-5) < 1e-8)
                }
            }
        }
    }

    /// The factors of the probabilities of one head: dropout over ones.
    private func mask(
        _ pool: WorkerPool, _ dropout: Dropout?, _ rows: Range<Int>, _ columns: Int, site: UInt32
    ) -> [[Double]] {
        let ones = Floats([Float](repeating: 1, count: rows.count * columns))
            .matrix(rows.count, columns)
        if let dropout {
            pool.dropout(
                ones, into: ones,
                Dropout(keys: Array(dropout.keys[rows]), probability: dropout.probability),
                site: site)
        }
        return ones.doubles
    }

    /// A query's result depends neither on what it does not see nor on how many queries are asked.
    @Test func causalRowsAreThoseOfThePrefix() {
        let pool = WorkerPool(threadCount: 2)
        var numbers = Oracle.Numbers(12)
        let length = 60, width = 8
        let x = Matrix.random(length, 3 * width, &numbers)
        let scratch = Floats(
            numbers.floats(
                2 * AttentionShape.scratchCount(longest: length, width: width, backward: false)))
        func run(_ keys: Int, _ queries: Range<Int>) -> Matrix {
            let output = Matrix.random(queries.count, width, &numbers)
            pool.attention(
                AttentionOperands(
                    queries: x.rows(queries.lowerBound, queries.count).columns(0, width),
                    keys: x.rows(0, keys).columns(width, width),
                    values: x.rows(0, keys).columns(2 * width, width)),
                shape: AttentionShape(
                    heads: 1, keyStarts: [0, keys], queryStarts: [0, queries.count],
                    isCausal: true),
                into: output, logSums: nil, dropout: nil, site: 0, scratch: scratch)
            return output
        }
        let all = run(length, 0..<length)
        for count in 1...length {
            let last = run(count, count - 1..<count)
            for column in 0..<width {
                #expect(abs(last[0, column] - all[count - 1, column]) < 1e-6)
            }
        }
    }

    @Test func repeatsGiveEqualBits() {
        for threads in 1...3 {
            let pool = WorkerPool(threadCount: threads)
            var numbers = Oracle.Numbers(13)
            let x = Matrix.random(70, 30, &numbers), gradient = Matrix.random(70, 18, &numbers)
            let operands = AttentionOperands(
                queries: x.columns(0, 18), keys: x.columns(18, 6), values: x.columns(24, 6))
            let shape = AttentionShape(
                heads: 9, keyStarts: [0, 11, 70], queryStarts: [0, 11, 70], keyHeads: 3,
                isCausal: true)
            let room = AttentionShape.scratchCount(longest: 59, width: 2, backward: true)
            var results: Set<[Float]> = []
            for _ in 0..<3 {
                let output = Matrix.random(70, 18, &numbers), sums = Floats(numbers.floats(9 * 70))
                let dx = Matrix.random(70, 30, &numbers)
                let scratch = Floats(numbers.floats(threads * room))
                pool.attention(
                    operands, shape: shape, into: output, logSums: sums, dropout: nil, site: 0,
                    scratch: scratch)
                pool.attentionBackward(
                    operands, shape: shape, output: gradient, logSums: sums,
                    into: AttentionOperands(
                        queries: dx.columns(0, 18), keys: dx.columns(18, 6),
                        values: dx.columns(24, 6)), dropout: nil, site: 0, scratch: scratch)
                results.insert(output.floats.array + sums.array + dx.floats.array)
            }
            #expect(results.count == 1)
        }
    }

    @Test func largeScoresDoNotOverflow() {
        let pool = WorkerPool(threadCount: 1)
        let q = Floats([1000, -1000]).matrix(2, 1), v = Floats([1, 2]).matrix(2, 1)
        let output = Floats([0, 0]).matrix(2, 1)
        let room = AttentionShape.scratchCount(longest: 2, width: 1, backward: false)
        pool.attention(
            AttentionOperands(queries: q, keys: q, values: v),
            shape: AttentionShape(heads: 1, keyStarts: [0, 2], queryStarts: [0, 2]), into: output,
            logSums: nil, dropout: nil, site: 0, scratch: FloatStorage(count: room).floats)
        #expect(output.floats.array == [1, 2])
    }
}
