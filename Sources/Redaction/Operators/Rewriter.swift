internal import Cryptography
internal import Records

/// Replaces findings by what the policy's operators make of them, for one record: numbers of
/// placeholders and the people behind parts of names hold over all its fields.
struct Rewriter {
    let policy: Policy
    let surrogates: Surrogates?
    private let sealing: ValueSealing?
    private let tokens: TokenTable?
    private let shift: DateShift?
    private let owner: RecordOwner
    private var numbers: [Key: Int] = [:]
    private var counters: [EntityType: Int] = [:]
    /// All person names of the record, words folded, the longest first.
    private var people: [[[UInt8]]] = []

    private struct Key: Hashable {
        let type: EntityType
        let value: [UInt8]
    }

    init(policy: Policy, keys: RedactionKeys, owner: RecordOwner = RecordOwner()) {
        self.policy = policy
        self.owner = owner
        surrogates = keys.pseudonymKey.map { Surrogates(key: $0) }
        sealing = keys.encryptionKey.map { ValueSealing(key: $0) }
        tokens = keys.tokens
        shift = keys.pseudonymKey.map {
            DateShift(
                owner: owner.person, key: $0, reach: policy.shiftDays,
                isDayFirst: policy.isDayFirst)
        }
    }

    /// Tells the names of a record before it is rewritten, so that "Smith" is known to be part of
    /// "Jane Smith" wherever it stands.
    mutating func know(people names: [ArraySlice<UInt8>]) {
        let all = Set(
            names.map { Normal.form(of: $0, .person).split(separator: 0x20).map { Array($0) } })
        people = all.sorted {
            $0.count != $1.count
                ? $0.count > $1.count
                : $0.lexicographicallyPrecedes($1) {
                    $0.lexicographicallyPrecedes($1)
                }
        }
    }

    /// Rewrites the text at `path` of the record; `findings` must be sorted and must not overlap.
    ///
    /// - Returns: the text and the operator of each finding.
    mutating func rewrite(
        _ text: [UInt8], _ findings: [Finding], path: String = ""
    ) throws(RedactionError) -> (text: [UInt8], operators: [RedactionOperator]) {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var operators: [RedactionOperator] = []
        var position = 0
        for finding in findings {
            guard finding.range.lowerBound >= position, finding.range.upperBound <= text.count
            else {
                throw RedactionError(.detector, "findings overlap or leave the text")
            }
            result += text[position..<finding.range.lowerBound]
            let rule = policy.rule(for: finding.type)
            result += try replacement(
                text[finding.range], finding.type, rule,
                place: Place(path: path, offset: finding.range.lowerBound))
            operators.append(rule.operator)
            position = finding.range.upperBound
        }
        result += text[position...]
        return (result, operators)
    }

    private mutating func replacement(
        _ value: ArraySlice<UInt8>, _ type: EntityType, _ rule: Policy.TypeRule, place: Place
    ) throws(RedactionError) -> [UInt8] {
        switch rule.operator {
        case .keep: return Array(value)
        case .redact: return []
        case .mask: return Masking.mask(value, keepLast: rule.keepLast)
        case .replace: return placeholder(value, type)
        case .generalize:
            return Generalizing.generalize(value, type, oldestYear: policy.oldestYear)
                ?? placeholder(value, type)
        case .dateShift:
            guard let shift else { throw missing(.pseudonymKey) }
            guard type == .dateTime || type == .dateOfBirth, let date = shift.shifted(value) else {
                return placeholder(value, type)
            }
            return date
        case .encrypt:
            guard let sealing else { throw missing(.encryptionKey) }
            return try sealing.seal(
                value, type,
                place: owner.record + BigEndian.bytes(UInt64(place.offset)) + place.path.utf8)
        case .token:
            guard let tokens else { throw missing(.tokens) }
            var normal = Normal.form(of: value, type)
            if type == .person, let full = person(normal) {
                normal = Array(full.joined(separator: [0x20]))
            }
            return tokens.token(for: normal, type, written: value)
        case .hash, .pseudonym:
            guard let surrogates else { throw missing(.pseudonymKey) }
            let normal = Normal.form(of: value, type)
            if rule.operator == .hash { return surrogates.code(normal, type) }
            let full = type == .person ? person(normal) : nil
            return surrogates.surrogate(value, type, normal: normal, fullName: full)
                ?? placeholder(value, type)
        }
    }

    private func missing(_ need: RedactionNeed) -> RedactionError {
        RedactionError(
            .key, "the policy needs a \(need.rawValue)", hint: "hand it in with RedactionKeys")
    }

    /// `[TYPE_n]`: numbers count the type's different values in order of appearance.
    private mutating func placeholder(_ value: ArraySlice<UInt8>, _ type: EntityType) -> [UInt8] {
        var normal = Normal.form(of: value, type)
        if type == .person, let full = person(normal) {
            normal = Array(full.joined(separator: [0x20]))
        }
        let key = Key(type: type, value: normal)
        let number: Int
        if let known = numbers[key] {
            number = known
        } else {
            number = counters[type, default: 0] + 1
            counters[type] = number
            numbers[key] = number
        }
        return Array("[\(type.rawValue)_\(number)]".utf8)
    }

    /// The longest name of the record that holds all words of `normal`, when there is only one.
    private func person(_ normal: [UInt8]) -> [[UInt8]]? {
        let words = normal.split(separator: 0x20).map { Array($0) }
        let fitting = people.filter { name in words.allSatisfy(name.contains) }
        guard let longest = fitting.first else { return nil }
        // "Smith" beside Jane Smith and John Smith stays itself.
        if words.count < longest.count,
            fitting.contains(where: { $0.count == longest.count && $0 != longest })
        {
            return nil
        }
        return longest
    }
}

/// Whom a record is about and which it is, for operators whose result depends on it.
struct RecordOwner: Sendable {
    /// The record's id; empty for a bare text.
    var record: [UInt8] = []
    /// The blind ids of its data subjects, or else the record itself.
    var person: [UInt8] = []
}

private struct Place {
    let path: String
    let offset: Int
}

/// The form in which values are compared: what differs only in writing is one value.
enum Normal {
    static func form(of value: ArraySlice<UInt8>, _ type: EntityType) -> [UInt8] {
        switch type {
        case .phoneNumber, .creditCard, .ssn, .itin, .npi, .nhs, .imei, .bankAccount,
            .routingNumber:
            let digits = value.filter(\.isDigit)
            return digits.isEmpty ? folded(value) : digits
        case .iban, .nino, .nationalID, .vin, .licensePlate, .account, .otherID, .deviceID,
            .medicalRecord, .healthPlan, .passport, .driverLicense, .license, .taxReference, .mbi,
            .dea, .uuid, .macAddress:
            let code = ValueIndex.squeezed(value)
            return code.isEmpty ? folded(value) : code
        case .person, .organization, .location, .streetAddress: return words(value)
        default: return folded(value)
        }
    }

    /// Lower case, words joined by one space, punctuation between them dropped.
    private static func words(_ value: ArraySlice<UInt8>) -> [UInt8] {
        let words = NameIndex.words(of: value)
        if words.isEmpty { return folded(value) }
        let joined = Array(words.joined(separator: [0x20]))
        // Letters outside ASCII have cases too.
        if joined.contains(where: { $0 >= 0x80 }) {
            return Array(String(decoding: joined, as: UTF8.self).lowercased().utf8)
        }
        return joined.map(\.lowered)
    }

    /// Lower case, spaces joined to one.
    private static func folded(_ value: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var gap = false
        for byte in value {
            if byte.isSpace {
                gap = !result.isEmpty
            } else {
                if gap { result.append(0x20) }
                gap = false
                result.append(byte.lowered)
            }
        }
        return result
    }
}
