internal import CZstd
internal import Synchronization

/// Turns bytes into one zstd frame (RFC 8878), piece by piece. One thread at a time.
///
/// Never with a dictionary: one trained on raw text would carry raw text.
///
/// Contexts are large to make and are used again: `take` one, and `giveBack` after its frame's end.
/// Sendable only so that the idle ones can wait for any thread.
@safe final class Compressor: @unchecked Sendable {
    private static let idle = Mutex<[Compressor]>([])

    /// An idle context, or a new one.
    static func take() throws(VaultError) -> Compressor {
        if let compressor = idle.withLock({ $0.popLast() }) { return compressor }
        return try Compressor()
    }

    /// Lets another use this context, after `finish`.
    func giveBack() {
        Self.idle.withLock { if $0.count < maximumIdleCount { $0.append(self) } }
    }

    private let context: OpaquePointer
    private var buffer: [UInt8]

    /// Level 1: records are sealed in small groups, where more effort finds little more.
    init(level: Int32 = 1) throws(VaultError) {
        guard let context = unsafe ZSTD_createCCtx() else {
            throw VaultError(.system, "zstd cannot allocate memory for compression")
        }
        unsafe self.context = unsafe context
        buffer = [UInt8](repeating: 0, count: ZSTD_CStreamOutSize())
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
    }

    deinit { unsafe ZSTD_freeCCtx(context) }

    /// Takes more bytes; appends what is ready to `out`.
    func update(_ bytes: [UInt8], into out: inout [UInt8]) throws(VaultError) {
        guard !bytes.isEmpty else { return }
        try run(bytes, ZSTD_e_continue, into: &out)
    }

    /// Ends the frame with `bytes`; appends its rest to `out`. A frame that only `finish` fills
    /// knows its length from the start, and zstd fits its tables to it.
    func finish(with bytes: [UInt8] = [], into out: inout [UInt8]) throws(VaultError) {
        try run(bytes, ZSTD_e_end, into: &out)
    }

    private func run(
        _ bytes: [UInt8], _ end: ZSTD_EndDirective, into out: inout [UInt8]
    ) throws(VaultError) {
        var consumed = 0
        while true {
            var produced = 0
            let rest = unsafe bytes.withUnsafeBytes { source in
                unsafe buffer.withUnsafeMutableBytes { target in
                    var input = unsafe ZSTD_inBuffer(
                        src: source.baseAddress, size: source.count, pos: consumed)
                    var output = unsafe ZSTD_outBuffer(
                        dst: target.baseAddress, size: target.count, pos: 0)
                    let rest = unsafe ZSTD_compressStream2(context, &output, &input, end)
                    consumed = unsafe input.pos
                    produced = unsafe output.pos
                    return rest
                }
            }
            guard ZSTD_isError(rest) == 0 else {
                throw VaultError(.system, "zstd cannot compress: error \(rest)")
            }
            out += buffer[..<produced]
            if end == ZSTD_e_end ? rest == 0 : consumed == bytes.count { return }
        }
    }
}

/// How many contexts of a kind wait for their next use.
private let maximumIdleCount = 8

/// Turns one zstd frame back into bytes, piece by piece. One thread at a time; used again as
/// ``Compressor`` is.
@safe final class Decompressor: @unchecked Sendable {
    private static let idle = Mutex<[Decompressor]>([])

    /// An idle context, or a new one.
    static func take() throws(VaultError) -> Decompressor {
        if let decompressor = idle.withLock({ $0.popLast() }) { return decompressor }
        return try Decompressor()
    }

    /// Lets another use this context, after `finish`: zstd is ready for the next frame then.
    func giveBack() {
        isComplete = false
        Self.idle.withLock { if $0.count < maximumIdleCount { $0.append(self) } }
    }

    private let context: OpaquePointer
    private var buffer: [UInt8]
    private var isComplete = false

    init() throws(VaultError) {
        guard let context = unsafe ZSTD_createDCtx() else {
            throw VaultError(.system, "zstd cannot allocate memory for decompression")
        }
        unsafe self.context = unsafe context
        buffer = [UInt8](repeating: 0, count: ZSTD_DStreamOutSize())
    }

    deinit { unsafe ZSTD_freeDCtx(context) }

    /// Takes more of the frame; appends what it gives to `out`.
    func update(_ bytes: ArraySlice<UInt8>, into out: inout [UInt8]) throws(VaultError) {
        var consumed = 0
        // A full output buffer may mean that zstd holds more back for the same input.
        var mayHoldMore = false
        while consumed < bytes.count || mayHoldMore {
            guard !isComplete else { throw Self.damaged("bytes follow its frame") }
            var produced = 0
            let rest = unsafe bytes.withUnsafeBytes { source in
                unsafe buffer.withUnsafeMutableBytes { target in
                    var input = unsafe ZSTD_inBuffer(
                        src: source.baseAddress, size: source.count, pos: consumed)
                    var output = unsafe ZSTD_outBuffer(
                        dst: target.baseAddress, size: target.count, pos: 0)
                    let rest = unsafe ZSTD_decompressStream(context, &output, &input)
                    consumed = unsafe input.pos
                    produced = unsafe output.pos
                    return rest
                }
            }
            guard ZSTD_isError(rest) == 0 else { throw Self.damaged("zstd refuses it") }
            out += buffer[..<produced]
            isComplete = rest == 0
            mayHoldMore = produced == buffer.count && !isComplete
        }
    }

    /// Fails unless exactly one whole frame was taken.
    func finish() throws(VaultError) {
        guard isComplete else { throw Self.damaged("its frame ends early") }
    }

    private static func damaged(_ why: String) -> VaultError {
        VaultError(
            .compressionDamaged, "the object authenticates, but its compression does not: \(why)")
    }
}
