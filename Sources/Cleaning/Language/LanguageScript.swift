/// Writing systems, as far as they say what language a text is in.
enum LanguageScript: Int, CaseIterable, Sendable {
    case none, latin, cyrillic, greek, armenian, hebrew, arabic, devanagari, bengali, gurmukhi
    case gujarati, tamil, telugu, kannada, malayalam, sinhala, thai, lao, myanmar, georgian, hangul
    case ethiopic, khmer, kana, han

    /// The script of a scalar; `none` for what is no letter (Unicode's Scripts.txt, main blocks).
    static func of(_ scalar: UInt32) -> LanguageScript {
        switch scalar {
        case 0x41...0x5A, 0x61...0x7A, 0xAA, 0xBA: .latin
        case 0xC0..<0x250: scalar == 0xD7 || scalar == 0xF7 ? .none : .latin
        case 0x300...0x36F: .latin
        case 0x370...0x3FF, 0x1F00...0x1FFF: .greek
        case 0x400...0x52F: .cyrillic
        case 0x530...0x58F: .armenian
        case 0x591...0x5FF: .hebrew
        case 0x620...0x66F, 0x671...0x6D3, 0x750...0x77F, 0xFB50...0xFDFF, 0xFE70...0xFEFC: .arabic
        case 0x900...0x97F: .devanagari
        case 0x980...0x9FF: .bengali
        case 0xA00...0xA7F: .gurmukhi
        case 0xA80...0xAFF: .gujarati
        case 0xB80...0xBFF: .tamil
        case 0xC00...0xC7F: .telugu
        case 0xC80...0xCFF: .kannada
        case 0xD00...0xD7F: .malayalam
        case 0xD80...0xDFF: .sinhala
        case 0xE00...0xE7F: .thai
        case 0xE80...0xEFF: .lao
        case 0x1000...0x109F: .myanmar
        case 0x10A0...0x10FF: .georgian
        case 0x1100...0x11FF, 0x3131...0x318E, 0xAC00...0xD7A3: .hangul
        case 0x1200...0x137F: .ethiopic
        case 0x1780...0x17FF: .khmer
        case 0x1E00...0x1EFF: .latin
        case 0x3041...0x30FF, 0x31F0...0x31FF, 0xFF66...0xFF9D: .kana
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF: .han
        default: .none
        }
    }

    /// The language that nearly all text of the script is in; nil where letters have to decide.
    var language: String? {
        switch self {
        case .none, .latin, .cyrillic: nil
        case .greek: "el"
        case .armenian: "hy"
        case .hebrew: "he"
        case .arabic: "ar"
        case .devanagari: "hi"
        case .bengali: "bn"
        case .gurmukhi: "pa"
        case .gujarati: "gu"
        case .tamil: "ta"
        case .telugu: "te"
        case .kannada: "kn"
        case .malayalam: "ml"
        case .sinhala: "si"
        case .thai: "th"
        case .lao: "lo"
        case .myanmar: "my"
        case .georgian: "ka"
        case .hangul: "ko"
        case .ethiopic: "am"
        case .khmer: "km"
        case .kana: "ja"
        case .han: "zh"
        }
    }
}
