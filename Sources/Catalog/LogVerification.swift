internal import Cryptography
internal import GRDB
internal import MerkleLog
internal import Records

/// One walk over the log: the state of `LogVerifier.verify()`.
struct LogVerification {
    private let reader: CatalogReader
    private let origin: String
    private let custodian: String
    private var report: LogReport
    /// Signed checkpoints by the size they are for; the outside one last.
    private var expected: [UInt64: [(root: [UInt8], place: String)]] = [:]
    private var checkpoints: [SignedCheckpoint] = []
    /// Public keys as the log itself introduced them.
    private var keys: [String: [UInt8]] = [:]
    /// The tree over the entries so far.
    private var frontier = MerkleFrontier()
    private var next: UInt64 = 0
    private var lastHashesReported = 0
    private var moved: UInt64?

    init(_ reader: CatalogReader, origin: String, custodian: String) throws(CatalogError) {
        self.reader = reader
        self.origin = origin
        self.custodian = custodian
        report = LogReport(
            size: 0, root: [], checkpoints: 0, erasedDetails: 0, signer: .unknown, findings: [])
        checkpoints = try reader.checkpoints()
        for checkpoint in checkpoints {
            expected[checkpoint.size, default: []].append((checkpoint.root, "the catalog"))
        }
    }

    mutating func begin(outside: Result<SignedCheckpoint?, CatalogError>, path: String) {
        switch outside {
        case .success(nil): break
        case .success(let kept?):
            expected[kept.size, default: []].append((kept.root, path))
            checkpoints.append(kept)
            report.isHeldOutside = true
        case .failure(let error):
            find(.changedCheckpoint, nil, error.message)
        }
    }

    mutating func visit(_ entry: LogEntry) throws(CatalogError) {
        if entry.index > next {
            let gap = entry.index - next
            find(
                .droppedEvent, next,
                gap == 1
                    ? "event \(next) is gone" : "events \(next) to \(entry.index - 1) are gone")
            // Fill the tree from the stored leaves, so that what follows can still be judged.
            for index in next..<entry.index {
                grow((try? reader.log.leafHash(index)) ?? [])
            }
        }
        try check(entry)
        next = entry.index + 1
    }

    private mutating func check(_ entry: LogEntry) throws(CatalogError) {
        let index = entry.index
        let leaf = MerkleTree.leafHash(entry.bytes)
        let stored = try? reader.log.leafHash(index)
        if leaf != stored {
            if stored == nil {
                find(.changedHash, index, "the leaf hash of event \(index) is gone")
            } else if leaf == (try? reader.log.leafHash(index + 1)) {
                if moved == nil {
                    moved = index
                    find(
                        .droppedEvent, index,
                        "event \(index) is gone; those behind it moved up")
                }
            } else {
                find(.changedEvent, index, "event \(index) is not the one that was logged")
            }
        }
        grow(leaf)
        checkSignature(entry)
        checkDetail(entry)
    }

    private mutating func checkSignature(_ entry: LogEntry) {
        guard let json = try? entry.json(), let event = try? entry.event() else {
            find(.changedEvent, entry.index, "event \(entry.index) is not readable")
            return
        }
        if entry.index == 0, event.action == "workspace.create" {
            introduce(event.facts["custodian"])
        }
        let key = keys[event.actor]
        if json["log"]?.stringValue != origin {
            find(.changedEvent, entry.index, "event \(entry.index) belongs to another log")
        } else if let key, EntryFormat.isSigned(json, by: key) {
            if event.action == "principal.add", event.outcome == .done {
                introduce(event.facts["principal"])
            }
        } else {
            find(
                .changedEvent, entry.index,
                key == nil
                    ? "event \(entry.index) is by \(event.actor), whom the log never introduced"
                    : "the signature of event \(entry.index) is not \(event.actor)'s")
        }
    }

    private mutating func introduce(_ principal: JSONValue?) {
        guard let id = principal?["id"]?.stringValue,
            let key = principal?["ed25519"]?.stringValue.flatMap(Hex.decode), keys[id] == nil
        else { return }
        keys[id] = key
    }

    private mutating func checkDetail(_ entry: LogEntry) {
        guard let detail = entry.detail, let salt = entry.salt else {
            if entry.detail != nil || entry.salt != nil {
                find(.changedDetail, entry.index, "half of event \(entry.index)'s detail is gone")
            } else {
                report.erasedDetails += 1
            }
            return
        }
        let digest = Hex.encode(EntryFormat.detailDigest(salt: salt, detail: detail))
        if (try? entry.json())?["detail"]?.stringValue != digest {
            find(
                .changedDetail, entry.index,
                "the detail of event \(entry.index) is not the one that was logged")
        }
    }

    /// Adds a leaf, compares the subtrees it completes with the stored ones, and the root with the
    /// checkpoints of this size.
    private mutating func grow(_ leaf: [UInt8]) {
        var index = StoredHashes.index(level: 0, position: frontier.size) + 1
        for hash in frontier.append(leafHash: leaf).dropFirst() {
            if hash != (try? reader.log.hash(index)) { reportHash(index) }
            index += 1
        }
        report.size += 1
        guard let expectations = expected[report.size] else { return }
        let root = frontier.root
        for expectation in expectations where expectation.root != root {
            find(
                .changedCheckpoint, report.size - 1,
                "the checkpoint for \(report.size) events in \(expectation.place) has another "
                    + "root than the entries: one of them, or the checkpoint, was changed")
        }
    }

    private mutating func reportHash(_ index: Int) {
        // One changed entry spoils every subtree above it: name the first three.
        lastHashesReported += 1
        if lastHashesReported > 3 { return }
        let (level, position) = StoredHashes.location(of: index)
        find(
            .changedHash, nil,
            "the stored hash at level \(level), position \(position) is not that of the entries")
    }

    private mutating func find(_ kind: LogFinding.Kind, _ index: UInt64?, _ message: String) {
        report.findings.append(LogFinding(kind: kind, index: index, message: message))
    }

    mutating func finish(trustedKey: String?) throws(CatalogError) -> LogReport {
        report.root = frontier.root
        report.checkpoints = checkpoints.count
        let key = keys[custodian] ?? []
        for checkpoint in checkpoints { check(checkpoint, key: key) }
        if let highest = checkpoints.max(by: { $0.size < $1.size }), highest.size > report.size {
            find(
                .rollback, report.size,
                "rolled back: the log has \(report.size) events, but a checkpoint was signed for "
                    + "\(highest.size)")
        }
        if let trustedKey {
            let own = LogNote.verifierKey(origin: origin, publicKey: key)?.description
            report.signer = own == trustedKey ? .trusted : .other
            if report.signer == .other {
                find(.changedCheckpoint, nil, "the log is not signed with the trusted key")
            }
        }
        return report
    }

    private mutating func check(_ checkpoint: SignedCheckpoint, key: [UInt8]) {
        let parsed = LogNote.parse(checkpoint.note)
        let fits =
            parsed.map {
                $0.origin == origin && UInt64($0.size) == checkpoint.size
                    && $0.root == checkpoint.root
            } ?? false
        if !fits || !LogNote.isSigned(checkpoint.note, origin: origin, publicKey: key) {
            find(
                .changedCheckpoint, nil,
                "the checkpoint for \(checkpoint.size) events is not the one that was signed")
        }
    }
}
