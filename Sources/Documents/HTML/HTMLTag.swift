/// Elements of HTML that mean something to us, by what they mean.
enum HTMLTag: UInt8 {
    case text, other
    case html, head, body, title, meta
    /// Content that is never text: scripts, styles, pictures in code, frames.
    case silent
    /// Buttons, fields and lists of choices.
    case control
    case form, main, article, nav, aside, header, footer, section
    /// A box without meaning of its own, such as `div`.
    case box
    case paragraph, heading, list, orderedList, item, term, definition, quote, caption
    case table, row, cell, headerCell
    case preformatted, lineBreak, rule, image, link, time, quotation

    /// Whether its text stands apart from the text around it.
    var isBlock: Bool {
        switch self {
        case .text, .other, .image, .link, .time, .control, .silent, .quotation, .lineBreak,
            .title, .meta:
            false
        default: true
        }
    }

    private static let names: [String: HTMLTag] = [
        "html": .html, "head": .head, "body": .body, "title": .title, "meta": .meta,
        "script": .silent, "style": .silent, "template": .silent, "svg": .silent,
        "iframe": .silent, "object": .silent, "applet": .silent, "canvas": .silent,
        "noframes": .silent, "datalist": .silent, "map": .silent, "audio": .silent,
        "video": .silent, "noscript": .silent, "frameset": .silent,
        "button": .control, "input": .control, "select": .control, "textarea": .control,
        "option": .control, "optgroup": .control, "dialog": .control,
        "form": .form, "main": .main, "article": .article, "nav": .nav, "menu": .nav,
        "aside": .aside, "header": .header, "footer": .footer, "section": .section,
        "div": .box, "center": .box, "fieldset": .box, "figure": .box, "address": .box,
        "details": .box, "summary": .box, "hgroup": .box, "dl": .box, "noindex": .box,
        "p": .paragraph, "h1": .heading, "h2": .heading, "h3": .heading, "h4": .heading,
        "h5": .heading, "h6": .heading, "ul": .list, "dir": .list, "ol": .orderedList,
        "li": .item, "dt": .term, "dd": .definition, "blockquote": .quote,
        "figcaption": .caption, "caption": .caption, "legend": .caption,
        "table": .table, "tr": .row, "td": .cell, "th": .headerCell, "thead": .box,
        "tbody": .box, "tfoot": .box,
        "pre": .preformatted, "listing": .preformatted, "xmp": .preformatted,
        "plaintext": .preformatted, "br": .lineBreak, "hr": .rule, "img": .image, "a": .link,
        "time": .time, "q": .quotation,
    ]

    /// The meaning of a name in lower case.
    init(name: String) { self = Self.names[name] ?? .other }
}
