public import Records

/// People who share a record have to share a part of the split, and so do those who share a record
/// with them: the connected groups of subjects, by union–find.
///
/// A subject that never shared a record represents itself and takes no memory. The representative
/// is the smallest subject of the group, so it depends neither on order nor on shards.
public struct SubjectGroups: Sendable {
    private var parent: [SubjectID: SubjectID] = [:]

    /// No groups.
    public init() {}

    /// Notes the subjects of one record.
    public mutating func collect(_ subjects: [SubjectID]) {
        guard let first = subjects.first, subjects.count > 1 else { return }
        for other in subjects.dropFirst() { unite(first, other) }
    }

    /// Adds the groups of another part of the data.
    public mutating func merge(_ other: SubjectGroups) {
        for (subject, parent) in other.parent { unite(subject, parent) }
    }

    /// The smallest subject of the group that `subject` is in.
    public func representative(of subject: SubjectID) -> SubjectID {
        var current = subject
        while let next = parent[current], next != current { current = next }
        return current
    }

    /// Whether nobody shares a record.
    public var isEmpty: Bool { parent.isEmpty }

    private mutating func unite(_ a: SubjectID, _ b: SubjectID) {
        let (x, y) = (root(a), root(b))
        if x < y { parent[y] = x } else if y < x { parent[x] = y }
    }

    /// The representative, with the way to it made short.
    private mutating func root(_ subject: SubjectID) -> SubjectID {
        let top = representative(of: subject)
        var current = subject
        while let next = parent[current], next != top {
            parent[current] = top
            current = next
        }
        return top
    }
}
