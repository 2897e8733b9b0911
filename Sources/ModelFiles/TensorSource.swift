/// The weights of a model, by Hugging Face's names: one file or several, of any format.
///
/// Numbers come out as floats, row-major, dimensions outermost first, in the orientation and the
/// order of rows that Hugging Face's models have, whatever the file's own are.
public protocol TensorSource: Sendable {
    /// The names of the tensors, sorted.
    var names: [String] { get }

    /// The dimensions of the tensor `name`, outermost first; nil if there is none.
    func shape(_ name: String) -> [Int]?

    /// Writes the numbers of the tensor `name` into `target`, decoding them on the way.
    ///
    /// - Parameter target: as many floats as the shape multiplies to.
    /// - Throws: a ``ModelFilesError``: `missing`, `shape` (`target` has another size), or
    ///   `unsupported` (a form of number that no weight has).
    func copyFloats(
        _ name: String, into target: UnsafeMutableBufferPointer<Float>
    ) throws(ModelFilesError)

    /// The blocks of a quantised tensor as the file has them; nil for plain numbers, for a tensor
    /// whose rows lie the other way round in the file, and if there is none of that name.
    func blocks(_ name: String) -> QuantizedBlocks?

    /// SHA-256 over the file, or over the files in order, 32 bytes.
    func digest() -> [UInt8]
}

extension TensorSource {
    /// No file but GGUF has quantised blocks.
    public func blocks(_ name: String) -> QuantizedBlocks? { nil }

    /// The numbers of the tensor `name`, row-major.
    ///
    /// - Throws: a ``ModelFilesError``, as ``copyFloats(_:into:)`` does.
    public func floats(_ name: String) throws(ModelFilesError) -> [Float] {
        guard let shape = shape(name) else { throw .missing(tensor: name) }
        let count = shape.reduce(1, *)
        var failure: ModelFilesError?
        let values = unsafe [Float](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(ModelFilesError) {
                try unsafe copyFloats(
                    name, into: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
                filled = count
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return values
    }
}

extension ModelFilesError {
    static func missing(tensor name: String) -> ModelFilesError {
        ModelFilesError(
            .missing, "the model has no tensor \(name)",
            hint: "Check that the file belongs to its config.json.")
    }

    static func wrongSize(tensor name: String, shape: [Int], given: Int) -> ModelFilesError {
        ModelFilesError(
            .shape, "tensor \(name) has the shape \(shape), not \(given) numbers",
            hint: "Check that the file belongs to its config.json.")
    }
}
