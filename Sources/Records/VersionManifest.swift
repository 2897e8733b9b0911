import Cryptography

/// The stage that every version has exactly one of.
public enum Stage: String, Sendable, CaseIterable, Codable {
    /// As ingested (cleaned or not).
    case raw
    /// Personal data replaced under a policy.
    case redacted
    /// Redacted, with generated children.
    case synthetic
}

/// All that a version is. Its JCS bytes are hashed to the version's id, so two versions with equal
/// content and equal recipe are one.
public struct VersionManifest: Sendable, Hashable {
    /// The dataset's scope id, 16 bytes as hex.
    public var dataset: String
    /// The stage.
    public var stage: Stage
    /// The ids of the versions it was made of.
    public var parents: [String]
    /// The Merkle root over the records' leaves, ordered by rid; hex.
    public var recordRoot: String
    /// The Merkle root over the origins; hex.
    public var originRoot: String
    /// The Merkle root over the sorted blind subject ids with their counts; hex.
    public var subjectRoot: String
    /// How many records.
    public var count: Int
    /// What the columns hold.
    public var schema: Schema
    /// The ordered operations with their parameters and seeds.
    public var recipe: JSONValue
    /// SHA-256 of the policy, for redacted stages; hex.
    public var policyDigest: String?
    /// SHA-256 of every detector by its name; hex.
    public var detectorDigests: [String: String]
    /// Records by what happened to them: accepted, quarantined, dropped, by reason; findings by type.
    public var counts: JSONValue
    /// Records by split.
    public var splits: [String: Int]
    /// What the data may be used for.
    public var purposes: [String]
    /// The legal basis, in the user's words.
    public var legalBasis: String?

    /// Makes a manifest.
    public init(
        dataset: String, stage: Stage, parents: [String], recordRoot: String, originRoot: String,
        subjectRoot: String, count: Int, schema: Schema, recipe: JSONValue,
        policyDigest: String? = nil, detectorDigests: [String: String] = [:], counts: JSONValue,
        splits: [String: Int], purposes: [String], legalBasis: String?
    ) {
        self.dataset = dataset
        self.stage = stage
        self.parents = parents
        self.recordRoot = recordRoot
        self.originRoot = originRoot
        self.subjectRoot = subjectRoot
        self.count = count
        self.schema = schema
        self.recipe = recipe
        self.policyDigest = policyDigest
        self.detectorDigests = detectorDigests
        self.counts = counts
        self.splits = splits
        self.purposes = purposes
        self.legalBasis = legalBasis
    }

    /// The manifest as JSON.
    public var json: JSONValue {
        [
            "dataset": .string(dataset), "stage": .string(stage.rawValue),
            "parents": .array(parents.map { .string($0) }), "recordRoot": .string(recordRoot),
            "originRoot": .string(originRoot), "subjectRoot": .string(subjectRoot),
            "count": .integer(count), "schema": schema.json, "recipe": recipe,
            "policyDigest": policyDigest.map { .string($0) } ?? .null,
            "detectorDigests": .object(detectorDigests.mapValues { .string($0) }),
            "counts": counts, "splits": .object(splits.mapValues { .integer($0) }),
            "purposes": .array(purposes.map { .string($0) }),
            "legalBasis": legalBasis.map { .string($0) } ?? .null,
        ]
    }

    /// JCS of the manifest.
    public var canonicalBytes: [UInt8] { CanonicalJSON.encode(json) }

    /// version id = SHA-256(JCS(manifest)), hex.
    public var versionID: String { Hex.encode(SHA256.hash(canonicalBytes)) }

    /// Reads a manifest back.
    public init(json: JSONValue) throws(RecordsError) {
        guard let dataset = json["dataset"]?.stringValue,
            let stage = json["stage"]?.stringValue.flatMap(Stage.init),
            let parents = json["parents"]?.stringArray,
            let recordRoot = json["recordRoot"]?.stringValue,
            let originRoot = json["originRoot"]?.stringValue,
            let subjectRoot = json["subjectRoot"]?.stringValue,
            let count = json["count"]?.intValue, let schema = json["schema"],
            let recipe = json["recipe"], let counts = json["counts"],
            let purposes = json["purposes"]?.stringArray
        else { throw RecordsError(.malformedRecord, "the manifest lacks a member of its form") }
        self.init(
            dataset: dataset, stage: stage, parents: parents, recordRoot: recordRoot,
            originRoot: originRoot, subjectRoot: subjectRoot, count: count,
            schema: try Schema(json: schema), recipe: recipe,
            policyDigest: json["policyDigest"]?.stringValue,
            detectorDigests: (json["detectorDigests"]?.objectValue ?? [:])
                .compactMapValues(\.stringValue),
            counts: counts,
            splits: (json["splits"]?.objectValue ?? [:]).compactMapValues(\.intValue),
            purposes: purposes, legalBasis: json["legalBasis"]?.stringValue)
    }
}
