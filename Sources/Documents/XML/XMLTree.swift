internal import ReaderProtocol

/// A small XML document, or a part of one, as a tree.
final class XMLTree {
    /// What an element holds.
    enum Child {
        case element(XMLTree)
        case text(String)
    }

    /// The name without prefix.
    let name: String
    /// The namespace's URI.
    let namespace: String?
    /// The attributes in order.
    let attributes: [XMLAttribute]
    /// What it holds, in order.
    var children: [Child] = []
    /// Where it begins and ends in the input, where that is known.
    var range: Range<UInt64>?

    init(_ start: XMLStart) {
        name = start.name
        namespace = start.namespace
        attributes = start.attributes
        range = start.offset.map { $0..<$0 }
    }

    /// Reads a whole document.
    ///
    /// - Returns: The root element.
    static func parse(_ bytes: [UInt8], limits: ReaderLimits) throws(ReaderFault) -> XMLTree {
        let builder = XMLTreeBuilder()
        try XMLEvents.parse(bytes, limits: limits, handler: builder)
        guard let root = builder.root else { throw .malformed("an XML document without elements") }
        return root
    }

    /// The value of the first attribute of this local name.
    subscript(attribute local: String) -> String? {
        attributes.first { $0.name == local }?.value
    }

    /// The elements inside, in order.
    var elements: [XMLTree] {
        children.compactMap { if case .element(let element) = $0 { element } else { nil } }
    }

    /// The first element inside of this local name.
    func first(_ local: String) -> XMLTree? {
        for case .element(let element) in children where element.name == local { return element }
        return nil
    }

    /// The elements inside of this local name.
    func all(_ local: String) -> [XMLTree] { elements.filter { $0.name == local } }

    /// The elements of this local name at any depth, in document order.
    func descendants(_ local: String) -> [XMLTree] {
        var out: [XMLTree] = []
        for case .element(let element) in children {
            if element.name == local { out.append(element) }
            out += element.descendants(local)
        }
        return out
    }

    /// All text inside, as it stands.
    var text: String {
        var out = ""
        for child in children {
            switch child {
            case .text(let text): out += text
            case .element(let element): out += element.text
            }
        }
        return out
    }
}

/// Builds a tree from events.
final class XMLTreeBuilder: XMLHandler {
    /// The root, once the document is read.
    private(set) var root: XMLTree?
    private var open: [XMLTree] = []

    func start(_ element: XMLStart) {
        let tree = XMLTree(element)
        if let parent = open.last {
            parent.children.append(.element(tree))
        } else if root == nil {
            root = tree
        }
        open.append(tree)
    }

    func text(_ text: String) { open.last?.children.append(.text(text)) }

    func end(_ name: String, offset: UInt64?) {
        let tree = open.popLast()
        if let offset, let start = tree?.range?.lowerBound, start <= offset {
            tree?.range = start..<offset
        }
    }
}
