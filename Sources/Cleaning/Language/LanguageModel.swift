internal import CLanguageModel

/// Weights of character n-grams for languages: a linear classifier over hashed features.
///
/// Layout, little-endian: `TLID`, version 1, count of languages L (a multiple of
/// eight), bits of the table b, 0; then L
/// codes of 8 bytes, padded with zeros; the scale and L biases as Float32; 2ᵇ rows of L Int8.
struct LanguageModel: Sendable {
    /// The codes of the languages, in the order of the weights.
    let languages: [String]
    /// Added to each language's score.
    let biases: [Float]
    /// What one step of a weight is worth.
    let scale: Float
    private let shift: UInt64
    /// Eight languages at a time.
    private let weights: [SIMD8<Int8>]
    private let lanes: Int

    /// The model inside the program.
    static let bundled: LanguageModel? = {
        let bytes = unsafe UnsafeRawBufferPointer(
            start: tundish_language_model_start(), count: tundish_language_model_count)
        return unsafe LanguageModel(Array(bytes))
    }()

    /// Reads a model; nil for anything else.
    init?(_ bytes: [UInt8]) {
        guard bytes.count > 8, bytes.starts(with: "TLID\u{1}".utf8) else { return nil }
        let (count, bits) = (Int(bytes[5]), Int(bytes[6]))
        guard count > 0, count % 8 == 0, (8...20).contains(bits),
            bytes.count == 8 + 8 * count + 4 + 4 * count + count << bits
        else { return nil }
        func float(_ place: Int) -> Float {
            Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << (8 * $1) })
        }
        languages = (0..<count).map { index in
            let code = bytes[8 + 8 * index..<16 + 8 * index].prefix { $0 != 0 }
            return String(decoding: code, as: UTF8.self)
        }
        let numbers = 8 + 8 * count
        scale = float(numbers)
        biases = (0..<count).map { float(numbers + 4 + 4 * $0) }
        let first = numbers + 4 + 4 * count
        lanes = count / 8
        weights = (0..<(bytes.count - first) / 8).map { group in
            var lane = SIMD8<Int8>()
            for index in 0..<8 { lane[index] = Int8(bitPattern: bytes[first + 8 * group + index]) }
            return lane
        }
        shift = UInt64(64 - bits)
    }

    /// The start of every n-gram's hash (FNV-1a's offset basis).
    static let seed: UInt64 = 0xCBF2_9CE4_8422_2325

    /// The hash of an n-gram that is one scalar longer.
    @inline(__always)
    static func extended(_ hash: UInt64, _ scalar: UInt32) -> UInt64 {
        (hash ^ UInt64(scalar)) &* 0x100_0000_01B3
    }

    /// The sums before the first n-gram.
    var zero: [SIMD8<Int32>] { [SIMD8<Int32>](repeating: .zero, count: lanes) }

    /// Adds the weights of an n-gram to the sums.
    @inline(__always)
    func add(_ hash: UInt64, to sums: inout [SIMD8<Int32>]) {
        let mixed = (hash ^ hash >> 31) &* 0x9E37_79B9_7F4A_7C15
        let row = Int(mixed >> shift) * lanes
        for lane in 0..<lanes {
            sums[lane] &+= SIMD8<Int32>(truncatingIfNeeded: weights[row + lane])
        }
    }
}
