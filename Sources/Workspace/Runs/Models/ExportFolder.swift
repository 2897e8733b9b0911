import Cryptography
import FoundationEssentials
import Handoff
import Records
import Synchronization

/// The folder that an export fills: new or empty, each file whole or not there.
final class ExportFolder: Sendable {
    private struct State: Sendable {
        var names: [String] = []
        var digests: [String: [UInt8]] = [:]
    }

    private let path: String
    private let isOurs: Bool
    private let state = Mutex(State())

    /// Makes the folder; whatever lies beside an exported model would fail its check.
    init(_ path: String) throws {
        self.path = path
        isOurs = !Files.exists(path)
        try Files.makeFolder(path)
        guard try FileManager.default.contentsOfDirectory(atPath: path).isEmpty else {
            throw WorkspaceError(
                .conflict, "\(path) is not empty",
                hint: "name a new folder: whatever lies beside an exported model fails its check")
        }
    }

    /// What was written, in order.
    var names: [String] { state.withLock { $0.names } }

    /// SHA-256 of the model's own files, by name.
    var digests: [String: [UInt8]] { state.withLock { $0.digests } }

    /// Writes one of the model's files, piece by piece. A file of the same name is replaced: the
    /// engine knows better what belongs to a model that it changed.
    func write(_ name: String, _ body: (([UInt8]) throws -> Void) throws -> Void) throws {
        let file = try OutputFile("\(path)/\(name).tmp")
        var hasher = SHA256.Hasher()
        try body { piece in
            hasher.update(piece)
            try file.write(piece)
        }
        try file.finish(as: "\(path)/\(name)")
        note(name, hasher.finalize())
    }

    /// A place for a file that the engine hands over.
    func sink(_ name: String, sha256: [UInt8]) throws -> any ArtifactSink {
        guard !name.contains("/") else {
            throw WorkspaceError(.failed, "the engine put a file `\(name)` into no folder of ours")
        }
        return Sink(name: name, sha256: sha256, folder: self, try OutputFile("\(path)/\(name).tmp"))
    }

    /// Writes the proof beside them.
    func add(_ evidence: ModelEvidence) throws {
        try Files.write(evidence.entry, to: path + "/entry.json")
        try Files.write(Array(evidence.proof.utf8), to: path + "/proof.tlog")
        state.withLock { $0.names += ["entry.json", "proof.tlog"] }
    }

    /// Removes what was written.
    func abandon() {
        for name in names { try? FileManager.default.removeItem(atPath: "\(path)/\(name)") }
        if isOurs { try? FileManager.default.removeItem(atPath: path) }
    }

    private func note(_ name: String, _ digest: [UInt8]) {
        state.withLock { state in
            if state.digests.updateValue(digest, forKey: name) == nil { state.names.append(name) }
        }
    }

    private final class Sink: ArtifactSink, @unchecked Sendable {
        // One connection writes one file at a time: the engine server sees to it.
        private let name: String
        private let sha256: [UInt8]
        private let folder: ExportFolder
        private let file: OutputFile

        init(name: String, sha256: [UInt8], folder: ExportFolder, _ file: OutputFile) {
            self.name = name
            self.sha256 = sha256
            self.folder = folder
            self.file = file
        }

        func write(_ bytes: [UInt8]) throws { try file.write(bytes) }

        func finish() throws {
            try file.finish(as: "\(folder.path)/\(name)")
            folder.note(name, sha256)
        }

        // The file was never given its name, and goes with this object.
        func abandon() {}
    }
}
