internal import Cryptography
public import Records
internal import Synchronization

/// Random codes for values: the same value always has the same code, and the code says nothing
/// about the value, for it is drawn and not computed (45 CFR 164.514(c)(1)).
///
/// The table is what links codes and people: keep it sealed and apart from the redacted data.
/// Entries of a table that another version of the dataset left behind keep codes stable over versions.
public final class TokenTable: Sendable {
    /// One value and its code.
    public struct Entry: Sendable, Hashable {
        /// The type that the value was found as.
        public var type: EntityType
        /// The value in the form in which values are compared.
        public var normal: [UInt8]
        /// The value as it was written where it was first met.
        public var written: [UInt8]
        /// The code, 10 characters of Crockford's base 32: 50 random bits.
        public var code: String
    }

    private struct Key: Hashable {
        let type: EntityType
        let normal: [UInt8]
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        var codes: Set<String> = []
        var added = 0
    }

    private let state: Mutex<State>

    /// Makes a table that knows `entries` already.
    public init(_ entries: [Entry] = []) {
        var state = State()
        for entry in entries {
            state.entries[Key(type: entry.type, normal: entry.normal)] = entry
            state.codes.insert(entry.code)
        }
        self.state = Mutex(state)
    }

    /// How many values were added since the table was made.
    public var addedCount: Int { state.withLock(\.added) }

    /// All entries, ordered by type and value.
    public var entries: [Entry] {
        state.withLock { Array($0.entries.values) }.sorted {
            $0.type != $1.type
                ? $0.type < $1.type : $0.normal.lexicographicallyPrecedes($1.normal)
        }
    }

    /// `[TYPE:CODE]` of a value, the same whenever it is asked for.
    func token(for normal: [UInt8], _ type: EntityType, written: ArraySlice<UInt8>) -> [UInt8] {
        let key = Key(type: type, normal: normal)
        let code = state.withLock { state in
            if let known = state.entries[key] { return known.code }
            var code = Self.randomCode()
            while !state.codes.insert(code).inserted { code = Self.randomCode() }
            state.entries[key] = Entry(
                type: type, normal: normal, written: Array(written), code: code)
            state.added += 1
            return code
        }
        return Array("[\(type.rawValue):\(code)]".utf8)
    }

    /// Values as first written, by code.
    func written() -> [String: Entry] {
        state.withLock { state in
            Dictionary(
                state.entries.values.map { ($0.code, $0) }, uniquingKeysWith: { a, _ in a })
        }
    }

    private static func randomCode() -> String {
        let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
        return String(
            decoding: SecureRandom.bytes(10).map { alphabet[Int($0 & 31)] }, as: UTF8.self)
    }
}

extension TokenTable {
    /// The entries as JSON, to be sealed.
    public var json: JSONValue {
        .array(
            entries.map {
                [
                    "type": .string($0.type.rawValue), "code": .string($0.code),
                    "normal": .string(String(decoding: $0.normal, as: UTF8.self)),
                    "written": .string(String(decoding: $0.written, as: UTF8.self)),
                ]
            })
    }

    /// Reads ``json`` back.
    ///
    /// - Throws: `key` if it is no such table.
    public convenience init(json: JSONValue) throws(RedactionError) {
        var entries: [Entry] = []
        for row in json.arrayValue ?? [.null] {
            guard let type = row["type"]?.stringValue, let code = row["code"]?.stringValue,
                let normal = row["normal"]?.stringValue, let written = row["written"]?.stringValue
            else {
                throw RedactionError(
                    .key, "the token table is damaged", hint: "run `tundish doctor`")
            }
            entries.append(
                Entry(
                    type: EntityType(rawValue: type), normal: Array(normal.utf8),
                    written: Array(written.utf8), code: code))
        }
        self.init(entries)
    }
}
