internal import FoundationEssentials
internal import Glibc
internal import MerkleLog
internal import Records

/// The highest checkpoint, kept where a restored or swapped workspace folder does not reach:
/// `$XDG_STATE_HOME/tundish/<workspace id>/checkpoint`, by default under `~/.local/state`.
public struct OutsideCheckpoint: Sendable {
    /// The file.
    public let path: String

    init(workspace: [UInt8], stateFolder: String?) {
        path = "\(stateFolder ?? Self.defaultFolder())/\(Hex.encode(workspace))/checkpoint"
    }

    /// XDG base directory specification: state that persists between restarts.
    private static func defaultFolder() -> String {
        let environment = ProcessInfo.processInfo.environment
        // The specification says that a relative path is to be ignored.
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") {
            return state + "/tundish"
        }
        return (environment["HOME"] ?? "/var/lib") + "/.local/state/tundish"
    }

    /// The checkpoint, or nil when none is kept yet.
    public func read() throws(CatalogError) -> SignedCheckpoint? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CatalogError(.database, "cannot read \(path)")
        }
        let note = String(decoding: data, as: UTF8.self)
        guard let head = LogNote.parse(note) else {
            throw CatalogError(
                .integrity, "\(path) is not a checkpoint",
                hint: "it was changed; nothing but tundish writes there")
        }
        return SignedCheckpoint(size: UInt64(head.size), root: head.root, note: note)
    }

    /// Replaces the checkpoint by a higher one; a lower one changes nothing.
    func raise(to checkpoint: SignedCheckpoint) throws(CatalogError) {
        let lock = try FileLock(path + ".lock")
        defer { lock.unlock() }
        if let kept = try read() {
            if kept.size == checkpoint.size, kept.root != checkpoint.root {
                throw .twoRoots(kept.size)
            }
            if kept.size >= checkpoint.size { return }
        }
        try DurableFile.write(Array(checkpoint.note.utf8), to: path, synced: true)
    }
}
