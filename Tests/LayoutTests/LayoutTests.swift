import Foundation
import Testing

/// Keeps the graph honest: the manifest, and every import line under Sources/.
///
/// An import of a target that was never declared compiles when it is there transitively, so the
/// manifest alone does not tell.
@Suite("Layout")
struct LayoutTests {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test("the manifest allows no edge that the table does not")
    func manifest() throws {
        for target in try targets() where target.type != "test" {
            guard let allowed = Rooms.allowed[target.name] else {
                Issue.record("room \(target.name) does not stand in the table")
                continue
            }
            let extra = Set(target.dependencies).subtracting(allowed).subtracting(Rooms.common)
            #expect(extra.isEmpty, "\(target.name) may not depend on \(extra.sorted())")
        }
    }

    @Test("every room of the table exists") func complete() throws {
        let names = Set(try targets().map(\.name))
        #expect(Set(Rooms.allowed.keys).subtracting(names).isEmpty)
    }

    @Test("every import line is allowed and declared") func imports() throws {
        let declared = Dictionary(
            uniqueKeysWithValues: try targets().map { ($0.name, Set($0.dependencies)) })
        var lines = 0
        for (room, allowed) in Rooms.allowed {
            for file in try swiftFiles(under: "Sources/\(room)") {
                for module in try importedModules(in: file) {
                    lines += 1
                    if Rooms.toolchain.contains(module) { continue }
                    #expect(
                        allowed.contains(module) || Rooms.common.contains(module),
                        "\(file.lastPathComponent) of \(room) may not import \(module)")
                    #expect(
                        declared[room]?.contains(module) == true,
                        "\(room) imports \(module) without declaring it")
                }
            }
        }
        #expect(lines > 100, "the import lines were not found")
    }

    /// "Every read of record bytes takes a lease": the vault's opening calls are behind an SPI.
    @Test("only Governance opens sealed bytes") func chokePoint() throws {
        for room in Rooms.allowed.keys where room != "Governance" {
            for file in try swiftFiles(under: "Sources/\(room)") {
                for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
                where line.hasPrefix("@_spi(") && line.contains("import ") {
                    Issue.record(
                        "\(file.lastPathComponent) of \(room) reaches past the choke-point")
                }
            }
        }
    }

    @Test("files are short") func sizes() throws {
        for room in Rooms.allowed.keys {
            for file in try swiftFiles(under: "Sources/\(room)") {
                let lines = try String(contentsOf: file, encoding: .utf8).split(
                    separator: "\n", omittingEmptySubsequences: false
                ).count
                #expect(lines <= 400, "\(room)/\(file.lastPathComponent) has \(lines) lines")
            }
        }
    }

    // MARK: Reading the tree

    private struct Target {
        var name: String
        var type: String
        var dependencies: [String]
    }

    /// Asks SwiftPM itself; a scratch path of its own, since `swift test` holds the package's lock.
    private func targets() throws -> [Target] {
        let scratch = FileManager.default.temporaryDirectory.appending(
            path: "tundish-layout-\(ProcessInfo.processInfo.processIdentifier)")
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "swift", "package", "--package-path", root.path, "--scratch-path", scratch.path,
            "dump-package",
        ]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let object = try #require(
            try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let list = try #require(object["targets"] as? [[String: Any]])
        return try list.map { target in
            let dependencies = (target["dependencies"] as? [[String: Any]] ?? []).compactMap {
                (($0["byName"] ?? $0["target"] ?? $0["product"]) as? [Any])?.first as? String
            }
            return Target(
                name: try #require(target["name"] as? String),
                type: try #require(target["type"] as? String), dependencies: dependencies)
        }
    }

    private func swiftFiles(under folder: String) throws -> [URL] {
        let url = root.appending(path: folder)
        guard let files = FileManager.default.enumerator(at: url, includingPropertiesForKeys: nil)
        else { return [] }
        return files.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
    }

    private func importedModules(in file: URL) throws -> [String] {
        let words = ["public", "package", "internal", "private", "@_spi(ChokePoint)", "@testable"]
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap {
            var parts = $0.split(separator: " ").map(String.init)
            while let first = parts.first, words.contains(first) { parts.removeFirst() }
            guard parts.first == "import", parts.count >= 2 else { return nil }
            return parts[1].split(separator: ".").first.map(String.init)
        }
    }
}
