import Catalog
import FoundationEssentials
import Governance
import Records
import Vault

/// The overview and the health of a workspace: `tundish status` and `tundish doctor`.
public struct Doctor: Sendable {
    private let workspace: OpenWorkspace

    /// Works in an opened workspace.
    public init(_ workspace: OpenWorkspace) { self.workspace = workspace }

    /// What is there, in a few lines.
    public func status() throws -> Report {
        try workspace.authorizer.require(
            .readMetadata, on: .workspace, session: workspace.session)
        let numbers = try workspace.catalog.read { reader in
            (
                datasets: try reader.datasets().count, models: try reader.models().count,
                runs: try reader.runs().count, principals: try reader.principals().count,
                events: try reader.logSize()
            )
        }
        let id = Hex.encode(workspace.catalog.workspace.id)
        return Report(
            json: [
                "workspace": .string(id), "folder": .string(workspace.folder),
                "datasets": .integer(numbers.datasets), "models": .integer(numbers.models),
                "runs": .integer(numbers.runs), "principals": .integer(numbers.principals),
                "events": .integer(Int(numbers.events)),
                "principal": .string(workspace.session.actor.principal),
                "unlocked": .bool(workspace.vault.isUnlocked),
            ],
            lines: [
                "workspace \(id) in \(workspace.folder)",
                "you are \(workspace.session.actor.principal)",
                "\(numbers.datasets) datasets, \(numbers.models) models, \(numbers.runs) runs, "
                    + "\(numbers.principals) principals, \(numbers.events) audit events",
            ])
    }

    /// Sweeps what a crash left behind and says what the set-up can and cannot promise.
    public func run() throws -> Report {
        try workspace.authorizer.require(.readMetadata, on: .workspace, session: workspace.session)
        // A grant that merely ran out leaves its sealed key behind until somebody looks.
        try workspace.authorizer.reconcileStageKeys()
        let deadRuns = try RunPresence.closeDeadRuns(in: workspace)
        // Before the catalog is read. Alone, nothing can be on its way to a commit: what the
        // catalog does not name goes at once.
        let grace: Int64 = workspace.presence.isAlone() ? 0 : 3600
        let temporaries = try workspace.vault.packs.sweepTemporaries()
        let live = try workspace.catalog.read { reader in
            (
                objects: try reader.objects().map(\.id), packs: Set(try reader.packs())
            )
        }
        let orphans = try workspace.vault.sweepOrphanKeys(
            live: Set(try live.objects.map { try ObjectID(bytes: $0) }), graceSeconds: grace)
        let packs = try workspace.vault.packs.removePacks(
            notIn: Set(live.packs.compactMap { PackID(hex: $0) }), graceSeconds: grace)
        workspace.presence.share()
        let resumable = try workspace.catalog.read { reader in
            try reader.runs().filter {
                try $0.state.isResumable && reader.hasCheckpoint($0.id)
            }.map(\.name)
        }
        var lines = [
            "swept \(temporaries) temporary files, \(orphans.count) orphan keys, "
                + "\(packs.count) orphan packs, \(deadRuns.count) runs whose process is gone"
        ]
        for name in resumable {
            lines.append("run \(name) can go on: `tundish run resume \(name)`, or `run discard`")
        }
        lines.append("what this set-up cannot promise:")
        return Report(
            json: [
                "temporaries": .integer(temporaries), "orphanKeys": .integer(orphans.count),
                "orphanPacks": .integer(packs.count),
                "deadRuns": .array(deadRuns.map { .string($0) }),
                "resumableRuns": .array(resumable.map { .string($0) }),
                "limits": .array(Self.limits.map { .string($0) }),
            ], lines: lines + Self.limits.map { "  - \($0)" })
    }

    private static let limits = [
        "a standing read grant opens a whole stage of a dataset: version, purpose and expiry hold "
            + "only through the Custodian",
        "whoever holds the root key and the files can read everything",
        "where all principals share one account of the operating system, roles are recorded "
            + "policy, not cryptography",
    ]
}
