public import Records

/// One frame that a reader process writes to its standard output:
/// u32 length (big-endian) ‖ kind (one ASCII byte) ‖ payload, where length counts kind and payload.
///
/// `read` answers R* with Q and N in between, then D. `unpack` answers (O B* E)*, then D. X may
/// stand in the place of D; a stream that ends without either is a reader that died.
public struct ReaderFrame: Sendable, Hashable {
    /// What a frame is.
    public enum Kind: UInt8, Sendable, CaseIterable {
        /// `R`: a record, JSON of ``ReaderRecord``.
        case record = 0x52
        /// `Q`: a part that was refused, JSON of ``ReaderRefusal``.
        case refusal = 0x51
        /// `N`: something the user should know, JSON `{message}`; never any content.
        case note = 0x4E
        /// `O`: a member of an archive begins, JSON of ``ReaderMember``.
        case member = 0x4F
        /// `B`: bytes of the member.
        case bytes = 0x42
        /// `E`: the member is whole; no payload.
        case memberEnd = 0x45
        /// `D`: all was read, JSON of ``ReaderSummary``.
        case done = 0x44
        /// `X`: the file cannot be read, JSON of ``ReaderFault``.
        case fault = 0x58

        /// The longest payload in bytes. A longer one is refused before it is read.
        public var payloadLimit: Int {
            switch self {
            case .record: 256 << 20
            case .refusal: 2 << 20
            case .bytes: 1 << 20
            case .note, .member, .memberEnd, .done, .fault: 64 << 10
            }
        }
    }

    /// How many payload bytes a `B` frame holds at most when we write it.
    public static let chunkByteCount = 256 << 10
    /// How many bytes stand before the payload.
    public static let headerByteCount = 5

    /// What it is.
    public var kind: Kind
    /// The bytes behind the kind byte.
    public var payload: [UInt8]

    /// Makes a frame.
    public init(_ kind: Kind, _ payload: [UInt8] = []) {
        self.kind = kind
        self.payload = payload
    }

    /// Makes a frame whose payload is JSON.
    public init(_ kind: Kind, json: JSONValue) {
        self.init(kind, CanonicalJSON.encode(json))
    }

    /// The five bytes before the payload.
    ///
    /// - Throws: `.frameSize` if the payload is longer than its kind allows.
    public func header() throws(ReaderProtocolError) -> [UInt8] {
        guard payload.count <= kind.payloadLimit else { throw Self.tooLong(kind, payload.count) }
        let length = UInt32(payload.count + 1)
        return [
            UInt8(length >> 24), UInt8(truncatingIfNeeded: length >> 16),
            UInt8(truncatingIfNeeded: length >> 8), UInt8(truncatingIfNeeded: length),
            kind.rawValue,
        ]
    }

    /// The kind and payload length that five header bytes announce.
    ///
    /// - Throws: `.malformedFrame`, `.frameSize`.
    public static func readHeader(
        _ header: [UInt8]
    ) throws(ReaderProtocolError) -> (kind: Kind, payloadCount: Int) {
        guard header.count == headerByteCount, let kind = Kind(rawValue: header[4]) else {
            throw ReaderProtocolError(
                .malformedFrame, "a frame of an unknown kind",
                hint: "reader and command are of different versions: install both again")
        }
        let length = header[0..<4].reduce(0) { $0 << 8 | Int($1) }
        guard length >= 1, length - 1 <= kind.payloadLimit else { throw tooLong(kind, length - 1) }
        return (kind, length - 1)
    }

    private static func tooLong(_ kind: Kind, _ count: Int) -> ReaderProtocolError {
        ReaderProtocolError(
            .frameSize, "a \(kind) frame of \(count) bytes; \(kind.payloadLimit) is the most",
            hint: "split the document, or leave the oversized part out")
    }
}
