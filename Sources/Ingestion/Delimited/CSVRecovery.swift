/// The lines that are refused because of a broken quote, until one is a sound record again.
struct CSVRecovery {
    let reason: RejectReason
    let offset: UInt64
    /// Where the quote stands that is never closed.
    let quotePlace: UInt64?
    let limit: Int
    private var end: UInt64
    private var content: [UInt8] = []

    init(reason: RejectReason, offset: UInt64, quotePlace: UInt64?, limit: Int) {
        self.reason = reason
        self.offset = offset
        self.quotePlace = quotePlace
        self.limit = limit
        end = offset
    }

    /// Adds a line, which ends at a byte of the source.
    mutating func append(_ line: UnsafeBufferPointer<UInt8>, endingAt end: UInt64) {
        self.end = end
        guard reason != .tooLong, content.count < RejectedRow.contentLimit else { return }
        if !content.isEmpty { content.append(0x0A) }
        unsafe content.append(contentsOf: line.prefix(RejectedRow.contentLimit - content.count))
    }

    /// Puts the lines into the quarantine; `place` is where reading goes on, nil for nowhere.
    func reject(into sink: RowSink, resumedAt place: UInt64?) throws {
        let resumed = place.map { "; reading goes on at byte \($0)" } ?? ""
        let what: String =
            switch reason {
            case .tooLong: "longer than the limit of \(limit) bytes"
            case .csvUnclosedQuote:
                "the quote at byte \(quotePlace ?? offset) of the file is never closed"
            default: "text after a closing quote, several lines below the opening one"
            }
        try sink.reject(
            reason, what + resumed, SourceSpan(offset: offset, length: end - offset),
            content: .copied(content))
    }
}
