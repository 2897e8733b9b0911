internal import CLibXML2
internal import Glibc
internal import ReaderProtocol

/// A web page as a flat array of nodes, in document order: a parent stands before its children.
struct HTMLTree {
    /// An element or a text.
    struct Node {
        var tag: HTMLTag
        /// The level of a heading.
        var level: UInt8 = 0
        /// Left out of the text.
        var isDropped = false
        var parent: Int32
        var firstChild: Int32 = -1
        var lastChild: Int32 = -1
        var next: Int32 = -1
        /// The bytes of a text.
        var from = 0
        var to = 0
    }

    /// The nodes; the first is the page itself.
    var nodes: [Node] = [Node(tag: .other, parent: -1)]
    /// The UTF-8 bytes of all texts.
    var bytes: [UInt8] = []
    /// Attributes that matter, by node.
    var attributes: [Int: [String: String]] = [:]

    /// The indices of a node's children, in order.
    func children(_ index: Int) -> [Int] {
        var out: [Int] = []
        var child = nodes[index].firstChild
        while child >= 0 {
            out.append(Int(child))
            child = nodes[Int(child)].next
        }
        return out
    }

    /// The bytes of a text node.
    func text(_ index: Int) -> ArraySlice<UInt8> { bytes[nodes[index].from..<nodes[index].to] }

    /// All text below a node, white space collapsed.
    func allText(_ index: Int) -> String {
        var out: [UInt8] = []
        var stack = [index]
        while let one = stack.popLast() {
            if nodes[one].tag == .text { out += text(one) }
            stack += children(one).reversed()
        }
        return XMLColumns.collapsed(String(decoding: out, as: UTF8.self))
    }

    /// Parses tag soup with libxml2's HTML parser.
    ///
    /// - Parameter utf8: The page, converted to UTF-8.
    /// - Parameter depth: Elements deeper than this are kept at this depth.
    static func parse(_ utf8: [UInt8], depth: Int) throws(ReaderFault) -> HTMLTree {
        XMLLibrary.start()
        let builder = HTMLTreeBuilder(depth: depth)
        let isMade = unsafe utf8.withUnsafeBufferPointer { input -> Bool in
            guard let base = input.baseAddress,
                let context = unsafe base.withMemoryRebound(
                    to: CChar.self, capacity: input.count,
                    { unsafe htmlCreateMemoryParserCtxt($0, Int32(clamping: input.count)) })
            else { return false }
            defer { unsafe htmlFreeParserCtxt(context) }
            let options =
                HTML_PARSE_RECOVER.rawValue | HTML_PARSE_NOERROR.rawValue
                | HTML_PARSE_NOWARNING.rawValue | HTML_PARSE_NONET.rawValue
                | HTML_PARSE_IGNORE_ENC.rawValue
            unsafe htmlCtxtUseOptions(context, Int32(bitPattern: options))
            unsafe xmlSwitchEncoding(context, XML_CHAR_ENCODING_UTF8)
            unsafe context.pointee.sax.pointee = HTMLTreeBuilder.callbacks
            unsafe context.pointee.userData = unsafe Unmanaged.passUnretained(builder).toOpaque()
            unsafe htmlParseDocument(context)
            if let document = unsafe context.pointee.myDoc {
                unsafe xmlFreeDoc(document)
                unsafe context.pointee.myDoc = nil
            }
            return true
        }
        guard isMade else { throw .noText("a page without content", hint: "fetch it again") }
        return builder.tree
    }
}

/// Builds the tree from libxml2's events.
private final class HTMLTreeBuilder {
    var tree = HTMLTree()
    /// The open elements; `counted` of them are deeper than the tree goes.
    private var open: [(name: String, node: Int32)] = [("", 0)]
    private let depth: Int

    init(depth: Int) { self.depth = depth }

    private static let kept: Set<String> = [
        "class", "id", "role", "alt", "lang", "xml:lang", "name", "property", "content",
        "datetime", "hidden", "aria-hidden", "style", "http-equiv", "start", "itemprop", "rel",
    ]

    static var callbacks: xmlSAXHandler {
        var sax = unsafe xmlSAXHandler()
        unsafe sax.startElement = { me, name, values in
            guard let me = unsafe me, let name = unsafe name else { return }
            unsafe HTMLTreeBuilder.from(me).start(String(cString: name), values)
        }
        unsafe sax.endElement = { me, name in
            guard let me = unsafe me, let name = unsafe name else { return }
            unsafe HTMLTreeBuilder.from(me).end(String(cString: name))
        }
        let characters: charactersSAXFunc = { me, bytes, count in
            guard let me = unsafe me, let bytes = unsafe bytes else { return }
            unsafe HTMLTreeBuilder.from(me).text(
                UnsafeBufferPointer(start: bytes, count: Int(count)))
        }
        unsafe sax.characters = characters
        unsafe sax.ignorableWhitespace = characters
        unsafe sax.cdataBlock = characters
        return unsafe sax
    }

    private static func from(_ pointer: UnsafeMutableRawPointer) -> HTMLTreeBuilder {
        unsafe Unmanaged<HTMLTreeBuilder>.fromOpaque(pointer).takeUnretainedValue()
    }

    private func add(_ node: HTMLTree.Node) -> Int32 {
        let index = Int32(clamping: tree.nodes.count)
        let parent = Int(node.parent)
        tree.nodes.append(node)
        let last = tree.nodes[parent].lastChild
        if last >= 0 {
            tree.nodes[Int(last)].next = index
        } else {
            tree.nodes[parent].firstChild = index
        }
        tree.nodes[parent].lastChild = index
        return index
    }

    private func start(
        _ name: String, _ values: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
    ) {
        // Beyond the depth they become siblings of their parents.
        let parent = open[min(open.count - 1, depth)].node
        let tag = HTMLTag(name: name)
        var node = HTMLTree.Node(tag: tag, parent: parent)
        if tag == .heading { node.level = (name.utf8.last ?? 0x31) - 0x30 }
        let index = add(node)
        open.append((name, index))
        guard let values = unsafe values else { return }
        var found: [String: String] = [:]
        var at = 0
        while let key = unsafe values[at] {
            let name = unsafe String(cString: key)
            if Self.kept.contains(name), found[name] == nil {
                found[name] = unsafe values[at + 1].map { unsafe String(cString: $0) } ?? ""
            }
            at += 2
        }
        if !found.isEmpty { tree.attributes[Int(index)] = found }
    }

    private func end(_ name: String) {
        guard let at = open.lastIndex(where: { $0.name == name }), at > 0 else { return }
        open.removeSubrange(at...)
    }

    private func text(_ bytes: UnsafeBufferPointer<xmlChar>) {
        let parent = open[min(open.count - 1, depth)].node
        let from = tree.bytes.count
        unsafe tree.bytes.append(contentsOf: bytes)
        let last = tree.nodes[Int(parent)].lastChild
        if last >= 0, tree.nodes[Int(last)].tag == .text, tree.nodes[Int(last)].to == from {
            tree.nodes[Int(last)].to = tree.bytes.count
        } else {
            _ = add(
                HTMLTree.Node(tag: .text, parent: parent, from: from, to: tree.bytes.count))
        }
    }
}
