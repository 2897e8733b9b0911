import Catalog
import EngineProtocol
import FoundationEssentials
import Governance
import Handoff
import Records

/// Models and what is known of them: `tundish model list/show/export`, `tundish run list/show`.
public struct Models: Sendable {
    private let workspace: OpenWorkspace

    /// Works in an opened workspace.
    public init(_ workspace: OpenWorkspace) { self.workspace = workspace }

    /// All models.
    public func list() throws -> Report {
        try workspace.authorizer.require(
            .readMetadata, on: .workspace, session: workspace.session)
        let rows = try workspace.catalog.read { try $0.models() }
        return Report(
            json: ["models": .array(rows.map(json))],
            lines: rows.isEmpty
                ? ["no models yet"]
                : rows.map { "\($0.name)  \($0.kind.rawValue)  \($0.state.rawValue)" },
            next: rows.isEmpty ? ["tundish model import NAME FOLDER"] : [])
    }

    private func json(_ row: ModelRow) -> JSONValue {
        [
            "name": .string(row.name), "id": .string(Hex.encode(row.id)),
            "kind": .string(row.kind.rawValue), "state": .string(row.state.rawValue),
            "run": row.run.map { .string($0) } ?? .null, "info": row.info,
            "created": .string(row.created.rfc3339),
        ]
    }

    /// One model with its files.
    public func show(_ name: String) throws -> Report {
        let row = try ModelAccess.find(name, in: workspace)
        try workspace.authorizer.require(
            .readMetadata, on: .model(row.id), session: workspace.session)
        let files = try workspace.catalog.read { try $0.artifacts(of: row.id) }
        var object = json(row).objectValue ?? [:]
        object["files"] = .object(
            Dictionary(
                uniqueKeysWithValues: files.map { ($0.name, .string(Hex.encode($0.sha256))) }))
        return Report(
            json: .object(object),
            lines: ["\(row.name)  \(row.kind.rawValue)  \(row.state.rawValue)"]
                + files.map { "  \($0.name)  \($0.size) bytes  \(Hex.encode($0.sha256))" })
    }

    /// All runs.
    public func runs() throws -> Report {
        try workspace.authorizer.require(
            .readMetadata, on: .workspace, session: workspace.session)
        let rows = try workspace.catalog.read { try $0.runs() }
        return Report(
            json: ["runs": .array(rows.map(json))],
            lines: rows.isEmpty
                ? ["no runs yet"]
                : rows.map {
                    "\($0.name)  \($0.state.rawValue)  \($0.created)  \($0.purpose ?? "")"
                })
    }

    private func json(_ row: RunRow) -> JSONValue {
        [
            "run": .string(row.id), "name": .string(row.name), "state": .string(row.state.rawValue),
            "version": row.version.map { .string(Hex.encode($0)) } ?? .null,
            "purpose": row.purpose.map { .string($0) } ?? .null, "actor": .string(row.actor),
            "created": .string(row.created.rfc3339),
            "finished": row.finished.map { .string($0.rfc3339) } ?? .null,
            "metrics": row.metrics ?? .null,
            "statement": row.statementDigest.map { .string(Hex.encode($0)) } ?? .null,
        ]
    }

    /// One run: its frozen request and what came of it.
    public func run(_ name: String) throws -> Report {
        let found = try workspace.catalog.read { try $0.run(named: name) ?? $0.run(name) }
        guard let row = found else {
            throw WorkspaceError(
                .notFound, "there is no run `\(name)`", hint: "`tundish run list` names them")
        }
        try workspace.authorizer.require(
            .readMetadata, on: .workspace, session: workspace.session)
        var object = json(row).objectValue ?? [:]
        object["request"] = try JSONParser.parse(row.request)
        return Report(
            json: .object(object),
            lines: [
                "\(row.name)  \(row.state.rawValue)  \(row.created)",
                String(decoding: row.request, as: UTF8.self),
            ]
                + (row.metrics.map {
                    [String(decoding: CanonicalJSON.encode($0), as: UTF8.self)]
                } ?? []))
    }

    /// Writes a model's files in clear, with what proves where it came from.
    public func export(_ name: String, to folder: String) throws -> Report {
        let row = try ModelAccess.find(name, in: workspace)
        let access = try ModelAccess(workspace, name: name, permission: .approveModelExport)
        defer { access.close() }
        try Files.makeFolder(folder)
        guard try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty else {
            throw WorkspaceError(
                .conflict, "\(folder) is not empty",
                hint: "name a new folder: whatever lies beside an exported model fails its check")
        }
        for file in access.fileNames {
            try Files.write(try ownFile(file, of: access), to: "\(folder)/\(file)")
        }
        var written = access.fileNames
        if let evidence = try evidence(for: row) {
            try Files.write(evidence.entry, to: folder + "/entry.json")
            try Files.write(Array(evidence.proof.utf8), to: folder + "/proof.tlog")
            written += ["entry.json", "proof.tlog"]
        }
        try workspace.catalog.record(
            EventDraft("model.export", object: "model:\(Hex.encode(row.id))"),
            signer: workspace.session.signer)
        return Report(
            json: [
                "model": .string(name), "folder": .string(folder),
                "files": .array(written.map { .string($0) }),
                "verifierKey": .string(try workspace.catalog.verifierKey()),
            ],
            lines: ["\(name) is in \(folder): \(written.joined(separator: ", "))"],
            next: row.run == nil
                ? []
                : ["tundish verify \(folder) --trust '\(try workspace.catalog.verifierKey())'"])
    }

    private func ownFile(_ name: String, of access: ModelAccess) throws -> [UInt8] {
        try access.file(access.adapterReference == nil ? .base : .adapter, name)
    }

    /// The audit entry that ended the model's run, with its inclusion proof.
    private func evidence(for row: ModelRow) throws -> (entry: [UInt8], proof: String)? {
        guard let run = row.run else { return nil }
        var next: UInt64 = 0
        while true {
            let entries = try workspace.catalog.read { try $0.events(from: next, limit: 1_000) }
            guard let last = entries.last else { return nil }
            next = last.index + 1
            for event in entries
            where event.action == "run.finish" && event.object == "run:\(run)" {
                let found = try workspace.catalog.read {
                    try $0.entries(from: event.index, limit: 1).first
                }
                guard let entry = found else { continue }
                return (
                    entry.bytes,
                    try LogVerifier(catalog: workspace.catalog).proof(ofEvent: event.index)
                )
            }
        }
    }
}

/// Checks an exported model without the workspace: `tundish verify`.
public struct VerifyModel: Sendable {
    /// The exported folder.
    public var folder: String
    /// The verifier key that the checker trusts.
    public var trustedKey: String?

    /// Makes the request.
    public init(folder: String, trustedKey: String?) {
        self.folder = folder
        self.trustedKey = trustedKey
    }

    /// Digests, signature, inclusion, checkpoint.
    public func run() throws -> Report {
        guard Files.exists(folder + "/provenance.dsse.json") else {
            throw WorkspaceError(
                .notFound, "\(folder) holds no exported model with its provenance",
                hint: "make one with `tundish model export NAME DIR`")
        }
        let report = try ModelVerifier(trusted: trustedKey).verify(folder: folder)
        let verdict: Report.Verdict =
            switch report.verdict {
            case .verified: .passed
            case .consistentSignerUnknown: .checksFailed
            case .failed: .integrityViolated
            }
        return Report(
            json: [
                "verdict": .string(report.verdict.rawValue),
                "checks": .array(
                    report.checks.map {
                        [
                            "name": .string($0.name), "passed": .bool($0.passed),
                            "detail": .string($0.detail),
                        ]
                    }), "statement": report.statement?.json ?? .null,
            ],
            lines: report.checks.map {
                ($0.passed ? "ok      " : "FAILED  ") + "\($0.name): \($0.detail)"
            } + [Self.sentence(report.verdict)],
            verdict: verdict)
    }

    private static func sentence(_ verdict: VerificationReport.Verdict) -> String {
        switch verdict {
        case .verified: "verified"
        case .consistentSignerUnknown:
            "consistent, signer unknown: give the signer's verifier key with --trust"
        case .failed: "NOT verified"
        }
    }
}
