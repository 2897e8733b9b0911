import Catalog
import EngineProtocol
import Governance
import Records

/// What is known of one run, running or past.
struct RunHistory {
    let row: RunRow
    /// What its engine said, in order; never an event that shows a record.
    let events: [EngineEvent]
    let curves: RunCurves

    /// Reads a run's events, and the finer curves in its model's `metrics.json` where there is one
    /// and whoever asks may use the model.
    init(_ row: RunRow, in workspace: OpenWorkspace) throws {
        self.row = row
        events = try workspace.catalog.read { try $0.runEvents(row.id) }
            .compactMap { try? EngineEvent(line: CanonicalJSON.encode($0.event)) }
        var curves = RunCurves(events)
        if let metrics = try Self.metrics(of: row, in: workspace) { curves.refine(with: metrics) }
        self.curves = curves
    }

    private static func metrics(
        of row: RunRow, in workspace: OpenWorkspace
    ) throws -> JSONValue? {
        let name = "metrics.json"
        guard row.state == .finished,
            let model = try workspace.catalog.read({ reader in
                try reader.models().first { $0.run == row.id }
            }),
            try workspace.catalog.read({ try $0.artifacts(of: model.id) })
                .contains(where: { $0.name == name }),
            try workspace.authorizer.decide(
                .useModel, principal: workspace.session.principal, on: .model(model.id)
            ).isAllowed
        else { return nil }
        let lease = try workspace.authorizer.modelLease(
            model: model.id, session: workspace.session)
        defer { try? workspace.authorizer.end(lease, session: workspace.session) }
        let reader = try LeaseReader(
            lease: lease, authorizer: workspace.authorizer, vault: workspace.vault,
            session: workspace.session)
        return try? JSONParser.parse(reader.artifact(named: name))
    }

    /// Every hyper-parameter with the value that the engine gave it; null before it began.
    var configuration: JSONValue {
        for event in events.reversed() {
            if case .started(let started) = event { return started.configuration }
        }
        return .null
    }

    /// Advice that the engine gave, in order.
    var hints: [String] {
        events.compactMap { event in
            guard case .hint(_, let message, let parameter) = event else { return nil }
            return message + (parameter.map { " (see \($0))" } ?? "")
        }
    }
}
