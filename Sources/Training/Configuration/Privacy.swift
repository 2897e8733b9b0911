/// Settings of differentially private training (DP-SGD, Abadi et al. 2016).
public struct Privacy: Sendable, Hashable {
    /// ε that the whole run may spend; nil where the noise is given.
    public var targetEpsilon: Double?
    /// δ; nil means 1 / (10 · training examples).
    public var delta: Double?
    /// σ: the noise's deviation in units of the clipping norm; nil where it follows from ε.
    public var noiseMultiplier: Double?
    /// C: each example's gradient is clipped to this norm.
    public var clippingNorm: Double

    /// Settings; one of ε and σ must be given.
    public init(
        targetEpsilon: Double? = nil, delta: Double? = nil, noiseMultiplier: Double? = nil,
        clippingNorm: Double = 1
    ) {
        self.targetEpsilon = targetEpsilon
        self.delta = delta
        self.noiseMultiplier = noiseMultiplier
        self.clippingNorm = clippingNorm
    }
}
