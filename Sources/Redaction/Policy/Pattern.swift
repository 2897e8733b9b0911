internal import CPCRE2

/// A PCRE2 pattern of a policy, compiled once (JIT where the machine allows), with a match limit so
/// that no text can make it run for ever.
@safe final class Pattern: @unchecked Sendable {
    // Compiled code and match context are read-only after `init`: PCRE2 allows shared use.
    private let code: OpaquePointer
    private let limits: OpaquePointer

    /// Compiles `source` as UTF-8 with Unicode properties.
    ///
    /// - Throws: `pattern` with PCRE2's own message and the place in the pattern.
    init(_ source: String, ignoreCase: Bool) throws(RedactionError) {
        var options = PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C
        if ignoreCase { options |= PCRE2_CASELESS }
        var failure: Int32 = 0
        var place = 0
        let bytes = Array(source.utf8)
        let compiled = unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe pcre2_compile_8(
                buffer.baseAddress, buffer.count, options, &failure, &place, nil)
        }
        guard let compiled = unsafe compiled, let context = unsafe pcre2_match_context_create_8(nil)
        else {
            throw RedactionError(
                .pattern, "\(Pattern.message(failure)) at character \(place + 1)",
                hint: "patterns are PCRE2")
        }
        // Without JIT the interpreter runs under the same limits.
        _ = unsafe pcre2_jit_compile_8(compiled, PCRE2_JIT_COMPLETE)
        _ = unsafe pcre2_set_match_limit_8(context, 1_000_000)
        _ = unsafe pcre2_set_depth_limit_8(context, 10_000)
        _ = unsafe pcre2_set_heap_limit_8(context, 65_536)
        unsafe code = compiled
        unsafe limits = context
    }

    deinit {
        unsafe pcre2_match_context_free_8(limits)
        unsafe pcre2_code_free_8(code)
    }

    /// All matches that are not empty, left to right. `text` must be valid UTF-8.
    ///
    /// - Throws: `pattern` when the match limit is reached: the record must be held back.
    func ranges(in text: [UInt8]) throws(RedactionError) -> [Range<Int>] {
        guard let data = unsafe pcre2_match_data_create_from_pattern_8(code, nil) else {
            throw RedactionError(.pattern, "no memory for a match")
        }
        defer { unsafe pcre2_match_data_free_8(data) }
        var found: [Range<Int>] = []
        var status: Int32 = 0
        unsafe text.withUnsafeBufferPointer { buffer in
            var start = 0
            while start <= buffer.count {
                status = unsafe pcre2_match_8(
                    code, buffer.baseAddress, buffer.count, start, PCRE2_NO_UTF_CHECK, data, limits)
                guard status > 0, let vector = unsafe pcre2_get_ovector_pointer_8(data) else {
                    return
                }
                let (from, to) = unsafe (Int(vector[0]), Int(vector[1]))
                if from < to { found.append(from..<to) }
                start = max(to, from)
                if from >= to {
                    start += 1
                    while start < buffer.count, unsafe buffer[start] & 0xC0 == 0x80 { start += 1 }
                }
            }
            status = PCRE2_ERROR_NOMATCH
        }
        guard status == PCRE2_ERROR_NOMATCH else {
            throw RedactionError(
                .pattern, "a pattern gave up on a text: \(Pattern.message(status))",
                hint: "make the pattern simpler; nested repetitions backtrack without end")
        }
        return found
    }

    private static func message(_ code: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 160)
        let length = unsafe buffer.withUnsafeMutableBufferPointer {
            unsafe pcre2_get_error_message_8(code, $0.baseAddress, $0.count)
        }
        return length > 0
            ? String(decoding: buffer.prefix(Int(length)), as: UTF8.self) : "error \(code)"
    }
}
