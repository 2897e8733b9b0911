internal import ReaderProtocol

/// An Office document as a package of parts (ISO/IEC 29500-2): relationships, properties.
///
/// Names of elements and relationships are compared without their namespace's year, so that
/// transitional and strict documents (ISO/IEC 29500-1 and -4) read the same. Relationships to
/// places outside of the package are never followed.
struct OfficePackage {
    let zip: ZipContainer
    let limits: ReaderLimits
    /// The part that the package is about, such as `word/document.xml`.
    let main: String

    /// A relationship inside the package.
    struct Relationship {
        var id: String
        /// The last word of its type, such as `footnotes`.
        var kind: String
        /// The part it leads to.
        var target: String
    }

    /// Opens a package.
    ///
    /// - Parameter usual: The name of its main part if nothing else is said.
    init(_ input: DocumentInput, usual: String) throws(ReaderFault) {
        limits = input.limits
        zip = try ZipContainer(try input.whole(), limits: input.limits)
        let top = try Self.relationships(in: zip, "_rels/.rels", base: "", limits: limits)
        let named = top.first { $0.kind == "officeDocument" }?.target
        if let named, zip.contains(named) {
            main = named
        } else if zip.contains(usual) {
            main = usual
        } else if zip.contains("mimetype") && zip.contains("content.xml") {
            throw .unsupported(
                "an OpenDocument file under another name",
                hint: "save it as .docx, .xlsx or .pptx, or convert it: soffice --convert-to docx")
        } else {
            throw .malformed("a zip file, but no Office document: it has no main part")
        }
        guard !main.lowercased().hasSuffix(".bin") else {
            throw .unsupported(
                "an Excel workbook in the binary form (.xlsb)", hint: "save it as .xlsx")
        }
    }

    /// The relationships of a part, in order.
    func relationships(of part: String) throws(ReaderFault) -> [Relationship] {
        let folder = Self.folder(of: part)
        let name = part.dropFirst(folder.count)
        return try Self.relationships(
            in: zip, "\(folder)_rels/\(name).rels", base: folder, limits: limits)
    }

    /// A part as a tree; nil where it is missing or broken.
    func tree(_ part: String?) throws(ReaderFault) -> XMLTree? {
        guard let part, let bytes = try zip.read(part) else { return nil }
        do {
            return try XMLTree.parse(bytes, limits: limits)
        } catch  where error.code == .malformed {
            return nil
        }
    }

    /// Title and author from the core properties (ISO/IEC 29500-2 §11).
    func properties() throws(ReaderFault) -> (title: String?, author: String?) {
        let top = try Self.relationships(in: zip, "_rels/.rels", base: "", limits: limits)
        let part = top.first { $0.kind == "core-properties" }?.target ?? "docProps/core.xml"
        guard let root = try tree(part) else { return (nil, nil) }
        func value(_ name: String) -> String? {
            let text = MailText.trimmed(root.first(name)?.text ?? "")
            return text.isEmpty ? nil : text
        }
        return (value("title"), value("creator"))
    }

    private static func relationships(
        in zip: ZipContainer, _ part: String, base: String, limits: ReaderLimits
    ) throws(ReaderFault) -> [Relationship] {
        guard let bytes = try zip.read(part) else { return [] }
        let root: XMLTree
        do {
            root = try XMLTree.parse(bytes, limits: limits)
        } catch  where error.code == .malformed {
            return []
        }
        return root.all("Relationship").compactMap { element in
            guard let target = element[attribute: "Target"],
                element[attribute: "TargetMode"]?.lowercased() != "external"
            else { return nil }
            let kind = (element[attribute: "Type"] ?? "").split(separator: "/").last ?? ""
            return Relationship(
                id: element[attribute: "Id"] ?? "", kind: String(kind),
                target: resolve(target, base: base))
        }
    }

    private static func folder(of part: String) -> String {
        part.lastIndex(of: "/").map { String(part[...$0]) } ?? ""
    }

    /// A target as a part's name: relative to the folder of its source, or from the top.
    private static func resolve(_ target: String, base: String) -> String {
        var parts: [Substring] = []
        let path = target.hasPrefix("/") ? target : base + target
        for part in path.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }
}

extension XMLTree {
    /// Whether a switch such as `<w:vanish/>` is on: present, and not `0`, `false` or `off`.
    var isOn: Bool { OfficeSwitch.isOn(self[attribute: "val"]) }
}

/// Booleans of Office documents (ISO/IEC 29500-1 §22.9.2.7).
enum OfficeSwitch {
    static func isOn(_ value: String?) -> Bool {
        !["0", "false", "off", "none"].contains(value ?? "1")
    }
}
