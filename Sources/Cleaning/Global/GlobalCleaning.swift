public import Cryptography
public import Records

/// Runs all the operations of a recipe that look at the whole dataset: as many passes over the
/// cleaned records as they need, then a verdict for each record.
///
/// ```swift
/// var global = GlobalCleaning(recipe: recipe, key: splitKey)
/// while global.needsPass {
///     for record in cleaned { global.collect(record) }
///     global.endPass()
/// }
/// for var record in cleaned where global.apply(to: &record, counts: &counts) { … }
/// ```
///
/// A pass may be made in shards: copies of this made before its first record, merged after. Nothing
/// depends on the order of records or on the shards.
public struct GlobalCleaning: Sendable {
    /// What a pass is for. Later ones see only records that the earlier ones leave.
    enum Pass: Int, Sendable {
        /// Digests, sketches and groups.
        case collect
        /// Word runs of records that may be near duplicates.
        case compare
        /// What the records that stay look like.
        case fit
        /// Train beside the evaluation; each record beside the others.
        case measure
        /// Nothing is left to see.
        case done
    }

    let recipe: CleaningRecipe
    private(set) var pass = Pass.collect
    var assigner: SplitAssigner?
    var exact = ExactDuplicates()
    private(set) var groups: SubjectGroups
    private let knowsGroups: Bool
    private var near: NearDuplicates?
    private var candidates: NearDuplicateCandidates?
    var clusters: NearDuplicateClusters?
    private var stratified: StratifiedSplit?
    private var contamination: Contamination?
    private var probe: ContaminationProbe?
    var contaminated: ContaminationVerdict?
    private var outliers: Outliers?
    var outlying: OutlierVerdict?
    private var balance: Balance?
    var balanced: BalanceVerdict?
    private var labels: LabelNoise?
    var noise: LabelNoiseVerdict?
    /// The labels that seem right, for records whose own seem wrong.
    var suggestions: [RecordID: String] = [:]

    /// Begins; `key` is the dataset's seed. `groups` are the people who share records, if they are
    /// known already, as a ``CleaningFit`` knows them that had to tell train records.
    public init(recipe: CleaningRecipe, key: SymmetricKey, groups: SubjectGroups? = nil) {
        self.recipe = recipe
        knowsGroups = groups != nil
        self.groups = groups ?? SubjectGroups()
        assigner = recipe.split.map { SplitAssigner(rule: $0, key: key) }
        near = recipe.nearDuplicates.map { NearDuplicates(rule: $0) }
        if let assigner, assigner.rule.stratify != nil {
            stratified = StratifiedSplit(assigner: assigner)
        }
        contamination = recipe.contamination.map { Contamination(rule: $0) }
        outliers = recipe.outliers.map { Outliers(rule: $0) }
        balance = recipe.balance.map { Balance(rule: $0, key: key) }
        labels = recipe.labelNoise.map { LabelNoise(rule: $0, key: key) }
        advance(to: .collect)
    }

    /// Whether the records have to be seen once more before a verdict.
    public var needsPass: Bool { pass != .done }

    /// Looks at one cleaned record.
    public mutating func collect(_ record: Record) {
        switch pass {
        case .collect:
            if let rule = recipe.duplicates {
                exact.collect(rule.digest(of: record), rid: record.rid, split: record.split)
            }
            near?.collect(record)
            if !knowsGroups, record.subjects.count > 1 { groups.collect(record.subjects) }
            stratified?.collect(record)
        case .compare: if !exact.drops(record.rid) { candidates?.collect(record) }
        case .fit:
            guard let record = survivor(record) else { return }
            contamination?.collect(record)
            outliers?.fit(record)
            balance?.collect(record)
            labels?.collect(record, groups: groups)
        case .measure:
            guard let record = survivor(record) else { return }
            probe?.collect(record)
            outliers?.collect(record)
        case .done: break
        }
    }

    /// Adds what a shard of the same pass saw.
    public mutating func merge(_ other: GlobalCleaning) {
        switch pass {
        case .collect:
            exact.merge(other.exact)
            if !knowsGroups { groups.merge(other.groups) }
            if let shard = other.near { near?.merge(shard) }
            if let shard = other.stratified { stratified?.merge(shard) }
        case .compare: if let shard = other.candidates { candidates?.merge(shard) }
        case .fit:
            if let shard = other.contamination { contamination?.merge(shard) }
            if let shard = other.outliers { outliers?.mergeFit(shard) }
            if let shard = other.balance { balance?.merge(shard) }
            if let shard = other.labels { labels?.merge(shard) }
        case .measure:
            if let shard = other.probe { probe?.merge(shard) }
            if let shard = other.outliers { outliers?.merge(shard) }
        case .done: break
        }
    }

    /// Ends a pass: every record has been seen.
    public mutating func endPass() {
        switch pass {
        case .collect:
            if var near {
                near.remove { exact.drops($0) }
                candidates = near.candidates()
                self.near = nil
            }
            advance(to: .compare)
        case .compare: advance(to: .fit)
        case .fit:
            probe = contamination?.probe()
            contamination = nil
            noise = labels?.resolve()
            for issue in noise?.issues ?? [] { suggestions[issue.rid] = issue.suggested }
            labels = nil
            advance(to: .measure)
        case .measure: advance(to: .done)
        case .done: break
        }
    }

    /// Goes to the next pass that something needs.
    private mutating func advance(to next: Pass) {
        pass = next
        switch next {
        case .collect:
            if recipe.duplicates == nil, near == nil, recipe.split == nil, labels == nil {
                advance(to: .compare)
            }
        case .compare: if candidates?.needsRecords != true { advance(to: .fit) }
        case .fit:
            clusters = candidates?.resolve()
            candidates = nil
            if let stratified {
                assigner = stratified.assign(groups: groups, dropping: dropsRepeat)
                self.stratified = nil
            }
            if contamination == nil, outliers == nil, balance == nil, labels == nil {
                advance(to: .measure)
            }
        case .measure: if probe == nil, outliers == nil { advance(to: .done) }
        case .done:
            contaminated = probe?.resolve()
            probe = nil
            outlying = outliers?.resolve()
            outliers = nil
            balanced = balance?.resolve { [outlying] rid in
                outlying?.rule.action == .drop && outlying?.reason(for: rid) != nil
            }
            balance = nil
        }
    }

    /// Whether a record goes because another says the same.
    func dropsRepeat(_ rid: RecordID) -> Bool {
        if exact.drops(rid) { return true }
        return clusters?.rule.action == .drop && clusters?.kept(for: rid) != nil
    }

    /// The record with its part of the split, if it does not repeat another.
    private func survivor(_ record: Record) -> Record? {
        guard !dropsRepeat(record.rid) else { return nil }
        guard let assigner else { return record }
        var record = record
        record.split = assigner.split(of: record, groups: groups)
        return record
    }
}
