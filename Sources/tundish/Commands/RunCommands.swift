import ArgumentParser
import Governance
import Workspace

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Fine-tunes, past and running.",
        subcommands: [
            List.self, RunShowCommand.self, RunCompareCommand.self, RunWatchCommand.self,
            RunLeaksCommand.self, Requirements.self, Stop.self, Resume.self, Reproduce.self,
            Discard.self,
        ])

    struct List: WorkspaceCommand {
        static let access = CommandAccess.needs([.readMetadata])
        static let configuration = CommandConfiguration(abstract: "List the runs.")

        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report { try Models(workspace).runs() }
    }

    struct Requirements: WorkspaceCommand {
        static let access = CommandAccess.needs([.train, .useModel])
        static let configuration = CommandConfiguration(
            abstract: "Say what a run would take, before anything is trained.",
            discussion: "Exit code 3: it cannot be done as it stands.")

        @OptionGroup var tuning: TuningOptions
        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try Workspace.Requirements(tuning.train(name: "")).run(in: workspace)
        }
    }

    struct Stop: WorkspaceCommand {
        static let access = CommandAccess.needs([.train])
        static let configuration = CommandConfiguration(
            abstract: "Ask a running run to stop, with a checkpoint.")

        @Argument(help: "The run.") var run: String
        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try StopRun(name: run).run(in: workspace)
        }
    }

    struct Resume: WorkspaceCommand {
        static let access = CommandAccess.needs([.train, .useModel])
        static let configuration = CommandConfiguration(
            abstract: "Go on with a run that was stopped or killed, from its newest checkpoint.",
            discussion: "The result is the one that an undisturbed run would have had.")

        @Argument(help: "The run.") var run: String
        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try Watched.run(isJSON: common.json) { onEvent, isInterrupted in
                try ResumeRun(name: run, onEvent: onEvent, isInterrupted: isInterrupted)
                    .run(in: workspace)
            }
        }
    }

    struct Reproduce: WorkspaceCommand {
        static let access = CommandAccess.needs([.train, .useModel])
        static let configuration = CommandConfiguration(
            abstract: "Repeat a finished run under another name and compare the weights.",
            discussion: "Exit code 3: the weights differ.")

        @Argument(help: "The run.") var run: String
        @Option(help: "The name of the new run and model (default: NAME-again).") var name: String?
        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try Watched.run(isJSON: common.json) { onEvent, isInterrupted in
                try ReproduceRun(
                    name: run, newName: name, onEvent: onEvent, isInterrupted: isInterrupted
                ).run(in: workspace)
            }
        }
    }

    struct Discard: WorkspaceCommand {
        static let access = CommandAccess.needs([.train, .setPurpose])
        static let configuration = CommandConfiguration(
            abstract: "Throw away the checkpoints of a run that was stopped or failed.")

        @Argument(help: "The run.") var run: String
        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try DiscardRun(name: run).run(in: workspace)
        }
    }
}
