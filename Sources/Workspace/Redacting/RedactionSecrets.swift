import Catalog
import Records
import Redaction
import Vault

/// What a dataset's operators work with: its keys, which the key database keeps, and its token
/// table, which its versions hand on, sealed with the raw stage.
struct RedactionSecrets {
    /// The role of a token table among a version's objects.
    static let tableRole = "tokens"

    let keys: RedactionKeys

    /// The secrets that a policy needs; `reader` opens the newest token table of the dataset.
    init(policy: Policy, dataset: DatasetRow, reader: VersionReader) throws {
        let scope = try ScopeID(bytes: dataset.id)
        let needs = policy.needs
        let vault = reader.workspace.vault
        keys = RedactionKeys(
            pseudonymKey: needs.contains(.pseudonymKey)
                ? try vault.namedKey("pseudonym", scope: scope) : nil,
            encryptionKey: needs.contains(.encryptionKey)
                ? try vault.namedKey("reveal", scope: scope) : nil,
            tokens: needs.contains(.tokens)
                ? try Self.table(of: dataset, reader: reader) ?? TokenTable() : nil)
    }

    /// All that can turn a dataset's codes back.
    init(revealing dataset: DatasetRow, reader: VersionReader) throws {
        let scope = try ScopeID(bytes: dataset.id)
        keys = RedactionKeys(
            encryptionKey: try reader.workspace.vault.namedKey("reveal", scope: scope),
            tokens: try Self.table(of: dataset, reader: reader))
    }

    /// Seals the table into a version, so that the next one finds it.
    func seal(into writer: VersionWriter) throws {
        guard let tokens = keys.tokens, !tokens.entries.isEmpty else { return }
        try writer.attach(
            CanonicalJSON.encode(tokens.json), role: Self.tableRole, kind: .table, stage: .raw)
    }

    private static func table(
        of dataset: DatasetRow, reader: VersionReader
    ) throws -> TokenTable? {
        let object = try reader.workspace.catalog.read { catalog -> [UInt8]? in
            for version in try catalog.versions(of: dataset.id).reversed() {
                let objects = try catalog.objects(of: version.id, role: tableRole)
                if let first = objects.first { return first.object }
            }
            return nil
        }
        guard let object else { return nil }
        return try TokenTable(json: JSONParser.parse(reader.object(object)))
    }
}
