/// Walks through a JSON document value by value, in flat memory; what is passed over is cut, not
/// validated.
struct JSONCursor {
    let window: ByteWindow
    let limit: Int

    /// The next byte that is not white space, left in the view; nil at the end.
    func skipSpace() throws(IngestionError) -> UInt8? {
        while true {
            let (spaces, byte) = unsafe window.withBytes { view -> (Int, UInt8?) in
                var i = 0
                while i < view.count, unsafe ByteSearch.isSpace(view[i]) { i += 1 }
                return unsafe (i, i < view.count ? view[i] : nil)
            }
            window.consume(spaces)
            if let byte { return byte }
            if try !window.refill() { return nil }
        }
    }

    /// How many bytes of the view the value at its start takes; of one that is longer than the
    /// limit only the last part is still in the view.
    func cut() throws(IngestionError) -> (length: Int, isTooLong: Bool) {
        var cutter = ElementCutter()
        var scanned = 0
        var isTooLong = false
        while true {
            let end = unsafe window.withBytes { view -> Int? in
                guard let base = view.baseAddress else { return nil }
                return unsafe cutter.end(base, from: scanned, to: view.count)
            }
            if let end { return (end, isTooLong || end > limit) }
            scanned = window.count
            if scanned > limit {
                window.consume(scanned)
                scanned = 0
                isTooLong = true
            }
            if try !window.refill() { return (window.count, isTooLong || window.count > limit) }
        }
    }

    /// Cuts out the value at the start of the view and hands it over; nil for one that is too long.
    /// False if there is no value but a stray mark, which is left.
    func take(
        _ body: (UnsafeBufferPointer<UInt8>?, SourceSpan) throws -> Void
    ) throws -> Bool {
        let start = window.sourceOffset
        let (length, isTooLong) = try cut()
        guard length > 0 else { return false }
        if isTooLong {
            window.consume(length)
            try body(nil, SourceSpan(offset: start, length: window.sourceOffset - start))
            return true
        }
        try unsafe window.withBytes { view in
            let text = unsafe UnsafeBufferPointer(rebasing: view[..<length])
            let width = unsafe window.sourceBytes(of: text)
            try unsafe body(text, SourceSpan(offset: start, length: width))
        }
        window.consume(length)
        return true
    }

    /// Goes over `byte` and the white space before it; false if something else stands there.
    func skip(_ byte: UInt8) throws(IngestionError) -> Bool {
        guard try skipSpace() == byte else { return false }
        window.consume(1)
        return true
    }

    /// The name of the member that begins here, its colon passed; nil if there is none.
    func memberName() throws -> String? {
        guard try skipSpace() == UInt8(ascii: "\"") else { return nil }
        var name: String?
        _ = try unsafe take { text, _ in
            guard let text = unsafe text, text.count >= 2 else { return }
            let inner = unsafe UnsafeBufferPointer(rebasing: text[1..<text.count - 1])
            name = try? unsafe JSONEscapes.decode(inner)
        }
        guard try skip(UInt8(ascii: ":")) else { return nil }
        return name
    }
}
