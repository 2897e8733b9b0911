import Kernels

/// A layer's weight in the form that products of few rows want, such as a token's at a time: made
/// for models that only read, which then have it beside the plain weight.
final class PackedCopy {
    private(set) var matrix: PackedMatrix?

    func pack(_ weight: Matrix) { matrix = PackedMatrix(weight) }

    func clear() { matrix = nil }
}
