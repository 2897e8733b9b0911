import Catalog
import Governance
import Records
import Vault

/// Streams the records of a version, segment by segment, under a lease.
struct VersionReader {
    private let reader: LeaseReader
    let workspace: OpenWorkspace
    let version: VersionRow

    init(_ workspace: OpenWorkspace, version: VersionRow, lease: Lease) throws {
        self.workspace = workspace
        self.version = version
        reader = try LeaseReader(
            lease: lease, authorizer: workspace.authorizer, vault: workspace.vault,
            session: workspace.session)
    }

    /// Gives the records of each segment, ordered by rid.
    func segments(_ body: ([Record]) throws -> Void) throws {
        try encodedSegments { encoded in
            try body(
                encoded.map { try Record(rid: $0.rid, canonicalBytes: $0.canonical) })
        }
    }

    /// Gives the undecoded records of each segment, ordered by rid.
    func encodedSegments(_ body: ([EncodedRecord]) throws -> Void) throws {
        var thrown = ThrownError()
        do {
            try reader.segments { _, bytes in
                try thrown.keep { try body(try Segment.decode(bytes)) }
            }
        } catch {
            throw thrown.error ?? error
        }
    }

    /// The first record; nil in an empty version.
    func firstRecord() throws -> Record? {
        guard let segment = try reader.segmentRows().first else { return nil }
        return try Segment.decode(try reader.segment(segment.object)).first.map {
            try Record(rid: $0.rid, canonicalBytes: $0.canonical)
        }
    }

    /// Opens a file of a checkpoint of the lease's run, piece by piece.
    func checkpoint(
        step: Int, file: String, into sink: ([UInt8]) throws -> Void
    ) throws {
        var thrown = ThrownError()
        do {
            try reader.checkpoint(step: step, file: file) { piece in
                try thrown.keep { try sink(piece) }
            }
        } catch {
            throw thrown.error ?? error
        }
    }

    /// Gives every record, ordered by rid.
    func records(_ body: (Record) throws -> Void) throws {
        try segments { try $0.forEach(body) }
    }

    /// The bytes of an object beside the segments: findings, a table.
    func object(_ id: [UInt8]) throws -> [UInt8] { try reader.object(id) }

    /// Gives every origin, ordered by rid.
    func origins(_ body: (Origin) throws -> Void) throws {
        let objects = try workspace.catalog.read {
            try $0.objects(of: version.id, role: "origins")
        }
        for object in objects {
            for entry in try Segment.decode(try reader.object(object.object)) {
                try body(try Origin(rid: entry.rid, canonicalBytes: entry.canonical))
            }
        }
    }
}

/// The error of a closure that was handed to a room below, as it was thrown, with its hint and exit
/// code: that room would put it in its own words.
struct ThrownError {
    private(set) var error: (any Error)?

    /// Runs the closure's work.
    mutating func keep(_ work: () throws -> Void) throws {
        do {
            try work()
        } catch {
            self.error = error
            throw error
        }
    }
}
