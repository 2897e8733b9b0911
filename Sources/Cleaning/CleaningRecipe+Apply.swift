public import Cryptography
public import Records

extension CleaningRecipe {
    /// Applies the whole recipe to records in memory, global operations included.
    ///
    /// What a streaming caller does in two passes: clean and collect; then drop duplicates and
    /// assign the split. `key` is the dataset's seed for the split.
    public func apply(
        to records: [Record], key: SymmetricKey, tokenCount: (@Sendable (String) -> Int)? = nil
    ) -> (records: [Record], counts: CleaningCounts) {
        let cleaner = Cleaner(recipe: self, tokenCount: tokenCount)
        var counts = CleaningCounts()
        var kept = records.compactMap { cleaner.clean($0, counts: &counts) }
        if let rule = duplicates {
            let digests = kept.map(rule.digest(of:))
            var seen = ExactDuplicates()
            for (record, digest) in zip(kept, digests) { seen.collect(digest, rid: record.rid) }
            kept = zip(kept, digests).compactMap { record, digest in
                if seen.keeps(digest, rid: record.rid) { return record }
                counts.drop("exact-duplicate")
                return nil
            }
        }
        if let rule = split {
            var groups = SubjectGroups()
            for record in kept { groups.collect(record.subjects) }
            let assigner = SplitAssigner(rule: rule, key: key)
            for index in kept.indices where kept[index].split == nil {
                kept[index].split = assigner.split(of: kept[index], groups: groups)
                counts.changed["split", default: 0] += 1
            }
        }
        return (kept, counts)
    }
}
