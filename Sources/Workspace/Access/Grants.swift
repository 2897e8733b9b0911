import Catalog
public import Governance
public import Records

/// Roles: `tundish grant`, `revoke`, `access`, `request`, `approve`, `appoint`, `accept`, `release`.
public struct Grants: Sendable {
    private let workspace: OpenWorkspace

    /// Works in an opened workspace.
    public init(_ workspace: OpenWorkspace) { self.workspace = workspace }

    private func scope(_ dataset: String?) throws -> GrantScope {
        guard let dataset else { return .workspace }
        if let row = try workspace.catalog.read({ try $0.dataset(named: dataset) }) {
            return .dataset(row.id)
        }
        if let model = try workspace.catalog.read({ try $0.model(named: dataset) }) {
            return .model(model.id)
        }
        throw WorkspaceError(.notFound, "there is no dataset or model `\(dataset)`")
    }

    /// Reads a role by its name.
    public static func role(_ name: String) throws -> Role {
        guard let role = Role(rawValue: name) else {
            throw WorkspaceError(
                .usage, "there is no role `\(name)`",
                hint: "roles: " + Role.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return role
    }

    /// Gives a role on a dataset, a model or (nil) the whole workspace.
    public func grant(
        _ role: Role, to name: String, on dataset: String?, stage: Stage?, purpose: String?,
        until: Timestamp?
    ) throws -> Report {
        let principal = try workspace.principal(name)
        if [.privacyOfficer, .auditor, .admin, .owner].contains(role) {
            let request = try workspace.authorizer.proposeAppointment(
                role, of: principal.id, until: until, session: workspace.session)
            return Report(
                json: ["request": .string(request.id), "state": .string(request.state.rawValue)],
                lines: ["appointment \(request.id) of \(name) as \(role.rawValue) is proposed"],
                next: [
                    "tundish approve \(request.id)   (a privacy officer, once there is one)",
                    "tundish accept \(request.id)    (\(name), with their own identity)",
                ])
        }
        let row = try workspace.authorizer.grant(
            role, to: principal.id, on: try scope(dataset), stage: stage, purpose: purpose,
            until: until, session: workspace.session)
        return Report(
            json: [
                "grant": .string(row.id), "role": .string(row.role),
                "principal": .string(row.principal),
                "until": row.until.map { .string($0.rfc3339) } ?? .null,
            ],
            lines: [
                "\(row.id): \(name) is \(role.rawValue) on \(dataset ?? "the workspace")"
                    + (row.until.map { " until \($0)" } ?? "")
            ])
    }

    /// Takes a grant away, by its id or by role, name and dataset; live leases end, runs stop.
    public func revoke(grant id: String) throws -> Report {
        report(try workspace.authorizer.revoke(grant: id, session: workspace.session))
    }

    /// Takes a role away.
    public func revoke(_ role: Role, from name: String, on dataset: String?) throws -> Report {
        report(
            try workspace.authorizer.revoke(
                role, from: try workspace.principal(name).id, on: try scope(dataset),
                session: workspace.session))
    }

    private func report(_ revocation: Revocation) -> Report {
        Report(
            json: [
                "grants": .array(revocation.grants.map { .string($0) }),
                "leases": .array(revocation.leases.map { .string($0) }),
                "runs": .array(revocation.runs.map { .string($0) }),
            ],
            lines: [
                "\(revocation.grants.joined(separator: ", ")) revoked; \(revocation.leases.count) live leases ended, "
                    + "\(revocation.runs.count) runs told to stop"
            ])
    }

    /// Why somebody may, or may not, do something: `tundish access explain`.
    public func explain(
        _ name: String, _ permission: Permission, on reference: String?, purpose: String?
    ) throws -> Report {
        let principal = try workspace.principal(name)
        let resource = try resource(reference)
        if principal.id != workspace.session.actor.principal {
            try workspace.authorizer.require(
                .readMetadata, on: .workspace, session: workspace.session)
        }
        let decision = try workspace.authorizer.decide(
            permission, principal: principal.id, on: resource, purpose: purpose)
        return Report(
            json: [
                "principal": .string(principal.id), "permission": .string(permission.rawValue),
                "decision": .string(decision.word),
                "reasons": .array(decision.reasons.map { .string($0) }),
            ],
            lines: ["\(name): \(permission.rawValue): \(decision.word)"]
                + decision.reasons.map { "  - \($0)" })
    }

    /// The roles with their permissions, as a table.
    public static func matrix() -> Report {
        let json = Permission.allCases.map { permission in
            (
                permission.rawValue,
                JSONValue.object(
                    Dictionary(
                        uniqueKeysWithValues: Role.allCases.map {
                            ($0.rawValue, .string("\(AccessMatrix.cell(permission, $0))"))
                        }))
            )
        }
        return Report(
            json: .object(Dictionary(uniqueKeysWithValues: json)),
            lines: [AccessMatrix.text()])
    }

    /// Asks for what needs a second person.
    public func request(
        _ permission: Permission, on reference: String, purpose: String?, reason: String
    ) throws -> Report {
        // Reading raw is asked for a version, never for all that a dataset will ever hold.
        let isOfVersion = [.readRaw, .reidentify, .exportDataset].contains(permission)
        return pending(
            try workspace.authorizer.request(
                permission,
                on: isOfVersion
                    ? .version(try workspace.version(reference).id) : try resource(reference),
                purpose: purpose, reason: reason,
                session: workspace.session))
    }

    /// Decides a request of somebody else's.
    public func decide(_ request: String, approve: Bool) throws -> Report {
        if approve {
            try checkEvidence(of: request)
            return pending(
                try workspace.authorizer.approve(request, session: workspace.session))
        }
        try workspace.authorizer.reject(request, session: workspace.session)
        return Report(
            json: ["request": .string(request), "state": "rejected"],
            lines: ["\(request) is rejected"])
    }

    /// A release is approved on the evidence of that moment, not of the proposal's.
    private func checkEvidence(of request: String) throws {
        guard let row = try workspace.catalog.read({ try $0.request(request) }),
            row.action == Permission.proposeRelease.rawValue,
            case .version(let id)? = Resource(text: row.object),
            let version = try workspace.catalog.read({ try $0.version(id) })
        else { return }
        try Attestations(workspace).checkRelease(of: version)
    }

    /// Accepts one's own appointment.
    public func accept(_ request: String) throws -> Report {
        let grant = try workspace.authorizer.acceptAppointment(
            request, session: workspace.session)
        return Report(
            json: ["grant": .string(grant.id), "role": .string(grant.role)],
            lines: ["\(grant.id): you are \(grant.role)"])
    }

    private func pending(_ request: RequestRow) -> Report {
        Report(
            json: ["request": .string(request.id), "state": .string(request.state.rawValue)],
            lines: ["\(request.id) is \(request.state.rawValue)"],
            next: request.state.rawValue == "pending"
                ? ["tundish approve \(request.id)   (somebody else)"] : [])
    }

    /// Releases a version for training, or proposes it to a second person.
    public func release(_ reference: String, purpose: String) throws -> Report {
        let row = try workspace.version(reference)
        let label = try workspace.label(row.id)
        try Attestations(workspace).checkRelease(of: row)
        switch try workspace.authorizer.release(
            version: row.id, purpose: purpose, session: workspace.session)
        {
        case .released(let release):
            return Report(
                json: [
                    "version": .string(Hex.encode(row.id)), "released": true,
                    "purpose": .string(release.purpose),
                ],
                lines: ["\(label) is released for \(purpose), self-approved"],
                next: ["tundish train NAME --data \(label) --model MODEL --purpose \(purpose)"])
        case .proposed(let request):
            return Report(
                json: [
                    "version": .string(Hex.encode(row.id)), "released": false,
                    "request": .string(request.id),
                ],
                lines: ["the release of \(label) for \(purpose) is proposed as \(request.id)"],
                next: ["tundish approve \(request.id)   (a privacy officer)"])
        }
    }

    private func resource(_ reference: String?) throws -> Resource {
        guard let reference else { return .workspace }
        if let row = try workspace.catalog.read({ try $0.dataset(named: reference) }) {
            return .dataset(row.id)
        }
        if let model = try workspace.catalog.read({ try $0.model(named: reference) }) {
            return .model(model.id)
        }
        return .version(try workspace.version(reference).id)
    }
}
