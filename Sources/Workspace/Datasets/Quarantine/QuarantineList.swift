import Catalog
import Records

extension Datasets {
    /// The places and reasons of rejected rows: `tundish quarantine list`. Their bytes stay sealed.
    public func quarantine(of name: String, reason: String? = nil, limit: Int) throws -> Report {
        let dataset = try workspace.dataset(name)
        try requireMetadata(of: dataset.id)
        let (rows, counts, files) = try workspace.catalog.read { reader in
            let rows = try reader.quarantine(dataset: dataset.id, reason: reason, limit: limit)
            var files: [[UInt8]: SourceFileRow] = [:]
            for digest in Set(rows.map(\.fileDigest)) {
                files[digest] = try reader.sourceFile(digest: digest, dataset: dataset.id)
            }
            return (rows, try reader.quarantineCounts(dataset: dataset.id), files)
        }
        if let reason, counts[reason] == nil {
            let known = counts.keys.sorted().joined(separator: ", ")
            throw WorkspaceError(
                .notFound, "nothing is in quarantine for this reason",
                hint: known.isEmpty
                    ? "`tundish quarantine list \(name)` is empty"
                    : Suggestion.hint(for: reason, in: counts.keys.sorted(), called: "reasons"))
        }
        return Report(
            json: [
                "counts": .object(counts.mapValues { .integer($0) }),
                "rows": .array(rows.map { Self.json(of: $0, file: files[$0.fileDigest]) }),
            ],
            lines: counts.isEmpty
                ? ["nothing is in quarantine"]
                : counts.sorted { $0.key < $1.key }
                    .map { "\($0.value)".padded(to: 8) + "  \($0.key)" }
                    + rows.map { Self.line(of: $0, file: files[$0.fileDigest]) },
            next: rows.first.map {
                ["tundish quarantine show \($0.id ?? 0)", "tundish quarantine retry \(name)"]
            } ?? [])
    }

    private static func json(of row: QuarantineRow, file: SourceFileRow?) -> JSONValue {
        [
            "id": .integer(Int(row.id ?? 0)), "reason": .string(row.reason),
            "file": .string(Hex.encode(row.fileDigest)),
            "path": file.map { .string($0.path) } ?? .null,
            "offset": .integer(row.offset), "length": .integer(row.length),
            "place": row.place.map { .string($0) } ?? .null,
            "version": row.version.map { .string(Hex.encode($0)) } ?? .null,
            "sealed": .bool(row.object != nil),
        ]
    }

    private static func line(of row: QuarantineRow, file: SourceFileRow?) -> String {
        let path = file?.path ?? "file \(Hex.encode(row.fileDigest).prefix(12))"
        let place = row.place ?? "byte \(row.offset), \(row.length) bytes"
        return "\(row.id ?? 0)".padded(to: 8) + "  \(row.reason)  \(path), \(place)"
            + (row.object == nil ? ", its bytes were not kept" : "")
    }
}
