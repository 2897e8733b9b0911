import ArgumentParser
import Catalog
import Governance
import Workspace

struct PrincipalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "principal", abstract: "People, services and groups.",
        subcommands: [Add.self, List.self, Disable.self])

    struct Add: WorkspaceCommand {
        static let access = CommandAccess.needs([.managePrincipals])
        static let configuration = CommandConfiguration(
            abstract: "Add a principal and make its identity file.")

        @Argument(help: "The name.") var name: String
        @Option(help: "person, service or group.") var kind = "person"
        @Option(help: "Where the new identity file goes.") var newIdentity: String?
        @Option(help: "A file whose first line protects the new identity.")
        var newPassphraseFile: String?
        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            guard let kind = PrincipalKind(rawValue: kind) else {
                throw WorkspaceError(.usage, "--kind is person, service or group")
            }
            return try Principals(workspace).add(
                name: name, kind: kind, identity: newIdentity, passphraseFile: newPassphraseFile)
        }
    }

    struct List: WorkspaceCommand {
        static let access = CommandAccess.needs([.readMetadata])
        static let configuration = CommandConfiguration(abstract: "List the principals.")

        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try Principals(workspace).list()
        }
    }

    struct Disable: WorkspaceCommand {
        static let access = CommandAccess.needs([.managePrincipals])
        static let configuration = CommandConfiguration(
            abstract: "Shut a principal out, at once.")

        @Argument(help: "The principal.") var name: String
        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try Principals(workspace).disable(name)
        }
    }
}

struct GroupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "group", abstract: "The members of groups.",
        subcommands: [Add.self, Remove.self])

    struct Add: WorkspaceCommand {
        static let access = CommandAccess.needs([.managePrincipals])
        static let configuration = CommandConfiguration(abstract: "Put a principal into a group.")

        @Argument(help: "The group.") var group: String
        @Argument(help: "The principal.") var member: String
        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try Principals(workspace).setMembership(of: member, in: group, to: true)
        }
    }

    struct Remove: WorkspaceCommand {
        static let access = CommandAccess.needs([.managePrincipals])
        static let configuration = CommandConfiguration(
            abstract: "Take a principal out of a group.")

        @Argument(help: "The group.") var group: String
        @Argument(help: "The principal.") var member: String
        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try Principals(workspace).setMembership(of: member, in: group, to: false)
        }
    }
}
