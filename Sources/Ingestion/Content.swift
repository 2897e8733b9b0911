internal import Records

/// The text of a row, in case it goes to quarantine; copied only then.
@safe struct Content {
    private let text: UnsafeBufferPointer<UInt8>?
    private let fields: [String: JSONValue]?
    private let copy: [UInt8]

    private init(
        text: UnsafeBufferPointer<UInt8>?, fields: [String: JSONValue]?, copy: [UInt8]
    ) {
        unsafe self.text = text
        self.fields = fields
        self.copy = copy
    }

    /// A piece of a buffer that outlives the call.
    static func bytes(_ text: UnsafeBufferPointer<UInt8>) -> Content {
        unsafe Content(text: text, fields: nil, copy: [])
    }

    /// A row whose bytes are gone: its columns as canonical JSON.
    static func rebuilt(_ fields: [String: JSONValue]) -> Content {
        unsafe Content(text: nil, fields: fields, copy: [])
    }

    /// Bytes of its own.
    static func copied(_ bytes: [UInt8]) -> Content {
        unsafe Content(text: nil, fields: nil, copy: bytes)
    }

    /// Nothing, for a row that is too long.
    static var none: Content { unsafe Content(text: nil, fields: nil, copy: []) }

    func bytes() -> [UInt8] {
        let whole = fields.map { CanonicalJSON.encode(.object($0)) }
        if let whole { return Array(whole.prefix(RejectedRow.contentLimit)) }
        guard let text = unsafe text else { return copy }
        return unsafe Array(text.prefix(RejectedRow.contentLimit))
    }
}
