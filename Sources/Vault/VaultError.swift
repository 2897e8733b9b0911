internal import Cryptography
internal import GRDB
internal import Glibc

/// What can go wrong with sealed objects and their keys: what, where, how to mend it.
///
/// Texts name files, ids and sizes, never plaintext and never key material.
public struct VaultError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of error, stable for programs.
    public enum Code: String, Sendable, CaseIterable {
        /// The bytes do not begin with `TND1`.
        case notTND1 = "not-tnd1"
        /// A format version that this build does not know.
        case unknownVersion = "unknown-version"
        /// A cipher suite that this build does not know.
        case unknownSuite = "unknown-suite"
        /// A flag bit that this build does not know.
        case unknownFlags = "unknown-flags"
        /// A chunk size other than 65,536 or 1,048,576.
        case badChunkSize = "bad-chunk-size"
        /// A body that does not begin with its header length.
        case badBodyHeader = "bad-body-header"
        /// The bytes end inside the header.
        case headerTruncated = "header-truncated"
        /// The bytes end inside a chunk.
        case truncatedInsideChunk = "truncated-inside-chunk"
        /// The bytes end after a whole chunk that is not the last.
        case truncatedAtChunkBoundary = "truncated-at-chunk-boundary"
        /// Bytes follow the last chunk.
        case trailingBytes = "trailing-bytes"
        /// A chunk stands in another chunk's place.
        case chunksSwapped = "chunks-swapped"
        /// A chunk does not authenticate.
        case chunkAltered = "chunk-altered"
        /// A header field was changed after sealing.
        case headerAltered = "header-altered"
        /// The object belongs to another dataset or model.
        case wrongScope = "wrong-scope"
        /// The object belongs to another stage.
        case wrongStage = "wrong-stage"
        /// The object belongs to another workspace.
        case wrongWorkspace = "wrong-workspace"
        /// The key does not match the object's key commitment.
        case wrongKey = "wrong-key"
        /// Another object stands where this one should.
        case objectSwapped = "object-swapped"
        /// The object authenticates, but is not one whole zstd frame.
        case compressionDamaged = "compression-damaged"
        /// No key for this object: destroyed, or never made here.
        case unknownObject = "unknown-object"
        /// A pack that is not in the folder.
        case unknownPack = "unknown-pack"
        /// A pack shorter than the catalog says.
        case packTruncated = "pack-truncated"
        /// The vault was opened without its root key.
        case locked
        /// The passphrase does not open the file.
        case wrongPassphrase = "wrong-passphrase"
        /// The root key is not the one that the vault was made with.
        case wrongRootKey = "wrong-root-key"
        /// A secret file that others may read.
        case loosePermissions = "loose-permissions"
        /// A folder without a vault in it.
        case notAVault = "not-a-vault"
        /// Something that must be made only once is there already.
        case alreadyExists = "already-exists"
        /// No stage key is sealed to this principal.
        case notARecipient = "not-a-recipient"
        /// An identity file that is malformed or was changed.
        case identityDamaged = "identity-damaged"
        /// A key row, epoch file or root file that is malformed or was changed.
        case keyDamaged = "key-damaged"
        /// An argument that makes no sense here.
        case badArgument = "bad-argument"
        /// Deleted keys could not be driven out of the write-ahead log.
        case keysStillInLog = "keys-still-in-log"
        /// SQLite refused.
        case database
        /// The operating system refused.
        case system
        /// OpenSSL refused.
        case cryptography
    }

    /// The kind of error.
    public let code: Code
    /// What happened and where, for people.
    public let message: String
    /// How to mend it; empty where there is nothing to say.
    public let hint: String

    /// Makes an error.
    public init(_ code: Code, _ message: String, hint: String = "") {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// The message, then the hint.
    public var description: String { hint.isEmpty ? message : "\(message). \(hint)" }
}

extension VaultError {
    /// A failed system call, with the system's own words for `errno`.
    static func system(_ what: String, _ path: String, errno code: Int32 = errno) -> VaultError {
        return VaultError(.system, "cannot \(what) \(path): \(SystemCalls.words(code))")
    }
}

/// Runs `body` and turns OpenSSL's refusal into an error of this room.
func cryptographic<Result>(
    _ what: String, code: VaultError.Code = .cryptography, hint: String = "",
    _ body: () throws(CryptographyError) -> Result
) throws(VaultError) -> Result {
    do {
        return try body()
    } catch {
        throw VaultError(code, "\(what): \(error.message)", hint: hint)
    }
}

/// Runs `body` and turns SQLite's refusal into an error of this room.
///
/// Only SQLite's result code is told: its message can quote a statement's arguments.
func databaseCall<Result>(
    _ what: String, _ body: () throws -> Result
) throws(VaultError) -> Result {
    do {
        return try body()
    } catch let error as VaultError {
        throw error
    } catch let error as DatabaseError {
        throw VaultError(
            .database, "\(what): SQLite says \(error.extendedResultCode)",
            hint: "Is keys/keys.sqlite readable, whole, and on a disk with free space?")
    } catch {
        throw VaultError(.database, "\(what): keys.sqlite cannot be used")
    }
}
