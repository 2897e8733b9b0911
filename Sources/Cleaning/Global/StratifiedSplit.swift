public import Records

/// Decides the parts of whole groups so that each part gets its share of every value of a field:
/// greedily, the largest groups first, each into the least filled part among those it overfills
/// least. Frozen records count where they are, and draw their group there.
///
/// With groups of one record, each part has at most one record more of each value than its share,
/// and less than two fewer. Larger groups can miss it by up to their size.
///
/// Memory: about 64 bytes a record. Nothing depends on the order of records or on shards.
public struct StratifiedSplit: Sendable {
    private struct Member: Sendable {
        let rid: RecordID
        /// The subject that stands for the group, if people make the groups.
        let subject: SubjectID?
        /// The group's point, unless a subject stands for it.
        let point: UInt64
        let stratum: UInt64
        let frozen: Split?
    }

    /// A group with its records by stratum.
    struct Group: Sendable {
        var strata: [UInt64: Int] = [:]
        var total = 0
        var frozen: Split?
    }

    private let assigner: SplitAssigner
    private var members: [Member] = []

    /// Nothing collected.
    public init(assigner: SplitAssigner) { self.assigner = assigner }

    /// Notes one record.
    public mutating func collect(_ record: Record) {
        var subject: SubjectID?
        if case .subject = assigner.rule.group { subject = record.subjects.first }
        let point =
            subject == nil ? assigner.point(of: assigner.groupID(of: record, groups: nil)) : 0
        let value = assigner.rule.stratify.flatMap { record.fields[$0] } ?? .null
        members.append(
            Member(
                rid: record.rid, subject: subject, point: point,
                stratum: DistinctCounter.hash(CanonicalJSON.encode(value)), frozen: record.split))
    }

    /// Adds what another part of the data has.
    public mutating func merge(_ other: StratifiedSplit) { members += other.members }

    /// The assigner that knows each group's part. `groups` are the people who share records;
    /// records that are dropped do not count.
    public func assign(
        groups: SubjectGroups, dropping drops: (RecordID) -> Bool
    ) -> SplitAssigner {
        var byPoint: [UInt64: Group] = [:]
        var points: [SubjectID: UInt64] = [:]
        for member in members where !drops(member.rid) {
            var point = member.point
            if let subject = member.subject {
                let leader = groups.representative(of: subject)
                if let known = points[leader] {
                    point = known
                } else {
                    point = assigner.point(of: Array("subject\0".utf8) + leader.bytes)
                    points[leader] = point
                }
            }
            var group = byPoint[point] ?? Group()
            if let frozen = member.frozen {
                // Frozen in several parts: the evaluation one, so that no later record leaks it.
                let isFirst = (frozen as Split?).keepOrder < group.frozen.keepOrder
                if group.frozen == nil || isFirst { group.frozen = frozen }
            }
            group.strata[member.stratum, default: 0] += 1
            group.total += 1
            byPoint[point] = group
        }
        var result = assigner
        result.assigned = Self.assign(byPoint, fractions: assigner.rule.fractions)
        return result
    }

    /// The part of each group.
    static func assign(
        _ groups: [UInt64: Group], fractions: SplitFractions
    ) -> [UInt64: Split] {
        let parts = Split.allCases.filter { fractions.millionths(of: $0) > 0 }
        var totals: [UInt64: Int] = [:]
        for group in groups.values { totals.merge(group.strata, uniquingKeysWith: +) }
        // What a part may have of a stratum, rounded up, and what it has; in whole numbers.
        var room: [Split: [UInt64: Int]] = [:]
        for part in parts {
            let share = Int(fractions.millionths(of: part))
            room[part] = totals.mapValues { ($0 * share + 999_999) / 1_000_000 }
        }
        var filled: [Split: Int] = [:]
        var result: [UInt64: Split] = [:]
        func put(_ group: Group, _ point: UInt64, _ part: Split) {
            result[point] = part
            filled[part, default: 0] += group.total
            for (stratum, count) in group.strata { room[part]?[stratum, default: 0] -= count }
        }
        let order = groups.keys.sorted { left, right in
            let (a, b) = (groups[left]?.total ?? 0, groups[right]?.total ?? 0)
            return a != b ? a > b : left < right
        }
        for point in order {
            if let group = groups[point], let part = group.frozen { put(group, point, part) }
        }
        for point in order {
            guard let group = groups[point], group.frozen == nil else { continue }
            var best: (part: Split, over: Int)?
            for part in parts {
                let over = group.strata.reduce(0) { sum, stratum in
                    sum + max(0, stratum.value - max(0, room[part]?[stratum.key] ?? 0))
                }
                if let known = best {
                    // Which is less filled, without dividing: a/x < b/y is a·y < b·x.
                    let mine = (filled[part] ?? 0) * Int(fractions.millionths(of: known.part))
                    let theirs = (filled[known.part] ?? 0) * Int(fractions.millionths(of: part))
                    guard over < known.over || (over == known.over && mine < theirs) else {
                        continue
                    }
                }
                best = (part, over)
            }
            if let best { put(group, point, best.part) }
        }
        return result
    }
}
