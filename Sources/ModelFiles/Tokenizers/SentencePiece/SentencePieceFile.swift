/// The kinds of pieces, as SentencePiece numbers them (`sentencepiece_model.proto`); GGUF does the
/// same.
enum SentencePieceKind: Int, Sendable {
    case normal = 1
    case unknown = 2
    case control = 3
    case userDefined = 4
    case unused = 5
    case byte = 6
}

/// What a SentencePiece model says: pieces with scores, and how text is made ready.
struct SentencePieceFile: Sendable {
    struct Piece: Sendable {
        var text: [UInt8] = []
        var score: Double = 0
        var kind = SentencePieceKind.normal
    }

    var pieces: [Piece] = []
    /// BPE, or else a unigram model.
    var isBytePair = false
    var fallsBackToBytes = false
    var addsDummyPrefix = true
    var removesExtraSpaces = true
    var escapesSpaces = true
    var characterMap: [UInt8] = []
    /// The pieces that open and end a text, and fill up a batch; by their names.
    var beginName = Array("<s>".utf8)
    var endName = Array("</s>".utf8)
    var padName = Array("<pad>".utf8)
}

extension SentencePieceFile {
    /// Reads a `tokenizer.model` (`ModelProto` of `sentencepiece_model.proto`).
    ///
    /// - Throws: `TokenizerError`: damaged, empty, or neither BPE nor unigram.
    init(model bytes: [UInt8]) throws(TokenizerError) {
        var reader = ProtobufReader(bytes[...])
        var model = 1
        while let field = try reader.next() {
            switch field.number {
            case 1: pieces.append(try Self.piece(try field.message()))
            case 2: model = try readTrainer(try field.message())
            case 3: try readNormalizer(try field.message())
            default: break
            }
        }
        guard !pieces.isEmpty else {
            throw TokenizerError(
                .emptyVocabulary, "tokenizer.model has no piece", hint: "fetch the file again")
        }
        guard model == 1 || model == 2 else {
            throw TokenizerError(
                .unsupported, "tokenizer.model is of the kind \(model == 3 ? "word" : "char")",
                hint: "unigram and BPE models are read")
        }
        isBytePair = model == 2
    }

    /// `SentencePiece`: piece 1, score 2, type 3.
    private static func piece(_ message: ArraySlice<UInt8>) throws(TokenizerError) -> Piece {
        var piece = Piece()
        var reader = ProtobufReader(message)
        while let field = try reader.next() {
            switch field.number {
            case 1: piece.text = Array(try field.message())
            case 2:
                piece.score = Double(try field.float())
                guard piece.score.isFinite else { throw ProtobufReader.damaged("a score") }
            case 3:
                guard let kind = SentencePieceKind(rawValue: try field.integer()) else {
                    throw ProtobufReader.damaged("a piece's type")
                }
                piece.kind = kind
            default: break
            }
        }
        return piece
    }

    /// `TrainerSpec`: model_type 3, treat_whitespace_as_suffix 24, byte_fallback 35, bos_piece 46,
    /// eos_piece 47, pad_piece 48. Returns the type of model.
    private mutating func readTrainer(_ message: ArraySlice<UInt8>) throws(TokenizerError) -> Int {
        var model = 1
        var reader = ProtobufReader(message)
        while let field = try reader.next() {
            switch field.number {
            case 3: model = try field.integer()
            case 24:
                if try field.integer() != 0 {
                    throw TokenizerError(
                        .unsupported, "tokenizer.model puts spaces behind words",
                        hint: "models with treat_whitespace_as_suffix are not read")
                }
            case 35: fallsBackToBytes = try field.integer() != 0
            case 46: beginName = Array(try field.message())
            case 47: endName = Array(try field.message())
            case 48: padName = Array(try field.message())
            default: break
            }
        }
        return model
    }

    /// `NormalizerSpec`: precompiled_charsmap 2, add_dummy_prefix 3, remove_extra_whitespaces 4,
    /// escape_whitespaces 5.
    private mutating func readNormalizer(_ message: ArraySlice<UInt8>) throws(TokenizerError) {
        var reader = ProtobufReader(message)
        while let field = try reader.next() {
            switch field.number {
            case 2: characterMap = Array(try field.message())
            case 3: addsDummyPrefix = try field.integer() != 0
            case 4: removesExtraSpaces = try field.integer() != 0
            case 5: escapesSpaces = try field.integer() != 0
            default: break
            }
        }
    }
}
