import EngineProtocol
import ModelFiles
import Records
import Training

/// A failure as the `failed` event tells it.
struct EngineFailure: Error {
    let code: String
    let message: String
    let hint: String

    init(_ code: String, _ message: String, hint: String) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// The failure that any error of the rooms below amounts to.
    init(_ error: any Error) {
        switch error {
        case let error as EngineFailure:
            self = error
        case let error as EngineProtocolError:
            self.init(error.code.rawValue, error.message, hint: error.hint)
        case let error as TrainingError:
            self.init("\(error.code)", error.message, hint: error.hint)
        case let error as ModelFilesError:
            self.init("model-file", error.message, hint: error.hint)
        case let error as TokenizerError:
            self.init("tokenizer", error.message, hint: error.hint)
        case let error as RecordsError:
            self.init("record", error.message, hint: "the dataset version is damaged")
        default:
            self.init("internal", "\(type(of: error))", hint: "this is a fault of the engine")
        }
    }
}
