// The file of a trained tagger, little-endian:
//
//   8   magic "TNDTAG01"
//   32  SHA-256 of everything after it
//   4   log2 of the number of rows     4   weights per nat (binary32)
//   4   bias of the outside label      4   number of lexicon entries
//   65,536   entries in each lexicon group
//   4 n      lexicon entries
//   1,024    transitions, 16 × 16 × Int32
//   16 << bits   weights, Int8

internal import Cryptography

extension TaggerModel {
    package static let magic = Array("TNDTAG01".utf8)
    private static let headerCount = 8 + 32 + 16

    /// The file's bytes; `outsideBias` is the setting that the trainer found best.
    package func encoded(outsideBias: Int32) -> [UInt8] {
        let (counts, entries) = lexicon.parts
        var body: [UInt8] = []
        body.reserveCapacity(weights.count + 4 * entries.count + (1 << 16) + 4096)
        func append(_ value: UInt32) {
            for shift in [0, 8, 16, 24] { body.append(UInt8(value >> UInt32(shift) & 255)) }
        }
        append(UInt32(bits))
        append(unit.bitPattern)
        append(UInt32(bitPattern: outsideBias))
        append(UInt32(entries.count))
        body += counts
        for entry in entries { append(entry) }
        for score in transitions { append(UInt32(bitPattern: score)) }
        for weight in weights { body.append(UInt8(bitPattern: weight)) }
        return Self.magic + SHA256.hash(body) + body
    }

    /// The digest that a file's header should hold: SHA-256 of what follows it.
    package static func digest(of file: UnsafeRawBufferPointer) -> [UInt8] {
        unsafe SHA256.hash(UnsafeRawBufferPointer(rebasing: file.dropFirst(40)))
    }

    /// Reads a file's bytes; nil unless the sizes add up. The digest is read, not checked: the file
    /// is part of the program (`TaggerModelTests` checks it).
    package static func decoded(
        _ file: UnsafeRawBufferPointer
    ) -> (model: TaggerModel, digest: [UInt8], outsideBias: Int32)? {
        guard file.count > headerCount, unsafe file.prefix(8).elementsEqual(magic) else {
            return nil
        }
        func word(_ at: Int) -> UInt32 {
            UInt32(littleEndian: unsafe file.loadUnaligned(fromByteOffset: at, as: UInt32.self))
        }
        let bits = Int(word(40))
        let entryCount = Int(word(52))
        guard (8...24).contains(bits), entryCount < 1 << 22 else { return nil }
        let entriesAt = headerCount + (1 << 16)
        let transitionsAt = entriesAt + 4 * entryCount
        let weightsAt = transitionsAt + 4 * TaggerLabel.lanes * TaggerLabel.lanes
        guard file.count == weightsAt + (TaggerLabel.lanes << bits) else { return nil }
        let counts = unsafe [UInt8](file[headerCount..<entriesAt])
        guard counts.reduce(0, { $0 + Int($1) }) == entryCount else { return nil }
        let model = TaggerModel(
            bits: bits, unit: Float(bitPattern: word(44)),
            lexicon: TaggerLexicon(
                counts: counts, entries: (0..<entryCount).map { word(entriesAt + 4 * $0) }),
            transitions: (0..<(TaggerLabel.lanes * TaggerLabel.lanes)).map {
                Int32(bitPattern: word(transitionsAt + 4 * $0))
            },
            weights: unsafe file[weightsAt...].withMemoryRebound(to: Int8.self) {
                unsafe [Int8]($0)
            })
        return (model, unsafe [UInt8](file[8..<40]), Int32(bitPattern: word(48)))
    }
}
