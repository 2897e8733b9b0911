/// A run of floats inside a ``FloatStorage``: a view that several owners may hold and write through.
public struct Floats: Sendable {
    let storage: FloatStorage
    let offset: Int
    /// Elements.
    public let count: Int

    init(storage: FloatStorage, offset: Int, count: Int) {
        self.storage = storage
        self.offset = offset
        self.count = count
    }

    /// A run with storage of its own that holds a copy of `values`.
    public init(_ values: [Float]) {
        self = FloatStorage(count: values.count).floats
        copy(from: values)
    }

    /// The element at `index`.
    public subscript(index: Int) -> Float {
        get {
            precondition(index >= 0 && index < count, "index out of range")
            return unsafe pointer[index]
        }
        nonmutating set {
            precondition(index >= 0 && index < count, "index out of range")
            unsafe pointer[index] = newValue
        }
    }

    /// `length` elements from `start` on.
    public func slice(_ start: Int, _ length: Int) -> Floats {
        precondition(start >= 0 && length >= 0 && start + length <= count, "slice out of range")
        return Floats(storage: storage, offset: offset + start, count: length)
    }

    /// These elements as a row-major matrix.
    public func matrix(_ rows: Int, _ columns: Int) -> Matrix {
        Matrix(floats: self, rows: rows, columns: columns, stride: columns)
    }

    /// A copy as an array.
    public var array: [Float] {
        unsafe Array(UnsafeBufferPointer(start: pointer, count: count))
    }

    /// Whether no element is infinite or not a number.
    public var isFinite: Bool {
        var sum: Float = 0
        // x · 0 is 0 for every number, and not a number otherwise.
        for index in 0..<count { unsafe sum += pointer[index] * 0 }
        return sum == 0
    }

    /// Sets every element to `value`.
    public func fill(_ value: Float) { unsafe pointer.update(repeating: value, count: count) }

    /// Copies `values`, which has exactly as many elements.
    public func copy(from values: [Float]) {
        precondition(values.count == count, "counts differ")
        unsafe values.withUnsafeBufferPointer { source in
            if let start = source.baseAddress { unsafe pointer.update(from: start, count: count) }
        }
    }

    /// Copies `other`, which has exactly as many elements.
    public func copy(from other: Floats) {
        precondition(other.count == count, "counts differ")
        unsafe pointer.update(from: other.pointer, count: count)
    }

    /// Calls `body` with the elements' memory, to be written from elsewhere without a copy.
    public func withMutableBuffer<Result, Failure: Error>(
        _ body: (UnsafeMutableBufferPointer<Float>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe body(UnsafeMutableBufferPointer(start: pointer, count: count))
    }

    /// Calls `body` with the bytes.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        unsafe body(
            UnsafeRawBufferPointer(
                start: pointer, count: count * MemoryLayout<Float>.stride))
    }

    /// The first element's address; alive as long as this view is.
    @unsafe var pointer: UnsafeMutablePointer<Float> { unsafe storage.base + offset }
}
