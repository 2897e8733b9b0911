import Catalog
import Cryptography
import Governance
import Handoff
import Records
import Vault

/// Makes a workspace: `tundish init`.
public struct Initialise: Sendable {
    /// The folder, made when absent; it must be empty.
    public var folder: String
    /// Whether one principal is owner, steward, trainer, privacy officer and auditor.
    public var solo: Bool
    /// The name of the first principal.
    public var name: String
    /// The file whose first line protects the root key; nil: a key file is made.
    public var rootPassphraseFile: String?

    /// Makes the request.
    public init(
        folder: String, solo: Bool = false, name: String = "owner",
        rootPassphraseFile: String? = nil
    ) {
        self.folder = folder
        self.solo = solo
        self.name = name
        self.rootPassphraseFile = rootPassphraseFile
    }

    /// Makes keys, catalog, log and the first principal.
    public func run(_ settings: Settings) throws -> Report {
        let folder = Settings.absolute(self.folder)
        guard !Files.exists(folder + "/catalog.sqlite") else {
            throw WorkspaceError(
                .conflict, "there is a workspace in \(folder) already",
                hint: "`tundish status --home \(folder)` shows it")
        }
        try Files.makeFolder(folder, mode: 0o700)
        let workspace = WorkspaceID.random()
        let root = try makeRoot(settings, workspace: workspace.hex)
        let vault = try Vault.create(in: folder, workspace: workspace, root: root.key)
        let keys = try vault.custodian
        let custodian = NewPrincipal(
            kind: .service, name: "custodian", ed25519: keys.signing.rawRepresentation,
            x25519: keys.opening.rawRepresentation)
        let custodianActor = try Actor(custodianOf: vault, principal: custodian.id)
        let catalog = try CatalogStore.create(
            in: folder, workspaceID: workspace.bytes,
            origin: "tundish.local/" + workspace.hex.prefix(8), solo: solo, custodian: custodian,
            signer: custodianActor.signer, stateFolder: settings.stateFolder)
        catalog.useCheckpointSigner(custodianActor.signer)
        let first = try makeIdentity(settings, workspace: workspace.hex)
        try Authorizer(catalog: catalog, custodian: custodianActor).bootstrap(
            firstPrincipal: first.principal)
        try registerBundledEngine(in: catalog, signer: custodianActor.signer)
        try Files.write(Array(Self.settingsFile.utf8), to: folder + "/tundish.yaml")
        return report(
            folder: folder, workspace: workspace, principal: first.identity.principal,
            identityPath: first.path, rootPath: root.path, verifierKey: try catalog.verifierKey())
    }

    private func makeRoot(
        _ settings: Settings, workspace: String
    ) throws -> (key: RootKey, path: String) {
        if let file = rootPassphraseFile {
            return (try RootKey.create(passphrase: Files.readPassphrase(file)), file)
        }
        let path = settings.rootKeyFile ?? settings.defaultRootKey(workspace: workspace)
        try Files.makeFolder(parent(of: path), mode: 0o700)
        return (try RootKey.create(keyFile: path), path)
    }

    private func makeIdentity(
        _ settings: Settings, workspace: String
    ) throws -> (identity: Identity, principal: NewPrincipal, path: String) {
        var principal = NewPrincipal(kind: .person, name: name, ed25519: [], x25519: [])
        let identity = Identity.create(principal: principal.id)
        principal.ed25519 = identity.publicKeys.signing.rawRepresentation
        principal.x25519 = identity.publicKeys.opening.rawRepresentation
        let path = settings.identity ?? settings.defaultIdentity(workspace: workspace)
        try Files.makeFolder(parent(of: path), mode: 0o700)
        try identity.save(
            to: path, passphrase: try settings.passphraseFile.map { try Files.readPassphrase($0) })
        return (identity, principal, path)
    }

    /// The engine beside this program is known from the start; others a privacy officer registers.
    private func registerBundledEngine(in catalog: CatalogStore, signer: EventSigner) throws {
        let path = Executable.sibling("tundish-trainer")
        guard Files.exists(path) else { return }
        let engine = try EngineExecutable(name: "bundled", path: path)
        try catalog.commit(
            EventDraft(
                "engine.register", object: "engine:bundled",
                facts: ["digest": .string(engine.sha256)]), signer: signer
        ) {
            try $0.add(
                EngineRow(
                    name: engine.name, path: engine.path, digest: Hex.decode(engine.sha256) ?? [],
                    created: .now, actor: signer.principal))
        }
    }

    private func report(
        folder: String, workspace: WorkspaceID, principal: String, identityPath: String,
        rootPath: String, verifierKey: String
    ) -> Report {
        Report(
            json: [
                "workspace": .string(workspace.hex), "folder": .string(folder),
                "principal": .string(principal), "identity": .string(identityPath),
                "rootKey": .string(rootPath), "solo": .bool(solo),
                "verifierKey": .string(verifierKey),
            ],
            lines: [
                "workspace \(workspace.hex) in \(folder)",
                "principal \(principal) (\(name)): "
                    + (solo
                        ? "owner, steward, trainer, privacy officer, auditor; approvals are "
                            + "recorded as self-approved" : "owner"),
                "identity   \(identityPath)", "root key   \(rootPath)",
                "verifier key, to be given to those who check the log: \(verifierKey)",
                "Keep copies of the identity and the root key apart from the workspace.",
            ],
            next: ["tundish ingest DATASET FILE… --home \(folder)"])
    }

    private static let settingsFile = """
        # Settings of this workspace. A flag or an environment variable wins over this file.
        # identity: path of the identity file to use
        # passphrase_file: path of a file whose first line is the identity's passphrase
        # root_key_file: path of the Custodian's root key

        """
}

/// The folder that holds a path.
func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
}
