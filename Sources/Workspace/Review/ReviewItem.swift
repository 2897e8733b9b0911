import Cryptography
import Records
import Redaction

/// One thing that a reviewer looks at.
struct ReviewItem {
    enum Kind {
        /// A finding, with its place in the raw text.
        case finding(StoredFinding)
        /// A passage of the redacted text, drawn at random, in which something may be left.
        case passage
    }

    let kind: Kind
    let rid: RecordID
    let path: String
    /// Where it stands: a finding in the raw text, a passage in the redacted text; bytes.
    let range: Range<Int>

    /// `f-` or `s-` and 12 hex digits of SHA-256 over rid, path and range: the same whenever the
    /// version is reviewed.
    var id: String {
        let prefix = if case .finding = kind { "f-" } else { "s-" }
        let place =
            rid.bytes + Array(path.utf8) + [0] + BigEndian.bytes(UInt64(range.lowerBound))
            + BigEndian.bytes(UInt64(range.upperBound))
        return prefix + Hex.encode(Array(SHA256.hash(Array(prefix.utf8) + place).prefix(6)))
    }
}

/// A finding as a redacted version's sealed findings report holds it.
struct StoredFinding {
    var type: EntityType
    var range: Range<Int>
    var score: Double
    var detector: String
    var validation: Validation

    init?(json: JSONValue) {
        guard let start = json["start"]?.intValue, let end = json["end"]?.intValue, start < end,
            start >= 0, let type = json["type"]?.stringValue,
            let score = json["score"]?.doubleValue, let detector = json["detector"]?.stringValue
        else { return nil }
        self.type = EntityType(rawValue: type)
        range = start..<end
        self.score = score
        self.detector = detector
        validation = json["validation"]?.stringValue.flatMap(Validation.init) ?? .none
    }

    /// How doubtful it is, 0 certain … 1: a score is doubled in weight by a checksum or a field's
    /// name, and halved by a checksum that fails.
    var doubt: Double {
        switch validation {
        case .checksumValid, .policy: (1 - score) / 4
        case .context: (1 - score) / 2
        case .none: 1 - score
        case .checksumInvalid: max(0.5, 1 - score)
        }
    }
}
