import Catalog
import Foundation
import Records
import Workspace

/// A workspace in a temporary folder, with its own configuration and state folders.
final class TemporaryWorkspace {
    let folder: String
    let settings: Settings

    /// Makes the folders; ``make(solo:)`` makes the workspace.
    init() throws {
        folder =
            FileManager.default.temporaryDirectory.appending(
                path: "tundish-tests-\(UUID().uuidString)"
            ).path
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        settings = try Settings.resolve(
            Settings.Flags(home: folder + "/ws"),
            environment: [
                "HOME": folder, "XDG_CONFIG_HOME": folder + "/config",
                "XDG_STATE_HOME": folder + "/state",
            ])
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    static func make(solo: Bool = true) throws -> TemporaryWorkspace {
        let workspace = try TemporaryWorkspace()
        _ = try Initialise(folder: workspace.settings.home, solo: solo).run(workspace.settings)
        return workspace
    }

    /// Opens it, as the first principal or as another identity.
    func open(as identity: String? = nil) throws -> OpenWorkspace {
        var settings = settings
        settings.identity = identity.map { folder + "/" + $0 + ".json" }
        return try OpenWorkspace.open(settings)
    }

    /// Adds a principal with an identity file of its name.
    func add(_ name: String, by workspace: OpenWorkspace) throws {
        _ = try Principals(workspace).add(
            name: name, kind: .person, identity: folder + "/" + name + ".json",
            passphraseFile: nil)
    }

    /// Writes a file beside the workspace and gives its path.
    func write(_ text: String, _ name: String) throws -> String {
        let path = folder + "/" + name
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    /// Changes the catalog behind the product's back, as an attacker with the files would.
    func sqlite(_ statement: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "python3", "-c",
            "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()",
            settings.home + "/catalog.sqlite", statement,
        ]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
    }

    /// Reviews of invented people, several to a person.
    func reviews(_ count: Int = 60, salt: Int = 0) throws -> String {
        var lines = ["id,email,review,sentiment"]
        for index in 0..<count {
            let person = index / 3
            let mood = index % 2 == 0 ? "positive" : "negative"
            lines.append(
                "\(index),person\(person)@mail.example,"
                    + "\"Order \(index + salt): the \(Self.things[index % 4]) is "
                    + "\(mood == "positive" ? "lovely" : "broken"), write to person\(person)@mail.example\","
                    + mood)
        }
        return try write(lines.joined(separator: "\n") + "\n", "reviews-\(count)-\(salt).csv")
    }

    private static let things = ["kettle", "lamp", "chair", "radio"]

    static let policies: String = {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return root.appending(path: "policies").path
    }()

    static func policy(_ name: String) -> String { policies + "/" + name + ".yaml" }
}
