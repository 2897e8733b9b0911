internal import CLibArchive
internal import Glibc
internal import ReaderProtocol

/// One libarchive reader. Only formats and filters that are read soundly are switched on, and
/// none that would start another program.
@safe final class ArchiveHandle {
    /// What it reads.
    enum Kind {
        /// A zip file.
        case zip
        /// A 7-Zip file.
        case sevenZip
        /// A tar or a single stream, compressed or not.
        case stream
        /// A single stream in gzip.
        case gzip
        /// A tar or a single stream that is not compressed, or no longer.
        case plain

        /// What the first bytes say, or the name where a zip begins with something else.
        init(head: [UInt8], name: String) {
            if head.starts(with: [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]) {
                self = .sevenZip
            } else if head.starts(with: [0x50, 0x4B]) || name.lowercased().hasSuffix(".zip") {
                self = .zip
            } else if head.starts(with: [0x1F, 0x8B]) {
                self = .gzip
            } else {
                self = .stream
            }
        }
    }

    private let handle: OpaquePointer
    private var entry: OpaquePointer?
    private let input: DocumentInput?
    private let memory: DocumentBytes?
    private var buffer: [UInt8] = []
    private var readFault: ReaderFault?

    /// An archive in memory, where parts can be sought.
    init(_ bytes: DocumentBytes, _ kind: Kind) throws(ReaderFault) {
        (memory, input) = (bytes, nil)
        guard let handle = unsafe archive_read_new() else { throw .overLimit("no memory is left") }
        unsafe self.handle = unsafe handle
        allow(kind)
        let status = unsafe bytes.withUnsafeBytes {
            unsafe archive_read_open_memory(handle, $0.baseAddress, $0.count)
        }
        try check(status)
    }

    /// An archive read from front to back; a regular file can also be sought.
    init(_ input: DocumentInput, _ kind: Kind) throws(ReaderFault) {
        (memory, self.input) = (nil, input)
        guard let handle = unsafe archive_read_new() else { throw .overLimit("no memory is left") }
        unsafe self.handle = unsafe handle
        allow(kind)
        buffer = [UInt8](repeating: 0, count: 128 << 10)
        let isSeekable =
            (kind == .zip || kind == .sevenZip) && input.isRegularFile
            && lseek(input.descriptor, 0, SEEK_CUR) == 0
        let status: Int32
        if isSeekable {
            status = unsafe archive_read_open_fd(handle, input.descriptor, buffer.count)
        } else {
            let context = unsafe Unmanaged.passUnretained(self).toOpaque()
            status = unsafe archive_read_open(
                handle, context, nil,
                { archive, context, target in
                    guard let context = unsafe context, let target = unsafe target else {
                        return -1
                    }
                    return unsafe Unmanaged<ArchiveHandle>.fromOpaque(context)
                        .takeUnretainedValue().feed(target)
                }, nil)
        }
        try check(status)
    }

    deinit { unsafe archive_read_free(handle) }

    private func allow(_ kind: Kind) {
        // Names come out in the locale's encoding.
        _ = unsafe setlocale(LC_CTYPE, "C.UTF-8")
        switch kind {
        case .zip: _ = unsafe archive_read_support_format_zip(handle)
        case .sevenZip: _ = unsafe archive_read_support_format_7zip(handle)
        case .plain:
            unsafe archive_read_support_format_tar(handle)
            unsafe archive_read_support_format_raw(handle)
            unsafe archive_read_support_format_empty(handle)
        case .gzip:
            unsafe archive_read_support_format_raw(handle)
            unsafe archive_read_support_format_empty(handle)
            unsafe archive_read_support_filter_gzip(handle)
        case .stream:
            unsafe archive_read_support_format_tar(handle)
            unsafe archive_read_support_format_raw(handle)
            unsafe archive_read_support_format_empty(handle)
            unsafe archive_read_support_filter_bzip2(handle)
            unsafe archive_read_support_filter_compress(handle)
            unsafe archive_read_support_filter_xz(handle)
            unsafe archive_read_support_filter_lzma(handle)
            unsafe archive_read_support_filter_lz4(handle)
            unsafe archive_read_support_filter_zstd(handle)
        }
    }

    /// The read callback: the next bytes of the input, kept alive in `buffer`.
    private func feed(_ target: UnsafeMutablePointer<UnsafeRawPointer?>) -> Int {
        guard let input else { return -1 }
        do {
            return try unsafe buffer.withUnsafeMutableBufferPointer { bytes throws(ReaderFault) in
                unsafe target.pointee = UnsafeRawPointer(bytes.baseAddress)
                return try unsafe input.read(into: UnsafeMutableRawBufferPointer(bytes))
            }
        } catch {
            readFault = error
            return -1
        }
    }

    /// The next member's name as bytes; nil at the end.
    func nextMember() throws(ReaderFault) -> Member? {
        var next: OpaquePointer?
        let status = unsafe archive_read_next_header(handle, &next)
        guard status != ARCHIVE_EOF else { return nil }
        try check(status)
        guard let next = unsafe next else { return nil }
        unsafe entry = unsafe next
        let name: [UInt8]
        if let utf8 = unsafe archive_entry_pathname_utf8(next) {
            name = unsafe Array(UnsafeBufferPointer(start: utf8, count: strlen(utf8))).map {
                UInt8(bitPattern: $0)
            }
        } else if let raw = unsafe archive_entry_pathname(next) {
            name = unsafe Array(UnsafeBufferPointer(start: raw, count: strlen(raw))).map {
                UInt8(bitPattern: $0)
            }
        } else {
            name = []
        }
        let hasSize = unsafe archive_entry_size_is_set(next) != 0
        let type = unsafe archive_entry_filetype(next) & S_IFMT
        let isLink =
            unsafe archive_entry_hardlink(next) != nil || archive_entry_symlink(next) != nil
        return Member(
            name: name, size: hasSize ? unsafe UInt64(clamping: archive_entry_size(next)) : nil,
            isEncrypted: unsafe archive_entry_is_encrypted(next) != 0,
            isFolder: type == S_IFDIR, isFile: (type == S_IFREG || type == 0) && !isLink)
    }

    /// The next bytes of the member into `buffer`; 0 at its end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(ReaderFault) -> Int {
        let count = unsafe archive_read_data(handle, buffer.baseAddress, buffer.count)
        if count < 0 { try check(Int32(clamping: count)) }
        return max(0, count)
    }

    /// How many bytes of the input were read so far.
    var consumed: UInt64 { unsafe UInt64(clamping: archive_filter_bytes(handle, -1)) }

    /// Whether it is a single stream, without any list of members.
    var isRaw: Bool { unsafe archive_format(handle) == ARCHIVE_FORMAT_RAW }

    /// Whether the input is compressed as a whole.
    var isFiltered: Bool { unsafe archive_filter_count(handle) > 1 }

    /// The format in a word: `zip`, `7z`, `tar`, or the compression of a single stream.
    var formatName: String {
        switch unsafe archive_format(handle) & ARCHIVE_FORMAT_BASE_MASK {
        case 0x50000: return "zip"
        case 0xE0000: return "7z"
        case 0x30000: return "tar"
        default: break
        }
        guard isFiltered, let name = unsafe archive_filter_name(handle, 0) else { return "none" }
        return unsafe String(cString: name)
    }

    private func check(_ status: Int32) throws(ReaderFault) {
        if let readFault { throw readFault }
        // A warning is a detail such as a name in an unknown encoding.
        guard status < ARCHIVE_WARN else { return }
        let text = unsafe archive_error_string(handle).map { unsafe String(cString: $0) } ?? ""
        let lower = text.lowercased()
        if lower.contains("passphrase") || lower.contains("encrypt") || lower.contains("crypto") {
            throw .encrypted("an archive under a password")
        }
        if unsafe archive_errno(handle) == ENOMEM || lower.contains("memory") {
            throw .overLimit("an archive that needs more memory than the limit")
        }
        if lower.contains("unsupported") || lower.contains("not supported") {
            throw .unsupported(
                "an archive with a compression method that is not read here",
                hint: "pack it again as zip or tar.gz")
        }
        throw .malformed(
            lower.contains("truncated")
                ? "an archive that breaks off" : "an archive that cannot be read",
            hint: "fetch it again, or pack it again")
    }

    /// A member's header.
    struct Member {
        var name: [UInt8]
        var size: UInt64?
        var isEncrypted: Bool
        var isFolder: Bool
        /// Whether it is a plain file: no link, device or folder.
        var isFile: Bool
    }
}
