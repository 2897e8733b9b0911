import Catalog
import EngineProtocol
import Handoff
import Records

/// What the trials of one search are held to, settled before the first one runs.
struct SearchJudge {
    let metric: SearchMetric
    let task: EngineTask
    /// The version's id, lower-case hex.
    let version: String
    let engineSHA256: String

    /// The scores that engines choose weights by.
    static let engineMetrics = ["accuracy", "f1", "loss", "macro_f1", "perplexity"]

    /// Opens what every trial will open, so that what would end them all is found now: a denied
    /// lease, an unknown model, no validation split, a score that the task does not have.
    init(train: Train, plan: SearchPlan, in workspace: OpenWorkspace) throws {
        let materials = try RunMaterials(
            workspace, run: RunNames.newID(), version: workspace.version(train.data),
            purpose: train.purpose, model: train.model, engine: train.engine)
        defer { materials.close() }
        let dataset = try materials.dataset()
        guard dataset.splits[.validation] ?? 0 > 0 else {
            throw WorkspaceError(
                .usage, "\(train.data) has no validation split to judge on",
                hint: "`tundish clean` or `tundish split` freezes one before redaction")
        }
        version = dataset.version
        engineSHA256 = materials.executable.sha256
        task = try train.task ?? materials.task()
        let set = train.settings.last { $0.0 == "metric_for_best_model" }?.1
        metric =
            plan.metric
            ?? set.map { SearchMetric(name: $0.hasPrefix("eval_") ? String($0.dropFirst(5)) : $0) }
            ?? SearchMetric.usual(for: task)
        let known = SearchMetric.names(of: task)
        guard known.contains(metric.name) else {
            throw WorkspaceError(
                .usage, "\(task.rawValue) has no score `\(metric.name)`",
                hint: Suggestion.hint(for: metric.name, in: known, called: "it has"))
        }
    }
}
