import Records

import Glibc

/// How the angles of rotary position embeddings (Su et al. 2021) are stretched for longer texts.
public enum RotaryScaling: Sendable, Hashable {
    /// Every angle divided by `factor`.
    case linear(factor: Double)
    /// Llama 3.1: long waves divided by `factor`, short ones kept, between them a blend.
    case llama3(
        factor: Double, lowFrequencyFactor: Double, highFrequencyFactor: Double,
        originalPositions: Int)

    /// The scaled angle per position of a number pair that had `frequency`, in radians
    /// (Transformers' `modeling_rope_utils`, linear and llama3).
    public func scaled(_ frequency: Double) -> Double {
        switch self {
        case .linear(let factor): return frequency / factor
        case .llama3(let factor, let low, let high, let positions):
            // Waves that fit into the original context.
            let waves = Double(positions) * frequency / (2 * Double.pi)
            if waves > high { return frequency }
            if waves < low { return frequency / factor }
            let share = (waves - low) / (high - low)
            return (1 - share) * frequency / factor + share * frequency
        }
    }

    /// Reads `rope_scaling`, or the `rope_parameters` of newer files; nil for no scaling.
    init?(json: JSONValue?) throws(ModelFilesError) {
        guard let json, !json.isNull else { return nil }
        func number(_ name: String) throws(ModelFilesError) -> Double {
            guard let value = json[name]?.doubleValue, value.isFinite, value > 0 else {
                throw ModelFilesError(
                    .malformed, "config.json has a rope_scaling without a usable \(name)",
                    hint: "It must be a number above 0.")
            }
            return value
        }
        switch json["rope_type"]?.stringValue ?? json["type"]?.stringValue ?? "default" {
        case "default": return nil
        case "linear": self = .linear(factor: try number("factor"))
        case "llama3":
            let low = try number("low_freq_factor")
            let high = try number("high_freq_factor")
            let positions = try number("original_max_position_embeddings")
            guard low < high, let positions = Int(exactly: positions) else {
                throw ModelFilesError(
                    .malformed, "config.json has a rope_scaling whose frequencies do not fit",
                    hint: "low_freq_factor must be less than high_freq_factor.")
            }
            self = .llama3(
                factor: try number("factor"), lowFrequencyFactor: low, highFrequencyFactor: high,
                originalPositions: positions)
        case let other:
            throw ModelFilesError(
                .unsupported, "the model scales its rotary embeddings by the method \(other)",
                hint: "linear and llama3 are built in.")
        }
    }

    /// The value of `rope_scaling`.
    var json: JSONValue {
        switch self {
        case .linear(let factor): ["rope_type": "linear", "factor": .double(factor)]
        case .llama3(let factor, let low, let high, let positions):
            [
                "rope_type": "llama3", "factor": .double(factor), "low_freq_factor": .double(low),
                "high_freq_factor": .double(high),
                "original_max_position_embeddings": .integer(positions),
            ]
        }
    }
}
