@_spi(ChokePoint) public import Catalog
internal import Records
@_spi(ChokePoint) public import Vault

/// The only way to open sealed bytes: a lease, held against the catalog at every object, and an
/// event that is committed before the first byte leaves.
///
/// ```swift
/// let reader = try LeaseReader(lease: lease, authorizer: authorizer, vault: vault, session: session)
/// try reader.segments { row, bytes in … }
/// ```
public struct LeaseReader: Sendable {
    /// The lease it reads under.
    public let lease: Lease
    let authorizer: Authorizer
    let vault: Vault

    /// Commits the event `data.read`; no event, no bytes.
    ///
    /// - Parameter session: the lease's holder, or the Custodian on the holder's behalf.
    public init(lease: Lease, authorizer: Authorizer, vault: Vault, session: Session)
        throws(GovernanceError)
    {
        self.lease = lease
        self.authorizer = authorizer
        self.vault = vault
        let event = EventDraft(
            "data.read", object: lease.row.resource.text, requestID: session.requestID,
            facts: [
                "lease": .string(lease.id), "permission": .string(lease.row.permission),
                "purpose": lease.purpose.map { .string($0) } ?? .null,
                "run": lease.run.map { .string($0) } ?? .null,
            ])
        let now = authorizer.now()
        try governed {
            try authorizer.catalog.commit(event, signer: session.signer) { change in
                try Authorizer.checkKey(change, session)
                guard
                    session.principal == lease.principal
                        || session.principal == change.workspace.custodian
                else {
                    throw GovernanceError(
                        .denied, "lease \(lease.id) is \(lease.principal)'s")
                }
                try Self.checkLive(lease, change, now)
            }
        }
    }

    static func checkLive(_ lease: Lease, _ reader: CatalogReader, _ now: Timestamp) throws {
        guard let row = try reader.lease(lease.id), row.facts == lease.row.facts else {
            throw GovernanceError(.integrity, "lease \(lease.id) is not the one that was made")
        }
        guard row.isLive(at: now) else {
            throw GovernanceError(
                .expired,
                row.revoked == nil
                    ? "lease \(lease.id) ended at \(row.expires.rfc3339)"
                    : "lease \(lease.id) was ended",
                hint: "ask for a new one")
        }
    }

    /// The segments of the lease's version, in order of their rids.
    public func segmentRows() throws(GovernanceError) -> [SegmentRow] {
        guard let version = lease.version else { return [] }
        return try governed { try authorizer.catalog.read { try $0.segments(of: version) } }
    }

    /// Opens the version's segments one after another.
    ///
    /// - Parameter body: gets each segment and its bytes in clear (`Segment.decode` reads them);
    ///   a sample lease ends after its limit, inside a segment if need be.
    public func segments(_ body: (SegmentRow, [UInt8]) throws -> Void) throws(GovernanceError) {
        var left = lease.sampleLimit ?? Int.max
        for row in try segmentRows() {
            if left <= 0 { return }
            let bytes = try open(row.object, as: row)
            try governed {
                if row.count <= left {
                    try body(row, bytes)
                } else {
                    try body(row, Segment.encode(Array(try Segment.decode(bytes).prefix(left))))
                }
            }
            left -= row.count
        }
    }

    /// Opens one segment of the version.
    public func segment(_ object: [UInt8]) throws(GovernanceError) -> [UInt8] {
        guard lease.sampleLimit == nil else {
            throw GovernanceError(.denied, "a sample lease opens segments only in order")
        }
        guard let version = lease.version else { throw foreign(object) }
        let row = try governed {
            try authorizer.catalog.read { reader in
                try reader.versions(withSegment: object).contains(version)
                    ? try reader.segment(object) : nil
            }
        }
        guard let row else { throw foreign(object) }
        return try open(object, as: row)
    }

    /// Opens another object of the lease's version (origin table, findings report, …), or a
    /// quarantined object under a quarantine lease.
    public func object(_ object: [UInt8]) throws(GovernanceError) -> [UInt8] {
        guard lease.sampleLimit == nil else {
            throw GovernanceError(.denied, "a sample lease opens nothing but records")
        }
        let isInside = try governed {
            try authorizer.catalog.read { reader in
                if let version = lease.version,
                    try reader.objects(of: version).contains(where: { $0.object == object })
                {
                    return true
                }
                guard let row = try reader.object(object) else { return false }
                if let id = lease.version {
                    guard let version = try reader.version(id) else { return false }
                    return VersionParts.isCompanion(
                        of: version, object: row, for: Permission(rawValue: lease.row.permission))
                }
                return row.kind == .quarantine && lease.scope == .dataset(row.scope)
            }
        }
        guard isInside else { throw foreign(object) }
        return try open(object)
    }

    /// The files of the lease's model.
    public func artifacts() throws(GovernanceError) -> [ArtifactRow] {
        guard case .model(let model) = lease.scope else { return [] }
        return try governed { try authorizer.catalog.read { try $0.artifacts(of: model) } }
    }

    /// Opens one file of the lease's model, whole.
    public func artifact(named name: String) throws(GovernanceError) -> [UInt8] {
        guard let row = try artifacts().first(where: { $0.name == name }) else {
            throw GovernanceError(.notFound, "the model has no file \(name)")
        }
        return try open(row.object)
    }

    /// Opens one file of the lease's model piece by piece, so that memory stays flat.
    public func artifact(named name: String, into sink: ([UInt8]) throws -> Void)
        throws(GovernanceError)
    {
        guard let row = try artifacts().first(where: { $0.name == name }) else {
            throw GovernanceError(.notFound, "the model has no file \(name)")
        }
        let place = try placed(row.object)
        try governed {
            try vault.open(place.location, object: place.id, scope: place.scope, into: sink)
        }
    }

    private func open(_ object: [UInt8], as segment: SegmentRow? = nil) throws(GovernanceError)
        -> [UInt8]
    {
        let place = try placed(object, as: segment)
        return try governed {
            try vault.open(place.location, object: place.id, scope: place.scope)
        }
    }

    /// Looks the object up and the lease over, in one moment of the catalog.
    private func placed(_ object: [UInt8], as segment: SegmentRow? = nil) throws(GovernanceError)
        -> PlacedObject
    {
        try governed {
            try authorizer.catalog.read { reader in
                try Self.checkLive(lease, reader, authorizer.now())
                guard let row = try reader.object(object) else { throw foreign(object) }
                guard lease.scope == .dataset(row.scope) || lease.scope == .model(row.scope) else {
                    throw foreign(object)
                }
                try checkPart(row, segment, reader)
                return try PlacedObject(row)
            }
        }
    }

    /// Refuses a part of another stage than its version's: the row of a version can be forged, but
    /// the vault holds each object to the stage that it was sealed for.
    private func checkPart(_ row: ObjectRow, _ segment: SegmentRow?, _ reader: CatalogReader)
        throws
    {
        guard let id = lease.version else { return }
        guard let version = try reader.version(id), version.stage == lease.row.stage else {
            throw foreign(row.id)
        }
        let holds =
            if let segment {
                VersionParts.holds(version, segment: segment, object: row)
            } else {
                try reader.segment(row.id) == nil
                    && (VersionParts.holds(version, object: row)
                        || VersionParts.isCompanion(
                            of: version, object: row,
                            for: Permission(rawValue: lease.row.permission)))
            }
        guard holds else { throw foreign(row.id) }
    }

    private func foreign(_ object: [UInt8]) -> GovernanceError {
        GovernanceError(
            .denied, "object \(Hex.encode(object)) is outside of lease \(lease.id)")
    }
}

/// An object as the vault wants it named.
struct PlacedObject {
    let id: ObjectID
    let location: PackLocation
    let scope: SealScope

    init(_ row: ObjectRow) throws {
        guard let pack = PackID(hex: row.pack), let stage = SealStage(rawValue: row.stageCode),
            row.offset >= 0, row.length >= 0
        else {
            throw GovernanceError(
                .integrity, "the catalog's place of object \(Hex.encode(row.id)) makes no sense")
        }
        id = try ObjectID(bytes: row.id)
        location = PackLocation(
            pack: pack, offset: UInt64(row.offset), length: UInt64(row.length))
        scope = SealScope(try ScopeID(bytes: row.scope), stage)
    }
}
