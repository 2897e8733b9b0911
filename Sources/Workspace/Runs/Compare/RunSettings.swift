import EngineProtocol
import Handoff
import Records

/// What a run was made of, as names and values that can be held side by side.
enum RunSettings {
    /// Everything that may differ between two runs: what was asked for, and the parameters with the
    /// values that the engine gave them where it said so.
    static func values(_ request: RunRequest, configuration: JSONValue) -> [String: String] {
        var values: [String: String] = [
            "data": request.dataset?.name ?? "–", "model": request.baseModel.name,
            "task": request.task.rawValue, "method": request.method.rawValue,
            "purpose": request.purpose, "threads": "\(request.threads)",
            "engine": "\(request.engineName) \(request.engineSHA256.prefix(12))",
        ]
        let parameters = configuration.objectValue ?? request.hyperParameters.values
        for (name, value) in parameters where values[name] == nil { values[name] = text(of: value) }
        return values
    }

    /// The names whose values are not the same in all, sorted, each with the value of each.
    static func differences(_ all: [[String: String]]) -> [(name: String, values: [String])] {
        Set(all.flatMap(\.keys)).sorted().compactMap { name in
            let values = all.map { $0[name] ?? "–" }
            return Set(values).count > 1 ? (name, values) : nil
        }
    }

    /// A value as `--set` takes it.
    static func text(of value: JSONValue) -> String {
        switch value {
        case .null: "–"
        case .bool(let flag): flag ? "true" : "false"
        case .number(let literal):
            Double(literal).map { NumberText.short($0, digits: 6) } ?? literal
        case .string(let text): text
        case .array(let values): values.map(text).joined(separator: ",")
        case .object: String(decoding: CanonicalJSON.encode(value), as: UTF8.self)
        }
    }
}
