internal import Cryptography
internal import GRDB
public import Records

/// One sealed file of a run's checkpoint.
public struct CheckpointFileRow: Sendable, Hashable {
    /// The run.
    public var run: String
    /// Optimiser steps done.
    public var step: Int
    /// The file's place among those of the step, from 0.
    public var position: Int
    /// Its name.
    public var name: String
    /// Object id.
    public var object: [UInt8]
    /// SHA-256 of the file in clear.
    public var sha256: [UInt8]
    /// Its size in clear, in bytes.
    public var size: Int
    /// Whether the step has the best weights so far.
    public var isBest: Bool
    /// When the checkpoint was whole.
    public var created: Timestamp

    /// Makes a row.
    public init(
        run: String, step: Int, position: Int, name: String, object: [UInt8], sha256: [UInt8],
        size: Int, isBest: Bool = false, created: Timestamp = .now
    ) {
        self.run = run
        self.step = step
        self.position = position
        self.name = name
        self.object = object
        self.sha256 = sha256
        self.size = size
        self.isBest = isBest
        self.created = created
    }

    /// SHA-256 over the names, digests and sizes of a checkpoint's files: what its event says.
    public static func digest(of files: [CheckpointFileRow]) -> [UInt8] {
        SHA256.hash(
            CanonicalJSON.encode(
                .array(
                    files.map { file in
                        [
                            "name": .string(file.name), "size": .integer(file.size),
                            "sha256": .string(Hex.encode(file.sha256)),
                        ]
                    })))
    }

    init(_ row: Row) throws(CatalogError) {
        run = try row.text("run")
        step = try row.value("step")
        position = try row.value("position")
        name = try row.text("name")
        object = try row.bytes("object")
        sha256 = try row.bytes("sha256")
        size = try row.value("size")
        isBest = try row.value("best")
        created = try row.time("created")
    }
}

extension CatalogReader {
    /// The files of a run's checkpoints, by step and place.
    public func checkpointFiles(of run: String) throws(CatalogError) -> [CheckpointFileRow] {
        try rows(
            "SELECT * FROM checkpoints WHERE run = ? ORDER BY step, position", [run],
            CheckpointFileRow.init)
    }

    /// Whether a run has a checkpoint to go on from.
    public func hasCheckpoint(_ run: String) throws(CatalogError) -> Bool {
        try !checkpointFiles(of: run).isEmpty
    }
}

extension CatalogChange {
    /// Adds a file of a checkpoint; its object must be there.
    public func add(_ file: CheckpointFileRow) throws(CatalogError) {
        try run(
            """
            INSERT INTO checkpoints (run, step, position, name, object, sha256, size, best, created)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                file.run, file.step, file.position, file.name, blob(file.object),
                blob(file.sha256), file.size, file.isBest, file.created.rfc3339,
            ])
    }

    /// Says that another step of a run has the best weights now; nil: none has.
    public func setBestCheckpoint(_ step: Int?, of run: String) throws(CatalogError) {
        try self.run(
            "UPDATE checkpoints SET best = (step IS ?) WHERE run = ?", [step, run])
    }

    /// Forgets a checkpoint and its objects, whose keys are to be destroyed after the commit.
    public func removeCheckpoint(_ step: Int, of run: String) throws(CatalogError) {
        let files = try checkpointFiles(of: run).filter { $0.step == step }
        try self.run("DELETE FROM checkpoints WHERE run = ? AND step = ?", [run, step])
        for file in files { try removeObject(file.object) }
    }
}
