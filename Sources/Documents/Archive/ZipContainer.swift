internal import ReaderProtocol

/// A zip file as a box of named parts, as office documents are (ISO/IEC 21320-1).
final class ZipContainer {
    private let bytes: DocumentBytes
    private var meter: ExpansionMeter
    private let positions: [String: Int]
    private let positionsWithoutCase: [String: Int]
    /// Names of its files, in the archive's order.
    let names: [String]

    private var handle: ArchiveHandle?
    private var position = 0

    /// Lists the parts.
    ///
    /// - Throws: `.encrypted`, `.malformed`, `.overLimit`, `.unsupported` (old binary Office).
    init(_ bytes: DocumentBytes, limits: ReaderLimits) throws(ReaderFault) {
        self.bytes = bytes
        meter = ExpansionMeter(limits: limits)
        try Self.refuseCompoundFile(bytes)
        let handle = try ArchiveHandle(bytes, .zip)
        var names: [String] = []
        var positions: [String: Int] = [:]
        var withoutCase: [String: Int] = [:]
        var index = 0
        while let member = try handle.nextMember() {
            guard index < limits.memberCount else {
                throw .overLimit("a zip file of more than \(limits.memberCount) members")
            }
            guard !member.isEncrypted else { throw .encrypted("a zip file under a password") }
            if member.isFile {
                let name = String(decoding: member.name, as: UTF8.self)
                names.append(name)
                // The first of equal names counts, for all readers the same.
                if positions[name] == nil { positions[name] = index }
                let lower = name.lowercased()
                if withoutCase[lower] == nil { withoutCase[lower] = index }
            }
            index += 1
        }
        guard index > 0 else { throw .malformed("a zip file without a single member") }
        self.names = names
        self.positions = positions
        positionsWithoutCase = withoutCase
    }

    /// Whether there is a part of this name, exactly or but for upper and lower case.
    func contains(_ name: String) -> Bool { index(of: name) != nil }

    private func index(of name: String) -> Int? {
        positions[name] ?? positionsWithoutCase[name.lowercased()]
    }

    /// A part's bytes; nil where there is none of this name.
    ///
    /// - Throws: `.overLimit` beyond the limits of this container, `.malformed`.
    func read(_ name: String) throws(ReaderFault) -> [UInt8]? {
        guard let wanted = index(of: name) else { return nil }
        // Parts read in the archive's order need no second walk through it.
        if handle == nil || position > wanted {
            handle = try ArchiveHandle(bytes, .zip)
            position = 0
        }
        guard let handle else { return nil }
        var size: UInt64?
        while position <= wanted {
            guard let member = try handle.nextMember() else {
                throw .malformed("a zip file whose members changed")
            }
            size = member.size
            position += 1
        }
        var out: [UInt8] = []
        out.reserveCapacity(Int(clamping: min(size ?? 0, 16 << 20)))
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = try unsafe chunk.withUnsafeMutableBufferPointer {
                target throws(ReaderFault) in
                try unsafe handle.read(into: UnsafeMutableRawBufferPointer(target))
            }
            if count == 0 { return out }
            try meter.add(count, from: UInt64(bytes.count))
            guard UInt64(out.count + count) <= meter.limits.memoryBytes / 4 else {
                throw .overLimit("a part of more than \(meter.limits.memoryBytes / 4) bytes")
            }
            out += chunk[..<count]
        }
    }

    /// A part's bytes as they are unpacked, for parts that memory need not hold; nil where there
    /// is none of this name. The limits of this container count for them, too.
    func stream(_ name: String) throws(ReaderFault) -> DocumentInput? {
        guard let wanted = index(of: name) else { return nil }
        let handle = try ArchiveHandle(bytes, .zip)
        for _ in 0...wanted {
            guard try handle.nextMember() != nil else {
                throw .malformed("a zip file whose members changed")
            }
        }
        return DocumentInput(ZipPart(handle, of: self), limits: meter.limits)
    }

    /// A part that is unpacked as it is read.
    private final class ZipPart: ByteProducer {
        private let handle: ArchiveHandle
        private let container: ZipContainer

        init(_ handle: ArchiveHandle, of container: ZipContainer) {
            self.handle = handle
            self.container = container
        }

        func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReaderFault) -> Int {
            let count = try unsafe handle.read(into: buffer)
            try container.meter.add(count, from: UInt64(container.bytes.count))
            return count
        }
    }

    /// OLE2 files ([MS-CFB]): Office keeps encrypted documents in them ([MS-OFFCRYPTO] §2.3.4),
    /// and its formats before 2007.
    private static func refuseCompoundFile(_ bytes: DocumentBytes) throws(ReaderFault) {
        guard bytes.hasPrefix([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) else { return }
        let name: [UInt8] = "EncryptedPackage".utf8.reduce(into: []) { $0 += [$1, 0] }
        if bytes.firstRange(of: name) != nil {
            throw .encrypted("an Office document under a password")
        }
        throw .unsupported(
            "an Office document in the binary form from before 2007",
            hint: "save it as .docx, .xlsx or .pptx, for instance by "
                + "soffice --headless --convert-to docx FILE")
    }
}
