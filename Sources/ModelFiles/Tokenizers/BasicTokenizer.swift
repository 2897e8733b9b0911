/// Text into words, as BERT's `BasicTokenizer` (in the form of Hugging Face's `BertNormalizer` and
/// `BertPreTokenizer`) does.
///
/// In this order, scalar by scalar: clean (drop NUL, U+FFFD, control, format and private use; every
/// White_Space becomes a space), a space on both sides of CJK ideographs, canonical decomposition
/// without non-spacing marks (Mn), lower case; then split at space, each punctuation scalar a word.
struct BasicTokenizer: Sendable {
    let options: WordPieceTokenizer.Options

    /// The words of UTF-8 text.
    ///
    /// - Complexity: O(bytes); ASCII takes a table-free fast path.
    func words(_ utf8: ArraySlice<UInt8>) -> [[UInt8]] {
        var builder = WordBuilder()
        var index = utf8.startIndex
        while index < utf8.endIndex {
            let byte = utf8[index]
            if byte < 0x80 {
                addASCII(byte, to: &builder)
                index += 1
                continue
            }
            var end = index
            while end < utf8.endIndex, utf8[end] >= 0x80 { end += 1 }
            for scalar in String(decoding: utf8[index..<end], as: UTF8.self).unicodeScalars {
                add(scalar, to: &builder)
            }
            index = end
        }
        builder.closeWord()
        return builder.words
    }

    private func addASCII(_ byte: UInt8, to builder: inout WordBuilder) {
        switch byte {
        case 0x09, 0x0A, 0x0D, 0x20:
            builder.closeWord()
        case 0x0B, 0x0C:
            // White space to Unicode, but control characters to the cleaner, which comes first.
            if !options.cleanText { builder.closeWord() }
        case 0..<0x20, 0x7F:
            if !options.cleanText { builder.append(byte) }
        case 0x41...0x5A:
            builder.append(options.lowercase ? byte | 0x20 : byte)
        case 0x30...0x39, 0x61...0x7A:
            builder.append(byte)
        default:
            builder.closeWord()
            builder.append(byte)
            builder.closeWord()
        }
    }

    private func add(_ scalar: Unicode.Scalar, to builder: inout WordBuilder) {
        if options.cleanText {
            if scalar.value == 0xFFFD || scalar.isDroppedByCleaning { return }
        }
        if scalar.properties.isWhitespace {
            builder.closeWord()
            return
        }
        let ideograph = options.handleChineseCharacters && scalar.isBERTIdeograph
        if ideograph { builder.closeWord() }
        if options.stripAccents, scalar.value >= 0xC0 {
            for part in scalar.canonicalDecomposition where !part.isNonspacingMark {
                addLowered(part, to: &builder)
            }
        } else {
            addLowered(scalar, to: &builder)
        }
        if ideograph { builder.closeWord() }
    }

    private func addLowered(_ scalar: Unicode.Scalar, to builder: inout WordBuilder) {
        guard options.lowercase, scalar.properties.changesWhenLowercased else {
            place(scalar, in: &builder)
            return
        }
        for lower in scalar.properties.lowercaseMapping.unicodeScalars {
            place(lower, in: &builder)
        }
    }

    private func place(_ scalar: Unicode.Scalar, in builder: inout WordBuilder) {
        if scalar.isBERTPunctuation {
            builder.closeWord()
            builder.append(scalar)
            builder.closeWord()
        } else if scalar.properties.isWhitespace {
            builder.closeWord()
        } else {
            builder.append(scalar)
        }
    }
}

/// Collects words byte by byte.
private struct WordBuilder {
    var words: [[UInt8]] = []
    private var current: [UInt8] = []

    mutating func append(_ byte: UInt8) { current.append(byte) }

    mutating func append(_ scalar: Unicode.Scalar) {
        current.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }

    mutating func closeWord() {
        guard !current.isEmpty else { return }
        words.append(current)
        current.removeAll(keepingCapacity: true)
    }
}
