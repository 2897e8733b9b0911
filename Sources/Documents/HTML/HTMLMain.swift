/// Marks what of a page is not its main text.
///
/// 1. Never text: scripts, styles, frames, form fields, and what is hidden by attribute or style.
/// 2. Where `main`, an element of the role `main`, or `article` elements hold at least a quarter of
///    the text and 140 bytes, only they count.
/// 3. Left out below: `nav`, `aside`, `footer`, a `header` outside of articles, their ARIA roles,
///    and elements whose class or id says navigation, cookies, sharing, advertisement or the like;
///    a form that holds less than half of the text.
/// 4. Left out by density: a list, table or box in which more than 60 % of the text are links, with
///    three links or more and less than 30 bytes of other text for each.
///
/// Classes and density leave out no element that holds 40 % of the text or more, and where less
/// than a tenth of the text would be left, only rule 1 holds.
struct HTMLMain {
    private var tree: HTMLTree
    /// By node, all below included: bytes of text but for white space, those in links, and links.
    private var lengths: [Int]
    private var linked: [Int]
    private var links: [Int]

    /// The page with its marks.
    static func marked(_ tree: HTMLTree, mainOnly: Bool) -> HTMLTree {
        var silent = HTMLMain(tree)
        silent.dropSilent()
        guard mainOnly else { return silent.tree }
        var main = HTMLMain(silent.tree)
        let all = main.lengths[0]
        main.keepMain(all)
        main.dropBoilerplate(all)
        main.dropLinkBoxes(all)
        let rest = HTMLMain(main.tree).lengths[0]
        return rest * 10 < all ? silent.tree : main.tree
    }

    private init(_ tree: HTMLTree) {
        self.tree = tree
        lengths = [Int](repeating: 0, count: tree.nodes.count)
        linked = lengths
        links = lengths
        var isDropped = [Bool](repeating: false, count: tree.nodes.count)
        for index in tree.nodes.indices {
            let node = tree.nodes[index]
            isDropped[index] =
                node.isDropped || node.parent >= 0 && isDropped[Int(node.parent)]
            if node.tag == .text, !isDropped[index] {
                lengths[index] = tree.text(index).count { $0 > 0x20 }
            }
        }
        for index in tree.nodes.indices.reversed() {
            let node = tree.nodes[index]
            if node.tag == .link, !isDropped[index], lengths[index] > 0 {
                linked[index] = lengths[index]
                links[index] = 1
            }
            guard node.parent >= 0 else { continue }
            lengths[Int(node.parent)] += lengths[index]
            linked[Int(node.parent)] += linked[index]
            links[Int(node.parent)] += links[index]
        }
    }

    private mutating func dropSilent() {
        for index in tree.nodes.indices {
            switch tree.nodes[index].tag {
            case .silent, .control, .head, .title, .meta: tree.nodes[index].isDropped = true
            default:
                guard let own = tree.attributes[index], tree.nodes[index].tag != .body else {
                    continue
                }
                let style = (own["style"] ?? "").lowercased().utf8.filter { $0 > 0x20 }
                let text = String(decoding: style, as: UTF8.self)
                if own["hidden"] != nil || own["aria-hidden"] == "true"
                    || text.contains("display:none") || text.contains("visibility:hidden")
                {
                    tree.nodes[index].isDropped = true
                }
            }
        }
    }

    private mutating func keepMain(_ all: Int) {
        let isRoot: (Int) -> Bool = { [tree] index in
            tree.nodes[index].tag == .main || tree.attributes[index]?["role"] == "main"
        }
        var roots = tree.nodes.indices.filter(isRoot)
        if !isEnough(roots, all) {
            // Articles within articles are comments or teasers, and belong to the outer one.
            roots = tree.nodes.indices.filter {
                tree.nodes[$0].tag == .article && !hasAncestor($0) { $0 == .article }
            }
        }
        guard isEnough(roots, all) else { return }
        var kept = Set(roots)
        for root in roots {
            var parent = tree.nodes[root].parent
            while parent >= 0 {
                kept.insert(Int(parent))
                parent = tree.nodes[Int(parent)].parent
            }
        }
        // Whatever hangs on the way to the roots goes; the roots themselves stay whole.
        let top = Set(roots)
        for index in kept where !top.contains(index) {
            for child in tree.children(index) where !kept.contains(child) {
                // The page's own headline often stands above its article.
                if tree.nodes[child].tag == .heading, tree.nodes[child].level == 1 { continue }
                tree.nodes[child].isDropped = true
            }
        }
    }

    private func isEnough(_ roots: [Int], _ all: Int) -> Bool {
        let held = roots.reduce(0) { $0 + lengths[$1] }
        return held >= 140 && held * 4 >= all
    }

    private func hasAncestor(_ index: Int, _ test: (HTMLTag) -> Bool) -> Bool {
        var parent = tree.nodes[index].parent
        while parent >= 0 {
            if test(tree.nodes[Int(parent)].tag) { return true }
            parent = tree.nodes[Int(parent)].parent
        }
        return false
    }

    private mutating func dropBoilerplate(_ all: Int) {
        for index in tree.nodes.indices where !tree.nodes[index].isDropped {
            let held = lengths[index] * 100 / max(1, all)
            switch tree.nodes[index].tag {
            case .nav, .aside, .footer: tree.nodes[index].isDropped = held < 60
            case .header:
                let isPart = hasAncestor(index) { $0 == .article || $0 == .main }
                tree.nodes[index].isDropped = !isPart && held < 60
            case .form: tree.nodes[index].isDropped = held < 50
            case .text, .html, .body, .main, .article: break
            default:
                guard let own = tree.attributes[index], held < 40 else { continue }
                if let role = own["role"], HTMLWords.roles.contains(role) {
                    tree.nodes[index].isDropped = true
                } else if tree.nodes[index].tag.isBlock || tree.nodes[index].tag == .other {
                    tree.nodes[index].isDropped =
                        HTMLWords.isBoilerplate(own["class"] ?? "")
                        || HTMLWords.isBoilerplate(own["id"] ?? "")
                }
            }
        }
    }

    private mutating func dropLinkBoxes(_ all: Int) {
        for index in tree.nodes.indices where !tree.nodes[index].isDropped {
            switch tree.nodes[index].tag {
            case .list, .orderedList, .table, .box, .section, .row, .cell, .paragraph: break
            default: continue
            }
            guard links[index] >= 3, lengths[index] * 100 < all * 40 else { continue }
            let other = lengths[index] - linked[index]
            if linked[index] * 10 > lengths[index] * 6, other < 30 * links[index] {
                tree.nodes[index].isDropped = true
            }
        }
    }
}

/// Words that pages use for what is not their text.
enum HTMLWords {
    static let roles: Set<String> = [
        "navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alertdialog",
        "menu", "menubar", "toolbar", "tablist",
    ]

    private static let words: Set<String> = [
        "nav", "navbar", "navigation", "navi", "menu", "menus", "breadcrumb", "breadcrumbs",
        "cookie", "cookies", "cookiebar", "cookiebanner", "consent", "gdpr", "sidebar", "footer",
        "foot", "masthead", "topbar", "share", "sharing", "sharebar", "social", "related",
        "advert", "advertisement", "advertising", "ads", "adsense", "banner", "sponsor",
        "sponsored", "promo", "promoted", "newsletter", "subscribe", "subscription", "popup",
        "modal", "overlay", "skip", "skiplink", "pagination", "pager", "toolbar", "login",
        "signup", "copyright", "sitemap", "tagcloud", "blogroll", "recommended",
    ]

    /// Whether one of the words of a class or id says so; `has-sidebar` and the like do not.
    static func isBoilerplate(_ value: String) -> Bool {
        var word: [UInt8] = []
        var previous = ""
        var found = false
        func close() {
            guard !word.isEmpty else { return }
            let text = String(decoding: word, as: UTF8.self)
            word = []
            if words.contains(text), !["has", "no", "with", "without", "is"].contains(previous) {
                found = true
            }
            previous = text
        }
        var wasLower = false
        for byte in value.utf8 {
            let isUpper = byte >= 0x41 && byte <= 0x5A
            let isLetter = isUpper || byte >= 0x61 && byte <= 0x7A
            if !isLetter || isUpper && wasLower { close() }
            if byte == 0x20 { previous = "" }
            if isLetter { word.append(byte | 0x20) }
            wasLower = isLetter && !isUpper
        }
        close()
        return found
    }
}
