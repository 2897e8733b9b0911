import EngineProtocol
import Records

/// A base model that may be tuned for a task, with what is known of it.
struct Candidate: Sendable {
    /// What one method would take.
    struct MethodPlan: Sendable {
        var method: TuningMethod
        /// What the engine predicts; nil: it could not say.
        var plan: EnginePlan?
        /// Why it cannot be done, if it cannot.
        var refusal: String?

        /// Whether a run could be started.
        var isPossible: Bool { refusal == nil && plan?.refusals.isEmpty == true }
    }

    /// What a quick classifier on the frozen model scored on validation.
    struct Probe: Sendable, Hashable {
        var accuracy: Double
        var macroF1: Double
        var count: Int
    }

    var name: String
    var info: JSONValue
    var lengths: TokenLengths?
    var plans: [MethodPlan] = []
    var probe: Probe?
    /// Why it does not do for the task at all.
    var misfit: String?
    /// What could not be found out.
    var notes: [String] = []

    /// Tokens of its context; nil for a model that was imported before that was kept.
    var context: Int? { info["context"]?.intValue }
    var parameters: Int? { info["parameters"]?.intValue }
    var licenceName: String? { info["licence"]?.stringValue }
    var licence: Licence { Licence(licenceName) }

    /// The way that would be tried first.
    var suggestion: MethodPlan? {
        let order: [TuningMethod] = [.lora, .qlora, .adapter, .full, .freeze, .head]
        return order.lazy.compactMap { method in
            plans.first { $0.method == method && $0.isPossible }
        }.first
    }

    /// Whether anything can be started with it.
    var isUsable: Bool { misfit == nil && suggestion != nil }
}
