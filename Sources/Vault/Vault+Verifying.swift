extension Vault {
    /// Checks that an object in memory is whole, unaltered and in its place; shows nothing of it.
    public func verify(
        _ sealed: [UInt8], object: ObjectID, scope: SealScope
    ) throws(VaultError) {
        _ = try TND1.open(sealed, key: try objectKey(object), context: context(scope))
    }

    /// Checks an object that lies in a pack, in flat memory; shows nothing of it.
    public func verify(
        _ location: PackLocation, object: ObjectID, scope: SealScope
    ) throws(VaultError) {
        let key = try objectKey(object)
        do {
            try stream(location, key: key, scope: scope) { _ in }
        } catch let error as VaultError {
            throw error
        } catch {
            // `stream` throws nothing else with a sink that does not throw.
            throw VaultError(.system, "object \(object.hex) cannot be checked")
        }
    }
}
