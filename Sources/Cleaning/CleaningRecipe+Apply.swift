public import Cryptography
public import Records

extension CleaningRecipe {
    /// Applies the whole recipe to records in memory, global operations included.
    ///
    /// What a streaming caller does in passes: fit; then those that ``GlobalCleaning`` asks for.
    /// `key` is the dataset's seed for the split. Throws if an operation has nothing to learn from.
    public func apply(
        to records: [Record], key: SymmetricKey, tokenCount: (@Sendable (String) -> Int)? = nil
    ) throws(CleaningError) -> (records: [Record], counts: CleaningCounts) {
        var fit = CleaningFit(recipe: self, key: key, tokenCount: tokenCount)
        while fit.needsPass {
            for record in records { fit.collect(record) }
            try fit.finishPass()
        }
        let cleaner = Cleaner(recipe: self, fit: fit, tokenCount: tokenCount)
        var counts = CleaningCounts()
        var kept = records.compactMap { cleaner.clean($0, counts: &counts) }
        var global = GlobalCleaning(recipe: self, key: key, groups: fit.groups)
        while global.needsPass {
            for record in kept { global.collect(record) }
            global.endPass()
        }
        kept = kept.compactMap { record in
            var record = record
            return global.apply(to: &record, counts: &counts) ? record : nil
        }
        return (kept, counts)
    }
}
