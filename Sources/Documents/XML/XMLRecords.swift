internal import ReaderProtocol
internal import Records

/// Turns the elements of one path into records, one at a time.
final class XMLRecords: XMLHandler {
    private var pattern: [String?]
    private let limits: ReaderLimits
    private let sink: any DocumentSink
    /// How deep we are, and how many of the open elements follow the pattern from the root on.
    private var depth = 0
    private var matched = 0
    private var builder: XMLTreeBuilder?
    private var builderDepth = 0
    /// Bytes of the record so far; beyond the limit its content is no longer kept.
    private var size: UInt64 = 0
    private var isTooLong = false
    private var index: UInt64 = 0
    private var refused = false
    private var outside = 0
    private var start: UInt64?

    /// - Parameter pattern: Names from the root on; empty makes the root the one record.
    init(_ pattern: [String?], _ limits: ReaderLimits, _ sink: any DocumentSink) {
        self.pattern = pattern
        self.limits = limits
        self.sink = sink
    }

    func start(_ element: XMLStart) {
        if depth == 0 { settle(root: element.name) }
        depth += 1
        if let builder {
            builderDepth += 1
            grow(element.attributes.reduce(16) { $0 + $1.name.utf8.count + $1.value.utf8.count })
            if !isTooLong { builder.start(element) }
            return
        }
        if matched == depth - 1, matched < pattern.count,
            pattern[matched] == nil || pattern[matched] == element.name
        {
            matched += 1
            guard matched == pattern.count else { return }
            let builder = XMLTreeBuilder()
            builder.start(element)
            self.builder = builder
            builderDepth = 1
            start = element.offset
            (size, isTooLong) = (0, false)
            grow(element.attributes.reduce(16) { $0 + $1.name.utf8.count + $1.value.utf8.count })
        }
    }

    /// A declared path begins at the root or below it.
    private func settle(root: String) {
        if pattern.isEmpty {
            pattern = [nil]
        } else if let first = pattern[0], first != root {
            pattern.insert(nil, at: 0)
        }
    }

    func text(_ text: String) {
        if let builder {
            grow(text.utf8.count)
            if !isTooLong { builder.text(text) }
        } else if text.utf8.contains(where: { $0 > 0x20 }) {
            outside += 1
        }
    }

    private func grow(_ count: Int) {
        size += UInt64(count)
        isTooLong = isTooLong || size > limits.recordBytes
    }

    func end(_ name: String, offset: UInt64?) throws(ReaderFault) {
        depth -= 1
        if let builder {
            builderDepth -= 1
            if !isTooLong { builder.end(name, offset: offset) }
            guard builderDepth == 0 else { return }
            self.builder = nil
            try put(name, builder, end: offset)
        }
        matched = min(matched, depth)
    }

    private func put(
        _ name: String, _ builder: XMLTreeBuilder, end: UInt64?
    ) throws(ReaderFault) {
        let offset = start ?? index
        let length = start.flatMap { from in end.map { $0 - from } } ?? 0
        index += 1
        let place = pattern == [nil] ? nil : "\(name) \(index)"
        guard !isTooLong, let root = builder.root else {
            return try sink.refuse(
                "too-long", "a record of more than \(limits.recordBytes) bytes", place: place,
                offset: offset, length: length)
        }
        let fields = XMLColumns.fields(of: root, asText: pattern == [nil])
        guard !fields.isEmpty else {
            return try sink.refuse(
                "xml-empty", "an element without content", place: place, offset: offset,
                length: length)
        }
        try sink.record(fields, place: place, offset: offset, length: length)
    }

    /// Says what was left out.
    ///
    /// - Throws: `.malformed` where no element followed the path.
    func finish() throws(ReaderFault) {
        guard index > 0 else {
            throw .malformed(
                "XML in which no element follows the records path",
                hint: "name the elements from the root on, as in orders/order")
        }
        if outside > 0 {
            try sink.note("\(outside) texts outside of the records were left out")
        }
    }
}

/// An element's columns.
enum XMLColumns {
    /// The columns of a record. Its own text, or all of it in reading order where text and elements
    /// mix, is `text`.
    static func fields(of root: XMLTree, asText: Bool) -> [String: JSONValue] {
        var isMixed = false
        let value = value(of: root, &isMixed)
        var fields: [String: JSONValue]
        switch value {
        case .object(let members):
            fields = members
            if let own = fields.removeValue(forKey: "#text") {
                fields[fields["text"] == nil ? "text" : "#text"] = own
            }
        case .string("") where root.attributes.isEmpty: fields = [:]
        default: fields = ["text": value]
        }
        if isMixed || asText, fields["text"] == nil {
            let text = lines(of: root)
            if !text.isEmpty { fields["text"] = .string(text) }
        }
        return fields
    }

    /// An element as a value: a string where it holds only text, else an object.
    private static func value(of element: XMLTree, _ isMixed: inout Bool) -> JSONValue {
        let nilled = element.attributes.contains {
            $0.name == "nil" && ($0.value == "true" || $0.value == "1")
                && $0.namespace == "http://www.w3.org/2001/XMLSchema-instance"
        }
        if nilled { return .null }
        let hasElements = element.children.contains {
            if case .element = $0 { true } else { false }
        }
        let hasText = element.children.contains {
            if case .text(let text) = $0 { text.utf8.contains { $0 > 0x20 } } else { false }
        }
        if element.attributes.isEmpty && !hasElements { return .string(trimmed(element.text)) }
        var members: [String: JSONValue] = [:]
        for attribute in element.attributes {
            members["@\(attribute.name)"] = .string(attribute.value)
        }
        if hasElements && hasText {
            // Prose with markup inside: its words in order, without the markup.
            isMixed = true
            let text = JSONValue.string(collapsed(element.text))
            if members.isEmpty { return text }
            members["#text"] = text
        } else if hasText {
            members["#text"] = .string(trimmed(element.text))
        } else {
            // Elements of one name make an array.
            var groups: [String: [JSONValue]] = [:]
            for case .element(let child) in element.children {
                groups[child.name, default: []].append(value(of: child, &isMixed))
            }
            for (name, values) in groups {
                members[name] = values.count == 1 ? values[0] : .array(values)
            }
        }
        return .object(members)
    }

    /// All text in reading order, one line for each element that holds any of its own.
    private static func lines(of root: XMLTree) -> String {
        var out: [String] = []
        gather(root, &out)
        return out.joined(separator: "\n")
    }

    private static func gather(_ element: XMLTree, _ out: inout [String]) {
        let hasText = element.children.contains {
            if case .text(let text) = $0 { text.utf8.contains { $0 > 0x20 } } else { false }
        }
        if hasText {
            out.append(collapsed(element.text))
        } else {
            for child in element.elements { gather(child, &out) }
        }
    }

    /// Without white space at both ends.
    static func trimmed(_ text: String) -> String {
        let bytes = text.utf8
        guard let first = bytes.firstIndex(where: { !isSpace($0) }),
            let last = bytes.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(text[first...last])
    }

    /// Runs of white space made one space (XPath 1.0 §4.2, `normalize-space`).
    static func collapsed(_ text: String) -> String {
        var out: [UInt8] = []
        out.reserveCapacity(text.utf8.count)
        var pending = false
        for byte in text.utf8 {
            if isSpace(byte) {
                pending = !out.isEmpty
            } else {
                if pending { out.append(0x20) }
                pending = false
                out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// XML white space (XML 1.0 §2.3).
    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }
}
