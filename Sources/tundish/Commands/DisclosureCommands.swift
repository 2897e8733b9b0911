import ArgumentParser
import Governance
import Records
import Workspace

struct AnonymityCommand: WorkspaceCommand {
    static let access = CommandAccess.needs([.label])
    static let configuration = CommandConfiguration(
        commandName: "anonymity",
        abstract: "Report k-anonymity, l-diversity and uniqueness over quasi-identifiers.")

    @Argument(help: "The dataset or version, such as reviews@3.")
    var version: String

    @Option(help: "The fields that others may know, such as zip,age,sex.")
    var quasi: String

    @Option(help: "A field whose values should differ among equals, such as diagnosis.")
    var sensitive: String?

    @Flag(help: "Sign the report into an attestation on the version.")
    var attest = false

    @OptionGroup var common: CommonOptions

    func report(in workspace: OpenWorkspace) throws -> Report {
        try Anonymity(
            version: version, quasiIdentifiers: quasi.split(separator: ",").map(String.init),
            sensitive: sensitive, isAttested: attest
        ).run(in: workspace)
    }
}

struct RevealCommand: WorkspaceCommand {
    static let access = CommandAccess.needs([.reidentify])
    static let configuration = CommandConfiguration(
        commandName: "reveal",
        abstract: "Turn the codes of `encrypt` and `token` back, after a second person approved.",
        discussion: "Writes one JSON line for each record.")

    @Argument(help: "The redacted version.")
    var version: String

    @Argument(help: "Record ids, 32 hex digits each (default: all records).")
    var rids: [String] = []

    @Option(help: "What for; among the dataset's purposes.")
    var purpose: String

    @OptionGroup var common: CommonOptions

    func report(in workspace: OpenWorkspace) throws -> Report {
        var report = try Reveal(version: version, rids: rids, purpose: purpose)
            .run(in: workspace) { Console.write($0) }
        // The records are the output; the summary is for people.
        for line in report.lines { Console.error(line) }
        report.lines = []
        return report
    }
}
