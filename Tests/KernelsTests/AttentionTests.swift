import Kernels
import Testing

struct AttentionTests {
    /// Lengths of the sequences, and whether only each first row is a query.
    struct Case: Sendable {
        let lengths: [Int]
        let firstOnly: Bool
        let probability: Float
        let threads: Int
        var width = 4
    }

    static let cases: [Case] = [
        Case(lengths: [1], firstOnly: false, probability: 0, threads: 1),
        Case(lengths: [5], firstOnly: false, probability: 0, threads: 1),
        Case(lengths: [3, 1, 17, 6], firstOnly: false, probability: 0, threads: 2),
        Case(lengths: [3, 1, 17, 6], firstOnly: true, probability: 0, threads: 3),
        Case(lengths: [4, 33, 2], firstOnly: false, probability: 0.3, threads: 2),
        Case(lengths: [4, 33, 2], firstOnly: true, probability: 0.3, threads: 2),
        Case(lengths: [16, 15, 48], firstOnly: false, probability: 0, threads: 1, width: 16),
        Case(lengths: [7, 20], firstOnly: false, probability: 0.2, threads: 2, width: 19),
    ]

    @Test(arguments: cases)
    func agreesWithTheOracle(_ item: Case) {
        let pool = WorkerPool(threadCount: item.threads)
        let heads = 2, width = item.width
        var numbers = Oracle.Numbers(11)
        var keyStarts = [0], queryStarts = [0]
        for length in item.lengths {
            keyStarts.append(keyStarts.last! + length)
            queryStarts.append(queryStarts.last! + (item.firstOnly ? 1 : length))
        }
        let tokens = keyStarts.last!, rows = queryStarts.last!
        let shape = AttentionShape(heads: heads, keyStarts: keyStarts, queryStarts: queryStarts)
        let q = Matrix.random(rows, heads * width, &numbers, gap: 3)
        let k = Matrix.random(tokens, heads * width, &numbers, gap: 1)
        let v = Matrix.random(tokens, heads * width, &numbers)
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
            keys: Matrix.random(tokens, heads * width, &numbers),
            values: Matrix.random(tokens, heads * width, &numbers))
        pool.attentionBackward(
            operands, shape: shape, output: gradient, logSums: sums, into: gradients,
            dropout: dropout, site: 40, scratch: scratch)

        for sequence in item.lengths.indices {
            let queries = queryStarts[sequence]..<queryStarts[sequence + 1]
            let keys = keyStarts[sequence]..<keyStarts[sequence + 1]
            for head in 0..<heads {
                func part(_ x: Matrix, _ range: Range<Int>) -> [[Double]] {
                    x.rows(range.lowerBound, range.count).columns(head * width, width).doubles
                }
                let factors = mask(
                    pool, dropout, queries, keys.count, site: 40 + UInt32(head))
                var inputs = [part(q, queries), part(k, keys), part(v, keys)]
                func result() -> [[Double]] {
                    Oracle.attention(q: inputs[0], k: inputs[1], v: inputs[2], factors: factors)
                }
                let found = part(output, queries)
                for (a, b) in zip(found.joined(), result().joined()) { #expect(abs(a - b) < 1e-5) }

                let weights = part(gradient, queries)
                func loss() -> Double {
                    zip(result().joined(), weights.joined()).reduce(0) { $0 + $1.0 * $1.1 }
                }
                let found3 = [
                    part(gradients.queries, queries), part(gradients.keys, keys),
                    part(gradients.values, keys),
                ]
                for operand in 0..<3 {
                    for row in inputs[operand].indices.prefix(2) {
                        for column in stride(from: 0, to: width, by: max(1, width / 3)) {
                            let before = inputs[operand][row][column]
                            inputs[operand][row][column] = before + 1e-4
                            let above = loss()
                            inputs[operand][row][column] = before - 1e-4
                            let below = loss()
                            inputs[operand][row][column] = before
                            let wanted = (above - below) / 2e-4
                            #expect(abs(found3[operand][row][column] - wanted) < 1e-4)
                        }
                    }
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

    @Test func largeScoresDoNotOverflow() {
        let pool = WorkerPool(threadCount: 1)
        let q = Floats([1000, -1000]).matrix(2, 1), v = Floats([1, 2]).matrix(2, 1)
        let output = Floats([0, 0]).matrix(2, 1)
        pool.attention(
            AttentionOperands(queries: q, keys: q, values: v),
            shape: AttentionShape(heads: 1, keyStarts: [0, 2], queryStarts: [0, 2]), into: output,
            logSums: nil, dropout: nil, site: 0, scratch: Floats([Float](repeating: 0, count: 20)))
        #expect(output.floats.array == [1, 2])
    }
}
