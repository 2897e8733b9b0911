/// How children are made. Each method keeps the label right by leaving alone what carries it.
public enum AugmentationMethod: String, Sendable, CaseIterable {
    /// Typed placeholders are filled with fresh made-up values, then light edits are applied.
    case placeholderSurrogates = "placeholder-surrogates"
    /// Slips of the hand, casing and word order, after Easy Data Augmentation (Wei, Zou 2019),
    /// without its synonym step; placeholders stay.
    case lightEdits = "light-edits"
}

/// What the parents are. There is no case for raw records: they cannot be augmented.
public enum ParentStage: String, Sendable, CaseIterable {
    /// Records of a redacted version.
    case redacted
    /// Records of a version that has generated children already.
    case synthetic
}

/// One thing that was done to a text.
public enum EditKind: String, Sendable, Hashable, CaseIterable {
    /// A placeholder became a made-up value.
    case surrogate
    /// Two neighbouring letters changed places.
    case typo
    /// Two neighbouring words changed places.
    case swap
    /// An article was left out.
    case deletion
    /// The first letter, or everything, became lower case.
    case casing
    /// The last full stop was left out.
    case punctuation
    /// Two neighbouring sentences changed places.
    case sentenceSwap = "sentence-swap"
}

/// Why a child was not made or not kept.
public enum DropReason: String, Sendable, Hashable, CaseIterable {
    /// The parent is not in the train split.
    case notTrainSplit = "not-train-split"
    /// The parent has no text to work on.
    case noText = "no-text"
    /// Nothing changed.
    case identicalToParent = "identical-to-parent"
    /// An earlier child of the same parent has the same fields.
    case identicalToSibling = "identical-to-sibling"
    /// The scan found personal data that is not a made-up value.
    case personalDataFound = "personal-data-found"
    /// The scan failed, so that nothing is known: the child is held back.
    case scanFailed = "scan-failed"
}
