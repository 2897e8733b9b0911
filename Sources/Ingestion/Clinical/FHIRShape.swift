/// What a FHIR document is, by how it begins.
enum FHIRShape {
    /// Whether the object that `view` begins with is a bundle: by its `resourceType`, else by an
    /// array called `entry`.
    static func isBundle(_ view: UnsafeBufferPointer<UInt8>) -> Bool {
        unsafe look(view, goesByEntry: true) == "Bundle"
    }

    /// Whether the object that `view` begins with says which resource it is.
    static func isDeclared(_ view: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let type = unsafe look(view, goesByEntry: false), let first = type.utf8.first else {
            return false
        }
        return (0x41...0x5A).contains(first) && type.utf8.allSatisfy { $0 | 0x20 >= 0x61 }
    }

    /// The `resourceType` at the top of the object that `view` begins with; with `goesByEntry`
    /// `Bundle` also for an object with a list of entries; nil if the view does not say.
    private static func look(
        _ view: UnsafeBufferPointer<UInt8>, goesByEntry: Bool
    ) -> String? {
        guard let base = view.baseAddress, unsafe view.first == UInt8(ascii: "{") else {
            return nil
        }
        var i = 1
        func skip() {
            while i < view.count, unsafe ByteSearch.isSpace(view[i]) || view[i] == 0x2C { i += 1 }
        }
        func value() -> Range<Int>? {
            var cutter = ElementCutter()
            guard i < view.count, let end = unsafe cutter.end(base, from: i, to: view.count),
                end > i
            else { return nil }
            defer { i = end }
            return i..<end
        }
        func text(_ range: Range<Int>) -> String {
            unsafe String(decoding: UnsafeBufferPointer(rebasing: view[range]), as: UTF8.self)
        }
        while true {
            skip()
            guard i < view.count, unsafe view[i] == UInt8(ascii: "\""), let name = value() else {
                return nil
            }
            skip()
            guard i < view.count, unsafe view[i] == UInt8(ascii: ":") else { return nil }
            i += 1
            skip()
            guard i < view.count else { return nil }
            let member = text(name)
            if goesByEntry, member == "\"entry\"", unsafe view[i] == UInt8(ascii: "[") {
                return "Bundle"
            }
            guard let range = value() else { return nil }
            if member == "\"resourceType\"" {
                let type = text(range).dropFirst().dropLast()
                return type.isEmpty ? nil : String(type)
            }
        }
    }
}
