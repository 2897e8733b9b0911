import Catalog
import EngineProtocol
import Governance
import Handoff
import Records

/// The README.md of a whole model that leaves the workspace: what it came of, how it was made and
/// how well it does. No names of people, no record content.
///
/// Sections and front matter follow Mitchell et al., "Model Cards for Model Reporting" (2019), as
/// far as the workspace knows anything of them.
struct ModelCard {
    private let row: ModelRow
    private let base: ModelRow
    private let form: ExportModel.Form
    private let run: RunRow?
    private let request: RunRequest?
    private let history: RunHistory?
    private let purposes: [String]
    private let stage: String?
    private let tested: [LoggedEvent]

    init(
        of row: ModelRow, access: ModelAccess, form: ExportModel.Form, in workspace: OpenWorkspace
    ) throws {
        self.row = row
        let origin = try row.base.flatMap { id in
            try workspace.catalog.read { try $0.model(id) }
        }
        base = origin ?? access.base
        self.form = form
        run = try row.run.flatMap { id in try workspace.catalog.read { try $0.run(id) } }
        request = try run.map { try RunRequest(canonicalBytes: $0.request) }
        history = try run.map { try RunHistory($0, in: workspace) }
        let version = try run?.version.flatMap { id in
            try workspace.catalog.read { try $0.version(id) }
        }
        let manifest = try version.map {
            try VersionManifest(json: JSONParser.parse($0.manifest))
        }
        purposes = manifest?.purposes ?? []
        stage = manifest?.stage.rawValue
        tested = try Self.evaluations(of: row, in: workspace)
    }

    /// What `tundish evaluate` found, in order.
    private static func evaluations(
        of row: ModelRow, in workspace: OpenWorkspace
    ) throws -> [LoggedEvent] {
        let object = "model:\(Hex.encode(row.id))"
        var (found, next) = ([LoggedEvent](), UInt64(0))
        while true {
            let events = try workspace.catalog.read { try $0.events(from: next, limit: 1_000) }
            guard let last = events.last else { return found }
            next = last.index + 1
            found += events.filter {
                $0.action == "model.evaluate" && $0.object == object && $0.outcome == .done
            }
        }
    }

    /// Markdown with front matter as model hubs read it.
    var text: String {
        let parts = [
            frontMatter, "# \(row.name)\n\n\(summary)", data, training, evaluation, use,
        ]
        return parts.compactMap { $0 }.joined(separator: "\n\n") + "\n"
    }

    private var licence: String? { base.info["licence"]?.stringValue }

    private var frontMatter: String {
        var lines = ["---"]
        if let licence { lines.append("license: \(Self.plain(licence.lowercased()))") }
        lines.append("base_model: \(base.name)")
        if let task = request?.task {
            lines.append(
                "pipeline_tag: "
                    + (task == .sequenceClassification
                        ? "text-classification"
                        : task == .tokenClassification ? "token-classification" : "text-generation")
            )
        }
        lines += ["library_name: \(form == .gguf ? "gguf" : "transformers")"]
        lines += ["tags:", "- tundish", "---"]
        return lines.joined(separator: "\n")
    }

    private var summary: String {
        let base = "`\(base.name)` (\(ModelText.summary(base.info)))"
        let weights =
            form == .gguf ? "one GGUF file" : "whole weights in safetensors"
        let format = self.base.info["quantisation"]?.stringValue
        let origin =
            format.map { " The base's weights were \($0) blocks; they are decoded here." } ?? ""
        guard let request else { return "\(base) as \(weights)." + origin }
        return "\(base), fine-tuned by `\(request.method.rawValue)` for \(request.task.rawValue), "
            + "as \(weights). "
            + (licence == nil
                ? "The base model's licence is not known to the workspace that made this."
                : "The base model's licence applies: \(Self.plain(licence ?? "")).") + origin
    }

    private var data: String? {
        guard let dataset = request?.dataset else { return nil }
        var lines = [
            "## Data", "",
            "- version `\(dataset.name)`, id `\(dataset.version)`"
                + (stage.map { ", stage \($0)" } ?? ""),
            "- records: "
                + dataset.splits.sorted { $0.key.rawValue < $1.key.rawValue }
                .map { "\($0.key.rawValue) \($0.value)" }.joined(separator: ", "),
        ]
        if let policy = dataset.policyDigest { lines.append("- redaction policy `\(policy)`") }
        if !purposes.isEmpty {
            lines.append("- purposes: " + purposes.map(Self.plain).joined(separator: ", "))
        }
        return lines.joined(separator: "\n")
    }

    private var training: String? {
        guard let request, let run, let history else { return nil }
        var lines = [
            "## Training", "", "- run `\(run.id)`, request `\(Hex.encode(request.digest))`",
            "- engine `\(request.engineName)`, SHA-256 `\(request.engineSHA256)`",
        ]
        if let digest = run.metrics?["weightsDigest"]?.stringValue {
            lines.append("- digest of the trained weights `\(digest)`")
        }
        let settings = RunSettings.values(request, configuration: history.configuration)
            .filter { !["data", "model", "engine", "purpose"].contains($0.key) && $0.value != "–" }
        lines += ["", "| parameter | value |", "|---|---|"]
        lines += settings.sorted { $0.key < $1.key }
            .map { "| \($0.key) | \(Self.plain($0.value)) |" }
        return lines.joined(separator: "\n")
    }

    private var evaluation: String? {
        var rows: [String] = []
        if let curves = history?.curves, let best = curves.best(by: curves.leadingMetric) {
            rows.append("| validation (chose the weights) | \(Self.scores(best.metrics)) |")
        }
        for event in tested {
            guard let split = event.facts["split"]?.stringValue,
                let metrics = event.facts["metrics"].flatMap({ try? RunMetrics(json: $0) })
            else { continue }
            let version = event.facts["version"]?.stringValue.map { "`\($0.prefix(12))`" } ?? ""
            rows.append("| \(split) of \(version) | \(Self.scores(metrics)) |")
        }
        let findings = RunText.findings(run?.metrics ?? .null)
        guard !rows.isEmpty || !findings.isEmpty else { return nil }
        var lines = ["## Evaluation", ""]
        if !rows.isEmpty { lines += ["| split | scores |", "|---|---|"] + rows + [""] }
        lines += findings.map { "- \($0)" }
        if lines.last == "" { lines.removeLast() }
        return lines.joined(separator: "\n")
    }

    private static func scores(_ metrics: RunMetrics) -> String {
        let names: [String] =
            switch metrics {
            case .classification: ["accuracy", "macro_f1", "loss"]
            case .tokens: ["f1", "accuracy", "loss"]
            case .language: ["perplexity", "accuracy", "loss"]
            }
        return names.map { name in
            let metric = SearchMetric(name: name)
            return "\(metric.title) \(ScoreText.text(metric, metrics))"
        }.joined(separator: ", ") + ", \(metrics.count) records"
    }

    private var use: String {
        """
        ## Use and proof

        `entry.json` is the audit entry of this export, with the SHA-256 of every file here, and \
        `proof.tlog` (c2sp.org/tlog-proof) that the workspace's log includes it. \
        `tundish verify FOLDER --trust VKEY` checks both offline.
        """
    }

    /// A word without what Markdown or YAML would take for something else.
    private static func plain(_ text: String) -> String {
        String(text.map { "|`\n\r<>[]:#".contains($0) ? " " : $0 })
    }
}
