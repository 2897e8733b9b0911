import Glibc

/// A block of floats outside Swift's arrays: zeroed, aligned to 64 bytes, freed with the object.
///
/// Views (``Floats``) keep their storage alive and check their bounds; what they do not check is
/// that two threads write to one place. ``WorkerPool`` is the only user of more than one thread,
/// and hands disjoint rows to each.
@safe public final class FloatStorage: @unchecked Sendable {
    /// Elements.
    public let count: Int
    let base: UnsafeMutablePointer<Float>
    private let mappedByteCount: Int

    /// Makes a block of `count` zeros.
    public init(count: Int) {
        precondition(count >= 0)
        self.count = count
        let byteCount = max(64, count * MemoryLayout<Float>.stride)
        // Large blocks come from the system directly: zeroed when first touched, on huge pages
        // where there are any, and given back at once.
        let isLarge = byteCount >= 1 << 21
        mappedByteCount = isLarge ? byteCount : 0
        let memory: UnsafeMutableRawPointer
        if isLarge {
            let map = unsafe mmap(
                nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
            guard let map = unsafe map, unsafe map != MAP_FAILED else {
                fatalError("out of memory: \(byteCount) bytes for numbers could not be had")
            }
            _ = unsafe madvise(map, byteCount, MADV_HUGEPAGE)
            unsafe memory = map
        } else {
            unsafe memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
            unsafe memset(memory, 0, byteCount)
        }
        unsafe base = memory.bindMemory(to: Float.self, capacity: max(1, count))
    }

    deinit {
        if mappedByteCount > 0 {
            unsafe munmap(base, mappedByteCount)
        } else {
            unsafe UnsafeMutableRawPointer(base).deallocate()
        }
    }

    /// The whole block.
    public var floats: Floats { Floats(storage: self, offset: 0, count: count) }
}
