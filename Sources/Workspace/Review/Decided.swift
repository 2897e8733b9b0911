import Catalog
import Records
import Redaction

/// A verdict on an item, checked, with the value that it is about.
struct Decided {
    let item: ReviewItem
    let verdict: ReviewVerdict
    let type: EntityType?
    let value: DecidedValue?

    init(
        item: ReviewItem, verdict: ReviewVerdict, text: String?, type: String?,
        texts: [String: [UInt8]]
    ) throws {
        self.item = item
        self.verdict = verdict
        let given = try type.map { name in
            let type = EntityType(rawValue: name)
            guard type.isWellFormed else {
                throw WorkspaceError(
                    .usage, "a type is upper-case letters, digits and _, such as PERSON")
            }
            return type
        }
        switch (item.kind, verdict) {
        case (.finding(let finding), .accept):
            self.type = finding.type
            value = nil
        case (.finding(let finding), .reject):
            self.type = finding.type
            value = DecidedValue(
                wrong: try Self.typed(finding.type, texts["f " + item.path], finding.range))
        case (.finding(let finding), .adjust):
            guard given != nil || text != nil else {
                throw WorkspaceError(
                    .usage, "`adjust` needs --text, --type or both: what it should have been")
            }
            let wrong = try Self.typed(finding.type, texts["f " + item.path], finding.range)
            let right = try text.map {
                try Self.contained($0, in: texts["f " + item.path], around: finding.range)
            }
            self.type = given ?? finding.type
            value = DecidedValue(
                wrong: wrong,
                right: DecidedValue.Typed(
                    type: given ?? finding.type, value: right ?? wrong.value))
        case (.passage, .accept):
            self.type = nil
            value = nil
        case (.passage, .add):
            guard let given, let text else {
                throw WorkspaceError(.usage, "`add` needs --text and --type: what was missed")
            }
            self.type = given
            value = DecidedValue(
                right: DecidedValue.Typed(
                    type: given,
                    value: try Self.contained(
                        text, in: texts["s " + item.path], around: item.range)))
        case (.finding, .add):
            throw WorkspaceError(
                .usage, "\(item.id) is a finding; what was missed is added to a passage (s-…)",
                hint: "correct a finding with `adjust`")
        case (.passage, .reject), (.passage, .adjust):
            throw WorkspaceError(
                .usage, "\(item.id) is a passage, not a finding: `accept` it, or `add` to it")
        }
    }

    private static func typed(
        _ type: EntityType, _ text: [UInt8]?, _ range: Range<Int>
    ) throws -> DecidedValue.Typed {
        guard let text, range.upperBound <= text.count else {
            throw WorkspaceError(.integrity, "a finding lies outside of its text")
        }
        return DecidedValue.Typed(type: type, value: Array(text[range]))
    }

    /// The value that a reviewer names, when it stands in the text there.
    private static func contained(
        _ value: String, in text: [UInt8]?, around range: Range<Int>
    ) throws -> [UInt8] {
        let wanted = Array(value.utf8)
        guard let text, !wanted.isEmpty else {
            throw WorkspaceError(.usage, "--text is empty, or the text is gone")
        }
        let low = max(0, range.lowerBound - Review.context)
        let high = min(text.count, range.upperBound + Review.context)
        let window = Array(text[low..<high])
        let isThere =
            wanted.count <= window.count
            && (0...(window.count - wanted.count)).contains {
                window[$0..<($0 + wanted.count)].elementsEqual(wanted)
            }
        guard isThere else {
            throw WorkspaceError(
                .usage, "--text does not stand in the text of that item",
                hint: "copy it as it is written there")
        }
        return wanted
    }
}
