import Augmentation
import Catalog
import Cleaning
import EngineProtocol
import Governance
import Handoff
import Ingestion
import ModelFiles
import Records
import Redaction
import Vault

extension WorkspaceError {
    /// Any error of the rooms below, with the exit code that it ends a command with.
    public init(describing error: any Error) {
        switch error {
        case let error as WorkspaceError: self = error
        case let error as GovernanceError:
            self.init(
                Code(rawValue: error.exitCode) ?? .failed, error.message, hint: error.hint,
                reasons: error.reasons)
        case let error as CatalogError:
            self.init(Self.code(of: error.code), error.message, hint: error.hint)
        case let error as VaultError:
            self.init(Self.code(of: error.code), error.message, hint: error.hint)
        case let error as IngestionError:
            self.init(Self.code(of: error.code), error.message, hint: error.hint)
        case let error as CleaningError: self.init(.usage, error.message, hint: error.hint)
        case let error as AugmentationError: self.init(.usage, error.message, hint: error.hint)
        case let error as RedactionError: self.init(.failed, error.message, hint: error.hint)
        case let error as HandoffError:
            self.init(
                error.code == .engineChanged ? .integrity : .failed, error.message,
                hint: error.hint)
        case let error as EngineProtocolError: self.init(.usage, error.message, hint: error.hint)
        case let error as ModelFilesError: self.init(.failed, error.message, hint: error.hint)
        case let error as TokenizerError: self.init(.failed, error.message, hint: error.hint)
        case let error as RecordsError:
            self.init(error.code == .malformedTime ? .usage : .failed, error.description)
        default: self.init(.failed, "\(error)")
        }
    }

    private static func code(of code: IngestionError.Code) -> Code {
        switch code {
        case .notFound: .notFound
        case .badOption, .badMapping: .usage
        default: .failed
        }
    }

    private static func code(of code: CatalogError.Code) -> Code {
        switch code {
        case .notFound: .notFound
        case .conflict: .conflict
        case .integrity, .rolledBack: .integrity
        case .invalid: .usage
        case .database: .failed
        }
    }

    private static func code(of code: VaultError.Code) -> Code {
        switch code {
        case .locked, .wrongPassphrase, .wrongRootKey, .notARecipient: .denied
        case .truncatedInsideChunk, .truncatedAtChunkBoundary, .chunksSwapped, .chunkAltered,
            .headerAltered, .wrongScope, .wrongStage, .wrongWorkspace, .wrongKey, .objectSwapped,
            .compressionDamaged, .packTruncated, .notTND1, .headerTruncated, .unknownPack,
            .unknownObject, .badBodyHeader, .trailingBytes, .keyDamaged, .unknownVersion,
            .unknownSuite, .unknownFlags, .badChunkSize:
            .integrity
        default: .failed
        }
    }
}
