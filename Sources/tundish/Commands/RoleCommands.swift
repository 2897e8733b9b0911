import ArgumentParser
import Governance
import Records
import Workspace

struct GrantCommand: WorkspaceCommand {
    static let access = CommandAccess.needs([.grantRoles, .proposeAppointment])
    static let configuration = CommandConfiguration(
        commandName: "grant", abstract: "Give a role on a dataset, a model or the workspace.",
        discussion: """
            Roles: viewer, annotator, steward, trainer; privacy-officer, auditor, admin and owner \
            are appointments, which the appointee accepts.
            """)

    @Argument(help: "The role.") var role: String
    @Argument(help: "The principal.") var principal: String
    @Argument(help: "The dataset or model (default: the whole workspace).") var dataset: String?
    @Option(help: "raw, redacted or synthetic.") var stage: String?
    @Option(help: "The one purpose that it holds for.") var purpose: String?
    @Option(help: "Until when, such as 2027-01-31T00:00:00Z (default: 90 days).") var until: String?
    @OptionGroup var common: CommonOptions

    func report(in workspace: OpenWorkspace) throws -> Report {
        let stage = try stage.map { name in
            guard let stage = Stage(rawValue: name) else {
                throw WorkspaceError(.usage, "a stage is raw, redacted or synthetic")
            }
            return stage
        }
        return try Grants(workspace).grant(
            try Grants.role(role), to: principal, on: dataset, stage: stage, purpose: purpose,
            until: try until.map { try Timestamp(rfc3339: $0) })
    }
}

struct RevokeCommand: WorkspaceCommand {
    static let access = CommandAccess.needs([.grantRoles])
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Take a role away; live leases end, runs stop.")

    @Argument(help: "The grant's id, or the role.") var grantOrRole: String
    @Argument(help: "The principal, after a role.") var principal: String?
    @Argument(help: "The dataset or model (default: the whole workspace).") var dataset: String?
    @OptionGroup var common: CommonOptions

    func report(in workspace: OpenWorkspace) throws -> Report {
        guard let principal else { return try Grants(workspace).revoke(grant: grantOrRole) }
        return try Grants(workspace).revoke(
            try Grants.role(grantOrRole), from: principal, on: dataset)
    }
}

struct AccessCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "access", abstract: "Ask who may do what, and why.",
        subcommands: [Explain.self, Matrix.self])

    struct Explain: WorkspaceCommand {
        static let access = CommandAccess.needs([.readMetadata])
        static let configuration = CommandConfiguration(
            abstract: "Say whether a principal may do something, with the reasons.")

        @Argument(help: "The principal.") var principal: String
        @Argument(help: "The permission, such as read-raw or train.") var permission: String
        @Argument(help: "The dataset, version or model (default: the workspace).") var on: String?
        @Option(help: "The purpose.") var purpose: String?
        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try Grants(workspace).explain(
                principal, try RequestCommand.permission(permission), on: on, purpose: purpose)
        }
    }

    struct Matrix: TundishCommand {
        static let access = CommandAccess.open(reason: "the matrix is no secret")
        static let configuration = CommandConfiguration(
            abstract: "Show the roles with their permissions.")

        @OptionGroup var common: CommonOptions

        func report() throws -> Report { Grants.matrix() }
    }
}

struct RequestCommand: WorkspaceCommand {
    static let access = CommandAccess.needs([.readRaw, .reidentify, .exportDataset])
    static let configuration = CommandConfiguration(
        commandName: "request", abstract: "Ask for what needs a second person's approval.")

    @Argument(help: "The permission, such as read-raw.") var permission: String
    @Argument(help: "The dataset or version.") var on: String
    @Option(help: "The purpose.") var purpose: String?
    @Option(help: "Why.") var reason: String
    @OptionGroup var common: CommonOptions

    func report(in workspace: OpenWorkspace) throws -> Report {
        try Grants(workspace).request(
            try Self.permission(permission), on: on, purpose: purpose, reason: reason)
    }

    static func permission(_ name: String) throws -> Permission {
        guard let permission = Permission(rawValue: name) else {
            throw WorkspaceError(
                .usage, "there is no permission `\(name)`",
                hint: "permissions: "
                    + Permission.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return permission
    }
}

struct ApproveCommand: WorkspaceCommand {
    static let access = CommandAccess.needs([
        .approveRelease, .approveEngine, .approveModelExport,
        .approveAppointment, .approveErasure, .approvePolicy,
    ])
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Approve a request of somebody else's.")

    @Argument(help: "The request's id.") var request: String
    @OptionGroup var common: CommonOptions

    func report(in workspace: OpenWorkspace) throws -> Report {
        try Grants(workspace).decide(request, approve: true)
    }
}

struct RejectCommand: WorkspaceCommand {
    static let access = CommandAccess.needs([.approveRelease, .approveAppointment])
    static let configuration = CommandConfiguration(
        commandName: "reject", abstract: "Reject a request of somebody else's.")

    @Argument(help: "The request's id.") var request: String
    @OptionGroup var common: CommonOptions

    func report(in workspace: OpenWorkspace) throws -> Report {
        try Grants(workspace).decide(request, approve: false)
    }
}

struct AcceptCommand: WorkspaceCommand {
    static let access = CommandAccess.needs([.readMetadata])
    static let configuration = CommandConfiguration(
        commandName: "accept", abstract: "Accept one's own appointment, with one's own key.")

    @Argument(help: "The appointment's id.") var request: String
    @OptionGroup var common: CommonOptions

    func report(in workspace: OpenWorkspace) throws -> Report {
        try Grants(workspace).accept(request)
    }
}

struct ReleaseCommand: WorkspaceCommand {
    static let access = CommandAccess.needs([.proposeRelease])
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Release a version for training; a second person approves.")

    @Argument(help: "The version, such as reviews@3.") var version: String
    @Option(help: "The purpose, one of the dataset's.") var purpose: String
    @OptionGroup var common: CommonOptions

    func report(in workspace: OpenWorkspace) throws -> Report {
        try Grants(workspace).release(version, purpose: purpose)
    }
}
