public import Catalog
import Governance
import Records
import Redaction
import Vault

/// People check what redaction found, and look for what it missed: `tundish review`.
public struct Review: Sendable {
    /// How many bytes of context stand on either side of a finding.
    static let context = 80

    /// How many decisions share an event.
    private static let batch = 500

    let workspace: OpenWorkspace

    /// Works in an opened workspace.
    public init(_ workspace: OpenWorkspace) { self.workspace = workspace }

    /// Shows the next items: findings by doubt with their context, and random passages of what is
    /// left. It shows raw text around findings to whoever may confirm findings.
    public func next(_ reference: String, findings: Int, passages: Int) throws -> Report {
        let review = try ReviewedVersion(reference, in: workspace)
        let decided = Set(try decisions(of: review.version.id).keys)
        let queue = try review.queue(limit: max(1, findings, passages), decided: decided)
        let items =
            Array(queue.findings.prefix(findings)) + Array(queue.passages.prefix(passages))
        let texts = try review.texts(of: items)
        var lines: [String] = []
        var rows: [JSONValue] = []
        for item in items {
            let (line, row) = Self.show(item, texts)
            lines += line
            rows.append(row)
        }
        if items.isEmpty { lines.append("everything has been looked at") }
        return Report(
            json: [
                "version": .string(review.label), "items": .array(rows),
                "findings": .integer(queue.findingCount),
                "passages": .integer(queue.passageCount), "decided": .integer(decided.count),
            ],
            lines: lines,
            next: [
                "tundish review accept \(review.label) ITEM…   (right; or nothing was missed)",
                "tundish review reject \(review.label) ITEM…   (no personal data)",
                "tundish review add \(review.label) ITEM --text TEXT --type TYPE",
                "tundish review status \(review.label)",
            ])
    }

    /// Records verdicts on items.
    public func decide(
        _ reference: String, items: [String], verdict: ReviewVerdict, text: String? = nil,
        type: String? = nil
    ) throws -> Report {
        let review = try ReviewedVersion(reference, in: workspace)
        guard Set(items).count == items.count else {
            throw WorkspaceError(.usage, "an item is named twice")
        }
        let found = try review.items(items)
        let texts = try review.texts(of: found)
        let decisions = try found.map { item in
            try Decided(
                item: item, verdict: verdict, text: text, type: type,
                texts: texts[item.rid] ?? [:])
        }
        // An event of the log has room for some hundreds of decisions.
        for start in stride(from: 0, to: decisions.count, by: Self.batch) {
            let end = min(start + Self.batch, decisions.count)
            try commit(Array(decisions[start..<end]), of: review)
        }
        return Report(
            json: [
                "version": .string(review.label), "verdict": .string(verdict.rawValue),
                "items": .array(items.map { .string($0) }),
            ],
            lines: ["\(items.count) items of \(review.label): \(verdict.rawValue)"],
            next: ["tundish review next \(review.label)", "tundish review status \(review.label)"])
    }

    /// The latest decision on each item of a version.
    func decisions(of version: [UInt8]) throws -> [String: ReviewRow] {
        Dictionary(
            try workspace.catalog.read { try $0.reviewDecisions(of: version) }
                .map { ($0.item, $0) }, uniquingKeysWith: { $1 })
    }

    /// Seals the values and records the decisions with one event: places in the log, no values.
    private func commit(_ decisions: [Decided], of review: ReviewedVersion) throws {
        let scope = SealScope(try ScopeID(bytes: review.dataset.id), .raw)
        let pack = try workspace.vault.packs.writer()
        var objects: [ObjectRow] = []
        var rows: [ReviewRow] = []
        for decision in decisions {
            var object: [UInt8]?
            if let value = decision.value {
                let sealed = try workspace.vault.seal(
                    CanonicalJSON.encode(value.json), scope: scope)
                let place = try pack.append(sealed)
                objects.append(
                    ObjectRow(
                        id: sealed.id.bytes, kind: .table, scope: review.dataset.id,
                        stageCode: SealStage.raw.rawValue, pack: place.pack.hex,
                        offset: Int(place.offset), length: Int(place.length)))
                object = sealed.id.bytes
            }
            rows.append(
                ReviewRow(
                    dataset: review.dataset.id, version: review.version.id,
                    item: decision.item.id, verdict: decision.verdict,
                    type: decision.type?.rawValue, object: object,
                    reviewer: workspace.session.principal, at: .now))
        }
        if objects.isEmpty { pack.abort() } else { _ = try pack.finish() }
        try workspace.catalog.commit(
            EventDraft(
                "review.decide", object: "version:\(Hex.encode(review.version.id))",
                facts: [
                    "decisions": .array(
                        rows.map {
                            ["item": .string($0.item), "verdict": .string($0.verdict.rawValue)]
                        })
                ]), signer: workspace.session.signer
        ) { change in
            for row in objects { try change.add(row) }
            for row in rows { try change.add(row) }
        }
    }
}
