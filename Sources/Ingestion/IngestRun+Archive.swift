internal import ReaderProtocol
internal import Records

/// What may still come out of an archive and all that is inside it.
final class ArchiveBudget {
    private(set) var bytes: UInt64
    private(set) var members: UInt64

    init(_ limits: ReaderLimits) {
        bytes = limits.expandedBytes
        members = limits.memberCount
    }

    func take(bytes count: Int) throws(ReaderFault) {
        guard UInt64(count) <= bytes else { throw Self.fault("bytes") }
        bytes -= UInt64(count)
    }

    func takeMember() throws(ReaderFault) {
        guard members > 0 else { throw Self.fault("members") }
        members -= 1
    }

    private static func fault(_ what: String) -> ReaderFault {
        ReaderFault(
            .overLimit, "it holds more \(what) than the limit allows",
            hint: "unpack it yourself and ingest the files")
    }
}

extension IngestRun {
    /// Reads an archive's members like files: each spooled sealed, then surveyed, detected and
    /// read. Names that begin with a dot are left out, as in folders.
    func readArchive(_ opened: OpenedFile, depth: Int, budget: ArchiveBudget?) throws {
        var report = FileReport(facts: opened.facts)
        let budget = budget ?? ArchiveBudget(options.limits)
        let index = reportCount
        var members = 0
        do {
            guard depth < options.archiveDepth else {
                throw ReaderFault(
                    .overLimit, "it is inside \(depth) other archives",
                    hint: "unpack the outer ones yourself")
            }
            let process = try start(.unpack, opened, expandedBytes: budget.bytes)
            defer { process.stop() }
            var member: (name: String, spool: SealedSpool)?
            frames: while true {
                let frame = try process.next()
                switch frame.kind {
                case .member:
                    try budget.takeMember()
                    let name = try ReaderMember(payload: frame.payload).name
                    member = (Self.printable(name), SealedSpool(name: opened.facts.file.name))
                case .bytes:
                    guard let member else { throw ReaderFault.outOfOrder }
                    try budget.take(bytes: frame.payload.count)
                    try member.spool.append(frame.payload[...])
                case .memberEnd:
                    guard let (name, spool) = member else { throw ReaderFault.outOfOrder }
                    member = nil
                    try spool.seal()
                    if Self.isHidden(name) { continue }
                    guard members < memberLimit else { break frames }
                    members += 1
                    let file = InputFile(member: name, of: opened.facts.file)
                    try read(
                        ingestor.survey(file, source: spool), depth: depth + 1, budget: budget)
                case .refusal:
                    let refusal = try ReaderRefusal(payload: frame.payload)
                    try reject(refusal, of: &report)
                case .note: report.notes.append(Self.message(of: frame))
                case .done: break frames
                default: throw ReaderFault.outOfOrder
                }
            }
            try checkUnchanged(opened)
        } catch let fault as ReaderFault {
            return try refuseArchive(report, fault, members, index)
        } catch let error as ReaderProtocolError {
            let fault = ReaderFault(.died, error.message, hint: error.hint)
            return try refuseArchive(report, fault, members, index)
        }
        report.members = members
        observe?(report, nil)
        place(report, at: index)
    }

    private func refuseArchive(
        _ report: FileReport, _ fault: ReaderFault, _ members: Int, _ index: Int
    ) throws {
        var report = report
        report.members = members
        try refuse(report, IngestionError(fault, file: report.facts.file), at: index)
    }

    private static func isHidden(_ name: String) -> Bool {
        name.split(separator: "/").contains { $0.hasPrefix(".") || $0 == "__MACOSX" }
    }
}
