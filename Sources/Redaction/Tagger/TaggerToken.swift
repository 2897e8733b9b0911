/// One token: a run of letters and digits, or one sign. Ranges are UTF-8 bytes of the document.
package struct TaggerToken: Sendable {
    /// The first byte.
    package var start: Int32 = 0
    /// The byte after the last.
    package var end: Int32 = 0
    /// The hash of the lower-cased token.
    package var word: UInt64 = 0
    /// Hashes of the first 1, 2, 3 and 4 bytes, lower-cased.
    package var prefixes = SIMD4<UInt64>(repeating: 0)
    /// Hashes of the last 2, 3, 4 and 5 bytes, lower-cased.
    package var suffixes = SIMD4<UInt64>(repeating: 0)
    /// How the token is written.
    package var shape: TaggerShape = .sign
    /// What stands between the token and the one before it.
    package var gap: TaggerGap = .start
    /// How the token's line is written: 0 mixed case, 1 no capital, 2 no small letter.
    package var lineCase: UInt8 = 0
    /// What the lexicon knows about the word.
    package var flags: TaggerFlags = []
    /// What the lexicon knows about a phrase of several words that the token is in.
    package var phraseFlags: TaggerFlags = []
    /// Whether the token is the first of that phrase.
    package var startsPhrase = false

    /// The length in bytes.
    package var count: Int { Int(end - start) }
}

/// How a token is written.
package enum TaggerShape: UInt8, Sendable {
    case lower, capitalised, upper, initial, mixedCase
    case digits1, digits2, digits3, digits4, digits5, digitsMany
    case digitsThenLetters, lettersThenDigits
    case uncased, sign

    /// Whether the token is a number.
    package var isNumber: Bool {
        rawValue >= Self.digits1.rawValue && rawValue <= Self.digitsThenLetters.rawValue
    }
    /// Whether the token is a word.
    package var isWord: Bool { rawValue <= Self.mixedCase.rawValue || self == .uncased }
    /// Whether the token is a word that begins with a capital.
    package var isCapital: Bool {
        rawValue >= Self.capitalised.rawValue && rawValue <= Self.mixedCase.rawValue
    }
}

/// What stands before a token.
package enum TaggerGap: UInt8, Sendable {
    case none, space, newline, blankLine, start
}

/// What a word, or a phrase, is known to be.
package struct TaggerFlags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt16
    package init(rawValue: UInt16) { self.rawValue = rawValue }

    package static let givenName = TaggerFlags(rawValue: 1 << 0)
    package static let surname = TaggerFlags(rawValue: 1 << 1)
    package static let city = TaggerFlags(rawValue: 1 << 2)
    package static let country = TaggerFlags(rawValue: 1 << 3)
    package static let state = TaggerFlags(rawValue: 1 << 4)
    package static let group = TaggerFlags(rawValue: 1 << 5)
    package static let company = TaggerFlags(rawValue: 1 << 6)
    package static let companyWord = TaggerFlags(rawValue: 1 << 7)
    package static let streetWord = TaggerFlags(rawValue: 1 << 8)
    package static let honorific = TaggerFlags(rawValue: 1 << 9)
    /// Three bits: how common an English word is, 1 (rare) to 5 (most common), 0 unknown.
    package static let commonShift = 10
    /// The level in the place of commonness that marks well-known things: titles, software, drugs.
    package static let thingLevel = 6
    package static let phraseStart = TaggerFlags(rawValue: 1 << 13)
    package static let calendar = TaggerFlags(rawValue: 1 << 14)
    package static let role = TaggerFlags(rawValue: 1 << 15)

    /// The flags that come from lists of names and places, which training hides at times.
    package static let names: TaggerFlags = [
        .givenName, .surname, .city, .country, .state, .group, .company,
    ]

    /// How common the word is in English, 0 to 5.
    package var commonness: Int { Int(rawValue >> Self.commonShift) & 7 }
    /// The same flags without `phraseStart`.
    package var signature: UInt64 { UInt64(rawValue & ~Self.phraseStart.rawValue) }
    /// The flags for a word of the given commonness.
    package static func common(_ level: Int) -> TaggerFlags {
        TaggerFlags(rawValue: UInt16(level & 7) << UInt16(commonShift))
    }
}
