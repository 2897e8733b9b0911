import Foundation
import Testing

/// The built program, run as a process: exit codes, streams, `--json`.
@Suite("The program")
struct ExitCodeTests {
    let folder = FileManager.default.temporaryDirectory.appending(
        path: "tundish-cli-\(UUID().uuidString)"
    ).path

    struct Result {
        var code: Int32
        var output: String
        var error: String
    }

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    func tundish(_ arguments: String..., input: String? = nil) throws -> Result {
        let process = Process()
        process.executableURL = URL(filePath: CommandLine.arguments[0])
            .deletingLastPathComponent().appending(path: "tundish")
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: folder)
        process.environment = [
            "HOME": folder, "TUNDISH_HOME": folder + "/ws", "PATH": "/usr/bin:/bin",
            "TUNDISH_POLICIES": URL(filePath: #filePath).deletingLastPathComponent()
                .deletingLastPathComponent().deletingLastPathComponent()
                .appending(path: "policies").path,
        ]
        let (output, error, standardInput) = (Pipe(), Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = error
        process.standardInput = standardInput
        try process.run()
        if let input { try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8)) }
        try standardInput.fileHandleForWriting.close()
        let text = String(
            decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        let errors = String(
            decoding: try error.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        return Result(code: process.terminationStatus, output: text, error: errors)
    }

    func object(_ text: String) throws -> [String: Any] {
        try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test("exit codes are those of docs/cli.md") func codes() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(try tundish("status").code == 5)
        #expect(try tundish("init", "--solo", "ws").code == 0)
        #expect(try tundish("init", "--solo", "ws").code == 7)
        #expect(try tundish("no-such-command").code == 2)
        #expect(try tundish("ingest").code == 2)
        #expect(try tundish("--help").code == 0)
        #expect(try tundish("dataset", "show", "nothing").code == 5)
        #expect(try tundish("audit", "verify").code == 0)

        try "email,review,mood\na@x.example,fine,good\nb@x.example,bad\n".write(
            toFile: folder + "/r.csv", atomically: true, encoding: .utf8)
        let strict = try tundish(
            "ingest", "reviews", "r.csv", "--map", "text=review,label=mood", "--strict",
            "--purpose", "p", "--legal-basis", "consent", "--json")
        #expect(strict.code == 3, "\(strict.error)")
        #expect(try object(strict.output)["new"] as? Bool == true)
        let split = try tundish("split", "reviews", "--group", "email", "--json")
        #expect(split.code == 0, "\(split.error)")
        let refused = try tundish(
            "train", "m", "--data", "reviews", "--model", "none", "--purpose", "p", "--json")
        #expect(refused.code == 4, "\(refused.error)")
        #expect(try object(refused.output)["error"] != nil)
        #expect(refused.error.hasPrefix("error: "))
    }

    @Test("scan keeps its contract") func scan() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let result = try tundish(
            "scan", "-", "--policy", "all", "--jsonl",
            input: #"{"text":"😀 mail jane.roe@example.com"}"# + "\n" + #"{"text":"nothing here"}"#
                + "\n")
        #expect(result.code == 0, "\(result.error)")
        let rows = try result.output.split(separator: "\n").map { try object(String($0)) }
        #expect(rows.count == 2)
        #expect(rows.map { $0["id"] as? Int } == [0, 1])
        let spans = try #require(rows[0]["spans"] as? [[String: Any]])
        #expect(spans.count == 1)
        #expect(spans[0]["start"] as? Int == 7)
        #expect(spans[0]["end"] as? Int == 27)
        #expect(spans[0]["type"] as? String == "EMAIL_ADDRESS")
        #expect(!(rows[0]["text"] as? String ?? "").contains("jane.roe"))
        #expect(rows[1]["text"] as? String == "nothing here")
        #expect(try tundish("scan", "-", "--policy", "none-such", input: "x\n").code == 5)
        #expect(try tundish("scan", "-", "--jsonl", input: "{\n").code == 1)
    }
}
