public import EngineProtocol
public import Records
internal import Synchronization

/// Which records an engine asks for.
public struct RecordQuery: Sendable, Hashable {
    /// The split.
    public var split: Split
    /// The epoch, from 0; the same records each time, the order may differ.
    public var epoch: Int
    /// The asking process's place among `world`.
    public var rank: Int
    /// How many processes share the split: rank r gets every record with index % world == r.
    public var world: Int

    /// Makes a query.
    public init(split: Split, epoch: Int, rank: Int, world: Int) {
        self.split = split
        self.epoch = epoch
        self.rank = rank
        self.world = world
    }
}

/// Where one artifact of an engine goes. Used by one thread.
public protocol ArtifactSink: AnyObject, Sendable {
    /// Takes the next bytes.
    func write(_ bytes: [UInt8]) throws
    /// All bytes have come and their SHA-256 is the announced one.
    func finish() throws
    /// The artifact is not to be kept.
    func abandon()
}

/// Everything that a run's engine may see or hand back, as closures. They are called on threads of
/// this room, two at once if the engine opens two connections.
public struct EngineData: Sendable {
    /// Emits each record of a query: 16 bytes of rid, then `Record.canonicalBytes()`.
    public var records:
        @Sendable (RecordQuery, _ emit: (_ rid: [UInt8], _ canonical: [UInt8]) throws -> Void)
            throws -> Void
    /// Emits one opened model file in pieces of any length.
    public var readModelFile:
        @Sendable (ModelOrigin, _ name: String, _ emit: ([UInt8]) throws -> Void) throws -> Void
    /// Makes a place for an artifact. A finished artifact still counts for nothing if the run fails
    /// afterwards: keep artifacts only when `EngineRunner.run` returned.
    public var artifactSink:
        @Sendable (_ name: String, _ size: Int, _ sha256: [UInt8]) throws -> any ArtifactSink
    /// Makes a place for a file of a checkpoint.
    public var checkpointSink:
        @Sendable (CheckpointName, _ size: Int, _ sha256: [UInt8]) throws -> any ArtifactSink
    /// Told of a checkpoint whose files all came as announced: it is the newest now. Files of a
    /// checkpoint that was never told of count for nothing once the run has ended.
    public var keepCheckpoint: @Sendable (EngineEvent.Checkpoint) throws -> Void
    /// Asked about once a second: whether the run may go on. False ends the engine at once.
    public var stillAllowed: @Sendable () -> Bool
    /// Asked about once a second: whether somebody wants the run to stop. True gives the engine
    /// time for a last checkpoint.
    public var shouldStop: @Sendable () -> Bool

    /// Makes the set; what is not given refuses.
    public init(
        records:
            @escaping @Sendable (
                RecordQuery, (_ rid: [UInt8], _ canonical: [UInt8]) throws -> Void
            ) throws -> Void = { _, _ in throw EngineData.nothing("records") },
        readModelFile:
            @escaping @Sendable (ModelOrigin, String, ([UInt8]) throws -> Void) throws -> Void = {
                _, _, _ in throw EngineData.nothing("model files")
            },
        artifactSink:
            @escaping @Sendable (String, Int, [UInt8]) throws -> any ArtifactSink = { _, _, _ in
                throw EngineData.nothing("place for artifacts")
            },
        checkpointSink:
            @escaping @Sendable (CheckpointName, Int, [UInt8]) throws -> any ArtifactSink = {
                _, _, _ in throw EngineData.nothing("place for checkpoints")
            },
        keepCheckpoint: @escaping @Sendable (EngineEvent.Checkpoint) throws -> Void = { _ in },
        stillAllowed: @escaping @Sendable () -> Bool = { true },
        shouldStop: @escaping @Sendable () -> Bool = { false }
    ) {
        self.records = records
        self.readModelFile = readModelFile
        self.artifactSink = artifactSink
        self.checkpointSink = checkpointSink
        self.keepCheckpoint = keepCheckpoint
        self.stillAllowed = stillAllowed
        self.shouldStop = shouldStop
    }

    /// The error of a closure that was not given.
    public static func nothing(_ what: String) -> HandoffError {
        HandoffError(
            .forbidden, "this run has no \(what)", hint: "the engine asks for what it does not need"
        )
    }
}

/// Artifacts kept in memory, for tests and small models.
public final class MemoryArtifacts: Sendable {
    private let stored = Mutex<[String: [UInt8]]>([:])

    /// No artifact yet.
    public init() {}

    /// The finished artifacts by name.
    public var files: [String: [UInt8]] { stored.withLock { $0 } }

    /// A sink, in the form that ``EngineData/artifactSink`` wants.
    public func sink(name: String, size: Int, sha256: [UInt8]) -> any ArtifactSink {
        Sink(name: name, owner: self)
    }

    private final class Sink: ArtifactSink {
        let name: String
        let owner: MemoryArtifacts
        let bytes = Mutex<[UInt8]>([])

        init(name: String, owner: MemoryArtifacts) {
            self.name = name
            self.owner = owner
        }

        func write(_ more: [UInt8]) { bytes.withLock { $0.append(contentsOf: more) } }

        func finish() {
            let whole = bytes.withLock { $0 }
            owner.stored.withLock { $0[name] = whole }
        }

        func abandon() { bytes.withLock { $0 = [] } }
    }
}
