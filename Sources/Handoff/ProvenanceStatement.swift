internal import EngineProtocol
public import Records

/// What ties a model's files to all that made them: an in-toto Statement v1 with a SLSA v1
/// provenance predicate.
///
/// - subjects: the model's files.
/// - resolvedDependencies: dataset version, policy, detectors, files of the base model, engine.
/// - externalParameters: what was asked for (method, hyper-parameters, seed, purpose).
/// - internalParameters: who asked, who approved (and whether that was the same person), what the
///   engine made of the parameters, and the digests of the records that it read.
public struct ProvenanceStatement: Sendable, Hashable {
    /// in-toto Statement v1.
    public static let type = "https://in-toto.io/Statement/v1"
    /// SLSA provenance v1.
    public static let predicateType = "https://slsa.dev/provenance/v1"
    /// How this build is to be read.
    public static let buildType = "urn:x-tundish:fine-tune:v1"

    /// A second person's (or, alone, one's own) consent.
    public struct Approval: Sendable, Hashable {
        /// What was approved, such as `release`.
        public var action: String
        /// Pseudonymous id of who asked.
        public var requestedBy: String
        /// Pseudonymous id of who approved.
        public var approvedBy: String
        /// When.
        public var at: Timestamp?
        /// Whether both are the same principal.
        public var selfApproved: Bool { requestedBy == approvedBy }

        /// Makes an approval.
        public init(
            action: String, requestedBy: String, approvedBy: String, at: Timestamp? = nil
        ) {
            self.action = action
            self.requestedBy = requestedBy
            self.approvedBy = approvedBy
            self.at = at
        }
    }

    /// What the workspace knows about a run beside its request. No names: pseudonymous ids only.
    public struct Facts: Sendable, Hashable {
        /// The workspace, such as its log's origin.
        public var workspace: String
        /// Who holds which role in this run: `trainer`, `owner`, … → pseudonymous id.
        public var principals: [String: String]
        /// Every approval that the run rests on.
        public var approvals: [Approval]
        /// The dataset's purposes.
        public var purposes: [String]
        /// The dataset's legal basis.
        public var legalBasis: String?
        /// Digests of the detectors that the policy used, lower-case hex.
        public var detectorDigests: [String]
        /// What people attested about the dataset version, each with its envelope's SHA-256 in
        /// lower-case hex.
        public var attestations: [SignedAttestation] = []

        /// Makes the facts.
        public init(
            workspace: String, principals: [String: String] = [:], approvals: [Approval] = [],
            purposes: [String] = [], legalBasis: String? = nil, detectorDigests: [String] = []
        ) {
            self.workspace = workspace
            self.principals = principals
            self.approvals = approvals
            self.purposes = purposes
            self.legalBasis = legalBasis
            self.detectorDigests = detectorDigests
        }
    }

    /// The statement as JSON.
    public let json: JSONValue

    /// Builds the statement of a run that ended well.
    ///
    /// - Parameters:
    ///   - subjects: the model's files, at least one; usually `outcome.artifacts`.
    ///   - builderID: a URI that names who ran it, such as `urn:x-tundish:workspace:<hex>`.
    public init(
        subjects: [RunRequest.File], request: RunRequest, outcome: RunOutcome, runID: String,
        builderID: String, facts: Facts
    ) {
        json = [
            "_type": .string(Self.type), "predicateType": .string(Self.predicateType),
            "subject": .array(
                subjects.map { file in
                    ["name": .string(file.name), "digest": ["sha256": .string(file.sha256)]]
                }),
            "predicate": [
                "buildDefinition": [
                    "buildType": .string(Self.buildType),
                    "externalParameters": Self.externalParameters(request),
                    "internalParameters": Self.internalParameters(request, outcome, facts),
                    "resolvedDependencies": .array(
                        Self.dependencies(request, facts: facts)),
                ],
                "runDetails": [
                    "builder": [
                        "id": .string(builderID),
                        "version": [
                            "engine": .string(outcome.started?.version ?? "unknown")
                        ],
                    ],
                    "metadata": [
                        "invocationId": .string(runID),
                        "startedOn": .string(outcome.startedAt.rfc3339),
                        "finishedOn": .string(outcome.finishedAt.rfc3339),
                    ],
                ],
            ],
        ]
    }

    /// Reads a statement back; its type and shape are checked.
    public init(json bytes: [UInt8]) throws(HandoffError) {
        guard let json = try? JSONParser.parse(bytes),
            json["_type"]?.stringValue == Self.type,
            json["predicateType"]?.stringValue == Self.predicateType,
            json["predicate"]?["buildDefinition"]?["buildType"]?.stringValue == Self.buildType,
            let subjects = json["subject"]?.arrayValue, !subjects.isEmpty,
            subjects.allSatisfy({ subject in
                subject["name"]?.stringValue != nil
                    && subject["digest"]?["sha256"]?.stringValue?.utf8.count == 64
            })
        else {
            throw HandoffError(
                .malformed, "this is no provenance statement of a fine-tune",
                hint: "in-toto Statement v1, SLSA provenance v1, build type \(Self.buildType)")
        }
        self.json = json
    }

    /// The statement as canonical JSON: the bytes that are signed.
    public func canonicalBytes() -> [UInt8] { CanonicalJSON.encode(json) }

    /// The model's files: name and SHA-256 in lower-case hex.
    public var subjects: [(name: String, sha256: String)] {
        (json["subject"]?.arrayValue ?? []).map { subject in
            (
                subject["name"]?.stringValue ?? "",
                subject["digest"]?["sha256"]?.stringValue ?? ""
            )
        }
    }

    /// The build definition.
    public var buildDefinition: JSONValue { json["predicate"]?["buildDefinition"] ?? .null }

    /// The dependency of a name, such as `dataset`, `policy` or `engine`: its SHA-256.
    public func dependency(_ name: String) -> String? {
        buildDefinition["resolvedDependencies"]?.arrayValue?
            .first { $0["name"]?.stringValue == name }?["digest"]?["sha256"]?.stringValue
    }
}
