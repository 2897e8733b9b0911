import ArgumentParser
import Workspace

/// The command line: `tundish NOUN VERB`, with the three main jobs as plain verbs.
struct Tundish: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tundish",
        abstract: "Prepare and govern the data that language models are fine-tuned on.",
        discussion: """
            Ingest and redact datasets, grant roles on them, and launch fine-tunes that an outsider \
            can verify. Standard output is data, standard error is for people; every command takes \
            --json.
            """,
        version: "0.1.0",
        groupedSubcommands: [
            CommandGroup(
                name: "Workspace:",
                subcommands: [InitCommand.self, StatusCommand.self, DoctorCommand.self]),
            CommandGroup(
                name: "Ingest and redact datasets:",
                subcommands: [
                    IngestCommand.self, QuarantineCommand.self, ProfileCommand.self,
                    CleanCommand.self, SplitCommand.self, RedactCommand.self, ScanCommand.self,
                    PolicyCommand.self, ReviewCommand.self, AnonymityCommand.self,
                    RevealCommand.self, AugmentCommand.self, DatasetCommand.self,
                ]),
            CommandGroup(
                name: "Grant dataset roles:",
                subcommands: [
                    PrincipalCommand.self, GroupCommand.self, GrantCommand.self,
                    RevokeCommand.self, AccessCommand.self, RequestCommand.self,
                    ApproveCommand.self, RejectCommand.self, AcceptCommand.self,
                    ReleaseCommand.self,
                ]),
            CommandGroup(
                name: "Launch audited fine-tunes:",
                subcommands: [
                    ModelCommand.self, EngineCommand.self, TrainCommand.self, TuneCommand.self,
                    RunCommand.self, EvaluateCommand.self, PredictCommand.self, ChatCommand.self,
                ]),
            CommandGroup(
                name: "Evidence:", subcommands: [AuditCommand.self, VerifyCommand.self]),
        ])
}

@main
enum Main {
    static func main() {
        do {
            var command = try Tundish.parseAsRoot()
            try command.run()
        } catch let error as ExitCode {
            Tundish.exit(withError: error)
        } catch {
            // ArgumentParser ends with 64 on wrong usage; the exit codes of docs/cli.md say 2.
            let code = Tundish.exitCode(for: error)
            if code == .validationFailure {
                Console.error(Tundish.fullMessage(for: error))
                Tundish.exit(withError: ExitCode(WorkspaceError.Code.usage.rawValue))
            }
            Tundish.exit(withError: error)
        }
    }
}
