extension CurveJudge {
    func hint(_ code: CurveHint.Code, _ parameter: String, _ message: String) -> CurveHint {
        CurveHint(code: code, message: message, parameter: parameter)
    }

    /// Three digits are enough to see what happened.
    func text(_ value: Double) -> String {
        let scale = abs(value) < 0.1 ? 10_000.0 : 1000
        return "\((value * scale).rounded() / scale)"
    }

    /// What lets the method learn more.
    var capacity: (parameter: String, advice: String) {
        let usual = configuration.defaultLearningRate(decoder: false)
        if let rate = configuration.learningRate, rate < usual / 10 {
            return ("learning_rate", "Raise learning_rate: \(usual) is usual for this method.")
        }
        return switch configuration.method {
        case .lora, .qlora:
            ("r", "Raise r, or set target_modules=all-linear, so that more can change.")
        case .adapter: ("reduction_factor", "Lower reduction_factor, so that adapters are wider.")
        case .freeze: ("freeze_layers", "Lower freeze_layers, so that more layers can change.")
        case .head: ("method", "Choose method lora: a head alone cannot change what it reads.")
        case .full: ("learning_rate", "Raise learning_rate, and look at a few labels or answers.")
        }
    }

    /// How far to train instead.
    func shorter(_ step: Int) -> String {
        guard configuration.maxSteps <= 0, configuration.epochs.isFinite, !losses.isEmpty else {
            return "\(step) steps"
        }
        let epochs = configuration.epochs * Double(step) / Double(losses.count)
        return "\((epochs * 10).rounded() / 10) epochs"
    }

    /// What holds a method back from learning examples by heart.
    var regularization: String {
        switch configuration.method {
        case .lora, .qlora: "lower r, or set lora_dropout=0.1"
        case .full, .freeze: "raise weight_decay, or choose method lora"
        case .adapter: "raise reduction_factor"
        case .head: "raise weight_decay"
        }
    }
}
