/// Undoes HTML character references and line breaks that an export left in plain text.
///
/// Rules: decimal and hexadecimal references, the names below, and `<br>`; once, not repeatedly;
/// a reference to a control character or to nothing stays as it is.
enum CharacterReferences {
    /// The names of U+00A0 to U+00FF, in order (HTML Living Standard §13.5).
    private static let latin = """
        nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg
        plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34
        iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml
        Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave
        Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil
        egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde
        ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml
        """

    /// The names that exports leave behind, ``latin`` and these.
    private static let names: [String: UInt32] = {
        var names: [String: UInt32] = [
            "amp": 0x26, "lt": 0x3C, "gt": 0x3E, "quot": 0x22, "apos": 0x27, "trade": 0x2122,
            "hellip": 0x2026, "mdash": 0x2014, "ndash": 0x2013, "lsquo": 0x2018, "rsquo": 0x2019,
            "sbquo": 0x201A, "ldquo": 0x201C, "rdquo": 0x201D, "bdquo": 0x201E, "bull": 0x2022,
            "lsaquo": 0x2039, "rsaquo": 0x203A, "euro": 0x20AC, "dagger": 0x2020, "permil": 0x2030,
            "Dagger": 0x2021, "OElig": 0x152, "oelig": 0x153, "Scaron": 0x160, "scaron": 0x161,
            "Yuml": 0x178, "fnof": 0x192, "circ": 0x2C6, "tilde": 0x2DC, "ensp": 0x2002,
            "emsp": 0x2003, "thinsp": 0x2009, "zwnj": 0x200C, "zwj": 0x200D, "lrm": 0x200E,
            "rlm": 0x200F, "larr": 0x2190, "uarr": 0x2191, "rarr": 0x2192, "darr": 0x2193,
            "minus": 0x2212, "ne": 0x2260, "le": 0x2264, "ge": 0x2265, "infin": 0x221E,
            "asymp": 0x2248, "check": 0x2713, "hearts": 0x2665, "lbrace": 0x7B, "rbrace": 0x7D,
            "lbrack": 0x5B, "rbrack": 0x5D, "num": 0x23, "percnt": 0x25, "lpar": 0x28, "rpar": 0x29,
            "comma": 0x2C, "period": 0x2E, "sol": 0x2F, "colon": 0x3A, "semi": 0x3B, "excl": 0x21,
        ]
        let words = latin.split { $0 == " " || $0 == "\n" }
        for (index, name) in words.enumerated() { names[String(name)] = 0xA0 + UInt32(index) }
        return names
    }()

    /// `bytes` with references undone; nil if there are none. Counts under the operation's name.
    static func decoded(
        _ bytes: [UInt8], reasons: inout ReasonCounts, as operation: String = "entities"
    ) -> [UInt8]? {
        var (references, breaks) = (0, 0)
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var i = 0
        while i < bytes.count {
            if bytes[i] == UInt8(ascii: "&"), let (scalar, length) = reference(bytes, at: i) {
                ScalarBytes.append(scalar, to: &output)
                i += length
                references += 1
            } else if bytes[i] == UInt8(ascii: "<"), let length = lineBreak(bytes, at: i) {
                output.append(0x0A)
                i += length
                breaks += 1
            } else {
                output.append(bytes[i])
                i += 1
            }
        }
        reasons.add("\(operation)/reference", references)
        reasons.add("\(operation)/line-break", breaks)
        return references + breaks == 0 ? nil : output
    }

    private static func reference(_ bytes: [UInt8], at start: Int) -> (UInt32, Int)? {
        let limit = min(bytes.count, start + 12)
        guard let end = bytes[start..<limit].firstIndex(of: UInt8(ascii: ";")), end > start + 1
        else { return nil }
        let body = String(decoding: bytes[start + 1..<end], as: UTF8.self)
        let length = end + 1 - start
        if let scalar = names[body] { return (scalar, length) }
        guard body.first == "#" else { return nil }
        let digits = body.dropFirst()
        let isHex = digits.first == "x" || digits.first == "X"
        let number = isHex ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        guard let number, number >= 0x20, !(0x7F..<0xA0).contains(number),
            Unicode.Scalar(number) != nil
        else { return nil }
        return (number, length)
    }

    private static func lineBreak(_ bytes: [UInt8], at start: Int) -> Int? {
        for form in ["<br>", "<br/>", "<br />"] where start + form.utf8.count <= bytes.count {
            let part = bytes[start..<start + form.utf8.count]
            if zip(part, form.utf8).allSatisfy({ $0 == $1 || $0 | 0x20 == $1 }) {
                return form.utf8.count
            }
        }
        return nil
    }
}
