import Cryptography
import Records
import Vault

/// Computes the leaves of records: salts them with their subjects' keys (`docs/formats.md`).
struct LeafHasher {
    private let vault: Vault
    private let scope: ScopeID
    private let datasetKey: SymmetricKey
    /// Verifying must not make keys: a subject whose key is gone has been erased.
    private let makesKeys: Bool

    init(vault: Vault, scope: ScopeID, makesKeys: Bool) throws {
        self.vault = vault
        self.scope = scope
        self.makesKeys = makesKeys
        datasetKey = try vault.namedKey("leaf", scope: scope)
    }

    /// The leaf hash of each record, 32 bytes, in the order given.
    func hashes(of records: [EncodedRecord], subjects: [[SubjectID]]) throws -> [[UInt8]] {
        let ids = Set(subjects.joined()).sorted()
        let keys = try makesKeys ? vault.subjectKeys(ids) : vault.existingSubjectKeys(ids)
        return try zip(records, subjects).map { record, subjects in
            let salt = Leaf.salt(
                key: try key(of: subjects, among: keys, rid: record.rid), rid: record.rid,
                canonical: record.canonical)
            return Leaf.hash(
                rid: record.rid,
                commitment: Leaf.commitment(salt: salt, canonical: record.canonical))
        }
    }

    /// The leaf hashes of a segment's bytes, for verification.
    func hashes(ofSegment bytes: [UInt8]) throws -> [[UInt8]] {
        let encoded = try Segment.decode(bytes)
        let subjects = try encoded.map {
            try Record(rid: $0.rid, canonicalBytes: $0.canonical).subjects
        }
        return try hashes(of: encoded, subjects: subjects)
    }

    /// One subject: its key. Several: HKDF over all, in order. None: the dataset's.
    private func key(
        of subjects: [SubjectID], among keys: [SubjectID: SymmetricKey], rid: RecordID
    ) throws -> SymmetricKey {
        var own: [SymmetricKey] = []
        for subject in subjects {
            guard let key = keys[subject] else {
                throw WorkspaceError(
                    .integrity, "the key of a data subject of record \(rid) is missing")
            }
            own.append(key)
        }
        switch own.count {
        case 0: return datasetKey
        case 1: return own[0]
        default:
            return SymmetricKey(
                bytes: HKDFSHA256.derive(
                    inputKey: own.flatMap(\.bytes), salt: [], info: Array("tundish/leaf".utf8),
                    byteCount: 32))
        }
    }

    /// The leaf hash of an origin: the same form under the dataset's key, purpose "origin".
    func hash(ofOrigin rid: RecordID, canonical: [UInt8]) -> [UInt8] {
        let salt = Leaf.salt(key: datasetKey, rid: rid, canonical: canonical, purpose: "origin")
        return Leaf.hash(rid: rid, commitment: Leaf.commitment(salt: salt, canonical: canonical))
    }
}
