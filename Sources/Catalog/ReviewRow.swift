internal import GRDB
public import Records

/// What a reviewer says about an item of a version's review.
public enum ReviewVerdict: String, Sendable, CaseIterable, Hashable {
    /// A finding that is right; a sampled passage in which nothing was missed.
    case accept
    /// A finding that is no personal data.
    case reject
    /// A finding whose span or type was wrong and is corrected.
    case adjust
    /// Personal data in a sampled passage that nobody had found.
    case add
}

/// One decision of a review. It holds a place, never a value: that is in the sealed object.
public struct ReviewRow: Sendable, Hashable {
    /// The dataset's scope id, 16 bytes.
    public var dataset: [UInt8]
    /// The redacted version under review, 32 bytes.
    public var version: [UInt8]
    /// The item's id: of a finding (`f-…`) or a sampled passage (`s-…`).
    public var item: String
    /// What was said.
    public var verdict: ReviewVerdict
    /// The type that it is about, where there is one.
    public var type: String?
    /// The sealed object with the value, where there is one.
    public var object: [UInt8]?
    /// Who said it, pseudonymous.
    public var reviewer: String
    /// When.
    public var at: Timestamp

    /// Makes a row.
    public init(
        dataset: [UInt8], version: [UInt8], item: String, verdict: ReviewVerdict, type: String?,
        object: [UInt8]?, reviewer: String, at: Timestamp
    ) {
        self.dataset = dataset
        self.version = version
        self.item = item
        self.verdict = verdict
        self.type = type
        self.object = object
        self.reviewer = reviewer
        self.at = at
    }

    init(_ row: Row) throws(CatalogError) {
        self.init(
            dataset: try row.bytes("dataset"), version: try row.bytes("version"),
            item: try row.text("item"), verdict: try row.word("verdict"),
            type: try row.optional("type"), object: try row.optionalBytes("object"),
            reviewer: try row.text("reviewer"), at: try row.time("at"))
    }
}

extension CatalogReader {
    /// The decisions on a version's items, oldest first.
    public func reviewDecisions(of version: [UInt8]) throws(CatalogError) -> [ReviewRow] {
        try rows(
            "SELECT * FROM review_decisions WHERE version = ? ORDER BY id", [blob(version)],
            ReviewRow.init)
    }

    /// The decisions on all versions of a dataset, oldest first.
    public func reviewDecisions(ofDataset dataset: [UInt8]) throws(CatalogError) -> [ReviewRow] {
        try rows(
            "SELECT * FROM review_decisions WHERE dataset = ? ORDER BY id", [blob(dataset)],
            ReviewRow.init)
    }
}

extension CatalogChange {
    /// Records a decision.
    public func add(_ row: ReviewRow) throws(CatalogError) {
        try run(
            """
            INSERT INTO review_decisions
                (dataset, version, item, verdict, type, object, reviewer, at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                blob(row.dataset), blob(row.version), row.item, row.verdict.rawValue, row.type,
                row.object.map { blob($0) }, row.reviewer, row.at.rfc3339,
            ])
    }
}
