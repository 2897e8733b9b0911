public import Catalog
import Cryptography
import Governance
import Records
import Vault

/// People, services and groups: `tundish principal` and `tundish group`.
public struct Principals: Sendable {
    private let workspace: OpenWorkspace

    /// Works in an opened workspace.
    public init(_ workspace: OpenWorkspace) { self.workspace = workspace }

    /// Makes a principal and, but for groups, its identity file.
    ///
    /// - Parameters:
    ///   - identity: where the identity file goes; nil: beside the other identities.
    ///   - passphraseFile: the file whose first line protects it; nil: a plain 0600 key file.
    public func add(
        name: String, kind: PrincipalKind, identity path: String?, passphraseFile: String?
    ) throws -> Report {
        try Names.check(name, of: "principal")
        guard !name.hasPrefix("p-") else {
            throw WorkspaceError(.usage, "names that begin with p- are kept for ids")
        }
        guard try workspace.catalog.read({ try $0.principal(named: name) }) == nil else {
            throw WorkspaceError(.conflict, "there is a principal called `\(name)` already")
        }
        var principal = NewPrincipal(kind: kind, name: name, ed25519: [], x25519: [])
        var saved: String?
        if kind != .group {
            let identity = Identity.create(principal: principal.id)
            principal.ed25519 = identity.publicKeys.signing.rawRepresentation
            principal.x25519 = identity.publicKeys.opening.rawRepresentation
            let workspaceID = Hex.encode(workspace.catalog.workspace.id)
            let file =
                path
                ?? workspace.settings.configFolder
                + "/identities/\(workspaceID)-\(principal.id).json"
            try Files.makeFolder(parent(of: file), mode: 0o700)
            try workspace.authorizer.require(
                .managePrincipals, on: .workspace, session: workspace.session)
            try identity.save(
                to: file, passphrase: try passphraseFile.map { try Files.readPassphrase($0) })
            saved = file
        }
        try workspace.authorizer.addPrincipal(principal, session: workspace.session)
        return Report(
            json: [
                "principal": .string(principal.id), "name": .string(name),
                "kind": .string(kind.rawValue), "identity": saved.map { .string($0) } ?? .null,
            ],
            lines: ["\(kind.rawValue) \(name) is \(principal.id)"]
                + (saved.map { ["identity   \($0)"] } ?? []),
            next: ["tundish grant ROLE \(name) DATASET"])
    }

    /// Everybody who is known.
    public func list() throws -> Report {
        try workspace.authorizer.require(
            .readMetadata, on: .workspace, session: workspace.session)
        let rows = try workspace.catalog.read { reader in
            try reader.principals().map {
                (
                    row: $0, name: try reader.name(of: $0.id) ?? "(erased)",
                    groups: try reader.groups(of: $0.id)
                )
            }
        }
        return Report(
            json: [
                "principals": .array(
                    rows.map {
                        [
                            "id": .string($0.row.id), "name": .string($0.name),
                            "kind": .string($0.row.kind.rawValue),
                            "groups": .array($0.groups.map { .string($0) }),
                            "disabled": $0.row.disabled.map { .string($0.rfc3339) } ?? .null,
                        ]
                    })
            ],
            lines: rows.map {
                "\($0.row.id)  \($0.row.kind.rawValue)  \($0.name)"
                    + ($0.row.disabled == nil ? "" : "  (disabled)")
            })
    }

    /// Shuts a principal out, at once.
    public func disable(_ name: String) throws -> Report {
        let row = try workspace.principal(name)
        try workspace.authorizer.disablePrincipal(row.id, session: workspace.session)
        return Report(
            json: ["disabled": .string(row.id)], lines: ["\(name) (\(row.id)) is disabled"])
    }

    /// Puts a principal into a group, or takes it out.
    public func setMembership(of name: String, in group: String, to isMember: Bool) throws -> Report
    {
        let (member, group) = (try workspace.principal(name), try workspace.principal(group))
        guard group.kind == .group else {
            throw WorkspaceError(.usage, "\(group.id) is no group")
        }
        if isMember {
            try workspace.authorizer.addMember(
                member.id, to: group.id, session: workspace.session)
        } else {
            try workspace.authorizer.removeMember(
                member.id, from: group.id, session: workspace.session)
        }
        return Report(
            json: [
                "group": .string(group.id), "member": .string(member.id),
                "isMember": .bool(isMember),
            ],
            lines: ["\(name) is \(isMember ? "now" : "no longer") a member of \(group.id)"])
    }
}
