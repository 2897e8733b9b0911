import Foundation
import ModelFiles
import Records
import Testing

@testable import Training

/// Writes what other people's programs then read: scripts/interop/families.py.
struct FamilyExportTests {
    static let target = ProcessInfo.processInfo.environment["TUNDISH_INTEROP_FAMILIES"]

    /// Trains each family by each method, and exports it with the logits that it then has.
    @Test(.enabled(if: target != nil), arguments: FamilyFixture.names, FamilyFixture.methods)
    func exports(_ name: String, _ method: String) throws {
        let fixture = try FamilyFixture(name)
        let model = try fixture.model(method)
        let examples = try fixture.examples()
        _ = try Trainer(model: model, configuration: fixture.configuration(method))
            .run(train: examples, validation: [])
        let folder = URL(fileURLWithPath: try #require(Self.target))
            .appendingPathComponent("\(name).\(method)")
        try write(try model.exportModel(), to: folder.appendingPathComponent("whole"))
        if method != "full" {
            try write(
                try model.exportAdapter(baseName: "tiny"),
                to: folder.appendingPathComponent("adapter"))
        }
        let logits = FamilyFixture.logits(model, examples).map { JSONValue.double(Double($0)) }
        try write(
            ["logits.json": CanonicalJSON.encode(["logits": .array(logits)])], to: folder)
    }

    private func write(_ files: [String: [UInt8]], to folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, bytes) in files {
            try Data(bytes).write(to: folder.appendingPathComponent(name))
        }
    }
}
