internal import FoundationEssentials
internal import MerkleLog
internal import Records

extension CatalogStore {
    /// Writes the log as C2SP tlog-tiles: `tile/<L>/<NNN>[.p/<W>]`, `tile/entries/<N>[.p/<W>]` and
    /// `checkpoint`; full tiles that are there already are not written again.
    ///
    /// - Parameter folder: where to; nil for `log/` in the workspace.
    /// - Returns: the number of entries exported.
    @discardableResult
    public func exportLog(to folder: String? = nil) throws(CatalogError) -> UInt64 {
        let folder = folder ?? self.folder + "/log"
        return try mapped {
            try read { reader in
                guard let checkpoint = try reader.latestCheckpoint() else {
                    throw CatalogError(
                        .notFound, "there is no checkpoint yet", hint: "`tundish audit checkpoint`")
                }
                try Self.export(reader, size: Int(checkpoint.size), to: folder)
                try DurableFile.write(
                    Array(checkpoint.note.utf8), to: folder + "/checkpoint", synced: false)
                return checkpoint.size
            }
        }
    }

    private static func export(_ reader: CatalogReader, size: Int, to folder: String) throws {
        for tile in Tile.all(size: size) {
            let path = "\(folder)/\(tile.path)"
            if tile.width == 256 && FileManager.default.fileExists(atPath: path) { continue }
            try DurableFile.write(
                try tile.bytes(reader: reader.log.hashes), to: path, synced: false)
        }
        for bundle in EntryBundle.all(size: size) {
            let path = "\(folder)/\(bundle.path)"
            if bundle.width == 256 && FileManager.default.fileExists(atPath: path) { continue }
            let entries = try reader.entries(
                from: UInt64(bundle.entries.lowerBound), limit: bundle.entries.count)
            try DurableFile.write(
                try EntryBundle.encode(entries.map(\.bytes)), to: path, synced: false)
        }
    }
}
