public import Records

/// A record made out of another one.
public struct AugmentedChild: Sendable, Hashable {
    /// The new record: in the train split, with its parent's label, kind and subjects.
    public let record: Record
    /// The parent.
    public let parent: RecordID
    /// Which child of the parent it is, from 0; a dropped child leaves a gap.
    public let index: Int
    /// What was done, and how often.
    public let edits: [EditKind: Int]
}

/// What became of one parent: `children.count` and `dropped` add up to the children asked for.
public struct AugmentedFamily: Sendable, Hashable {
    /// The children that are kept, by index.
    public internal(set) var children: [AugmentedChild] = []
    /// How many were dropped, by reason.
    public internal(set) var dropped: [DropReason: Int] = [:]
}
