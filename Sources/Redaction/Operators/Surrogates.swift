internal import Cryptography

/// Made-up values of the same shape, chosen by HMAC-SHA256 of the normalised value: equal values get
/// equal surrogates under one key, and nothing can be computed back without it.
struct Surrogates: Sendable {
    let key: SymmetricKey

    /// `[TYPE:16 hex digits]`.
    func code(_ normal: [UInt8], _ type: EntityType) -> [UInt8] {
        let digest = draw(normal, "hash/\(type.rawValue)")
        let hex = Array("0123456789abcdef".utf8)
        var text = Array("[\(type.rawValue):".utf8)
        for byte in digest.prefix(8) {
            text.append(hex[Int(byte >> 4)])
            text.append(hex[Int(byte & 15)])
        }
        text.append(0x5D)
        return text
    }

    /// A surrogate, or nil where no shape is known and a placeholder says more.
    func surrogate(
        _ value: ArraySlice<UInt8>, _ type: EntityType, normal: [UInt8], fullName: [[UInt8]]?
    ) -> [UInt8]? {
        var stream = Stream(seed: draw(normal, "pseudonym/\(type.rawValue)"))
        switch type {
        case .person: return person(value, full: fullName)
        case .organization: return stream.organization()
        case .location: return stream.town()
        case .streetAddress: return stream.street()
        case .emailAddress: return stream.email()
        case .username: return stream.handle(like: value)
        case .url: return Array("https://example.com/".utf8) + stream.letters(8)
        case .phoneNumber: return stream.phone(like: value)
        case .creditCard: return stream.card(like: value)
        case .ssn, .itin: return stream.securityNumber(like: value)
        case .iban: return stream.iban(like: value)
        case .ipAddress: return stream.address(like: value)
        case .macAddress: return Array("00:00:5E:00:53:".utf8) + stream.hex(2)
        case .dateTime, .dateOfBirth, .age: return Generalizing.generalize(value, type)
        case .zipCode, .account, .otherID, .uuid, .deviceID, .licensePlate, .medicalRecord,
            .healthPlan, .bankAccount, .passport, .driverLicense:
            return stream.shape(of: value)
        default: return nil
        }
    }

    private func draw(_ value: [UInt8], _ tag: String) -> [UInt8] {
        HMACSHA256.authenticate(Array(tag.utf8) + [0] + value, key: key)
    }

    /// Each word of a name has its own surrogate, so that "Smith" and "Jane Smith" agree. The first
    /// word of the full name is a given name, the others are surnames.
    private func person(_ value: ArraySlice<UInt8>, full: [[UInt8]]?) -> [UInt8] {
        let words = NameIndex.words(of: value)
        let name = full ?? words.map { Normal.form(of: $0[...], .person) }
        var result: [UInt8] = []
        for word in words.prefix(4) {
            let low = Normal.form(of: word[...], .person)
            let place = name.firstIndex(of: low) ?? 0
            let digest = draw(low, place == 0 ? "pseudonym/given" : "pseudonym/surname")
            var stream = Stream(seed: digest)
            var text = place == 0 ? stream.given() : stream.surname()
            if word.count == 1, word[0].isUpper {
                text = [text[0]]
            } else if word.count > 1, word.allSatisfy({ !$0.isLower }) {
                text = text.map(\.uppered)
            } else if let first = word.first, first.isLower {
                text = text.map(\.lowered)
            }
            if !result.isEmpty { result.append(0x20) }
            result += text
        }
        return result
    }

    /// Bytes drawn from one digest; enough for any surrogate, repeated by hashing.
    struct Stream {
        private var block: [UInt8]
        private var used = 0

        init(seed: [UInt8]) { block = seed }

        mutating func byte() -> UInt8 {
            if used == block.count {
                block = SHA256.hash(block)
                used = 0
            }
            used += 1
            return block[used - 1]
        }

        /// A number below `bound`, from three bytes: the bias is below bound / 2²⁴.
        mutating func below(_ bound: Int) -> Int {
            let value = Int(byte()) << 16 | Int(byte()) << 8 | Int(byte())
            return value % bound
        }

        mutating func pick(_ list: [String]) -> [UInt8] { Array(list[below(list.count)].utf8) }
        mutating func digit() -> UInt8 { 48 + UInt8(below(10)) }
    }
}
