/// One frame of the engine socket: u32 length (big-endian) ‖ kind (one ASCII byte) ‖ payload, where
/// length counts the kind byte and the payload.
public struct EngineFrame: Sendable, Hashable {
    /// What a frame is, written as one ASCII letter.
    public enum Kind: UInt8, Sendable, CaseIterable {
        /// `C`: a command line of the engine, ASCII (see ``EngineCommand``).
        case command = 0x43
        /// `J`: the parent's answer, a JSON object.
        case reply = 0x4A
        /// `R`: a record: 16 bytes rid ‖ its canonical JSON.
        case record = 0x52
        /// `B`: bytes of an artifact.
        case bytes = 0x42
        /// `E`: the end of a stream, a JSON object with what must have arrived.
        case end = 0x45
        /// `X`: the parent refuses or fails: a JSON object `{code, message}`.
        case error = 0x58

        /// The longest payload in bytes. A longer one is refused before it is read.
        public var payloadLimit: Int {
            switch self {
            case .command: 4 << 10
            case .reply, .end, .error: 64 << 10
            case .record: 64 << 20
            case .bytes: 1 << 20
            }
        }
    }

    /// How many payload bytes a sender puts in one `B` frame.
    public static let chunkByteCount = 256 << 10

    /// What it is.
    public var kind: Kind
    /// The bytes behind the kind byte.
    public var payload: [UInt8]

    /// Makes a frame.
    public init(_ kind: Kind, _ payload: [UInt8]) {
        self.kind = kind
        self.payload = payload
    }

    /// The five bytes before the payload.
    ///
    /// - Throws: `.frameSize` if the payload is longer than its kind allows.
    static func header(_ kind: Kind, payloadCount: Int) throws(EngineProtocolError) -> [UInt8] {
        guard payloadCount <= kind.payloadLimit else {
            throw tooLong(kind, payloadCount)
        }
        let length = UInt32(payloadCount + 1)
        return [
            UInt8(length >> 24), UInt8(truncatingIfNeeded: length >> 16),
            UInt8(truncatingIfNeeded: length >> 8), UInt8(truncatingIfNeeded: length),
            kind.rawValue,
        ]
    }

    /// The kind and payload length that five header bytes announce.
    static func readHeader(
        _ header: [UInt8]
    ) throws(EngineProtocolError) -> (kind: Kind, payloadCount: Int) {
        let length = header[0..<4].reduce(0) { $0 << 8 | Int($1) }
        guard let kind = Kind(rawValue: header[4]) else {
            throw EngineProtocolError(
                .unexpectedFrame, "a frame of the unknown kind \(header[4])",
                hint: "the peer does not speak this protocol, or lost its place in the stream")
        }
        guard length >= 1 else {
            throw EngineProtocolError(
                .frameSize, "a frame of length 0", hint: "length counts the kind byte")
        }
        guard length - 1 <= kind.payloadLimit else { throw tooLong(kind, length - 1) }
        return (kind, length - 1)
    }

    private static func tooLong(_ kind: Kind, _ count: Int) -> EngineProtocolError {
        EngineProtocolError(
            .frameSize,
            "a \(kind) frame of \(count) bytes; \(kind.payloadLimit) is the most",
            hint: "send artifacts in chunks; a record this long does not belong in a dataset")
    }
}
