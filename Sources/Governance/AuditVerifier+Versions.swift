internal import Catalog
internal import Cryptography
internal import MerkleLog
internal import Records
@_spi(ChokePoint) internal import Vault

/// Versions: each row against its manifest and the log, each part against its version, and the
/// record root recomputed.
extension AuditVerifier {
    /// The leaves of each segment by its object; nil for one that could not be read.
    private typealias Leaves = [[UInt8]: [[UInt8]]?]

    func checkVersions(
        _ made: Set<String>, _ damaged: Set<[UInt8]>, _ report: inout AuditReport
    ) throws {
        var leaves: Leaves = [:]
        for version in try catalog.read({ try Self.versions($0, made) }) {
            let id = Hex.encode(version.id)
            let number = try catalog.read { try $0.label(of: version.id) }
            let label = number ?? "version \(id)"
            func find(_ kind: AuditFinding.Kind, _ message: String) {
                report.findings.append(
                    AuditFinding(kind: kind, subject: label, message: message))
            }
            if number == nil { find(.changedVersion, "\(label) has no number in its dataset") }
            if !made.contains(id) { find(.changedVersion, "no event of the log made \(label)") }
            let manifest = try? JSONParser.parse(version.manifest)
            for message in try catalog.read({
                try Self.checkRow(version, label, manifest, $0)
                    + Self.checkParts(version, label, $0)
            }) { find(.changedVersion, message) }
            let segments = try catalog.read { try $0.segments(of: version.id) }
            if segments.contains(where: { damaged.contains($0.object) }) { continue }
            guard let vault, let leafHashes else { continue }
            for (index, segment) in segments.enumerated() where leaves[segment.object] == nil {
                let hashes: [[UInt8]]
                do {
                    hashes = try open(segment, vault, leafHashes)
                } catch {
                    leaves[segment.object] = .some(nil)
                    report.findings.append(
                        AuditFinding(
                            kind: .unreadableSegment, subject: Hex.encode(segment.object),
                            message: "segment \(index + 1) of \(label) cannot be checked: "
                                + Self.message(of: error)))
                    continue
                }
                if MerkleTree.root(leafHashes: hashes) != segment.root {
                    find(
                        .changedRecords,
                        "a segment of \(label) has other records than its root says "
                            + "(object \(Hex.encode(segment.object)))")
                }
                leaves[segment.object] = hashes
            }
            let known = segments.compactMap { leaves[$0.object] ?? nil }
            // What could not be read is a finding already, and its root cannot be known.
            guard known.count == segments.count else { continue }
            report.versions += 1
            let root = MerkleTree.root(leafHashes: Array(known.joined()))
            if Hex.encode(root) != manifest?["recordRoot"]?.stringValue {
                find(.changedRecords, "the records of \(label) do not have its record root")
            }
        }
    }

    /// Every version that has a number, that holds a segment, or that the log made.
    private static func versions(_ reader: CatalogReader, _ made: Set<String>) throws
        -> [VersionRow]
    {
        var versions = try reader.datasets().flatMap { try reader.versions(of: $0.id) }
        var seen = Set(versions.map(\.id))
        let others =
            try reader.objects().flatMap { try reader.versions(withSegment: $0.id) }
            + made.sorted().compactMap { Hex.decode($0) }
        for id in others where seen.insert(id).inserted {
            if let version = try reader.version(id) { versions.append(version) }
        }
        return versions
    }

    private static func checkRow(
        _ version: VersionRow, _ label: String, _ manifest: JSONValue?, _ reader: CatalogReader
    ) throws -> [String] {
        guard SHA256.hash(version.manifest) == version.id else {
            return ["the manifest of \(label) is not the one its id names"]
        }
        var messages: [String] = []
        if manifest?["stage"]?.stringValue != version.stage.rawValue
            || manifest?["count"]?.intValue != version.count
            || manifest?["dataset"]?.stringValue != Hex.encode(version.dataset)
        {
            messages.append("the row of \(label) differs from its manifest")
        }
        if try reader.parents(of: version.id).map({ Hex.encode($0) })
            != manifest?["parents"]?.stringArray
        {
            messages.append("the parents of \(label) are not those of its manifest")
        }
        return messages
    }

    /// Whether every segment and object of a version is of its dataset and stage.
    private static func checkParts(
        _ version: VersionRow, _ label: String, _ reader: CatalogReader
    ) throws -> [String] {
        var messages: [String] = []
        for (index, segment) in try reader.segments(of: version.id).enumerated() {
            let what = "segment \(index + 1) of \(label)"
            guard let row = try reader.object(segment.object) else {
                messages.append("\(what) has no object")
                continue
            }
            if !VersionParts.holds(version, segment: segment) {
                messages.append(
                    "\(what) is of another stage or dataset: it is \(segment.stage.rawValue)")
            } else if !VersionParts.holds(version, segment: segment, object: row) {
                messages.append("the object of \(what) is of another kind, stage or dataset")
            }
        }
        for part in try reader.objects(of: version.id) {
            let what = "the \(part.role) object of \(label)"
            guard let row = try reader.object(part.object) else {
                messages.append("\(what) is gone")
                continue
            }
            // Findings and tables of codes point at raw text, so they are sealed with that stage.
            let isFindings = row.kind == .findings && part.role == row.kind.rawValue
            let isTokens =
                row.kind == .table && part.role == "tokens"
                && row.stageCode == SealStage.raw.rawValue
            let isOfScope = row.scope == version.dataset
            if try reader.segment(part.object) != nil
                || !((isFindings || isTokens) && isOfScope
                    || VersionParts.holds(version, object: row))
            {
                messages.append("\(what) is of another kind, stage or dataset")
            }
        }
        return messages
    }

    private func open(_ segment: SegmentRow, _ vault: Vault, _ leafHashes: LeafHashes) throws
        -> [[UInt8]]
    {
        guard let row = try catalog.read({ try $0.object(segment.object) }) else {
            throw GovernanceError(
                .integrity, "segment \(Hex.encode(segment.object)) has no object")
        }
        let place = try PlacedObject(row)
        let bytes = try vault.open(place.location, object: place.id, scope: place.scope)
        return try leafHashes(segment, bytes)
    }
}
