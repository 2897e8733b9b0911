import Foundation
import Testing

/// The built program, killed while it works.
@Suite("A run that was killed")
struct ResumeTests {
    let folder = FileManager.default.temporaryDirectory.appending(
        path: "tundish-kill-\(UUID().uuidString)"
    ).path

    private func process(_ arguments: [String], home: String) -> (Process, Pipe) {
        let process = Process()
        process.executableURL = URL(filePath: CommandLine.arguments[0])
            .deletingLastPathComponent().appending(path: "tundish")
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: folder)
        process.environment = [
            "HOME": folder, "TUNDISH_HOME": home, "PATH": "/usr/bin:/bin",
            // A copy of a workspace has a log of its own.
            "XDG_STATE_HOME": home + "-state", "XDG_CONFIG_HOME": folder + "/config",
        ]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        return (process, output)
    }

    private func run(_ arguments: String..., home: String) throws -> (
        code: Int32, json: [String: Any]
    ) {
        let (process, output) = process(arguments + ["--json"], home: home)
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let json = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        return (process.terminationStatus, json ?? [:])
    }

    /// Starts a command and kills it, SIGKILL, after some milliseconds; true if that came in time.
    private func kill(_ arguments: [String], home: String, after milliseconds: Int) throws -> Bool {
        let (process, output) = process(arguments, home: home)
        try process.run()
        usleep(useconds_t(milliseconds * 1000))
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        _ = try output.fileHandleForReading.readToEnd()
        return process.terminationReason == .uncaughtSignal
    }

    private func ingest(_ threads: Int) -> [String] {
        [
            "ingest", "reviews", "in", "--map", "text=review", "--key", "id", "--threads",
            "\(threads)",
        ]
    }

    @Test(
        "killed five times and begun again: the root is that of an undisturbed run",
        arguments: [1, 2])
    func killed(threads: Int) throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(
            atPath: folder + "/in", withIntermediateDirectories: true)
        for part in 0..<3 {
            var text = "id,review\n"
            for row in 0..<4_000 {
                text += "\(part)-\(row),\"the thing \(row) of box \(part), and what it was like\"\n"
                if row % 500 == 0 { text += "short\n" }
            }
            try text.write(
                toFile: folder + "/in/\(part).csv", atomically: true, encoding: .utf8)
        }
        try "id,review\n0,first\n".write(
            toFile: folder + "/first.csv", atomically: true, encoding: .utf8)
        let (one, two) = (folder + "/one", folder + "/two")
        #expect(try run("init", "--solo", "one", home: one).code == 0)
        // The dataset's keys are made, so that both copies have the same.
        #expect(
            try run(
                "ingest", "reviews", "first.csv", "--map", "text=review", "--key", "id",
                "--purpose", "p", "--legal-basis", "b", home: one
            ).code == 0)
        try FileManager.default.copyItem(atPath: one, toPath: two)
        try FileManager.default.copyItem(atPath: one + "-state", toPath: two + "-state")

        let start = ContinuousClock.now
        let (undisturbed, output) = process(ingest(threads) + ["--json"], home: one)
        try undisturbed.run()
        _ = try output.fileHandleForReading.readToEnd()
        undisturbed.waitUntilExit()
        let took = Int((ContinuousClock.now - start) / .milliseconds(1))
        #expect(undisturbed.terminationStatus == 0)

        var kills = 0
        for attempt in 0..<5 {
            // Seeded points between start and end of the work.
            let share = [0.35, 0.83, 0.57, 0.92, 0.71][attempt]
            if try kill(
                ingest(threads), home: two, after: max(1, Int(Double(took) * share)))
            {
                kills += 1
            }
            // Nothing half-written is seen.
            let versions = try run("dataset", "versions", "reviews", home: two)
            #expect(versions.code == 0)
            #expect((versions.json["versions"] as? [Any])?.count ?? 0 <= 2)
        }
        let (finish, finished) = process(ingest(3 - threads) + ["--json"], home: two)
        try finish.run()
        _ = try finished.fileHandleForReading.readToEnd()
        finish.waitUntilExit()
        #expect(finish.terminationStatus == 0)

        let left = try run("dataset", "show", "reviews@2", home: one).json
        let right = try run("dataset", "show", "reviews@2", home: two).json
        let manifests = [left, right].map { $0["manifest"] as? [String: Any] ?? [:] }
        #expect(left["version"] as? String != nil)
        #expect(left["version"] as? String == right["version"] as? String)
        #expect(
            manifests[0]["recordRoot"] as? String == manifests[1]["recordRoot"] as? String)
        #expect(manifests[0]["count"] as? Int == 12_000)

        // What the killed runs left goes; what the version needs stays.
        _ = try run("doctor", home: two)
        let names = try FileManager.default.contentsOfDirectory(atPath: two + "/packs")
        #expect(names.allSatisfy { $0.hasSuffix(".pack") })
        let swept = try run("doctor", home: two).json
        for key in ["temporaries", "orphanKeys", "orphanPacks"] {
            #expect(swept[key] as? Int == 0)
        }
        #expect(try run("audit", "verify", home: two).json["intact"] as? Bool == true)
        let lists = try [one, two].map {
            try run("quarantine", "list", "reviews", home: $0).json["counts"] as? [String: Int]
        }
        #expect(lists[0]?["csv-field-count"] == 24)
        #expect(lists[0] == lists[1])
        if kills < 3 { print("only \(kills) of 5 kills came before the end") }
    }
}
