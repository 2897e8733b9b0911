/// Why a piece of JSON is not a record; the offset counts from the first byte of the piece.
struct JSONFault: Error, Sendable {
    var reason: RejectReason
    var message: String

    init(_ reason: RejectReason, _ message: String) {
        self.reason = reason
        self.message = message
    }
}
