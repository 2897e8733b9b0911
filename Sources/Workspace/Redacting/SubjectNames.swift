import Records
import Redaction

/// The names that the records of a person teach about each other, for policies whose document pass
/// reaches over a subject.
///
/// Only people with several records cost anything: their records are looked through once more. A
/// person of whom more than ``most`` names are known is no person but a mistaken column, and teaches
/// nothing.
final class SubjectNames {
    /// The most names of one person.
    static let most = 1_000

    private let redactor: Redactor
    private let threads: Int
    private var names: [SubjectID: Set<KnownName>] = [:]

    init(redactor: Redactor, threads: Int) {
        self.redactor = redactor
        self.threads = threads
    }

    /// Reads the version twice: who has several records, and what they teach.
    func collect(from reader: VersionReader) throws {
        var counts: [SubjectID: Int] = [:]
        try reader.records { record in
            for subject in record.subjects { counts[subject, default: 0] += 1 }
        }
        guard counts.values.contains(where: { $0 > 1 }) else { return }
        var batch: [Record] = []
        try reader.records { record in
            guard record.subjects.contains(where: { counts[$0, default: 0] > 1 }) else { return }
            batch.append(record)
            if batch.count >= 256 * threads { learn(&batch) }
        }
        learn(&batch)
    }

    /// What the other records of a record's people taught.
    func known(of record: Record) -> Set<KnownName> {
        guard !names.isEmpty else { return [] }
        var known: Set<KnownName> = []
        for subject in record.subjects {
            if let names = names[subject], names.count <= Self.most { known.formUnion(names) }
        }
        return known
    }

    /// A record that cannot be processed teaches nothing; the second pass holds it back.
    private func learn(_ batch: inout [Record]) {
        let redactor = redactor
        let records = batch
        let found = Parallel.map(records.indices, threads: threads) { index in
            (try? redactor.names(in: records[index])) ?? []
        }
        for (record, found) in zip(records, found) {
            for subject in record.subjects where names[subject, default: []].count <= Self.most {
                names[subject, default: []].formUnion(found)
            }
        }
        batch.removeAll(keepingCapacity: true)
    }
}
