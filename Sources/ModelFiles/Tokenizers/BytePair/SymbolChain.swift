/// The symbols of one word while they merge (Sennrich et al. 2016): always the pair of the lowest
/// rank, and of equal ones the leftmost.
///
/// Short words: the best pair is searched anew each time. Long ones: pairs wait in a heap and the
/// symbols form a linked list, so that a word of n symbols takes O(n log n).
struct SymbolChain {
    /// The symbols; after `merge` those that are left, in order.
    var symbols: [Int32] = []

    /// pairs[i]: the merge of symbol i with the one after it.
    private var pairs: [UInt64] = []
    private var next: [Int32] = []
    private var previous: [Int32] = []
    private var heap: [UInt64] = []

    /// Up to so many symbols the search is quicker than the heap.
    static let shortest = 32

    mutating func merge(_ table: MergeTable) {
        guard symbols.count > 1 else { return }
        if symbols.count <= Self.shortest {
            mergeBySearch(table)
        } else {
            mergeByHeap(table)
        }
    }

    mutating func mergeBySearch(_ table: MergeTable) {
        pairs.removeAll(keepingCapacity: true)
        for index in 0..<symbols.count - 1 {
            pairs.append(table[symbols[index], symbols[index + 1]])
        }
        while true {
            var best = 0
            var lowest = MergeTable.none
            for index in 0..<pairs.count where pairs[index] < lowest {
                (best, lowest) = (index, pairs[index])
            }
            guard lowest != MergeTable.none else { return }
            symbols[best] = MergeTable.id(lowest)
            symbols.remove(at: best + 1)
            pairs.remove(at: best)
            if best < pairs.count { pairs[best] = table[symbols[best], symbols[best + 1]] }
            if best > 0 { pairs[best - 1] = table[symbols[best - 1], symbols[best]] }
        }
    }

    mutating func mergeByHeap(_ table: MergeTable) {
        let count = symbols.count
        // A position has 32 bits in a heap entry.
        precondition(count < Int32.max)
        pairs = [UInt64](repeating: MergeTable.none, count: count)
        next = (1...Int32(count)).map { $0 }
        previous = (-1..<Int32(count) - 1).map { $0 }
        heap.removeAll(keepingCapacity: true)
        for index in 0..<count - 1 { setPair(index, table[symbols[index], symbols[index + 1]]) }
        while let entry = pop() {
            let index = Int(entry & 0xFFFF_FFFF)
            // An entry whose pair has changed since is of no use.
            guard MergeTable.rank(pairs[index]) == entry >> 32 else { continue }
            let right = Int(next[index])
            let after = Int(next[right])
            symbols[index] = MergeTable.id(pairs[index])
            pairs[right] = MergeTable.none
            symbols[right] = -1
            next[index] = Int32(after)
            if after < count {
                previous[after] = Int32(index)
                setPair(index, table[symbols[index], symbols[after]])
            } else {
                pairs[index] = MergeTable.none
            }
            let before = Int(previous[index])
            if before >= 0 { setPair(before, table[symbols[before], symbols[index]]) }
        }
        symbols.removeAll { $0 < 0 }
    }

    private mutating func setPair(_ index: Int, _ value: UInt64) {
        pairs[index] = value
        if value != MergeTable.none { push(MergeTable.rank(value) << 32 | UInt64(index)) }
    }

    // MARK: A binary heap, lowest first (Williams 1964)

    private mutating func push(_ entry: UInt64) {
        heap.append(entry)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child] < heap[parent] else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func pop() -> UInt64? {
        guard let last = heap.popLast() else { return nil }
        guard let first = heap.first else { return last }
        heap[0] = last
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < heap.count else { return first }
            if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
            guard heap[child] < heap[parent] else { return first }
            heap.swapAt(child, parent)
            parent = child
        }
    }
}
