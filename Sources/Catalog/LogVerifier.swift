internal import FoundationEssentials
internal import GRDB
internal import MerkleLog
internal import Records

/// Recomputes the whole log from its entries and names exactly what does not fit: entries, stored
/// hashes, signatures, details, checkpoints, and the checkpoint outside.
public struct LogVerifier {
    private let catalog: CatalogStore
    private let trustedKey: String?

    /// Checks a catalog's log.
    ///
    /// - Parameter trustedKey: a vkey from elsewhere; without it the report says `unknown` signer.
    public init(catalog: CatalogStore, trustedKey: String? = nil) {
        self.catalog = catalog
        self.trustedKey = trustedKey
    }

    /// Checks everything.
    ///
    /// - Complexity: O(n) entries, O(log n) memory beside the checkpoints.
    public func verify() throws(CatalogError) -> LogReport {
        let outside: Result<SignedCheckpoint?, CatalogError>
        do {
            outside = .success(try catalog.outside.read())
        } catch {
            outside = .failure(error)
        }
        return try mapped {
            try catalog.read { reader in
                var pass = try LogVerification(
                    reader, origin: catalog.workspace.origin, custodian: catalog.workspace.custodian
                )
                pass.begin(outside: outside, path: catalog.outside.path)
                try reader.eachEntry { entry throws(CatalogError) in try pass.visit(entry) }
                return try pass.finish(trustedKey: trustedKey)
            }
        }
    }

    /// The proof that an event is in the log (C2SP tlog-proof), for the newest checkpoint.
    public func proof(ofEvent index: UInt64) throws(CatalogError) -> String {
        try mapped {
            try catalog.read { reader in
                guard let checkpoint = try reader.latestCheckpoint(), index < checkpoint.size
                else {
                    throw CatalogError(
                        .notFound, "no checkpoint covers event \(index)",
                        hint: "`tundish audit checkpoint` signs one")
                }
                let path = try StoredHashes.inclusionPath(
                    of: Int(index), size: Int(checkpoint.size), reader: reader.log.hashes)
                let note = try SignedNote(Array(checkpoint.note.utf8))
                let proof = try TLogProof(index: Int(index), path: path, note: note, extra: nil)
                return String(decoding: proof.bytes, as: UTF8.self)
            }
        }
    }
}
