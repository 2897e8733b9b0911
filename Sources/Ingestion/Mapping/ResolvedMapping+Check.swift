internal import Records

extension ResolvedMapping {
    /// The fields as the record will have them, or why they cannot become one. With `hasMessages`
    /// the messages are in order already.
    func check(
        _ fields: [String: JSONValue], key: String?, hasMessages: Bool = false
    ) -> Result<[String: JSONValue], JSONFault> {
        if key == "" { return .failure(JSONFault(.missingKey, "the key column is blank")) }
        if let fault = mismatch(fields) { return .failure(fault) }
        var result = fields
        for name in kind.requiredFields {
            if name == "messages" {
                if hasMessages { continue }
                switch Messages.normalised(fields[name]) {
                case .success(let messages): result[name] = messages
                case .failure(let fault): return .failure(fault)
                }
                continue
            }
            switch fields[name] {
            case .string(let text):
                if Self.isBlank(text) { return .failure(Self.missing(name)) }
            case .bool(let flag) where name == "label":
                result[name] = .string(flag ? "true" : "false")
            case nil, .null: return .failure(Self.missing(name))
            default:
                return .failure(JSONFault(.badValue, "the field '\(name)' is not text"))
            }
        }
        if kind == .instruction, let input = fields["input"] {
            if input.isNull {
                result["input"] = ""
            } else if input.stringValue == nil {
                return .failure(JSONFault(.badValue, "the field 'input' is not text"))
            }
        }
        return .success(result)
    }

    /// The first value that is not of the type declared for its column.
    private func mismatch(_ fields: [String: JSONValue]) -> JSONFault? {
        for (field, column, type) in types {
            let fits: Bool
            switch fields[field] {
            case nil, .null: fits = true
            case .string(let text): fits = type.holds(text)
            case .bool: fits = type == .boolean
            case .number: fits = type == .number || type == .integer
            case .array, .object: fits = false
            }
            guard !fits else { continue }
            return JSONFault(.typeMismatch, "the column '\(column)' is not \(type.inWords)")
        }
        return nil
    }

    private static func missing(_ name: String) -> JSONFault {
        let reason: RejectReason =
            switch name {
            case "text": .missingText
            case "label": .missingLabel
            default: .missingField
            }
        return JSONFault(reason, "the field '\(name)' is absent or blank")
    }

    private static func isBlank(_ text: String) -> Bool {
        text.utf8.allSatisfy(ByteSearch.isSpace)
    }
}
