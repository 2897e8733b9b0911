internal import Cryptography
public import Records
public import Redaction

/// Makes label-safe children out of redacted records of the train split.
///
///     let augmenter = try Augmenter(method: .placeholderSurrogates, seed: seed)
///     let family = try augmenter.children(of: record, stage: .redacted, childID: …, scan: …)
///
/// A pure function of the parent, the seed and the parameters: neither the order of records nor
/// the process matters. Every string of a child is scanned again; a child in which anything but a
/// made-up value is found is dropped, and so is one that equals its parent or a sibling.
public struct Augmenter: Sendable {
    /// How children are made.
    public let method: AugmentationMethod
    /// How many are tried for each parent.
    public let childrenPerParent: Int
    /// The share of words that is edited.
    public let strength: Double

    private let seed: [UInt8]

    /// Sets up a method.
    ///
    /// - Throws: ``AugmentationError`` when `seed` is empty, `childrenPerParent` is outside 1…32 or
    ///   `strength` is outside 0…0.2 (beyond it, labels suffer: Wei, Zou 2019, §3.3).
    public init(
        method: AugmentationMethod, seed: [UInt8], childrenPerParent: Int = 1,
        strength: Double = 0.05
    ) throws(AugmentationError) {
        guard (1...32).contains(childrenPerParent) else {
            throw AugmentationError(
                code: .childCount, message: "\(childrenPerParent) children per parent",
                hint: "Ask for 1 to 32.")
        }
        guard (0...0.2).contains(strength) else {
            throw AugmentationError(
                code: .strength, message: "strength \(strength) would change what texts mean",
                hint: "Use 0 to 0.2.")
        }
        guard !seed.isEmpty else {
            throw AugmentationError(
                code: .seed, message: "the seed is empty", hint: "Give the recipe's seed.")
        }
        self.method = method
        self.seed = seed
        self.childrenPerParent = childrenPerParent
        self.strength = strength
    }

    /// The parameters, for the recipe; the seed is not among them.
    public var parameters: JSONValue {
        [
            "childrenPerParent": .integer(childrenPerParent), "method": .string(method.rawValue),
            "revision": .integer(1), "strength": .double(strength),
        ]
    }

    /// SHA-256 over the parameters and the seed: names the operation in children's ids.
    public var operationDigest: [UInt8] {
        SHA256.hash(CanonicalJSON.encode(parameters) + SHA256.hash(seed))
    }

    /// The children of `parent`.
    ///
    /// - Parameters:
    ///   - stage: what the parent is; raw records cannot be named.
    ///   - childID: the id of child `index` under the dataset's key.
    ///   - scan: all personal data in a text of the field, kept types left out.
    /// - Throws: what `childID` throws. When `scan` throws, the child is dropped.
    public func children(
        of parent: Record, stage: ParentStage,
        childID: (_ parent: RecordID, _ operationDigest: [UInt8], _ index: Int) throws -> RecordID,
        scan: (_ text: [UInt8], _ field: String) throws -> [Finding]
    ) throws -> AugmentedFamily {
        var family = AugmentedFamily()
        guard parent.split == .train else {
            family.dropped[.notTrainSplit] = childrenPerParent
            return family
        }
        guard EditableText.exists(in: parent) else {
            family.dropped[.noText] = childrenPerParent
            return family
        }
        let digest = operationDigest
        for index in 0..<childrenPerParent {
            let random = SeededRandom(
                key: seed, tag: "augment/\(method.rawValue)/\(index)/", rid: parent.rid)
            var maker = ChildMaker(random: random, method: method, strength: strength)
            let fields = maker.fields(of: parent)
            if let reason = drop(fields, maker.madeUp, parent, family.children, scan) {
                family.dropped[reason, default: 0] += 1
                continue
            }
            let record = Record(
                rid: try childID(parent.rid, digest, index), kind: parent.kind, fields: fields,
                split: .train, subjects: parent.subjects)
            family.children.append(
                AugmentedChild(
                    record: record, parent: parent.rid, index: index, edits: maker.edits))
        }
        return family
    }

    /// Why a child with these fields is not kept; nil when it is.
    private func drop(
        _ fields: [String: JSONValue], _ madeUp: [String: [Range<Int>]], _ parent: Record,
        _ siblings: [AugmentedChild], _ scan: ([UInt8], String) throws -> [Finding]
    ) -> DropReason? {
        if fields == parent.fields { return .identicalToParent }
        if siblings.contains(where: { $0.record.fields == fields }) { return .identicalToSibling }
        for (path, text) in FieldTexts.all(in: fields) {
            let bytes = Array(text.utf8)
            guard let findings = try? scan(bytes, path) else { return .scanFailed }
            let allowed = madeUp[path] ?? []
            for finding in findings
            where Self.hasPersonalData(bytes, finding.range, outside: allowed) {
                return .personalDataFound
            }
        }
        return nil
    }

    /// Whether a letter or digit of `range` lies outside the made-up values.
    private static func hasPersonalData(
        _ text: [UInt8], _ range: Range<Int>, outside allowed: [Range<Int>]
    ) -> Bool {
        range.clamped(to: 0..<text.count).contains { at in
            let byte = text[at]
            let isWord =
                byte >= 0x80 || (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20)
            return isWord && !allowed.contains { $0.contains(at) }
        }
    }
}
