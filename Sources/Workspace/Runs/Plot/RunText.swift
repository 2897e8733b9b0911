import Catalog
import EngineProtocol
import Handoff
import Records

/// A run in words: what it was made of, and what came of it.
enum RunText {
    /// Name, state, request and outcome, a line each.
    static func lines(_ row: RunRow) throws -> [String] {
        let request = try RunRequest(canonicalBytes: row.request)
        var lines = ["\(row.name)  \(row.state.rawValue)  \(row.created)  \(row.id)"]
        if let dataset = request.dataset {
            let splits = dataset.splits.sorted { $0.key.rawValue < $1.key.rawValue }
                .map { "\($0.key.rawValue) \($0.value)" }.joined(separator: ", ")
            lines.append("  data     \(dataset.name) (\(splits)), for \(request.purpose)")
        }
        lines.append("  model    \(request.baseModel.name)")
        lines.append(
            "  method   \(request.method.rawValue), \(request.task.rawValue), engine "
                + "\(request.engineName), threads \(request.threads)")
        let settings = request.hyperParameters.values.sorted { $0.key < $1.key }
        if !settings.isEmpty {
            lines.append(
                "  set      "
                    + settings.map { "\($0.key)=\(RunSettings.text(of: $0.value))" }
                    .joined(separator: " "))
        }
        guard let metrics = row.metrics else { return lines }
        if let steps = metrics["steps"]?.intValue {
            var parts = ["\(steps) steps"]
            if let best = metrics["bestStep"]?.intValue, best != steps {
                parts.append("weights of step \(best)")
            }
            if let seconds = metrics["seconds"]?.doubleValue {
                parts.append(PlanTable.duration(seconds))
            }
            if let bytes = metrics["peakBytes"]?.intValue, bytes > 0 {
                parts.append("\(PlanTable.bytes(bytes)) at its peak")
            }
            lines.append("  took     " + parts.joined(separator: ", "))
        }
        if let scores = metrics["validation"].flatMap({ try? RunMetrics(json: $0) }) {
            lines.append("on validation:")
            lines += MetricsTable.lines(scores)
        }
        return lines + findings(metrics).map { "  " + $0 }
    }

    /// What the engine measured beside the scores: privacy, memorisation, forgetting.
    static func findings(_ metrics: JSONValue) -> [String] {
        func number(_ value: JSONValue?) -> String {
            NumberText.short(value?.doubleValue ?? .nan, digits: 3)
        }
        var lines: [String] = []
        if let privacy = metrics["privacy"], !privacy.isNull {
            lines.append(
                "differential privacy: epsilon \(number(privacy["epsilon"])) at delta "
                    + number(privacy["delta"]))
        }
        if let found = metrics["memorisation"], !found.isNull {
            lines.append(
                "memorisation: exposure of \(number(found["count"])) canaries "
                    + "\(number(found["mean"])) bits on average, at most \(number(found["max"])) of "
                    + number(found["ceiling"]))
        }
        if let found = metrics["forgetting"], !found.isNull {
            lines.append(
                "what the base could: \(found["measure"]?.stringValue ?? "score") "
                    + "\(number(found["before"])) before, \(number(found["after"])) after")
        }
        return lines
    }
}
