internal import Records

/// The `messages` of a row that a mapping took from a column.
enum Messages {
    private static let judge = ChatMessages(
        ChatMapping(dialect: .openai, columns: [:]), options: ChatOptions())

    /// Messages as `[{role, content, …}]`, judged as those of a recognised form are. Also takes
    /// the array as JSON text (a CSV cell), and the `{from, value}` form.
    static func normalised(_ value: JSONValue?) -> Result<JSONValue, JSONFault> {
        if value == nil || value?.isNull == true {
            return .failure(JSONFault(.missingField, "no messages"))
        }
        guard let elements = TurnList.elements(value) else {
            return .failure(JSONFault(.badMessages, "the messages are not a list"))
        }
        do throws(JSONFault) {
            var tally = ChatTally()
            let texts = elements.map(ChatShaper.numbersAsText)
            return .success(.array(try judge.normalised(texts, tally: &tally).messages))
        } catch {
            return .failure(error)
        }
    }
}
