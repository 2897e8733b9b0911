internal import Catalog
internal import Cryptography
internal import Records

/// Review decisions and attestations on versions.
extension AuditReplay {
    mutating func visitReview(_ event: LoggedEvent) {
        guard let version = Self.id(in: event.object, of: "version") else { return }
        switch event.action {
        case "review.decide":
            for decision in event.facts["decisions"]?.arrayValue ?? [] {
                decided[version, default: []].append([
                    decision["item"]?.stringValue ?? "", decision["verdict"]?.stringValue ?? "",
                    event.actor,
                ])
            }
        case "version.attest":
            attested[version, default: []].append(event.facts["envelope"]?.stringValue ?? "")
        default: break
        }
    }

    mutating func compareReview(_ reader: CatalogReader) throws {
        let versions = try reader.datasets().flatMap { try reader.versions(of: $0.id) }
        for version in versions {
            let id = Hex.encode(version.id)
            let label = try reader.label(of: version.id) ?? id
            let decisions = try reader.reviewDecisions(of: version.id)
                .map { [$0.item, $0.verdict.rawValue, $0.reviewer] }
            rows += decisions.count
            if decisions != decided[id] ?? [] {
                find(
                    .changedReview, label,
                    "the review decisions on \(label) are not those of the log")
            }
            let envelopes = try reader.attestations(of: version.id)
                .map { Hex.encode(SHA256.hash($0)) }
            rows += envelopes.count
            if envelopes != attested[id] ?? [] {
                find(
                    .changedReview, label,
                    "the attestations on \(label) are not those of the log")
            }
        }
    }
}
