import Catalog
import Cleaning
import Governance
public import Records
import Vault

/// Makes a cleaned version by a recipe: `tundish clean` and `tundish split`.
public struct Clean: Sendable {
    /// The version to clean.
    public var version: String
    /// A YAML recipe; nil: the standard one.
    public var recipeFile: String?
    /// A recipe given as JSON; wins over the file.
    public var recipe: JSONValue?
    /// Whether to count only and change nothing.
    public var isDryRun: Bool

    /// Makes the request.
    public init(
        version: String, recipeFile: String? = nil, recipe: JSONValue? = nil, isDryRun: Bool = false
    ) {
        self.isDryRun = isDryRun
        self.version = version
        self.recipeFile = recipeFile
        self.recipe = recipe
    }

    /// Cleans and commits. Two passes: duplicates and groups need every record first.
    public func run(in workspace: OpenWorkspace) throws -> Report {
        let parent = try workspace.version(version)
        let recipe = try loadRecipe()
        let lease = try workspace.authorizer.workLease(
            version: parent.id, for: .clean, session: workspace.session)
        defer { try? workspace.authorizer.end(lease, session: workspace.session) }
        guard let dataset = try workspace.catalog.read({ try $0.dataset(parent.dataset) }) else {
            throw WorkspaceError(.integrity, "version \(version) belongs to no dataset")
        }
        let reader = try VersionReader(workspace, version: parent, lease: lease)
        let cleaner = Cleaner(recipe: recipe)
        var duplicates = ExactDuplicates()
        var groups = SubjectGroups()
        var ignored = CleaningCounts()
        try reader.records { record in
            guard let record = cleaner.clean(record, counts: &ignored) else { return }
            if let rule = recipe.duplicates {
                duplicates.collect(rule.digest(of: record), rid: record.rid)
            }
            if record.subjects.count > 1 { groups.collect(record.subjects) }
        }
        let splitKey = try workspace.vault.namedKey(
            "split", scope: try ScopeID(bytes: dataset.id))
        let assigner = recipe.split.map { SplitAssigner(rule: $0, key: splitKey) }
        let writer = try VersionWriter(
            workspace: workspace, dataset: dataset, stage: parent.stage, isDryRun: isDryRun)
        var counts = CleaningCounts()
        var dropped: Set<RecordID> = []
        try reader.records { record in
            guard var kept = cleaner.clean(record, counts: &counts) else {
                dropped.insert(record.rid)
                return
            }
            if let rule = recipe.duplicates,
                !duplicates.keeps(rule.digest(of: kept), rid: kept.rid)
            {
                counts.drop("exact-duplicate")
                dropped.insert(kept.rid)
                return
            }
            if let assigner { kept.split = assigner.split(of: kept, groups: groups) }
            try writer.append(kept)
        }
        if dropped.isEmpty {
            try writer.inheritOrigins(of: parent)
        } else {
            try reader.origins { origin in
                guard !dropped.contains(origin.rid) else { return }
                try writer.appendOrigin(of: origin.rid, canonical: origin.canonicalBytes())
            }
        }
        return try commit(writer, recipe: recipe, counts: counts, parent: parent)
    }

    private func commit(
        _ writer: VersionWriter, recipe: CleaningRecipe, counts: CleaningCounts, parent: VersionRow
    ) throws -> Report {
        guard counts.isBalanced else {
            throw WorkspaceError(.integrity, "cleaning lost count of records: \(counts.text)")
        }
        let manifest = try VersionManifest(json: JSONParser.parse(parent.manifest))
        let outcome = try writer.commit(
            VersionWriter.Description(
                parents: [parent], recipe: ["operation": "clean", "recipe": recipe.json],
                policyDigest: manifest.policyDigest.flatMap(Hex.decode),
                detectorDigests: manifest.detectorDigests.compactMapValues(Hex.decode),
                counts: counts.json),
            event: EventDraft(
                "dataset.clean", object: "version",
                facts: [
                    "recipe": .string(Hex.encode(recipe.digest)), "counts": counts.json,
                ]))
        let splits = outcome.manifest.splits.sorted { $0.key < $1.key }
            .map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        return Report(
            json: [
                "version": .string(outcome.manifest.versionID), "label": .string(outcome.label),
                "new": .bool(outcome.isNew), "counts": counts.json,
                "splits": .object(outcome.manifest.splits.mapValues { .integer($0) }),
            ],
            lines: [
                "\(outcome.label): \(outcome.manifest.count) records", counts.text,
                "splits: \(splits)",
            ],
            next: [
                outcome.manifest.stage == .raw
                    ? "tundish redact \(outcome.label) --policy retail-reviews"
                    : "tundish release \(outcome.label) --purpose PURPOSE"
            ])
    }

    private func loadRecipe() throws -> CleaningRecipe {
        if let recipe { return try CleaningRecipe(recipe) }
        guard let recipeFile else { return .standard }
        return try CleaningRecipe(YAMLFile.read(recipeFile))
    }
}
