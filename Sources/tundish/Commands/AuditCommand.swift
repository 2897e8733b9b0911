import ArgumentParser
import Governance
import Workspace

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "The log: read it, check it, prove from it.",
        subcommands: [Log.self, Verify.self, Prove.self, Checkpoint.self, Export.self])

    struct Log: WorkspaceCommand {
        static let access = CommandAccess.needs([.readAudit])
        static let configuration = CommandConfiguration(abstract: "Show the events.")

        @Option(help: "Only the last N.") var last: Int?
        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try AuditLog(workspace).log(last: last)
        }
    }

    struct Verify: WorkspaceCommand {
        static let access = CommandAccess.needs([.readAudit])
        static let configuration = CommandConfiguration(
            abstract: "Check the log, the grants against it, every object and every version.")

        @Option(help: "The verifier key that you trust.") var trust: String?
        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try AuditLog(workspace).verify(trustedKey: trust)
        }
    }

    struct Prove: WorkspaceCommand {
        static let access = CommandAccess.needs([.readAudit])
        static let configuration = CommandConfiguration(
            abstract: "Prove to an outsider that an event stands in the log.")

        @Argument(help: "The event's index.") var index: UInt64
        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try AuditLog(workspace).prove(index)
        }
    }

    struct Checkpoint: WorkspaceCommand {
        static let access = CommandAccess.needs([.readAudit])
        static let configuration = CommandConfiguration(abstract: "Show the signed tree head.")

        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try AuditLog(workspace).checkpoint()
        }
    }

    struct Export: WorkspaceCommand {
        static let access = CommandAccess.needs([.readAudit])
        static let configuration = CommandConfiguration(
            abstract: "Write the log as C2SP tiles that other tools read.")

        @Argument(help: "The folder.") var folder: String
        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try AuditLog(workspace).export(to: folder)
        }
    }
}

struct VerifyCommand: TundishCommand {
    static let access = CommandAccess.open(reason: "checks an exported folder, offline")
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check an exported model's provenance, offline and without the workspace.",
        discussion: """
            Ends with 0 only under a trusted key; 3: consistent, signer unknown; 6: broken.
            """)

    @Argument(help: "The exported folder.") var folder: String
    @Option(help: "The verifier key that you trust.") var trust: String?
    @OptionGroup var common: CommonOptions

    func report() throws -> Report { try VerifyModel(folder: folder, trustedKey: trust).run() }
}
