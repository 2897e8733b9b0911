internal import ReaderProtocol
internal import Records

/// XML whose repeated elements are records, or that is one record as a whole.
///
/// Which elements are records is declared by their path, or found: the first path, going down from
/// the root, of elements that repeat within one parent and make up at least half of what that
/// parent holds. Columns are child elements and `@attributes` by their names without prefix.
enum XMLReader {
    /// How much of a document is looked at to find its records.
    static let surveyByteCount = 8 << 20

    static func read(
        _ input: DocumentInput, _ request: ReaderRequest, _ sink: any DocumentSink
    ) throws(ReaderFault) -> ReaderSummary {
        let pattern: [String?]
        if let path = request.recordsPath {
            pattern = try declared(path)
        } else if request.unit == "document" {
            pattern = []
        } else {
            pattern = try find(input, request)
            if !pattern.isEmpty {
                let names = pattern.map { $0 ?? "" }.joined(separator: "/")
                try sink.note("the records are the elements `\(names)`")
            }
        }
        let records = XMLRecords(pattern, request.limits, sink)
        let encoding = try XMLEvents.parse(
            input, encoding: request.encoding, limits: request.limits, handler: records)
        try records.finish()
        return ReaderSummary(parser: "xml/1", encoding: encoding)
    }

    /// A declared path: names from the root on, or from below it; prefixes do not count.
    private static func declared(_ path: String) throws(ReaderFault) -> [String?] {
        let names = path.split(separator: "/").map { part in
            String(part.split(separator: ":").last ?? part)
        }
        guard !names.isEmpty else {
            throw .malformed(
                "an empty records path", hint: "name the elements, as in orders/order")
        }
        return names
    }

    private static func find(
        _ input: DocumentInput, _ request: ReaderRequest
    ) throws(ReaderFault) -> [String?] {
        let head = try input.peek(surveyByteCount)
        let survey = XMLSurvey()
        do throws(ReaderFault) {
            _ = try XMLEvents.parse(
                DocumentInput(head, limits: request.limits), encoding: request.encoding,
                limits: request.limits, handler: survey)
        } catch {
            // A document longer than this breaks off here; any other fault comes again.
            guard head.count >= surveyByteCount else { throw error }
        }
        return survey.recordsPath
    }
}

/// Counts the paths of a document's elements.
final class XMLSurvey: XMLHandler {
    /// All elements of one path.
    private final class Path {
        let name: String
        var children: [String: Path] = [:]
        var order: [String] = []
        /// How many there are, and the most within one parent.
        var count = 0
        var most = 0
        /// How many were seen in the parent that is open, and which element that is.
        var inParent = 0
        var parent = 0
        /// Bytes of text, names and attributes, all below included.
        var weight = 0

        init(_ name: String) { self.name = name }
    }

    private let top = Path("")
    private var open: [(path: Path, number: Int)]
    private var elements = 0

    init() { open = [(top, 0)] }

    func start(_ element: XMLStart) {
        let (parent, number) = open[open.count - 1]
        let path: Path
        if let known = parent.children[element.name] {
            path = known
        } else {
            // Documents with names without end are no records; they keep the first ones.
            path = Path(element.name)
            if parent.children.count < 1000 {
                parent.children[element.name] = path
                parent.order.append(element.name)
            }
        }
        elements += 1
        path.count += 1
        path.inParent = path.parent == number ? path.inParent + 1 : 1
        path.parent = number
        path.most = max(path.most, path.inParent)
        path.weight += element.attributes.reduce(8) { $0 + $1.value.utf8.count }
        open.append((path, elements))
    }

    func text(_ text: String) {
        guard text.utf8.contains(where: { $0 > 0x20 }) else { return }
        open[open.count - 1].path.weight += text.utf8.count
    }

    func end(_ name: String, offset: UInt64?) { open.removeLast() }

    /// The path of the records, the root first; empty where nothing repeats.
    var recordsPath: [String] {
        var node = top
        let whole = total(top)
        var path: [String] = []
        while true {
            let children = node.order.compactMap { node.children[$0] }
            let weights = children.map { total($0) }
            let all = weights.reduce(0, +)
            if !path.isEmpty,
                let best = children.indices.filter({ children[$0].most > 1 })
                    .max(by: { weights[$0] < weights[$1] }),
                weights[best] * 2 >= all
            {
                // A list that is only a detail of the document does not make its records.
                return weights[best] * 2 >= whole ? path + [children[best].name] : []
            }
            guard let heaviest = children.indices.max(by: { weights[$0] < weights[$1] }) else {
                return []
            }
            node = children[heaviest]
            path.append(node.name)
        }
    }

    private func total(_ path: Path) -> Int {
        path.children.values.reduce(path.weight) { $0 + total($1) }
    }
}
