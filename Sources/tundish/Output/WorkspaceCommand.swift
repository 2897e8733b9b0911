import ArgumentParser
import Governance
import Records
import Workspace

/// What every command of a workspace takes.
struct CommonOptions: ParsableArguments {
    @Option(help: "The workspace's folder (default: TUNDISH_HOME, or the current folder).")
    var home: String?

    @Option(help: "The identity file to use (default: TUNDISH_IDENTITY, or the workspace's own).")
    var identity: String?

    @Flag(help: "Print one JSON object instead of text.")
    var json = false

    /// The settings that these flags, the environment and the settings files make.
    func settings() throws -> Settings {
        try Settings.resolve(Settings.Flags(home: home, identity: identity))
    }
}

/// What a command may do, for the test that finds commands without a permission.
enum CommandAccess {
    /// Works without a workspace.
    case open(reason: String)
    /// Is decided by ``Authorizer`` under these permissions.
    case needs([Permission])
}

/// A command: it names its permissions, makes a report, and the rest is shared.
protocol TundishCommand: ParsableCommand {
    static var access: CommandAccess { get }
    var common: CommonOptions { get }
    func report() throws -> Report
}

/// A command inside a workspace.
protocol WorkspaceCommand: TundishCommand {
    func report(in workspace: OpenWorkspace) throws -> Report
}

extension WorkspaceCommand {
    func report() throws -> Report {
        try report(in: OpenWorkspace.open(try common.settings()))
    }
}

extension TundishCommand {
    mutating func run() throws {
        do {
            let report = try report()
            if common.json {
                Console.write(CanonicalJSON.encode(report.json) + [0x0A])
            } else {
                for line in report.lines { Console.line(line) }
                for (index, command) in report.next.enumerated() {
                    Console.error((index == 0 ? "next: " : "      ") + command)
                }
            }
            switch report.verdict {
            case .passed: return
            case .checksFailed: throw ExitCode(WorkspaceError.Code.checksFailed.rawValue)
            case .integrityViolated: throw ExitCode(WorkspaceError.Code.integrity.rawValue)
            }
        } catch let code as ExitCode {
            throw code
        } catch {
            let failure = WorkspaceError(describing: error)
            Console.error("error: \(failure)")
            if common.json {
                Console.write(
                    CanonicalJSON.encode([
                        "error": [
                            "code": .integer(Int(failure.code.rawValue)),
                            "message": .string(failure.message),
                            "hint": failure.hint.map { .string($0) } ?? .null,
                            "reasons": .array(failure.reasons.map { .string($0) }),
                        ]
                    ]) + [0x0A])
            }
            throw ExitCode(failure.code.rawValue)
        }
    }
}
