public import ReaderProtocol
internal import Records

/// Where a document's parser puts what it finds; the reader process writes it as frames.
public protocol DocumentSink: AnyObject {
    /// Takes a record, a refusal, a note, or a member with its bytes.
    func put(_ frame: ReaderFrame) throws(ReaderFault)
}

extension DocumentSink {
    /// Puts a record; one that no frame can hold becomes the refusal `too-long`.
    func record(
        _ fields: [String: JSONValue], place: String? = nil, offset: UInt64, length: UInt64 = 0
    ) throws(ReaderFault) {
        let frame = ReaderRecord(fields: fields, place: place, offset: offset, length: length).frame
        guard frame.payload.count <= frame.kind.payloadLimit else {
            return try refuse(
                "too-long", "a record of \(frame.payload.count) bytes", place: place,
                offset: offset, length: length)
        }
        try put(frame)
    }

    /// Puts a refusal of one part.
    func refuse(
        _ reason: String, _ message: String, place: String? = nil, offset: UInt64,
        length: UInt64 = 0
    ) throws(ReaderFault) {
        try put(
            ReaderRefusal(
                reason: reason, message: message, place: place, offset: offset, length: length
            ).frame)
    }

    /// Puts something the user should know; never any content.
    func note(_ message: String) throws(ReaderFault) {
        try put(ReaderFrame(.note, json: ["message": .string(message)]))
    }
}
