public import Records

/// One record found in a document: columns by name, and where it stood.
public struct ReaderRecord: Sendable, Hashable {
    /// Columns by name; numbers as strings with their source text.
    public var fields: [String: JSONValue]
    /// Where in the document, for people: `page 3`, `Orders!A12`, `message 7`; nil: all of it.
    public var place: String?
    /// Where its bytes begin in the input, where that is known; else its index, counted from 0.
    public var offset: UInt64
    /// How many bytes of the input it takes; 0 where that is not known.
    public var length: UInt64

    /// Makes a record.
    public init(
        fields: [String: JSONValue], place: String? = nil, offset: UInt64, length: UInt64 = 0
    ) {
        self.fields = fields
        self.place = place
        self.offset = offset
        self.length = length
    }

    /// The record as a frame.
    public var frame: ReaderFrame {
        ReaderFrame(
            .record,
            json: [
                "fields": .object(fields), "place": place.map { .string($0) } ?? .null,
                "offset": .string(String(offset)), "length": .string(String(length)),
            ])
    }

    /// Reads a record frame's payload.
    public init(payload: [UInt8]) throws(ReaderProtocolError) {
        let json = try ReaderMessage.parse(payload)
        guard let fields = json["fields"]?.objectValue else {
            throw ReaderMessage.lacks("fields", "record")
        }
        self.init(
            fields: fields, place: json["place"]?.stringValue,
            offset: try ReaderMessage.number("offset", of: json),
            length: try ReaderMessage.number("length", of: json))
    }
}

/// A part of a document that could not become a record.
public struct ReaderRefusal: Sendable, Hashable {
    /// Why: a stable word, such as `mail-malformed` or `encrypted`.
    public var reason: String
    /// Why in words, without any content.
    public var message: String
    /// Where in the document, for people.
    public var place: String?
    /// Where its bytes begin in the input, else its index.
    public var offset: UInt64
    /// How many bytes of the input it takes; 0 where that is not known.
    public var length: UInt64

    /// Makes a refusal.
    public init(
        reason: String, message: String, place: String? = nil, offset: UInt64, length: UInt64 = 0
    ) {
        self.reason = reason
        self.message = message
        self.place = place
        self.offset = offset
        self.length = length
    }

    /// The refusal as a frame.
    public var frame: ReaderFrame {
        ReaderFrame(
            .refusal,
            json: [
                "reason": .string(reason), "message": .string(message),
                "place": place.map { .string($0) } ?? .null,
                "offset": .string(String(offset)), "length": .string(String(length)),
            ])
    }

    /// Reads a refusal frame's payload.
    public init(payload: [UInt8]) throws(ReaderProtocolError) {
        let json = try ReaderMessage.parse(payload)
        self.init(
            reason: try ReaderMessage.text("reason", of: json),
            message: try ReaderMessage.text("message", of: json),
            place: json["place"]?.stringValue,
            offset: try ReaderMessage.number("offset", of: json),
            length: try ReaderMessage.number("length", of: json))
    }
}

/// A member of an archive, or the one stream inside a compressed file.
public struct ReaderMember: Sendable, Hashable {
    /// Its path inside the archive, cleaned: relative, `/` between parts, no `..`.
    public var name: String

    /// Makes a member.
    public init(name: String) { self.name = name }

    /// The member as a frame.
    public var frame: ReaderFrame { ReaderFrame(.member, json: ["name": .string(name)]) }

    /// Reads a member frame's payload.
    public init(payload: [UInt8]) throws(ReaderProtocolError) {
        name = try ReaderMessage.text("name", of: ReaderMessage.parse(payload))
    }
}

/// What a reader says at the end.
public struct ReaderSummary: Sendable, Hashable {
    /// The parser and the version of its rules, such as `docx/1`.
    public var parser: String
    /// The encoding of the document's text, such as `utf-8` or `windows-1252`.
    public var encoding: String

    /// Makes a summary.
    public init(parser: String, encoding: String = "utf-8") {
        self.parser = parser
        self.encoding = encoding
    }

    /// The summary as a frame.
    public var frame: ReaderFrame {
        ReaderFrame(.done, json: ["parser": .string(parser), "encoding": .string(encoding)])
    }

    /// Reads a done frame's payload.
    public init(payload: [UInt8]) throws(ReaderProtocolError) {
        let json = try ReaderMessage.parse(payload)
        self.init(
            parser: try ReaderMessage.text("parser", of: json),
            encoding: try ReaderMessage.text("encoding", of: json))
    }
}

/// Why a whole file cannot be read.
public struct ReaderFault: Error, Sendable, Hashable {
    /// Stable words for programs; the raw values stand in reports and manifests.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// Not what its name or its first bytes say, or broken.
        case malformed = "document-malformed"
        /// Under a password.
        case encrypted = "document-encrypted"
        /// Expands, nests or repeats beyond the limits: a bomb, or close to one.
        case overLimit = "document-over-limit"
        /// Refers to files or hosts outside of itself, as an XXE attack does.
        case external = "document-external-entity"
        /// A kind or a part of it that is not read here.
        case unsupported = "document-unsupported"
        /// There is no text in it, such as a scanned PDF.
        case noText = "document-no-text"
        /// The reader ran out of memory or time, or crashed.
        case died = "reader-died"
    }

    /// Why.
    public var code: Code
    /// What happened and where, without any content.
    public var message: String
    /// How to mend it.
    public var hint: String

    /// Makes a fault.
    public init(_ code: Code, _ message: String, hint: String) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// The fault as a frame.
    public var frame: ReaderFrame {
        ReaderFrame(
            .fault,
            json: [
                "code": .string(code.rawValue), "message": .string(message), "hint": .string(hint),
            ])
    }

    /// Reads a fault frame's payload.
    public init(payload: [UInt8]) throws(ReaderProtocolError) {
        let json = try ReaderMessage.parse(payload)
        guard let code = Code(rawValue: try ReaderMessage.text("code", of: json)) else {
            throw ReaderMessage.lacks("code", "fault")
        }
        self.init(
            code, try ReaderMessage.text("message", of: json),
            hint: try ReaderMessage.text("hint", of: json))
    }
}

/// Members of a message.
enum ReaderMessage {
    static func parse(_ payload: [UInt8]) throws(ReaderProtocolError) -> JSONValue {
        guard let json = try? JSONParser.parse(payload) else {
            throw ReaderProtocolError(
                .malformedMessage, "a message that is not JSON",
                hint: "reader and command are of different versions: install both again")
        }
        return json
    }

    static func text(
        _ name: String, of json: JSONValue
    ) throws(ReaderProtocolError) -> String {
        guard let value = json[name]?.stringValue else { throw lacks(name, "message") }
        return value
    }

    static func number(
        _ name: String, of json: JSONValue
    ) throws(ReaderProtocolError) -> UInt64 {
        guard let value = UInt64(try text(name, of: json)) else { throw lacks(name, "message") }
        return value
    }

    static func lacks(_ member: String, _ what: String) -> ReaderProtocolError {
        ReaderProtocolError(
            .malformedMessage, "a \(what) whose `\(member)` is missing or of another type",
            hint: "reader and command are of different versions: install both again")
    }
}
