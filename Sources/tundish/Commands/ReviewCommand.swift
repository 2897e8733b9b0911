import ArgumentParser
import Catalog
import Governance
import Workspace

struct ReviewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review",
        abstract: "Check what redaction found, and look for what it missed.",
        discussion: """
            `next` shows findings with their context, the most doubtful first, and a random sample \
            of the passages that are left. Verdicts go into the audit log without values, feed the \
            next redaction of the dataset, and give an estimate of the residual leak.
            """,
        subcommands: [
            Next.self, Accept.self, Reject.self, Adjust.self, Add.self, Status.self, Attest.self,
        ])

    struct Next: WorkspaceCommand {
        static let access = CommandAccess.needs([.label])
        static let configuration = CommandConfiguration(abstract: "Show what to look at next.")

        @Argument(help: "The redacted version, such as reviews@3.") var version: String
        @Option(help: "How many findings, the most doubtful first.") var findings = 10
        @Option(help: "How many passages of the random sample.") var passages = 10
        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            guard findings >= 0, passages >= 0, findings + passages > 0 else {
                throw WorkspaceError(.usage, "--findings and --passages are 0 or more, not both 0")
            }
            return try Review(workspace).next(version, findings: findings, passages: passages)
        }
    }

    struct Accept: WorkspaceCommand {
        static let access = CommandAccess.needs([.label])
        static let configuration = CommandConfiguration(
            abstract: "Findings that are right; passages in which nothing was missed.")

        @Argument(help: "The redacted version.") var version: String
        @Argument(help: "Items, such as f-0123456789ab.") var items: [String]
        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try Review(workspace).decide(version, items: items, verdict: .accept)
        }
    }

    struct Reject: WorkspaceCommand {
        static let access = CommandAccess.needs([.label])
        static let configuration = CommandConfiguration(
            abstract: "Findings that are no personal data: the next redaction lets them stand.")

        @Argument(help: "The redacted version.") var version: String
        @Argument(help: "Findings.") var items: [String]
        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try Review(workspace).decide(version, items: items, verdict: .reject)
        }
    }

    struct Adjust: WorkspaceCommand {
        static let access = CommandAccess.needs([.label])
        static let configuration = CommandConfiguration(
            abstract: "Correct a finding's text or type.")

        @Argument(help: "The redacted version.") var version: String
        @Argument(help: "The finding.") var item: String
        @Option(
            help: "The text that it should have covered, as written there; - reads it from stdin.")
        var text: String?
        @Option(help: "The type that it should have had.") var type: String?
        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try Review(workspace).decide(
                version, items: [item], verdict: .adjust, text: try text.map(reviewText), type: type
            )
        }
    }

    struct Add: WorkspaceCommand {
        static let access = CommandAccess.needs([.label])
        static let configuration = CommandConfiguration(
            abstract: "Personal data in a sampled passage that nobody had found.")

        @Argument(help: "The redacted version.") var version: String
        @Argument(help: "The passage, such as s-0123456789ab.") var item: String
        @Option(help: "What was missed, as it is written there; - reads it from standard input.")
        var text: String
        @Option(help: "Its type, such as PERSON.") var type: String
        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try Review(workspace).decide(
                version, items: [item], verdict: .add, text: try reviewText(text), type: type)
        }
    }

    struct Status: WorkspaceCommand {
        static let access = CommandAccess.needs([.label])
        static let configuration = CommandConfiguration(
            abstract: "What was decided, and the estimate of the residual leak.")

        @Argument(help: "The redacted version.") var version: String
        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try Review(workspace).status(version)
        }
    }

    struct Attest: WorkspaceCommand {
        static let access = CommandAccess.needs([.label])
        static let configuration = CommandConfiguration(
            abstract: "Sign the estimate into an attestation on the version.")

        @Argument(help: "The redacted version.") var version: String
        @OptionGroup var common: CommonOptions

        func report(in workspace: OpenWorkspace) throws -> Report {
            try Review(workspace).attest(version)
        }
    }
}

/// The text of a verdict: a value on the command line stays in the shell's history, so that it may
/// come from standard input.
private func reviewText(_ option: String) throws -> String {
    guard option == "-" else { return option }
    var bytes: [UInt8] = []
    while let chunk = Console.readChunk() { bytes += chunk }
    while bytes.last == 0x0A || bytes.last == 0x0D { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
}
