import Catalog
import Governance
import Records

extension Datasets {
    /// What a rejected row held: `tundish quarantine show`.
    ///
    /// These are raw bytes: showing them needs what reading the raw version needs, an approved
    /// purpose, besides the right to bring files in. The reading is an event that is committed
    /// before the first byte leaves.
    public func quarantined(
        _ id: Int64, purpose: String? = nil, limit: Int = 4096
    ) throws -> Report {
        guard let row = try workspace.catalog.read({ try $0.quarantined(id) }) else {
            throw WorkspaceError(
                .notFound, "there is no quarantined row \(id)",
                hint: "`tundish quarantine list DATASET` names them")
        }
        let right = try rawLease(for: row, purpose: purpose)
        defer { try? workspace.authorizer.end(right, session: workspace.session) }
        let lease = try workspace.authorizer.quarantineLease(
            dataset: row.dataset, session: workspace.session)
        defer { try? workspace.authorizer.end(lease, session: workspace.session) }
        let file = try workspace.catalog.read {
            try $0.sourceFile(digest: row.fileDigest, dataset: row.dataset)
        }
        var lines = [
            "quarantined row \(id): \(row.reason)",
            "file      \(file?.path ?? "–"), SHA-256 \(Hex.encode(row.fileDigest))",
            "place     " + (row.place ?? "byte \(row.offset), \(row.length) bytes"),
        ]
        var json: [String: JSONValue] = [
            "id": .integer(Int(id)), "reason": .string(row.reason),
            "file": .string(Hex.encode(row.fileDigest)),
            "path": file.map { .string($0.path) } ?? .null, "offset": .integer(row.offset),
            "length": .integer(row.length), "place": row.place.map { .string($0) } ?? .null,
            "encoding": .string(row.encoding ?? "utf-8"), "bytes": .null,
        ]
        if let object = row.object {
            let reader = try LeaseReader(
                lease: lease, authorizer: workspace.authorizer, vault: workspace.vault,
                session: workspace.session)
            let bytes = try reader.object(object)
            json["bytes"] = .string(Base64.encode(bytes))
            lines += ["bytes     \(bytes.count), \(row.encoding ?? "utf-8")", ""]
            lines.append(SafeText.printable(bytes.prefix(limit)))
            if bytes.count > limit { lines.append("… (--limit shows more)") }
        } else {
            lines.append("bytes     were not kept: too long, or read from where it cannot be again")
        }
        return Report(json: .object(json), lines: lines)
    }

    private func rawLease(for row: QuarantineRow, purpose: String?) throws -> Lease {
        let (dataset, newest) = try workspace.catalog.read {
            (try $0.dataset(row.dataset), try $0.newest(of: row.dataset, stage: .raw))
        }
        guard let version = row.version ?? newest?.id, let dataset else {
            throw WorkspaceError(.notFound, "the dataset of this row has no raw version")
        }
        let only = dataset.purposes.count == 1 ? dataset.purposes[0] : nil
        guard let purpose = purpose ?? only else {
            throw WorkspaceError(
                .usage, "showing raw bytes needs --purpose",
                hint: "the dataset's purposes: " + dataset.purposes.joined(separator: ", "))
        }
        return try workspace.authorizer.rawLease(
            version: version, purpose: purpose, reason: "quarantine show",
            session: workspace.session)
    }
}

/// Bytes of unknown origin for a terminal: nothing in them can move its cursor or set its title.
enum SafeText {
    /// Text with line ends and tabs as they are; other controls, escapes and what is not UTF-8 as
    /// `\u{…}` and `\x…`.
    static func printable(_ bytes: some Collection<UInt8>) -> String {
        let bytes = Array(bytes)
        var out = ""
        var start = 0
        // Piece by piece, so that one bad byte does not turn the rest into escapes.
        while start < bytes.count {
            let length = sequenceLength(bytes[start])
            let end = min(start + length, bytes.count)
            if let text = String(validating: bytes[start..<end], as: UTF8.self) {
                for scalar in text.unicodeScalars { append(scalar, to: &out) }
                start = end
            } else {
                out += "\\x" + Hex.encode([bytes[start]])
                start += 1
            }
        }
        return out
    }

    private static func sequenceLength(_ lead: UInt8) -> Int {
        lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    }

    private static func append(_ scalar: Unicode.Scalar, to out: inout String) {
        switch scalar.properties.generalCategory {
        case .control where scalar == "\n" || scalar == "\t": out.unicodeScalars.append(scalar)
        // Controls, direction marks, private and unassigned characters.
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator:
            out += "\\u{" + String(scalar.value, radix: 16) + "}"
        default: out.unicodeScalars.append(scalar)
        }
    }
}
