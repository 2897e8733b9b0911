internal import ReaderProtocol

/// Archives and compressed files: their members come out one by one, in memory that does not grow
/// with them.
///
/// Zip and 7z are read by their directories, which needs a regular file or one that fits in a
/// quarter of the memory limit; anything else (a zip in a pipe without end) from front to back.
/// Compressed files hold a tar or one stream: a zip inside of a gzip is one member, so that a
/// compressed Word document stays whole.
enum UnpackReader {
    static func read(
        _ input: DocumentInput, _ request: ReaderRequest, _ sink: any DocumentSink
    ) throws(ReaderFault) -> ReaderSummary {
        let unpacking = try Unpacking(input, request, sink)
        try unpacking.run()
        return ReaderSummary(parser: "unpack/\(unpacking.format)")
    }
}

/// One archive on its way out.
private final class Unpacking {
    private let handle: ArchiveHandle?
    private let request: ReaderRequest
    private let sink: any DocumentSink
    private let size: UInt64?
    private let isSequential: Bool
    private var gzip: GzipInput?
    private var meter: ExpansionMeter
    private var names: Set<String> = []
    private var index: UInt64 = 0
    private var written = 0
    private var encrypted = 0
    private var hidden = 0
    /// Why the member breaks off, once its last bytes are out.
    private var fault: ReaderFault?
    private var links = 0
    private var chunk = [UInt8](repeating: 0, count: ReaderFrame.chunkByteCount)
    private(set) var format = ""

    init(
        _ input: DocumentInput, _ request: ReaderRequest, _ sink: any DocumentSink
    ) throws(ReaderFault) {
        self.request = request
        self.sink = sink
        meter = ExpansionMeter(limits: request.limits)
        let head = try input.head(8)
        guard !head.isEmpty else {
            throw .malformed("an empty file instead of an archive", hint: "fetch it again")
        }
        let kind = ArchiveHandle.Kind(head: head, name: request.name)
        isSequential = kind == .stream || kind == .gzip
        if kind == .gzip {
            let gzip = try GzipInput(input)
            self.gzip = gzip
            size = nil
            let inflated = gzip.inflated
            // libarchive cannot open what is empty.
            handle = try inflated.peek(1).isEmpty ? nil : ArchiveHandle(inflated, .plain)
        } else if kind != .stream, !input.isRegularFile,
            let bytes = try input.wholeUpTo(request.limits.memoryBytes / 4)
        {
            size = UInt64(bytes.count)
            handle = try ArchiveHandle(bytes, kind)
        } else {
            size = input.regularFileSize
            handle = try ArchiveHandle(input, kind)
        }
    }

    func run() throws(ReaderFault) {
        while let member = try handle?.nextMember() {
            if index == 0 { try begin() }
            index += 1
            guard index <= request.limits.memberCount else {
                throw .overLimit("an archive of more than \(request.limits.memberCount) members")
            }
            try take(member)
        }
        if index == 0 { try begin() }
        if let gzip { try drain(gzip) }
        if index == 0, isCompressed, format != "tar" {
            try sink.put(ReaderMember(name: MemberName.inside(request.name)).frame)
            try sink.put(ReaderFrame(.memberEnd))
        }
        if written == 0 && encrypted > 0 { throw .encrypted("an archive under a password") }
        if links > 0 { try sink.note("\(links) links or devices in the archive were left out") }
        if gzip?.isUnchecked == true {
            try sink.note(
                "the checksum could not be checked: the gzip file has several parts, or bytes "
                    + "behind its end")
        }
        if hidden > 0 { try sink.note("\(hidden) hidden files in the archive were left out") }
    }

    private var isRaw: Bool { handle?.isRaw == true }

    private var isCompressed: Bool { handle?.isFiltered == true || gzip != nil }

    private var consumed: UInt64 { gzip?.consumed ?? handle?.consumed ?? 0 }

    private func begin() throws(ReaderFault) {
        format = handle?.formatName ?? "none"
        if format == "none", gzip != nil { format = "gzip" }
        guard handle?.isRaw != true || isCompressed else {
            throw .malformed(
                "a file that is neither an archive nor compressed",
                hint: "if it is text, give it a name or --format that says so")
        }
    }

    private func take(_ member: ArchiveHandle.Member) throws(ReaderFault) {
        if member.isFolder { return }
        guard member.isFile else {
            links += 1
            return
        }
        let cleaned =
            isRaw ? MemberName.inside(request.name) : MemberName.clean(member.name)
        let name = cleaned ?? "member-\(index)"
        if MemberName.isHidden(name), !isRaw {
            hidden += 1
            return
        }
        guard name.utf8.count(where: { $0 == 0x2F }) < request.limits.depth else {
            throw .overLimit("folders nested more than \(request.limits.depth) deep")
        }
        guard names.insert(name).inserted else {
            return try leaveOut(name, "archive-duplicate", "a second member of the same name")
        }
        if member.isEncrypted {
            encrypted += 1
            return try leaveOut(name, "archive-encrypted", "a member under a password")
        }
        try write(name, size: isRaw ? nil : member.size)
    }

    /// Reads what is behind the end of a tar, for the checksum is behind that.
    private func drain(_ gzip: GzipInput) throws(ReaderFault) {
        let rest = gzip.inflated
        while true {
            let count = try rest.next().count
            if count == 0 { return }
            try meter.add(count, from: consumed)
        }
    }

    private func leaveOut(
        _ name: String, _ reason: String, _ message: String
    ) throws(ReaderFault) {
        try sink.refuse(reason, message, place: name, offset: index - 1)
    }

    private func write(_ name: String, size: UInt64?) throws(ReaderFault) {
        // The first bytes come before the member is announced: a method that is not known shows
        // only here.
        var count: Int
        do throws(ReaderFault) {
            count = try fill()
        } catch {
            guard error.code == .unsupported || error.code == .encrypted, !isSequential else {
                throw error
            }
            if error.code == .encrypted { encrypted += 1 }
            return try leaveOut(
                name,
                error.code == .encrypted ? "archive-encrypted" : "archive-unsupported",
                "a member that cannot be unpacked here")
        }
        try sink.put(ReaderMember(name: name).frame)
        written += 1
        var length: UInt64 = 0
        while count > 0 {
            length += UInt64(count)
            try sink.put(ReaderFrame(.bytes, Array(chunk[..<count])))
            count = try fill()
        }
        guard size == nil || size == length else {
            throw .malformed(
                "a member that is shorter or longer than the archive says",
                hint: "fetch it again, or pack it again")
        }
        try sink.put(ReaderFrame(.memberEnd))
    }

    /// The member's next bytes into `chunk`.
    private func fill() throws(ReaderFault) -> Int {
        if let fault { throw fault }
        var filled = 0
        while filled < chunk.count {
            var count = 0
            do throws(ReaderFault) {
                count = try unsafe chunk.withUnsafeMutableBufferPointer {
                    target throws(ReaderFault) in
                    let rest = unsafe UnsafeMutableBufferPointer(rebasing: target[filled...])
                    return try unsafe handle?.read(into: UnsafeMutableRawBufferPointer(rest)) ?? 0
                }
            } catch {
                // What came before the break goes out first.
                guard filled > 0 else { throw error }
                fault = error
            }
            if count == 0 { break }
            filled += count
            try meter.add(
                count, from: isSequential ? consumed : size ?? consumed)
        }
        return filled
    }
}
