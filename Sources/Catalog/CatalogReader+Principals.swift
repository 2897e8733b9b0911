internal import FoundationEssentials
internal import GRDB
internal import Records

extension CatalogReader {
    /// The principal with an id, or nil.
    public func principal(_ id: String) throws(CatalogError) -> PrincipalRow? {
        try first("SELECT * FROM principals WHERE id = ?", [id], PrincipalRow.init)
    }

    /// The principal with a name, or nil.
    public func principal(named name: String) throws(CatalogError) -> PrincipalRow? {
        try first(
            """
            SELECT principals.* FROM principals JOIN principal_names ON principal = id
            WHERE name = ?
            """, [name], PrincipalRow.init)
    }

    /// The principal with an Ed25519 public key, or nil.
    public func principal(publicKey: [UInt8]) throws(CatalogError) -> PrincipalRow? {
        try first(
            "SELECT * FROM principals WHERE ed25519 = ?", [blob(publicKey)], PrincipalRow.init)
    }

    /// All principals, oldest first.
    public func principals() throws(CatalogError) -> [PrincipalRow] {
        try rows("SELECT * FROM principals ORDER BY created, id", [], PrincipalRow.init)
    }

    /// The name of a principal; nil when it was erased or never existed.
    public func name(of principal: String) throws(CatalogError) -> String? {
        try first("SELECT name FROM principal_names WHERE principal = ?", [principal]) {
            row throws(CatalogError) in try row.text("name")
        }
    }

    /// The direct members of a group.
    public func members(of group: String) throws(CatalogError) -> [String] {
        try rows("SELECT member FROM group_members WHERE grp = ? ORDER BY member", [group]) {
            row throws(CatalogError) in try row.text("member")
        }
    }

    /// Every group that holds a principal, through groups in groups too.
    public func groups(of principal: String) throws(CatalogError) -> [String] {
        try rows(
            """
            WITH RECURSIVE holding(id) AS (
                SELECT grp FROM group_members WHERE member = ?
                UNION SELECT grp FROM group_members JOIN holding ON member = holding.id)
            SELECT id FROM holding ORDER BY id
            """, [principal]
        ) { row throws(CatalogError) in try row.text("id") }
    }

    /// Every principal inside a group that is no group itself, through groups in groups too.
    public func everyone(in group: String) throws(CatalogError) -> [String] {
        try rows(
            """
            WITH RECURSIVE inside(id) AS (
                SELECT member FROM group_members WHERE grp = ?
                UNION SELECT member FROM group_members JOIN inside ON grp = inside.id)
            SELECT inside.id AS id FROM inside JOIN principals ON principals.id = inside.id
            WHERE kind <> 'group' ORDER BY inside.id
            """, [group]
        ) { row throws(CatalogError) in try row.text("id") }
    }

    /// All (group, member) pairs.
    public func memberships() throws(CatalogError) -> [(group: String, member: String)] {
        try rows("SELECT grp, member FROM group_members ORDER BY grp, member") {
            row throws(CatalogError) in (try row.text("grp"), try row.text("member"))
        }
    }
}
