public import Catalog
internal import Records
@_spi(ChokePoint) public import Vault

/// Checks a whole workspace against its log: the log itself, the access tables by replaying it,
/// every sealed object, and the record root of every version.
public struct AuditVerifier {
    /// Gives the leaf hashes of a segment's records, in order.
    public typealias LeafHashes = (SegmentRow, [UInt8]) throws -> [[UInt8]]

    let catalog: CatalogStore
    let vault: Vault?
    private let trustedKey: String?
    let leafHashes: LeafHashes?

    /// Checks a workspace.
    ///
    /// - Parameters:
    ///   - vault: for the sealed objects; nil leaves them out.
    ///   - trustedKey: the log's vkey from elsewhere; without it the signer is `unknown`.
    ///   - leafHashes: computes leaves as the version's maker did; nil leaves record roots out.
    public init(
        catalog: CatalogStore, vault: Vault? = nil, trustedKey: String? = nil,
        leafHashes: LeafHashes? = nil
    ) {
        self.catalog = catalog
        self.vault = vault
        self.trustedKey = trustedKey
        self.leafHashes = leafHashes
    }

    /// Checks everything and names what is wrong; throws only when it cannot go on.
    public func verify() throws(GovernanceError) -> AuditReport {
        try governed {
            let log = try LogVerifier(catalog: catalog, trustedKey: trustedKey).verify()
            var report = AuditReport(log: log)
            let made = try catalog.read { reader in
                var replay = AuditReplay()
                try reader.eachEntry { entry throws(CatalogError) in
                    // What cannot be read is a finding of the log already.
                    if let event = try? entry.event() { replay.visit(event) }
                }
                try replay.compare(with: reader)
                report.findings += replay.findings
                report.rows = replay.rows
                return replay.made
            }
            let damaged = try checkObjects(&report)
            try checkVersions(made, damaged, &report)
            return report
        }
    }

    private func checkObjects(_ report: inout AuditReport) throws -> Set<[UInt8]> {
        guard let vault else { return [] }
        var damaged: Set<[UInt8]> = []
        for row in try catalog.read({ try $0.objects() }) {
            report.objects += 1
            do {
                let place = try PlacedObject(row)
                try vault.verify(place.location, object: place.id, scope: place.scope)
            } catch {
                damaged.insert(row.id)
                let what = try describe(row)
                report.findings.append(
                    AuditFinding(
                        kind: .damagedObject, subject: Hex.encode(row.id),
                        message: "\(what) is damaged: \(Self.message(of: error))"))
            }
        }
        return damaged
    }

    static func message(of error: any Error) -> String {
        (error as? VaultError)?.message ?? (error as? GovernanceError)?.message ?? "\(error)"
    }

    /// `segment 3 of reviews@2 (object ab12…)`.
    private func describe(_ row: ObjectRow) throws -> String {
        let id = Hex.encode(row.id)
        guard row.kind == .segment else { return "\(row.kind.rawValue) object \(id)" }
        return try catalog.read { reader in
            let places = try reader.versions(withSegment: row.id).map { version in
                let position =
                    try reader.segments(of: version)
                    .firstIndex { $0.object == row.id }.map { $0 + 1 } ?? 0
                return "segment \(position) of \(try reader.label(of: version) ?? "?")"
            }
            return "\(places.sorted().joined(separator: ", ")) (object \(id), pack \(row.pack))"
        }
    }
}
