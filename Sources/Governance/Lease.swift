public import Catalog
public import Records

/// A short, scoped permission to open sealed bytes. Only ``Authorizer`` makes one; every reader of
/// record bytes takes one.
public struct Lease: Sendable, Hashable {
    let row: LeaseRow
    /// How many records may be shown of it; nil for all.
    public let sampleLimit: Int?

    init(_ row: LeaseRow, sampleLimit: Int? = nil) {
        self.row = row
        self.sampleLimit = sampleLimit
    }

    /// Its id, `l-` and 8 hex digits.
    public var id: String { row.id }
    /// Who holds it.
    public var principal: String { row.principal }
    /// The dataset or model that it opens.
    public var scope: GrantScope { row.scope }
    /// The one version that it opens; nil for a model.
    public var version: [UInt8]? { row.version }
    /// That version's stage.
    public var stage: Stage? { row.stage }
    /// What it was made for.
    public var permission: Permission? { Permission(rawValue: row.permission) }
    /// For what purpose.
    public var purpose: String? { row.purpose }
    /// The run that it belongs to.
    public var run: String? { row.run }
    /// When it ends by itself.
    public var expires: Timestamp { row.expires }
}
