internal import FoundationEssentials
internal import GRDB
internal import Records

extension CatalogChange {
    /// Adds a dataset.
    public func add(_ dataset: DatasetRow) throws(CatalogError) {
        let name = dataset.name
        guard !name.isEmpty, !name.contains("@"), !name.contains("/") else {
            throw CatalogError(
                .invalid, "a dataset's name must not be empty or hold '@' or '/'")
        }
        guard dataset.id.count == 16 else {
            throw CatalogError(.invalid, "a dataset's scope id has 16 bytes")
        }
        try run(
            """
            INSERT INTO datasets (id, name, purposes, legal_basis, owner, created, legal_hold)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                blob(dataset.id), name, jsonText(.array(dataset.purposes.map { .string($0) })),
                dataset.legalBasis, dataset.owner, dataset.created.rfc3339, dataset.legalHold,
            ])
    }

    /// Says what a dataset may be used for, and why that is lawful.
    public func setPurposes(_ purposes: [String], legalBasis: String, of dataset: [UInt8])
        throws(CatalogError)
    {
        try runOne(
            "dataset \(Hex.encode(dataset))",
            "UPDATE datasets SET purposes = ?, legal_basis = ? WHERE id = ?",
            [jsonText(.array(purposes.map { .string($0) })), legalBasis, blob(dataset)])
    }

    /// Sets or lifts the legal hold of a dataset.
    public func setLegalHold(_ hold: Bool, of dataset: [UInt8]) throws(CatalogError) {
        try runOne(
            "dataset \(Hex.encode(dataset))", "UPDATE datasets SET legal_hold = ? WHERE id = ?",
            [hold, blob(dataset)])
    }

    /// Adds a version with its parents, segments (in rid order) and other objects, and gives it the
    /// dataset's next number. A version that is there already keeps the number it has.
    ///
    /// - Returns: the version's number.
    @discardableResult
    public func add(
        _ version: VersionRow, parents: [[UInt8]] = [], segments: [[UInt8]],
        objects: [VersionObject] = []
    ) throws(CatalogError) -> Int {
        if let number = try number(of: version.id) { return number }
        let id = blob(version.id)
        try run(
            """
            INSERT INTO versions (id, dataset, stage, manifest, count, created, actor)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                id, blob(version.dataset), version.stage.rawValue, blob(version.manifest),
                version.count, version.created.rfc3339, version.actor,
            ])
        for (position, parent) in parents.enumerated() {
            try run(
                "INSERT INTO version_parents (version, position, parent) VALUES (?, ?, ?)",
                [id, position, blob(parent)])
        }
        for (position, segment) in segments.enumerated() {
            try run(
                "INSERT INTO version_segments (version, position, object) VALUES (?, ?, ?)",
                [id, position, blob(segment)])
        }
        for (position, object) in objects.enumerated() {
            try run(
                """
                INSERT INTO version_objects (version, role, position, object) VALUES (?, ?, ?, ?)
                """, [id, object.role, position, blob(object.object)])
        }
        let next = try number(
            "SELECT coalesce(max(number), 0) + 1 FROM numbers WHERE dataset = ?",
            [blob(version.dataset)])
        try run(
            "INSERT INTO numbers (dataset, number, version) VALUES (?, ?, ?)",
            [blob(version.dataset), next, id])
        return Int(next)
    }

    /// Makes or moves a tag.
    public func setTag(_ tag: String, dataset: [UInt8], version: [UInt8]) throws(CatalogError) {
        let isNumber = !tag.isEmpty && tag.utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard !tag.isEmpty, !isNumber, Stage(rawValue: tag) == nil, !tag.contains("@") else {
            throw CatalogError(.invalid, "a tag is neither empty, nor a number, nor a stage's name")
        }
        guard let row = try self.version(version), row.dataset == dataset else {
            throw CatalogError(.notFound, "the dataset has no version \(Hex.encode(version))")
        }
        try run(
            """
            INSERT INTO tags (dataset, tag, version) VALUES (?, ?, ?)
            ON CONFLICT DO UPDATE SET version = excluded.version
            """, [blob(dataset), tag, blob(version)])
    }

    /// Attaches a signed attestation to a version.
    public func addAttestation(_ body: [UInt8], to version: [UInt8]) throws(CatalogError) {
        try run(
            "INSERT INTO attestations (version, body) VALUES (?, ?)", [blob(version), blob(body)])
    }
}
