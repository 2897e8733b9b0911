internal import ReaderProtocol

/// What a page says.
struct HTMLDocument {
    /// Its text as blocks.
    var blocks: TextBlocks
    /// `title`, else `og:title`, else its first heading.
    var title: String?
    /// The `meta` author.
    var author: String?
    /// The language tag of `html`, or of a `meta`.
    var language: String?
    /// When it was published, as the page writes it.
    var date: String?
    /// The encoding it was read in.
    var encoding: String

    /// All its text.
    var text: String { blocks.text }
}

/// Text out of HTML, for pages and for mail.
enum HTMLText {
    /// The largest page that is read, as a part of the memory limit.
    private static let memoryShare: UInt64 = 16

    /// Reads a page.
    ///
    /// - Parameters:
    ///   - encoding: What the transport declared, if anything.
    ///   - mainOnly: Whether navigation, cookie banners and the like are left out (``HTMLMain``).
    /// - Throws: `.overLimit`, `.noText` where there is not a byte.
    static func extract(
        _ bytes: [UInt8], encoding: String?, mainOnly: Bool, limits: ReaderLimits
    ) throws(ReaderFault) -> HTMLDocument {
        guard UInt64(bytes.count) <= limits.memoryBytes / memoryShare else {
            throw .overLimit("a page of \(bytes.count) bytes")
        }
        let (utf8, name) = HTMLEncoding.decode(bytes, declared: encoding)
        let tree = try HTMLTree.parse(utf8, depth: Int(clamping: limits.depth))
        var document = HTMLDocument(
            blocks: HTMLRenderer.blocks(HTMLMain.marked(tree, mainOnly: mainOnly)),
            encoding: name)
        HTMLMeta(tree).fill(&document)
        return document
    }
}

/// The page about itself.
private struct HTMLMeta {
    private let tree: HTMLTree
    private var values: [String: String] = [:]

    init(_ tree: HTMLTree) {
        self.tree = tree
        for index in tree.nodes.indices where tree.nodes[index].tag == .meta {
            guard let own = tree.attributes[index], let content = own["content"] else { continue }
            let name = own["name"] ?? own["property"] ?? own["itemprop"] ?? own["http-equiv"]
            let text = XMLColumns.collapsed(content)
            if let name = name?.lowercased(), !text.isEmpty, values[name] == nil {
                values[name] = text
            }
        }
    }

    private func first(_ names: [String]) -> String? {
        names.lazy.compactMap { values[$0] }.first
    }

    private func firstText(_ test: (HTMLTree.Node) -> Bool) -> String? {
        for index in tree.nodes.indices where test(tree.nodes[index]) {
            let text = tree.allText(index)
            if !text.isEmpty { return text }
        }
        return nil
    }

    func fill(_ document: inout HTMLDocument) {
        document.title =
            firstText { $0.tag == .title } ?? first(["og:title", "dc.title", "title"])
            ?? firstText { $0.tag == .heading && $0.level == 1 }
        document.author = first(["author", "article:author", "dc.creator", "dcterms.creator"])
        document.date =
            first([
                "article:published_time", "date", "dc.date", "dcterms.created", "dc.date.issued",
                "datepublished", "pubdate", "publishdate",
            ])
            ?? tree.nodes.indices.lazy.filter { tree.nodes[$0].tag == .time }
            .compactMap { tree.attributes[$0]?["datetime"] }.first { !$0.isEmpty }
        let root = tree.nodes.indices.first { tree.nodes[$0].tag == .html }
        let own = root.flatMap { tree.attributes[$0] }
        document.language =
            [
                own?["lang"], own?["xml:lang"],
                first(["content-language", "language", "dc.language"]),
            ]
            .compactMap { $0 }.first { !$0.isEmpty } ?? first(["og:locale"])
    }
}
