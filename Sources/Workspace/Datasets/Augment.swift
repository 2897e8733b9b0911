import Augmentation
import Catalog
import Cryptography
import Governance
import Records
import Redaction
import Vault

/// Adds generated children of train records: `tundish augment`.
///
/// Only the train split has children; labels and subjects are the parent's; every child is scanned
/// again, and which record it came of is kept with the version.
public struct Augment: Sendable {
    /// The redacted or synthetic version.
    public var version: String
    /// The method's name.
    public var method: String
    /// How many children each record may have.
    public var childrenPerRecord: Int
    /// The share of words that may be edited, 0…0.2.
    public var strength: Double
    /// The seed.
    public var seed: UInt64
    /// The policy that children are scanned with.
    public var policy: String

    /// Makes the request.
    public init(
        version: String, method: String, childrenPerRecord: Int = 1, strength: Double = 0.1,
        seed: UInt64 = 42, policy: String
    ) {
        self.version = version
        self.method = method
        self.childrenPerRecord = childrenPerRecord
        self.strength = strength
        self.seed = seed
        self.policy = policy
    }

    /// Generates, scans and commits.
    public func run(in workspace: OpenWorkspace) throws -> Report {
        let parent = try workspace.version(version)
        guard
            let stage: ParentStage = parent.stage == .redacted
                ? .redacted : parent.stage == .synthetic ? .synthetic : nil
        else {
            throw WorkspaceError(
                .usage, "\(version) is raw: children are made of redacted records only",
                hint: "redact it first: `tundish redact \(version) --policy \(policy)`")
        }
        guard let method = AugmentationMethod(rawValue: method) else {
            throw WorkspaceError(
                .usage, "there is no method `\(method)`",
                hint: "methods: "
                    + AugmentationMethod.allCases.map(\.rawValue).joined(separator: ", "))
        }
        let lease = try workspace.authorizer.workLease(
            version: parent.id, for: .augment, session: workspace.session)
        defer { try? workspace.authorizer.end(lease, session: workspace.session) }
        guard let dataset = try workspace.catalog.read({ try $0.dataset(parent.dataset) }) else {
            throw WorkspaceError(.integrity, "version \(version) belongs to no dataset")
        }
        let augmenter = try Augmenter(
            method: method, seed: BigEndian.bytes(seed), childrenPerParent: childrenPerRecord,
            strength: strength)
        let family = try Family(
            workspace: workspace, dataset: dataset, augmenter: augmenter, stage: stage,
            policy: try PolicyFiles.load(policy, home: workspace.folder))
        let reader = try VersionReader(workspace, version: parent, lease: lease)
        try reader.records { try family.take($0) }
        return try commit(family, parent: parent, dataset: dataset, in: workspace)
    }

    private func commit(
        _ family: Family, parent: VersionRow, dataset: DatasetRow, in workspace: OpenWorkspace
    ) throws -> Report {
        let writer = try VersionWriter(workspace: workspace, dataset: dataset, stage: .synthetic)
        try family.drain(into: writer)
        try writer.inheritOrigins(of: parent)
        if !family.lineage.isEmpty {
            try writer.attach(family.lineage, role: "lineage", kind: .table, stage: .synthetic)
        }
        let dropped = JSONValue.object(
            Dictionary(
                uniqueKeysWithValues: family.dropped.map { ($0.key.rawValue, .integer($0.value)) }))
        let manifest = try VersionManifest(json: JSONParser.parse(parent.manifest))
        let outcome = try writer.commit(
            VersionWriter.Description(
                parents: [parent],
                recipe: [
                    "operation": "augment", "parameters": family.augmenter.parameters,
                    "seed": .number(String(seed)),
                ],
                policyDigest: manifest.policyDigest.flatMap(Hex.decode),
                detectorDigests: manifest.detectorDigests.compactMapValues(Hex.decode),
                counts: ["children": .integer(family.childCount), "dropped": dropped]),
            event: EventDraft(
                "dataset.augment", object: "version",
                facts: [
                    "children": .integer(family.childCount), "dropped": dropped,
                    "operation": .string(Hex.encode(family.augmenter.operationDigest)),
                ]))
        try workspace.authorizer.reconcileStageKeys()
        return Report(
            json: [
                "version": .string(outcome.manifest.versionID), "label": .string(outcome.label),
                "new": .bool(outcome.isNew), "records": .integer(outcome.manifest.count),
                "children": .integer(family.childCount), "dropped": dropped,
            ],
            lines: [
                "\(outcome.label): \(outcome.manifest.count) records, "
                    + "\(family.childCount) of them children"
            ]
                + family.dropped.sorted { $0.key.rawValue < $1.key.rawValue }.map {
                    "\($0.value)".padded(to: 8) + "  children not made: \($0.key.rawValue)"
                },
            next: ["tundish release \(outcome.label) --purpose PURPOSE"])
    }
}

/// Parents with their children, put in order of rid.
private final class Family {
    let augmenter: Augmenter
    private(set) var childCount = 0
    private(set) var dropped: [DropReason: Int] = [:]
    /// `{"child","parent","index"}` lines.
    private(set) var lineage: [UInt8] = []

    private let stage: ParentStage
    private let redactor: Redactor
    private let ridKey: SymmetricKey
    private let sorter: SealedSorter

    init(
        workspace: OpenWorkspace, dataset: DatasetRow, augmenter: Augmenter, stage: ParentStage,
        policy: Policy
    ) throws {
        self.augmenter = augmenter
        self.stage = stage
        let scope = try ScopeID(bytes: dataset.id)
        ridKey = try workspace.vault.namedKey("rid", scope: scope)
        sorter = SealedSorter(folder: workspace.folder + "/packs")
        // It only scans: what its operators would need is never used.
        redactor = try Redactor(policy: policy, keys: .ephemeral())
    }

    func take(_ parent: Record) throws {
        try sorter.append(key: parent.rid.bytes, payload: parent.canonicalBytes())
        // What stands in the redacted parent was decided there; only new text is looked at.
        var known: Set<String> = []
        for value in parent.fields.values { Self.collect(value, into: &known) }
        let family = try augmenter.children(
            of: parent, stage: stage,
            childID: { parent, digest, index in
                RecordID(
                    childOf: parent, operationDigest: digest, index: UInt64(index), key: ridKey)
            },
            scan: { text, field in
                if known.contains(String(decoding: text, as: UTF8.self)) { return [] }
                return try redactor.scan(text, context: FieldContext(field: field)).filter {
                    redactor.policy.rule(for: $0.type).operator != .keep
                }
            })
        dropped.merge(family.dropped) { $0 + $1 }
        for child in family.children {
            childCount += 1
            try sorter.append(key: child.record.rid.bytes, payload: child.record.canonicalBytes())
            CanonicalJSON.append(
                [
                    "child": .string(child.record.rid.hex), "parent": .string(child.parent.hex),
                    "index": .integer(child.index),
                ], to: &lineage)
            lineage.append(0x0A)
        }
    }

    private static func collect(_ value: JSONValue, into strings: inout Set<String>) {
        switch value {
        case .string(let text): strings.insert(text)
        case .array(let elements): elements.forEach { collect($0, into: &strings) }
        case .object(let members): members.values.forEach { collect($0, into: &strings) }
        case .null, .bool, .number: break
        }
    }

    func drain(into writer: VersionWriter) throws {
        try sorter.forEach { entry in
            try writer.append(
                Record(
                    rid: RecordID(bytes: Array(entry.key)),
                    canonicalBytes: Array(entry.payload)))
        }
    }
}
