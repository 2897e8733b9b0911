import ArgumentParser
import Governance
import Workspace

struct RedactCommand: WorkspaceCommand {
    static let access = CommandAccess.needs([.redact])
    static let configuration = CommandConfiguration(
        commandName: "redact",
        abstract: "Replace personal data under a policy: a new version at stage redacted.")

    @Argument(help: "The raw dataset or version, such as reviews@2.")
    var version: String

    @Option(help: "The policy's name or file; `tundish policy list` names them.")
    var policy: String

    @Option(help: "How many threads.")
    var threads = 2

    @Flag(help: "Count, but change nothing.")
    var dryRun = false

    @OptionGroup var common: CommonOptions

    func report(in workspace: OpenWorkspace) throws -> Report {
        let progress = ProgressLine("redacting")
        defer { progress.clear() }
        return try Redact(
            version: version, policy: policy, threads: threads, isDryRun: dryRun,
            onProgress: { progress.update($0, of: $1) }
        ).run(in: workspace)
    }
}

struct ScanCommand: TundishCommand {
    static let access = CommandAccess.open(reason: "reads only what it is given")
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "Find personal data in text or JSON Lines, without a workspace.",
        discussion: """
            Writes one JSON line for each row: {"id","spans":[{"start","end","type","score",\
            "detector"}],"text"}, offsets in code points, end exclusive.
            """)

    @Argument(help: "A file, or - for standard input.")
    var file = "-"

    @Option(help: "The policy's name or file.")
    var policy = "all"

    @Flag(help: "The input is JSON Lines, each an object with a member `text`.")
    var jsonl = false

    @OptionGroup var common: CommonOptions

    func report() throws -> Report {
        let input = try file == "-" ? nil : InputStream(file)
        var pending: [UInt8] = []
        // Rows that were done before a bad one are not lost with it.
        defer { Console.write(pending) }
        var report = try Scan(policy: policy, isJSONLines: jsonl || file.hasSuffix(".jsonl")).run(
            readChunk: { try input?.readChunk() ?? (input == nil ? Console.readChunk() : nil) },
            write: { bytes in
                pending.append(contentsOf: bytes)
                if pending.count > 1 << 16 {
                    Console.write(pending)
                    pending.removeAll(keepingCapacity: true)
                }
            })
        // The rows are the output; the summary is for people.
        for line in report.lines { Console.error(line) }
        report.lines = []
        return report
    }
}

struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Look at the redaction policies.",
        subcommands: [List.self, Show.self, Check.self, Evaluate.self])

    struct List: TundishCommand {
        static let access = CommandAccess.open(reason: "policies are no secret")
        static let configuration = CommandConfiguration(abstract: "List the policies.")

        @OptionGroup var common: CommonOptions

        func report() throws -> Report { try Policies(home: common.settings().home).list() }
    }

    struct Show: TundishCommand {
        static let access = CommandAccess.open(reason: "policies are no secret")
        static let configuration = CommandConfiguration(
            abstract: "Show what a policy finds and what it does with it.")

        @Argument(help: "The policy's name or file.") var policy: String
        @OptionGroup var common: CommonOptions

        func report() throws -> Report {
            try Policies(home: common.settings().home).show(policy)
        }
    }

    struct Check: TundishCommand {
        static let access = CommandAccess.open(reason: "policies are no secret")
        static let configuration = CommandConfiguration(
            abstract: "Check a policy file; errors name line and column.")

        @Argument(help: "The policy's name or file.") var policy: String
        @OptionGroup var common: CommonOptions

        func report() throws -> Report {
            try Policies(home: common.settings().home).check(policy)
        }
    }
}

extension PolicyCommand {
    struct Evaluate: TundishCommand {
        static let access = CommandAccess.open(reason: "reads only what it is given")
        static let configuration = CommandConfiguration(
            abstract: "Score a policy's detection on marked texts.",
            discussion: """
                GOLD is JSON Lines of {"text", "spans": [{"start", "end", "label"}]}, or a JSON \
                array in the form of presidio-research; offsets in code points, end exclusive.
                """)

        @Argument(help: "The file of marked texts.") var gold: String
        @Option(help: "The policy's name or file.") var policy = "all"
        @Option(help: "Members to break the scores down by, such as style,language.")
        var by: String?
        @Option(help: "How many threads.") var threads = 2
        @OptionGroup var common: CommonOptions

        func report() throws -> Report {
            try EvaluatePolicy(
                policy: policy, gold: gold,
                keys: by?.split(separator: ",").map(String.init) ?? [], threads: threads
            ).run(home: common.settings().home)
        }
    }
}

struct AugmentCommand: WorkspaceCommand {
    static let access = CommandAccess.needs([.augment])
    static let configuration = CommandConfiguration(
        commandName: "augment",
        abstract: "Add generated children of train records: a new version at stage synthetic.")

    @Argument(help: "The redacted dataset or version, such as reviews@3.")
    var version: String

    @Option(help: "The method; see docs/augmentation.md.")
    var method = "light-edits"

    @Option(help: "How many children each record may have.")
    var children = 1

    @Option(help: "The share of words that may be edited, 0 to 0.2.")
    var strength = 0.1

    @Option(help: "The seed.")
    var seed: UInt64 = 42

    @Option(help: "The policy that children are scanned with.")
    var policy: String

    @OptionGroup var common: CommonOptions

    func report(in workspace: OpenWorkspace) throws -> Report {
        try Augment(
            version: version, method: method, childrenPerRecord: children, strength: strength,
            seed: seed, policy: policy
        ).run(in: workspace)
    }
}
