internal import CKernels

/// The numbers of one AdamW step (Loshchilov and Hutter 2019; torch's order of operations).
public struct AdamWStep: Sendable {
    /// Learning rate of this step.
    public var rate: Float
    /// Weight decay, applied to the weight before the update, times the rate.
    public var decay: Float
    /// Decay of the first moment.
    public var beta1: Float
    /// Decay of the second moment.
    public var beta2: Float
    /// Added to the root of the second moment.
    public var epsilon: Float
    /// 1 − beta1^t for the t-th step, from 1.
    public var correction1: Float
    /// 1 − beta2^t
    public var correction2: Float
    /// Multiplies every gradient (clipping).
    public var gradientScale: Float

    /// The numbers of the `step`-th step, from 1.
    public init(
        step: Int, rate: Double, decay: Double, beta1: Double, beta2: Double, epsilon: Double,
        gradientScale: Float
    ) {
        self.rate = Float(rate)
        self.decay = Float(decay)
        self.beta1 = Float(beta1)
        self.beta2 = Float(beta2)
        self.epsilon = Float(epsilon)
        var power1 = 1.0
        var power2 = 1.0
        for _ in 0..<step {
            power1 *= beta1
            power2 *= beta2
        }
        correction1 = Float(1 - power1)
        correction2 = Float(1 - power2)
        self.gradientScale = gradientScale
    }
}

extension WorkerPool {
    /// One AdamW update in place; all four have the same count.
    public func adamW(
        weights: Floats, gradients: Floats, moment1: Floats, moment2: Floats, _ step: AdamWStep
    ) {
        precondition(gradients.count == weights.count && moment1.count == weights.count)
        precondition(moment2.count == weights.count)
        split(weights.count, grain: 1024, serial: 16384) { range in
            let start = range.lowerBound
            unsafe ck_adamw(
                weights.pointer + start, gradients.pointer + start, moment1.pointer + start,
                moment2.pointer + start, range.count, step.gradientScale, step.rate, step.decay,
                step.beta1, step.beta2, step.epsilon, step.correction1, step.correction2)
        }
    }

    /// Σ x², in double precision, summed in blocks of a fixed size: the same bits on any number of
    /// threads. Not finite if any element is not.
    public func sumOfSquares(_ x: Floats, scratch: Floats) -> Double {
        let block = 65536
        let blocks = (x.count + block - 1) / block
        guard blocks > 1 else { return unsafe ck_sum_of_squares(x.pointer, x.count) }
        precondition(scratch.count >= blocks * 2, "no room for the partial sums")
        unsafe scratch.pointer.withMemoryRebound(to: Double.self, capacity: blocks) { partial in
            split(blocks) { range in
                for index in range {
                    let start = index * block
                    unsafe partial[index] = ck_sum_of_squares(
                        x.pointer + start, min(block, x.count - start))
                }
            }
        }
        return unsafe scratch.pointer.withMemoryRebound(to: Double.self, capacity: blocks) {
            partial in
            var total = 0.0
            for index in 0..<blocks { unsafe total += partial[index] }
            return total
        }
    }

    /// Sets every element to zero.
    public func zero(_ x: Floats) {
        split(x.count, grain: 16384, serial: 65536) { range in
            x.slice(range.lowerBound, range.count).fill(0)
        }
    }
}
