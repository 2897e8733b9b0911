/// Hands out runs of floats from one block, in order, each aligned to 64 bytes.
///
/// A layout is a closure that takes what it needs. It is first measured at its largest size, and
/// then run over the block for each step at the step's size: no allocation, and no gaps.
///
///     let block = FloatStorage(count: Arena.measure { layout(&$0, tokens: 8192) })
///     var arena = Arena(over: block)
///     let buffers = layout(&arena, tokens: 100)
public struct Arena {
    private let storage: FloatStorage?
    private var used = 0

    /// An arena over all of `storage`.
    public init(over storage: FloatStorage) { self.storage = storage }

    private init() { storage = nil }

    /// The floats that `layout` takes. What it is handed has no memory behind it.
    public static func measure(_ layout: (inout Arena) -> Void) -> Int {
        var arena = Arena()
        layout(&arena)
        return arena.used
    }

    /// A run of `count` floats, holding whatever was there before.
    public mutating func floats(_ count: Int) -> Floats {
        let start = used
        used += (count + 15) & ~15
        guard let storage else { return Floats(storage: Arena.nothing, offset: 0, count: count) }
        precondition(used <= storage.count, "the layout is larger than it was measured")
        return Floats(storage: storage, offset: start, count: count)
    }

    /// A matrix of `rows` × `columns` without gaps.
    public mutating func matrix(_ rows: Int, _ columns: Int) -> Matrix {
        floats(rows * columns).matrix(rows, columns)
    }

    /// Stands for memory while a layout is measured: never read or written.
    private static let nothing = FloatStorage(count: 0)
}
