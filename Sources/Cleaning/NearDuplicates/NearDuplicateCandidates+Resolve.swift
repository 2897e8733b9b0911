internal import Records

extension NearDuplicateCandidates {
    /// With how many of the following members a member of a bucket is compared. A bucket of more
    /// that are not near each other is what text from a template makes; all pairs of it would be
    /// quadratic work. Skipped pairs are counted.
    private static let window = 512

    /// Compares the candidates exactly and joins the near ones to clusters.
    public func resolve() -> NearDuplicateClusters {
        var parents = Array(0..<UInt32(ranks.count))
        var counts = NearDuplicateClusters.Counts()
        var start = 0
        var bucket = 0
        for bandEnd in buckets.bandEnds {
            while bucket < bandEnd {
                let members = buckets.members[start..<buckets.ends[bucket]]
                join(members, &parents, &counts)
                start = buckets.ends[bucket]
                bucket += 1
            }
        }
        var best: [UInt32: KeepRank] = [:]
        var sizes: [UInt32: Int] = [:]
        for index in parents.indices {
            let root = Self.root(UInt32(index), &parents)
            sizes[root, default: 0] += 1
            if let known = best[root], known < ranks[index] { continue }
            best[root] = ranks[index]
        }
        var repeats: [RecordID: NearDuplicateClusters.Repeat] = [:]
        for index in parents.indices {
            guard let kept = best[parents[index]], sizes[parents[index], default: 1] > 1,
                kept.rid != ranks[index].rid
            else { continue }
            repeats[ranks[index].rid] = NearDuplicateClusters.Repeat(
                kept: kept.rid, crossesSplit: kept.part < 2 && kept.part != ranks[index].part)
        }
        counts.clusters = sizes.values.reduce(0) { $0 + ($1 > 1 ? 1 : 0) }
        counts.largest = sizes.values.max() ?? 0
        return NearDuplicateClusters(
            rule: rule, records: ranks.count, repeats: repeats, counts: counts, measure: measure)
    }

    private func join(
        _ members: ArraySlice<UInt32>, _ parents: inout [UInt32],
        _ counts: inout NearDuplicateClusters.Counts
    ) {
        for (offset, first) in members.enumerated() {
            let rest = members.dropFirst(offset + 1)
            if rest.count > Self.window { counts.skipped += rest.count - Self.window }
            guard let one = sets[first] else { continue }
            for second in rest.prefix(Self.window) {
                let (a, b) = (Self.root(first, &parents), Self.root(second, &parents))
                guard a != b, let other = sets[second] else { continue }
                // Sets whose sizes differ more than the threshold allows cannot be near.
                let (small, large) = (min(one.count, other.count), max(one.count, other.count))
                guard Double(small) >= rule.threshold * Double(large) else { continue }
                counts.compared += 1
                guard Jaccard.similarity(one, other) >= rule.threshold else { continue }
                counts.near += 1
                parents[Int(max(a, b))] = min(a, b)
            }
        }
    }

    /// The smallest member of the cluster, with the way to it made short.
    private static func root(_ index: UInt32, _ parents: inout [UInt32]) -> UInt32 {
        var current = index
        while parents[Int(current)] != current {
            parents[Int(current)] = parents[Int(parents[Int(current)])]
            current = parents[Int(current)]
        }
        parents[Int(index)] = current
        return current
    }
}

/// The Jaccard similarity of two sets: |A ∩ B| / |A ∪ B|.
enum Jaccard {
    /// Of two sorted sets; 1 for two empty ones. Complexity: O(a + b).
    static func similarity(_ a: [UInt64], _ b: [UInt64]) -> Double {
        let (left, right) = (a.span, b.span)
        var (i, j, shared) = (0, 0, 0)
        while i < left.count, j < right.count {
            let (x, y) = (left[i], right[j])
            if x == y { shared &+= 1 }
            i &+= x <= y ? 1 : 0
            j &+= y <= x ? 1 : 0
        }
        return of(shared: shared, a.count, b.count)
    }

    /// From the number of shared elements.
    static func of(shared: Int, _ a: Int, _ b: Int) -> Double {
        a + b == 0 ? 1 : Double(shared) / Double(a + b - shared)
    }
}
