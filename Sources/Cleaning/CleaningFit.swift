public import Cryptography
public import Records

/// What a recipe has to learn from the whole dataset before it can clean the first record.
///
/// ```swift
/// var fit = CleaningFit(recipe: recipe, key: splitKey)
/// while fit.needsPass {
///     for record in records { fit.collect(record) }    // uncleaned, every one
///     try fit.finishPass()
/// }
/// let cleaner = Cleaner(recipe: recipe, fit: fit)
/// ```
///
/// Rules:
/// 1. Each operation that learns takes a pass of its own, and sees records as the operations above
///    it leave them.
/// 2. Statistics of `missing` come from records of the train part alone. A record that has a part
///    says so itself; for another it is the part that the recipe will put it into, so that nothing
///    of validation and test leaks into what a model learns from. For that, people who share
///    records have to be known first: ``groups``.
/// 3. A fit does not depend on the order of records, nor on how they are spread over shards.
public struct CleaningFit: Sendable {
    private enum Pass: Sendable {
        case groups
        case boilerplate(Int, BoilerplateRule)
        case missing(Int, MissingRule, MissingStatistic)
    }

    private let recipe: CleaningRecipe
    private let assigner: SplitAssigner?
    private let tokenCount: (@Sendable (String) -> Int)?
    private var passes: [Pass] = []
    private var cleaner: Cleaner
    private var lines = BoilerplateCounts()
    private var values = MissingValues()
    private var seen = SubjectGroups()
    private(set) var fitted = FittedOperations()

    /// The groups of people who share records, if the fit had to know them. The split then has to
    /// be assigned by these.
    public private(set) var groups: SubjectGroups?

    /// Nothing learned. `key` is the dataset's seed for the split.
    public init(
        recipe: CleaningRecipe, key: SymmetricKey, tokenCount: (@Sendable (String) -> Int)? = nil
    ) {
        self.recipe = recipe
        self.tokenCount = tokenCount
        // A stratified split is known only when all is clean: then frozen parts alone are learned
        // from.
        assigner = recipe.split.flatMap {
            $0.stratify == nil ? SplitAssigner(rule: $0, key: key) : nil
        }
        for (index, operation) in recipe.operations.enumerated() {
            switch operation {
            case .boilerplate(let rule): passes.append(.boilerplate(index, rule))
            case .missing(let rule):
                guard case .statistic(let statistic) = rule.action else { continue }
                passes.append(.missing(index, rule, statistic))
            default: break
            }
        }
        let learnsFromTrain = passes.contains { if case .missing = $0 { true } else { false } }
        if learnsFromTrain, case .subject = recipe.split?.group { passes.insert(.groups, at: 0) }
        cleaner = Cleaner(recipe: CleaningRecipe(operations: []))
        prepare()
    }

    /// Whether every record has to be collected once more.
    public var needsPass: Bool { !passes.isEmpty }

    /// Notes one record of the dataset, as it is before cleaning.
    public mutating func collect(_ record: Record) {
        guard let pass = passes.first else { return }
        var ignored = CleaningCounts()
        switch pass {
        case .groups: seen.collect(record.subjects)
        case .boilerplate(_, let rule):
            guard let cleaned = cleaner.clean(record, counts: &ignored) else { return }
            lines.collect(cleaned, rule: rule)
        case .missing(_, let rule, let statistic):
            guard let cleaned = cleaner.clean(record, counts: &ignored) else { return }
            values.collect(cleaned, rule: rule, statistic: statistic, isTrain: isTrain(cleaned))
        }
    }

    /// Adds what another part of the data noted in the same pass.
    public mutating func merge(_ other: CleaningFit) {
        lines.merge(other.lines)
        values.merge(other.values)
        seen.merge(other.seen)
    }

    /// Ends a pass. Throws if a field has no values in the train part.
    public mutating func finishPass() throws(CleaningError) {
        guard let pass = passes.first else { return }
        switch pass {
        case .groups: groups = seen
        case .boilerplate(let index, _): fitted.lines[index] = lines
        case .missing(let index, _, let statistic):
            fitted.values[index] = try values.fitted(statistic)
        }
        lines = BoilerplateCounts()
        values = MissingValues()
        passes.removeFirst()
        prepare()
    }

    /// The cleaner of what stands above the operation of the next pass.
    private mutating func prepare() {
        let index: Int
        switch passes.first {
        case .boilerplate(let place, _), .missing(let place, _, _): index = place
        case .groups, nil: return
        }
        let above = CleaningRecipe(operations: Array(recipe.operations[..<index]))
        cleaner = Cleaner(recipe: above, fitted: fitted, tokenCount: tokenCount)
    }

    private func isTrain(_ record: Record) -> Bool {
        if let split = record.split { return split == .train }
        return assigner?.split(of: record, groups: groups) == .train
    }
}

/// What operations have learned, by their place in the recipe.
struct FittedOperations: Sendable {
    var lines: [Int: BoilerplateCounts] = [:]
    var values: [Int: [String: JSONValue]] = [:]
}
