import Glibc

extension RotaryScaling {
    /// By what llama.cpp divides the frequency of each number pair of a head.
    func factors(base: Double, headWidth: Int) -> [Float] {
        stride(from: 0, to: headWidth, by: 2).map { index in
            let frequency = pow(base, -Double(index) / Double(headWidth))
            return Float(frequency / scaled(frequency))
        }
    }

    /// The scaling that gives `factors`. A GGUF file of a Llama 3 has nothing but these; all models
    /// of that family have frequency factors 1 and 4 and 8192 original positions.
    static func llama3(
        factors: [Float], base: Double, headWidth: Int
    ) throws(ModelFilesError) -> RotaryScaling {
        let scaling = RotaryScaling.llama3(
            factor: Double(factors.max() ?? 1), lowFrequencyFactor: 1, highFrequencyFactor: 4,
            originalPositions: 8192)
        let expected = scaling.factors(base: base, headWidth: headWidth)
        guard factors.count == expected.count,
            zip(factors, expected).allSatisfy({ abs($0 - $1) <= 1e-3 * $1 })
        else {
            throw ModelFilesError(
                .unsupported, "the GGUF file has \(GGUFNames.rotaryFactors) that are not Llama 3's",
                hint: "Use the model's safetensors files.")
        }
        return scaling
    }
}
