internal import CSimdjson
internal import Cryptography

/// The first pass over a file: its digest, its size, and how its bytes are to be read as text.
///
/// Rules: a byte order mark decides. Else bytes that are valid UTF-8 from end to end are UTF-8.
/// Else zero bytes at every other place mean UTF-16. Else UTF-8 with some damage, if at least four
/// multi-byte sequences are sound for each broken one: the damaged rows go to quarantine. Else
/// Windows-1252, or ISO 8859-1 if bytes occur that Windows-1252 leaves undefined.
struct EncodingSurvey {
    private(set) var byteCount: UInt64 = 0
    /// The first bytes, 64 KiB at most.
    private(set) var head: [UInt8] = []
    private var hasher = SHA256.Hasher()
    private var carry: [UInt8] = []
    private var soundSequences: UInt64 = 0
    private var brokenBytes: UInt64 = 0
    private var undefinedBytes = false
    /// Whether the head has the signature of a format that is no text: then only the digest counts.
    var isBinary = false

    /// What was found.
    struct Finding {
        var digest: [UInt8]
        var byteCount: UInt64
        var encoding: TextEncoding
        var markBytes: Int
        var guessed: Bool
        /// Whether every byte is known to be sound in this encoding.
        var isSound: Bool
        var head: [UInt8]
        /// Why it cannot be read as text, if it is text at all.
        var fault: IngestionError?
    }

    /// Takes the next bytes of the file.
    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        unsafe hasher.update(bytes)
        if head.count < 65536 { unsafe head.append(contentsOf: bytes.prefix(65536 - head.count)) }
        byteCount += UInt64(bytes.count)
        if isBinary { return }
        if carry.isEmpty {
            unsafe check(bytes)
        } else {
            // At most 3 bytes of a sequence that the last chunk broke off.
            var start = 0
            while start < bytes.count, unsafe bytes[start] & 0xC0 == 0x80, start < 3 {
                unsafe carry.append(bytes[start])
                start += 1
            }
            if start == bytes.count && carry.count < 4 { return }
            let sequence = carry
            carry = []
            unsafe sequence.withUnsafeBytes { unsafe count($0) }
            unsafe check(UnsafeRawBufferPointer(rebasing: bytes[start...]))
        }
    }

    /// The decision; `declared` overrides everything but the digest.
    mutating func finish(declared: TextEncoding?) -> Finding {
        if !carry.isEmpty {
            let sequence = carry
            unsafe sequence.withUnsafeBytes { unsafe count($0) }
        }
        let isUTF32 =
            head.starts(with: [0xFF, 0xFE, 0, 0]) || head.starts(with: [0, 0, 0xFE, 0xFF])
        let (encoding, guessed) = declared.map { ($0, false) } ?? decide()
        let mark = encoding.byteOrderMark
        let isUTF16 = encoding == .utf16LE || encoding == .utf16BE
        return Finding(
            digest: hasher.finalize(), byteCount: byteCount, encoding: encoding,
            markBytes: !mark.isEmpty && head.starts(with: mark) ? mark.count : 0,
            guessed: guessed,
            isSound: encoding == .utf8 ? brokenBytes == 0 : !isUTF16, head: head,
            fault: isUTF32 && declared == nil
                ? IngestionError(
                    .unsupportedEncoding, "the input is UTF-32",
                    hint: "convert it to UTF-8 first") : nil)
    }

    private func decide() -> (TextEncoding, guessed: Bool) {
        for encoding in [TextEncoding.utf8, .utf16LE, .utf16BE]
        where head.starts(with: encoding.byteOrderMark) {
            return (encoding, false)
        }
        if let utf16 = unmarkedUTF16() { return (utf16, true) }
        if brokenBytes == 0 { return (.utf8, false) }
        if soundSequences >= 4 * brokenBytes { return (.utf8, true) }
        return (undefinedBytes ? .latin1 : .windows1252, true)
    }

    /// UTF-16 without a mark: mostly Latin text has a zero in nearly every other byte.
    private func unmarkedUTF16() -> TextEncoding? {
        guard head.count >= 8 else { return nil }
        var zeros = [0, 0]
        for (index, byte) in head.enumerated() where byte == 0 { zeros[index & 1] += 1 }
        let half = head.count / 2
        if zeros[1] * 10 >= half * 7 && zeros[0] * 20 <= half { return .utf16LE }
        if zeros[0] * 10 >= half * 7 && zeros[1] * 20 <= half { return .utf16BE }
        return nil
    }

    private mutating func check(_ bytes: UnsafeRawBufferPointer) {
        let whole = unsafe Self.lengthWithoutBrokenTail(bytes)
        unsafe carry.append(contentsOf: bytes[whole...])
        let body = unsafe UnsafeRawBufferPointer(rebasing: bytes[..<whole])
        guard unsafe UTF8Check.isValid(body) else { return unsafe count(body) }
        let leads = unsafe body.reduce(UInt64(0)) { $0 &+ ($1 >= 0xC0 ? 1 : 0) }
        soundSequences += leads
    }

    /// Counts sound multi-byte sequences and broken bytes one by one (RFC 3629 §4).
    private mutating func count(_ bytes: UnsafeRawBufferPointer) {
        var i = 0
        while i < bytes.count {
            let lead = unsafe bytes[i]
            if lead < 0x80 {
                i += 1
                continue
            }
            let length = UTF8Check.sequenceLength(lead)
            if length > 1, i + length <= bytes.count,
                unsafe UTF8Check.isValid(UnsafeRawBufferPointer(rebasing: bytes[i..<i + length]))
            {
                soundSequences += 1
                i += length
            } else {
                brokenBytes += 1
                if [0x81, 0x8D, 0x8F, 0x90, 0x9D].contains(lead) { undefinedBytes = true }
                i += 1
            }
        }
    }

    /// How many bytes come before a sequence that the end of `bytes` cuts off.
    private static func lengthWithoutBrokenTail(_ bytes: UnsafeRawBufferPointer) -> Int {
        var back = 1
        while back <= min(3, bytes.count) {
            let byte = unsafe bytes[bytes.count - back]
            if byte & 0xC0 != 0x80 {
                return UTF8Check.sequenceLength(byte) > back ? bytes.count - back : bytes.count
            }
            back += 1
        }
        return bytes.count
    }
}

/// Whether bytes are UTF-8 (RFC 3629), at the speed of simdjson.
enum UTF8Check {
    static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let base = bytes.baseAddress else { return true }
        return unsafe tnd_utf8_valid(base.assumingMemoryBound(to: UInt8.self), bytes.count) == 1
    }

    /// The length that a lead byte announces; 1 for ASCII, 0 for what cannot lead.
    static func sequenceLength(_ lead: UInt8) -> Int {
        switch lead {
        case 0..<0x80: 1
        case 0xC2..<0xE0: 2
        case 0xE0..<0xF0: 3
        case 0xF0..<0xF5: 4
        default: 0
        }
    }
}
