/// Where the content of a group goes (RTF 1.9.1, "Destination" control words).
enum RTFDestination: Equatable {
    case body
    case skipped
    case fontTable
    case title
    case author
    case note
    /// The visible number or bullet of a list item.
    case listText
    case comment

    /// What a word at the start of a group makes of it; nil: nothing. A group that begins with
    /// `\*` and an unknown word is skipped.
    static func named(_ word: String) -> RTFDestination? { table[word] }

    private static let table: [String: RTFDestination] = {
        var table: [String: RTFDestination] = [
            "fonttbl": .fontTable, "title": .title, "author": .author, "footnote": .note,
            "listtext": .listText, "pntext": .listText, "annotation": .comment,
            // Their content is seen.
            "shptxt": .body, "fldrslt": .body, "result": .body, "shp": .body, "shpinst": .body,
            "ud": .body, "field": .body, "object": .body, "shpgrp": .body, "nesttableprops": .body,
            "mmath": .body, "moMath": .body, "moMathPara": .body,
        ]
        let skipped = [
            "colortbl", "stylesheet", "listtable", "listoverridetable", "revtbl", "rsidtbl",
            "generator", "pict", "objdata", "objclass", "objname", "objalias", "objsect",
            "header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf",
            "ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn", "fldinst", "bkmkstart",
            "bkmkend", "xe", "tc", "tcn", "rxe", "nonshppict", "shppict", "shprslt", "sp", "do",
            "datafield", "formfield", "private", "keycode", "upr", "comment", "subject",
            "operator", "keywords", "doccomm", "company", "manager", "category", "hlinkbase",
            "creatim", "revtim", "printim", "buptim", "atnid", "atnauthor", "atntime", "atnicn",
            "atnref", "atnparent", "atrfstart", "atrfend", "atndate", "themedata",
            "colorschememapping", "datastore", "latentstyles", "xmlnstbl", "filetbl", "background",
            "pnseclvl", "pgdsctbl", "fname", "docvar", "userprops", "wgrffmtfilter", "mmathPr",
            "list", "listlevel", "leveltext", "levelnumbers", "listname", "listoverride",
            "lfolevel", "liststylename", "template", "xform", "panose", "falt", "fontemb", "pn",
            "passwordhash",
        ]
        for word in skipped { table[word] = .skipped }
        return table
    }()
}
