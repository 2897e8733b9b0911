import Cryptography
import Records
import Vault

/// Computes the leaves of records: salts them with their subjects' keys (`docs/formats.md`).
final class LeafHasher {
    /// Keys of subjects are kept for the next batch: a person's records are spread over a version.
    private static let cachedKeys = 1 << 16

    private let vault: Vault
    private let scope: ScopeID
    private let datasetKey: HMACSHA256.PaddedKey
    private let threads: Int
    /// Verifying must not make keys: a subject whose key is gone has been erased.
    private let makesKeys: Bool
    private var known: [SubjectID: SymmetricKey] = [:]

    init(vault: Vault, scope: ScopeID, makesKeys: Bool, threads: Int = 1) throws {
        self.vault = vault
        self.scope = scope
        self.makesKeys = makesKeys
        self.threads = threads
        datasetKey = HMACSHA256.PaddedKey(try vault.namedKey("leaf", scope: scope))
    }

    /// The leaf hash of each record, 32 bytes, in the order given.
    func hashes(of records: [EncodedRecord], subjects: [[SubjectID]]) throws -> [[UInt8]] {
        let keys = try keys(of: subjects)
        let datasetKey = self.datasetKey
        return try Shares.map(count: records.count, threads: threads) { range in
            let hashes = RepeatedSHA256()
            return try range.map { index in
                let record = records[index]
                let key = try Self.key(of: subjects[index], among: keys, rid: record.rid)
                return Leaf.hash(
                    rid: record.rid, canonical: record.canonical, key: key ?? datasetKey,
                    with: hashes)
            }
        }
    }

    private func keys(of subjects: [[SubjectID]]) throws -> [SubjectID: SymmetricKey] {
        let ids = Set(subjects.joined())
        let missing = ids.filter { known[$0] == nil }.sorted()
        guard !missing.isEmpty else { return known }
        if known.count > Self.cachedKeys { known = known.filter { ids.contains($0.key) } }
        let found =
            try makesKeys ? vault.subjectKeys(missing) : vault.existingSubjectKeys(missing)
        known.merge(found) { first, _ in first }
        return known
    }

    /// The leaf hashes of a segment's bytes, for verification.
    func hashes(ofSegment bytes: [UInt8]) throws -> [[UInt8]] {
        let encoded = try Segment.decode(bytes)
        let subjects = try encoded.map {
            try Record(rid: $0.rid, canonicalBytes: $0.canonical).subjects
        }
        return try hashes(of: encoded, subjects: subjects)
    }

    /// One subject: its key. Several: HKDF over all, in order. None: nil, the dataset's.
    private static func key(
        of subjects: [SubjectID], among keys: [SubjectID: SymmetricKey], rid: RecordID
    ) throws -> HMACSHA256.PaddedKey? {
        if subjects.isEmpty { return nil }
        let own = try subjects.map { subject in
            guard let key = keys[subject] else {
                throw WorkspaceError(
                    .integrity, "the key of a data subject of record \(rid) is missing")
            }
            return key
        }
        if own.count == 1 { return HMACSHA256.PaddedKey(own[0]) }
        return HMACSHA256.PaddedKey(
            SymmetricKey(
                bytes: HKDFSHA256.derive(
                    inputKey: own.flatMap(\.bytes), salt: [], info: Array("tundish/leaf".utf8),
                    byteCount: 32)))
    }

    /// The leaf hashes of origins: the same form under the dataset's key, purpose "origin".
    func hashes(ofOrigins origins: [EncodedRecord]) throws -> [[UInt8]] {
        let datasetKey = self.datasetKey
        return try Shares.map(count: origins.count, threads: threads) { range in
            let hashes = RepeatedSHA256()
            return range.map {
                Leaf.hash(
                    rid: origins[$0].rid, canonical: origins[$0].canonical, key: datasetKey,
                    purpose: Leaf.originPurpose, with: hashes)
            }
        }
    }
}
