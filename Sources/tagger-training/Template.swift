/// A sentence with choices and slots, parsed once.
struct Template {
    indirect enum Node {
        case text(String)
        case slot(String)
        case choice([[Node]])
    }

    let source: String
    let nodes: [Node]

    init(_ source: String) {
        self.source = source
        var rest = Substring(
            source.replacing("\\n", with: "\n").replacing("\\t", with: "\t"))
        nodes = Self.parse(&rest, inChoice: false)
    }

    private static func parse(_ rest: inout Substring, inChoice: Bool) -> [Node] {
        var nodes: [Node] = []
        var text = ""
        func flush(_ nodes: inout [Node], _ text: inout String) {
            if !text.isEmpty { nodes.append(.text(text)) }
            text = ""
        }
        while let character = rest.first {
            if inChoice && (character == "|" || character == "]") { break }
            rest.removeFirst()
            if character == "[" {
                flush(&nodes, &text)
                var choices: [[Node]] = []
                repeat {
                    choices.append(parse(&rest, inChoice: true))
                } while rest.popFirst() == "|"
                nodes.append(.choice(choices))
            } else if character == "{", let end = rest.firstIndex(of: "}"),
                SlotFiller.slots.contains(String(rest[..<end]))
            {
                flush(&nodes, &text)
                nodes.append(.slot(String(rest[..<end])))
                rest = rest[rest.index(after: end)...]
            } else {
                text.append(character)
            }
        }
        flush(&nodes, &text)
        return nodes
    }

    /// One filling of the template.
    func pieces(_ filler: inout SlotFiller) -> [Piece] {
        var pieces: [Piece] = []
        Self.append(nodes, &filler, &pieces)
        return pieces
    }

    private static func append(_ nodes: [Node], _ filler: inout SlotFiller, _ pieces: inout [Piece])
    {
        for node in nodes {
            switch node {
            case .text(let text): pieces.append(Piece(text))
            case .slot(let name): pieces += filler.fill(name)
            case .choice(let choices): append(filler.random.pick(choices), &filler, &pieces)
            }
        }
    }
}
