import Catalog
import Records
import Redaction
import Vault

/// Redacts batches on several threads and writes them in order.
final class RedactionWork {
    let writer: VersionWriter
    let quarantine: QuarantineWriter
    let redactor: Redactor
    private(set) var counts = FindingCounts()
    private(set) var done = 0
    private(set) var heldBack: Set<RecordID> = []

    private let names: SubjectNames
    private let parent: VersionRow
    private let threads: Int
    private var batch: [Record] = []
    private var findings: [UInt8] = []

    init(
        writer: VersionWriter, quarantine: QuarantineWriter, redactor: Redactor,
        names: SubjectNames, parent: VersionRow, threads: Int
    ) {
        self.names = names
        self.writer = writer
        self.quarantine = quarantine
        self.redactor = redactor
        self.parent = parent
        self.threads = threads
    }

    func take(_ records: [Record]) throws {
        batch.append(contentsOf: records)
        if batch.count >= 256 * threads { try flush() }
    }

    func flush() throws {
        let batch = self.batch
        let redactor = self.redactor
        let known = batch.map { names.known(of: $0) }
        let results = Parallel.map(batch.indices, threads: threads) { index in
            Result { () throws(RedactionError) in
                try redactor.redact(batch[index], knowing: known[index])
            }
        }
        for (record, result) in zip(batch, results) { try settle(record, result) }
        done += batch.count
        self.batch.removeAll(keepingCapacity: true)
        if findings.count > 1 << 20 { try sealFindings() }
        if self.batch.isEmpty, done == parent.count { try sealFindings() }
    }

    private func settle(
        _ record: Record, _ result: Result<RedactedRecord, RedactionError>
    ) throws {
        switch result {
        case .success(let redacted):
            counts.merge(redacted.counts)
            try writer.append(redacted.record)
            if !redacted.findings.isEmpty { note(redacted, rid: record.rid) }
        case .failure:
            heldBack.insert(record.rid)
            try quarantine.add(
                reason: "redaction-failed", fileDigest: parent.id, offset: 0,
                raw: record.canonicalBytes(), length: 0)
        }
    }

    /// Where personal data stood: sealed with the raw key, since it points into raw text.
    private func note(_ redacted: RedactedRecord, rid: RecordID) {
        let fields = redacted.findings.mapValues { findings in
            JSONValue.array(
                findings.map {
                    [
                        "start": .integer($0.range.lowerBound),
                        "end": .integer($0.range.upperBound), "type": .string($0.type.rawValue),
                        "score": .double(Double($0.score)), "detector": .string($0.detector),
                        "validation": .string($0.validation.rawValue),
                    ]
                })
        }
        CanonicalJSON.append(["rid": .string(rid.hex), "fields": .object(fields)], to: &findings)
        findings.append(0x0A)
    }

    private func sealFindings() throws {
        guard !findings.isEmpty else { return }
        try writer.attach(findings, role: "findings", kind: .findings, stage: .raw)
        findings.removeAll(keepingCapacity: true)
    }
}

extension String {
    /// The text after enough spaces to fill `width` columns.
    func padded(to width: Int) -> String {
        String(repeating: " ", count: max(0, width - count)) + self
    }
}
