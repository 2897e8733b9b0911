import ArgumentParser
import Governance
import Workspace

struct InitCommand: TundishCommand {
    static let access = CommandAccess.open(reason: "makes the workspace")
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make a workspace, its keys and its first principal.")

    @Argument(help: "The folder to make it in (default: --home, or the current folder).")
    var folder: String?

    @Flag(help: "One principal holds every role; approvals are recorded as self-approved.")
    var solo = false

    @Option(help: "The name of the first principal.")
    var name = "owner"

    @Option(help: "A file whose first line is the passphrase of the root key (scrypt).")
    var rootPassphraseFile: String?

    @OptionGroup var common: CommonOptions

    func report() throws -> Report {
        let settings = try common.settings()
        return try Initialise(
            folder: folder ?? settings.home, solo: solo, name: name,
            rootPassphraseFile: rootPassphraseFile
        ).run(settings)
    }
}

struct StatusCommand: WorkspaceCommand {
    static let access = CommandAccess.needs([.readMetadata])
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show what the workspace holds.")

    @OptionGroup var common: CommonOptions

    func report(in workspace: OpenWorkspace) throws -> Report { try Doctor(workspace).status() }
}

struct DoctorCommand: WorkspaceCommand {
    static let access = CommandAccess.needs([.readMetadata])
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Sweep what a crash left behind; say what this set-up cannot promise.")

    @OptionGroup var common: CommonOptions

    func report(in workspace: OpenWorkspace) throws -> Report { try Doctor(workspace).run() }
}
