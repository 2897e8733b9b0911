internal import Catalog
internal import Records

/// Datasets and their versions.
extension AuditReplay {
    /// The actions whose object is a version that they made.
    private static let makers: Set = [
        "dataset.ingest", "dataset.clean", "dataset.redact", "dataset.augment",
        "dataset.retry",
    ]

    mutating func visitData(_ event: LoggedEvent) {
        if Self.makers.contains(event.action), let id = Self.id(in: event.object, of: "version") {
            made.insert(id)
        }
        guard let id = Self.id(in: event.object, of: "dataset") else { return }
        switch event.action {
        case "dataset.create":
            datasets[id] = ["purposes": event.facts["purposes"] ?? .null, "hold": false]
        case "purpose.set":
            datasets[id]?["purposes"] = event.facts["purposes"]
            datasets[id]?["legalBasis"] = event.facts["legalBasis"]
        case "hold.set": datasets[id]?["hold"] = true
        case "hold.lift": datasets[id]?["hold"] = false
        default: break
        }
    }

    /// `1a2b` in `version:1a2b`; nil when the object is of another kind.
    static func id(in object: String, of kind: String) -> String? {
        object.hasPrefix(kind + ":") ? String(object.dropFirst(kind.utf8.count + 1)) : nil
    }

    mutating func compareData(_ reader: CatalogReader) throws {
        var missing = Set(datasets.keys)
        for row in try reader.datasets() {
            rows += 1
            let id = Hex.encode(row.id)
            missing.remove(id)
            // The id, since a dataset's name is no fact of the log.
            let what = "dataset \(id)"
            guard let log = datasets[id] else {
                find(.changedDataset, what, "\(what) was put in: no event made it")
                continue
            }
            var facts: [String: JSONValue] = [
                "purposes": .array(row.purposes.map { .string($0) }), "hold": .bool(row.legalHold),
            ]
            // The first legal basis stands in an erasable detail, later ones among the facts.
            if log["legalBasis"] != nil { facts["legalBasis"] = .string(row.legalBasis) }
            compare(.changedDataset, what, row: .object(facts), log: .object(log))
        }
        for id in missing.sorted() {
            find(.changedDataset, "dataset \(id)", "dataset \(id) is gone")
        }
        for id in made.sorted() where try Hex.decode(id).flatMap(reader.version) == nil {
            find(.changedVersion, "version \(id)", "version \(id) is gone")
        }
    }
}
