import Cryptography

/// Where a record came from: enough to cut it out of the source file again.
public struct Origin: Sendable, Hashable {
    /// The record.
    public var rid: RecordID
    /// SHA-256 of the source file, 32 bytes.
    public var fileDigest: [UInt8]
    /// Where it begins in the source file, in bytes.
    public var offset: UInt64
    /// How many bytes of the source file it takes.
    public var length: UInt64
    /// The parser that read it, such as `csv`.
    public var parser: String
    /// The encoding that was decided for the file, such as `utf-8`.
    public var encoding: String
    /// Where it stands in a document, for people, such as `page 3`; nil where the bytes say it.
    public var place: String?

    /// Makes an origin.
    public init(
        rid: RecordID, fileDigest: [UInt8], offset: UInt64, length: UInt64, parser: String,
        encoding: String, place: String? = nil
    ) {
        self.rid = rid
        self.fileDigest = fileDigest
        self.offset = offset
        self.length = length
        self.parser = parser
        self.encoding = encoding
        self.place = place
    }

    /// JCS of everything but the rid; the place only where there is one.
    public func canonicalBytes() -> [UInt8] {
        // Written out, members in order: there is one for every record.
        var out: [UInt8] = []
        out.reserveCapacity(160)
        out.append(contentsOf: "{\"encoding\":".utf8)
        CanonicalJSON.append(encoding, to: &out)
        out.append(contentsOf: ",\"file\":\"".utf8)
        Hex.append(fileDigest, to: &out)
        out.append(contentsOf: "\",\"length\":".utf8)
        CanonicalJSON.append(.number(String(length)), to: &out)
        out.append(contentsOf: ",\"offset\":".utf8)
        CanonicalJSON.append(.number(String(offset)), to: &out)
        out.append(contentsOf: ",\"parser\":".utf8)
        CanonicalJSON.append(parser, to: &out)
        if let place {
            out.append(contentsOf: ",\"place\":".utf8)
            CanonicalJSON.append(place, to: &out)
        }
        out.append(UInt8(ascii: "}"))
        return out
    }

    /// Reads an origin back from its canonical bytes.
    public init(rid: RecordID, canonicalBytes: [UInt8]) throws(RecordsError) {
        let value = try JSONParser.parse(canonicalBytes)
        guard let file = value["file"]?.stringValue.flatMap(Hex.decode),
            file.count == SHA256.byteCount,
            let offset = value["offset"]?.intValue.flatMap(UInt64.init(exactly:)),
            let length = value["length"]?.intValue.flatMap(UInt64.init(exactly:)),
            let parser = value["parser"]?.stringValue, let encoding = value["encoding"]?.stringValue
        else { throw RecordsError(.malformedRecord, "the origin of \(rid) lacks a member") }
        self.init(
            rid: rid, fileDigest: file, offset: offset, length: length, parser: parser,
            encoding: encoding, place: value["place"]?.stringValue)
    }
}
