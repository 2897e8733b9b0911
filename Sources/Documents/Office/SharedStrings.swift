internal import ReaderProtocol

/// The strings that cells share, in one block of memory.
struct SharedStrings {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []

    mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
        ends.append(bytes.count)
    }

    subscript(index: Int) -> String? {
        guard ends.indices.contains(index) else { return nil }
        return String(
            decoding: bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]], as: UTF8.self)
    }
}

/// Reads the shared strings (ISO/IEC 29500-1 §18.4): runs joined, phonetic guides left out.
final class SharedStringsHandler: XMLHandler {
    private(set) var strings = SharedStrings()
    private var current = ""
    private var isInText = false
    private var phonetic = 0

    func start(_ element: XMLStart) throws(ReaderFault) {
        switch element.name {
        case "si": current = ""
        case "t": isInText = true
        case "rPh": phonetic += 1
        default: break
        }
    }

    func text(_ text: String) throws(ReaderFault) {
        if isInText && phonetic == 0 { current += text }
    }

    func end(_ name: String, offset: UInt64?) throws(ReaderFault) {
        switch name {
        case "si": strings.append(SheetEscapes.decode(current))
        case "t": isInText = false
        case "rPh": phonetic -= 1
        default: break
        }
    }
}

/// `_x000D_` and its like: characters that XML cannot hold (ISO/IEC 29500-1 §22.9.2.19).
enum SheetEscapes {
    static func decode(_ text: String) -> String {
        guard text.utf8.contains(0x5F), text.utf8.count >= 7 else { return text }
        let bytes = Array(text.utf8)
        var out: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == 0x5F, index + 6 < bytes.count, bytes[index + 1] == 0x78,
                bytes[index + 6] == 0x5F,
                let number = UInt32(
                    String(decoding: bytes[(index + 2)..<(index + 6)], as: UTF8.self), radix: 16),
                let scalar = Unicode.Scalar(number)
            {
                if number != 0x0D { out.append(contentsOf: Array(String(scalar).utf8)) }
                index += 7
            } else {
                out.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
