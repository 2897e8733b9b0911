import ArgumentParser
import Foundation
import Testing

@testable import tundish

/// Every command of the tree, with its path of names.
private func commands(
    _ type: any ParsableCommand.Type, _ path: [String]
) -> [(path: String, type: any ParsableCommand.Type)] {
    let configuration = type.configuration
    let children =
        configuration.subcommands + configuration.groupedSubcommands.flatMap(\.subcommands)
    if children.isEmpty { return [(path.joined(separator: " "), type)] }
    return children.flatMap { child in
        commands(
            child, path + [child.configuration.commandName ?? "\(child)".lowercased()])
    }
}

private let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

@Suite("The command line and its documentation")
struct DocumentationTests {
    let all = commands(Tundish.self, ["tundish"])

    @Test("every command stands in docs/cli.md") func documented() throws {
        let text = try String(contentsOf: root.appending(path: "docs/cli.md"), encoding: .utf8)
        #expect(all.count > 30)
        for command in all {
            #expect(
                text.contains("`\(command.path)"), "docs/cli.md does not name `\(command.path)`")
        }
    }

    @Test("docs/cli.md names no command that does not exist") func noGhosts() throws {
        let text = try String(contentsOf: root.appending(path: "docs/cli.md"), encoding: .utf8)
        let known = Set(all.map(\.path))
        for piece in text.components(separatedBy: "`") where piece.hasPrefix("tundish ") {
            let words = piece.split(separator: " ").prefix(3).map(String.init)
            let two = words.prefix(2).joined(separator: " ")
            let three = words.joined(separator: " ")
            #expect(
                known.contains(two) || known.contains(three) || two.hasPrefix("tundish --")
                    || piece == "tundish NOUN VERB",
                "docs/cli.md names `\(piece)`")
        }
    }

    /// Invariant 11 of docs/access.md.
    @Test("every command maps to a permission, or says why it needs none") func permissions() {
        for command in all {
            guard let type = command.type as? any TundishCommand.Type else {
                Issue.record("`\(command.path)` is outside the choke-point")
                continue
            }
            switch type.access {
            case .open(let reason): #expect(!reason.isEmpty)
            case .needs(let permissions): #expect(!permissions.isEmpty)
            }
        }
    }

    @Test("every command and option explains itself") func help() {
        for command in all {
            #expect(
                !command.type.configuration.abstract.isEmpty, "`\(command.path)` has no abstract")
            let help = command.type.helpMessage(columns: 100)
            #expect(help.contains("--json"), "`\(command.path)` has no --json")
        }
    }
}
