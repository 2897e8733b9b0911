public import Catalog
import Cryptography
public import Governance
import Records
public import Vault

/// An opened workspace with whoever is using it: what every use case starts from.
///
/// The command is its own Custodian, so it must reach the root key.
public struct OpenWorkspace: Sendable {
    /// The folder.
    public let folder: String
    /// Datasets, roles, runs and the audit log.
    public let catalog: CatalogStore
    /// Sealed bytes and their keys.
    public let vault: Vault
    /// The one choke-point.
    public let authorizer: Authorizer
    /// Who is asking.
    public let session: Session
    /// Their keys.
    public let identity: Identity
    /// Where things are.
    public let settings: Settings
    /// Tells others that somebody is at work here.
    let presence: WorkspacePresence

    /// Opens the workspace that the settings name.
    public static func open(_ settings: Settings) throws -> OpenWorkspace {
        guard Files.exists(settings.home + "/catalog.sqlite") else {
            throw WorkspaceError(
                .notFound, "there is no workspace in \(settings.home)",
                hint: "make one with `tundish init DIR`, or name one with --home or TUNDISH_HOME")
        }
        let presence = WorkspacePresence(folder: settings.home)
        let catalog = try CatalogStore.open(
            in: settings.home, stateFolder: settings.stateFolder)
        let workspace = Hex.encode(catalog.workspace.id)
        let vault = try Vault.open(
            in: settings.home, root: try rootKey(settings, workspace: workspace))
        guard vault.isUnlocked else {
            throw WorkspaceError(
                .denied, "the Custodian's root key is out of reach",
                hint: "name its file with TUNDISH_ROOT_KEY_FILE; `tundish init` said where it is")
        }
        let identity = try loadIdentity(settings, workspace: workspace)
        let custodian = try Actor(
            custodianOf: vault, principal: catalog.workspace.custodian)
        catalog.useCheckpointSigner(custodian.signer)
        let known = try catalog.read { try $0.principal(identity.principal) }
        guard let known, known.ed25519 == identity.publicKeys.signing.rawRepresentation else {
            throw WorkspaceError(
                .denied, "the identity in use does not belong to this workspace",
                hint: "name yours with --identity or TUNDISH_IDENTITY")
        }
        guard known.disabled == nil else {
            throw WorkspaceError(.denied, "principal \(identity.principal) is disabled")
        }
        return OpenWorkspace(
            folder: settings.home, catalog: catalog, vault: vault,
            authorizer: Authorizer(
                catalog: catalog, custodian: custodian, vault: vault),
            session: Session(actor: Actor(identity)),
            identity: identity, settings: settings, presence: presence)
    }

    private static func rootKey(
        _ settings: Settings, workspace: String
    ) throws -> (any RootKeyProvider)? {
        let path = settings.rootKeyFile ?? settings.defaultRootKey(workspace: workspace)
        guard Files.exists(path) else {
            guard settings.rootKeyFile == nil else {
                throw WorkspaceError(.notFound, "there is no root key file \(path)")
            }
            return nil
        }
        switch try RootKey.kind(in: settings.home) {
        case .passphrase?:
            return try RootKey.open(passphrase: Files.readPassphrase(path), in: settings.home)
        case .keyFile?: return try RootKey.open(keyFile: path, in: settings.home)
        case nil: return nil
        }
    }

    private static func loadIdentity(_ settings: Settings, workspace: String) throws -> Identity {
        let path = settings.identity ?? settings.defaultIdentity(workspace: workspace)
        guard Files.exists(path) else {
            throw WorkspaceError(
                .notFound, "there is no identity file \(path)",
                hint: "name yours with --identity or TUNDISH_IDENTITY")
        }
        let passphrase =
            try Identity.needsPassphrase(at: path)
            ? try settings.passphraseFile.map { try Files.readPassphrase($0) } : nil
        return try Identity.load(from: path, passphrase: passphrase)
    }

    /// The folder that a run's engine starts in; its parent is made when absent.
    func runFolder(_ run: String) throws -> String {
        try Files.makeFolder(folder + "/runs", mode: 0o700)
        return folder + "/runs/" + run
    }

    /// A dataset by its name.
    func dataset(_ name: String) throws -> DatasetRow {
        guard let row = try catalog.read({ try $0.dataset(named: name) }) else {
            throw WorkspaceError(
                .notFound, "there is no dataset `\(name)`",
                hint: "`tundish dataset list` names them")
        }
        return row
    }

    /// A version by a reference such as `reviews`, `reviews@3`, `reviews@redacted` or an id.
    func version(_ reference: String) throws -> VersionRow {
        try catalog.read { try $0.resolve(reference) }
    }

    /// A version as people write it: `reviews@3`.
    func label(_ version: [UInt8]) throws -> String {
        try catalog.read { try $0.label(of: version) } ?? String(Hex.encode(version).prefix(12))
    }

    /// A principal's id by name or id.
    func principal(_ name: String) throws -> PrincipalRow {
        let row = try catalog.read { try $0.principal(name) ?? $0.principal(named: name) }
        guard let row else {
            throw WorkspaceError(
                .notFound, "there is no principal `\(name)`",
                hint: "`tundish principal list` names them")
        }
        return row
    }
}
