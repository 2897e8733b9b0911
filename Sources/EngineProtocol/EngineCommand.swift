public import Records

/// What an engine may ask for over its socket: one ASCII line in a `C` frame, words apart by one
/// space.
///
///     HELLO 1 <token> 0/1          GET train 0 0/1
///     GET artifact base/config.json
///     PUT artifact adapter_config.json 1120 <sha256 hex>
public enum EngineCommand: Sendable, Hashable {
    /// The version of the protocol that this code speaks.
    public static let protocolVersion = 1

    /// The first command of every connection.
    case hello(version: Int, token: String, rank: Int, world: Int)
    /// Records of a split; in an epoch, for one rank of a world.
    case getSplit(Split, epoch: Int, rank: Int, world: Int)
    /// A file of the base model (`base/…`), the adapter (`adapter/…`) or the checkpoint to go on
    /// from (`checkpoint/…`).
    case getArtifact(name: String)
    /// A file that the engine made, also one of a checkpoint (``CheckpointName``); its bytes follow
    /// when the parent says so.
    case putArtifact(name: String, byteCount: Int, sha256: [UInt8])

    /// The line, without an end of line.
    public var line: [UInt8] {
        switch self {
        case .hello(let version, let token, let rank, let world):
            Array("HELLO \(version) \(token) \(rank)/\(world)".utf8)
        case .getSplit(let split, let epoch, let rank, let world):
            Array("GET \(split.rawValue) \(epoch) \(rank)/\(world)".utf8)
        case .getArtifact(let name):
            Array("GET artifact \(name)".utf8)
        case .putArtifact(let name, let byteCount, let sha256):
            Array("PUT artifact \(name) \(byteCount) \(Hex.encode(sha256))".utf8)
        }
    }

    /// Reads a line.
    ///
    /// - Throws: `.malformed` for anything that is not exactly one of the four forms. The message
    ///   never repeats the line, since it may hold the token.
    public init(line: [UInt8]) throws(EngineProtocolError) {
        guard line.allSatisfy({ (0x20...0x7E).contains($0) }) else { throw Self.malformed }
        let words = String(decoding: line, as: UTF8.self)
            .split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        switch (words.first, words.count) {
        case ("HELLO", 4):
            guard let version = Self.number(words[1]), let place = Self.place(words[3]) else {
                throw Self.malformed
            }
            self = .hello(
                version: version, token: words[2], rank: place.rank, world: place.world)
        case ("GET", 3) where words[1] == "artifact":
            try ArtifactName.check(words[2])
            self = .getArtifact(name: words[2])
        case ("GET", 4):
            guard let split = Split(rawValue: words[1]), let epoch = Self.number(words[2]),
                let place = Self.place(words[3])
            else { throw Self.malformed }
            self = .getSplit(split, epoch: epoch, rank: place.rank, world: place.world)
        case ("PUT", 5) where words[1] == "artifact":
            try ArtifactName.check(words[2])
            guard let count = Self.number(words[3]), words[4].utf8.count == 64,
                let digest = Hex.decode(words[4])
            else { throw Self.malformed }
            self = .putArtifact(name: words[2], byteCount: count, sha256: digest)
        default:
            throw Self.malformed
        }
    }

    /// A decimal number without sign or leading zero.
    private static func number(_ text: String) -> Int? {
        guard let value = Int(text), value >= 0, String(value) == text else { return nil }
        return value
    }

    /// `rank/world` with 0 ≤ rank < world ≤ 1024.
    private static func place(_ text: String) -> (rank: Int, world: Int)? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let rank = number(String(parts[0])),
            let world = number(String(parts[1])), rank < world, world <= 1024
        else { return nil }
        return (rank, world)
    }

    private static var malformed: EngineProtocolError {
        EngineProtocolError(
            .malformed, "a command that is none of HELLO, GET split, GET artifact, PUT artifact",
            hint: "docs/engine-protocol.md gives the exact forms")
    }
}

/// Names of artifacts: at most 128 bytes, segments of `[A-Za-z0-9._-]` joined by `/`, none of them
/// empty or beginning with a dot. So a name is never a path out of a folder.
public enum ArtifactName {
    /// Whether a name has that form.
    public static func isValid(_ name: String) -> Bool {
        guard name.utf8.count <= 128 else { return false }
        return name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .allSatisfy { segment in
                guard let first = segment.first, first != UInt8(ascii: ".") else { return false }
                return segment.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"),
                        UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."),
                        UInt8(ascii: "_"), UInt8(ascii: "-"):
                        true
                    default: false
                    }
                }
            }
    }

    /// Refuses a name that does not have that form.
    public static func check(_ name: String) throws(EngineProtocolError) {
        guard isValid(name) else {
            throw EngineProtocolError(
                .malformed, "an artifact name that is not allowed",
                hint: "at most 128 letters, digits, '.', '_', '-', in segments joined by '/'")
        }
    }
}
