import Catalog
import Governance
import Records
import Vault

/// The evidence: `tundish audit log/verify/prove/checkpoint/export`.
public struct AuditLog: Sendable {
    private let workspace: OpenWorkspace

    /// Works in an opened workspace.
    public init(_ workspace: OpenWorkspace) { self.workspace = workspace }

    /// The events that pass a filter, oldest first.
    public func log(last: Int?) throws -> Report {
        try workspace.authorizer.require(.readAudit, on: .workspace, session: workspace.session)
        let size = try workspace.catalog.read { try $0.logSize() }
        let first = last.map { size > UInt64($0) ? size - UInt64($0) : 0 } ?? 0
        return try report(from: first) { _ in true }
    }

    /// Renders the events that pass `filter`.
    func report(from first: UInt64 = 0, _ filter: (LoggedEvent) -> Bool) throws -> Report {
        var json: [JSONValue] = []
        var lines: [String] = []
        var next = first
        while true {
            let entries = try workspace.catalog.read { try $0.events(from: next, limit: 1_000) }
            guard let last = entries.last else { break }
            next = last.index + 1
            for event in entries where filter(event) {
                json.append([
                    "index": .integer(Int(event.index)), "time": .string(event.time.rfc3339),
                    "actor": .string(event.actor), "action": .string(event.action),
                    "object": .string(event.object), "request": .string(event.requestID),
                    "outcome": .string(event.outcome.rawValue), "facts": event.facts,
                    "detail": event.detail ?? .null,
                ])
                lines.append(
                    "\(event.index)  \(event.time)  \(event.actor)  \(event.action)  "
                        + "\(event.object)  \(event.outcome.rawValue)")
            }
        }
        return Report(json: ["events": .array(json)], lines: lines)
    }

    /// Checks the log, the grants against it, every sealed object and every version's root.
    public func verify(trustedKey: String?) throws -> Report {
        try workspace.authorizer.require(.readAudit, on: .workspace, session: workspace.session)
        let workspace = self.workspace
        let report = try AuditVerifier(
            catalog: workspace.catalog, vault: workspace.vault, trustedKey: trustedKey,
            leafHashes: { segment, bytes in
                try LeafHasher(
                    vault: workspace.vault, scope: ScopeID(bytes: segment.dataset),
                    makesKeys: false
                ).hashes(ofSegment: bytes)
            }
        ).verify()
        let findings =
            report.log.findings.map { (kind: "\($0.kind)", message: $0.message) }
            + report.findings.map { (kind: "\($0.kind)", message: "\($0.subject): \($0.message)") }
        return Report(
            json: [
                "intact": .bool(report.isIntact), "events": .integer(Int(report.log.size)),
                "root": .string(Hex.encode(report.log.root)),
                "findings": .array(
                    findings.map {
                        ["kind": .string($0.kind), "message": .string($0.message)]
                    }),
            ],
            lines: report.isIntact
                ? [
                    "intact: \(report.log.size) events, \(report.log.checkpoints) checkpoints, "
                        + "\(report.objects) objects, \(report.versions) versions; grants, objects "
                        + "and version roots agree",
                    report.log.isHeldOutside
                        ? "the newest checkpoint is also kept outside the workspace"
                        : "no checkpoint is kept outside the workspace: a rollback would not be seen",
                ]
                : ["NOT intact: \(findings.count) findings"]
                    + findings.map { "  \($0.kind): \($0.message)" },
            verdict: report.isIntact ? .passed : .integrityViolated)
    }

    /// A proof that an event stands in the log, for somebody without the workspace.
    public func prove(_ index: UInt64) throws -> Report {
        try workspace.authorizer.require(.readAudit, on: .workspace, session: workspace.session)
        let proof = try LogVerifier(catalog: workspace.catalog).proof(ofEvent: index)
        return Report(
            json: ["index": .integer(Int(index)), "proof": .string(proof)],
            // The format ends with a newline, and so does every line that is printed.
            lines: [proof.hasSuffix("\n") ? String(proof.dropLast()) : proof])
    }

    /// The newest signed tree head.
    public func checkpoint() throws -> Report {
        try workspace.authorizer.require(.readAudit, on: .workspace, session: workspace.session)
        guard let checkpoint = try workspace.catalog.read({ try $0.latestCheckpoint() }) else {
            throw WorkspaceError(.notFound, "there is no checkpoint yet")
        }
        return Report(
            json: [
                "size": .integer(Int(checkpoint.size)),
                "root": .string(Hex.encode(checkpoint.root)), "note": .string(checkpoint.note),
                "verifierKey": .string(try workspace.catalog.verifierKey()),
            ],
            lines: [checkpoint.note, "verifier key: \(try workspace.catalog.verifierKey())"])
    }

    /// Writes the log as tiles that other people's tools read.
    public func export(to folder: String) throws -> Report {
        try workspace.authorizer.require(.readAudit, on: .workspace, session: workspace.session)
        try workspace.catalog.exportLog(to: folder)
        return Report(
            json: [
                "folder": .string(folder),
                "verifierKey": .string(try workspace.catalog.verifierKey()),
            ],
            lines: [
                "tiles, entries and checkpoint are in \(folder)",
                "verifier key: \(try workspace.catalog.verifierKey())",
            ])
    }
}
