internal import FoundationEssentials
internal import GRDB
internal import Records

extension CatalogChange {
    /// Adds a principal and its name.
    @_spi(ChokePoint)
    public func add(_ new: NewPrincipal) throws(CatalogError) {
        let keySizes = new.kind == .group ? 0 : 32
        guard new.ed25519.count == keySizes, new.x25519.count == keySizes else {
            throw CatalogError(.invalid, "a \(new.kind.rawValue) needs keys of \(keySizes) bytes")
        }
        guard !new.name.isEmpty else { throw CatalogError(.invalid, "a principal needs a name") }
        try run(
            """
            INSERT INTO principals (id, kind, ed25519, x25519, created) VALUES (?, ?, ?, ?, ?)
            """,
            [new.id, new.kind.rawValue, blob(new.ed25519), blob(new.x25519), time.rfc3339])
        try run("INSERT INTO principal_names (principal, name) VALUES (?, ?)", [new.id, new.name])
    }

    /// Removes the name of a principal; the pseudonymous id stays in the log.
    @_spi(ChokePoint)
    public func eraseName(of principal: String) throws(CatalogError) {
        try run("DELETE FROM principal_names WHERE principal = ?", [principal])
    }

    /// Disables a principal from now on.
    @_spi(ChokePoint)
    public func disable(_ principal: String) throws(CatalogError) {
        try runOne(
            "principal \(principal) that is not disabled",
            "UPDATE principals SET disabled = ? WHERE id = ? AND disabled IS NULL",
            [time.rfc3339, principal])
    }

    /// Puts a principal into a group; a group may hold groups, but never itself.
    @_spi(ChokePoint)
    public func addMember(_ member: String, to group: String) throws(CatalogError) {
        guard let row = try principal(group), row.kind == .group else {
            throw CatalogError(.notFound, "there is no group \(group)")
        }
        guard try principal(member) != nil else {
            throw CatalogError(.notFound, "there is no principal \(member)")
        }
        guard member != group, !(try groups(of: group)).contains(member) else {
            throw CatalogError(.invalid, "group \(group) would hold itself")
        }
        try run("INSERT INTO group_members (grp, member) VALUES (?, ?)", [group, member])
    }

    /// Takes a principal out of a group.
    @_spi(ChokePoint)
    public func removeMember(_ member: String, from group: String) throws(CatalogError) {
        try runOne(
            "member \(member) in group \(group)",
            "DELETE FROM group_members WHERE grp = ? AND member = ?", [group, member])
    }
}
