/// Finds personal data under a policy and replaces it.
///
/// ```swift
/// let redactor = try Redactor(policy: policy)
/// let result = try redactor.redact(text: Array("Mail jo@shop.org".utf8))
/// // "Mail [EMAIL_ADDRESS_1]"
/// ```
///
/// A value, safe to use from any thread. Every method either succeeds or throws: a text that could
/// not be processed is never passed on as clean.
public struct Redactor: Sendable {
    /// The policy.
    public let policy: Policy
    let detectors: [any Detector]
    let keys: RedactionKeys
    let reviewed: ReviewedValues

    /// The detector of whole values that are personal data by their field's name.
    static let fieldDetector = "field"

    /// The built-in recognisers and the learned tagger.
    public static var bundledDetectors: [any Detector] {
        var list: [any Detector] = [Scanners()]
        if let tagger = Tagger.bundled { list.append(tagger) }
        return list
    }

    /// Makes a redactor.
    ///
    /// - Parameter reviewed: what people decided about values of this dataset.
    /// - Throws: `key` when the policy's operators need a key or a table that `keys` does not hold.
    public init(
        policy: Policy, detectors: [any Detector] = Redactor.bundledDetectors,
        keys: RedactionKeys = .none, reviewed: ReviewedValues = ReviewedValues()
    ) throws(RedactionError) {
        for need in policy.needs where !keys.has(need) {
            throw RedactionError(
                .key, "policy ‘\(policy.name)’ needs a \(need.rawValue), and there is none",
                hint: "redact inside a workspace, or hand one in with RedactionKeys")
        }
        self.policy = policy
        self.detectors =
            policy.specialCategories == .ignore ? detectors : detectors + [SpecialCategories()]
        self.keys = keys
        self.reviewed = reviewed
    }

    /// The digest of each detector by name, for a version's manifest.
    public var detectorDigests: [String: [UInt8]] {
        Dictionary(detectors.map { ($0.name, $0.digest) }, uniquingKeysWith: { a, _ in a })
    }

    /// The findings in one text: sorted, never overlapping, above their type's threshold.
    ///
    /// - Throws: `encoding` when `text` is not UTF-8, `pattern` when a policy's pattern gives up.
    public func scan(
        _ text: [UInt8], context: FieldContext = FieldContext()
    ) throws(RedactionError) -> [Finding] {
        let found = try candidates(in: text, context)
        let first = resolve(found, in: text)
        guard policy.documentPass != .off else { return first }
        var document = DocumentPass()
        collect(found, first, text, into: &document)
        let again = document.findings(in: text)
        return again.isEmpty ? first : resolve(found + again, in: text)
    }

    /// Scans one text and replaces what is found.
    public func redact(
        text: [UInt8], context: FieldContext = FieldContext()
    ) throws(RedactionError) -> RedactedText {
        let findings = try scan(text, context: context)
        var rewriter = Rewriter(policy: policy, keys: keys)
        rewriter.know(people: findings.filter { $0.type == .person }.map { text[$0.range] })
        let result = try rewriter.rewrite(text, findings)
        return RedactedText(text: result.text, findings: findings, operators: result.operators)
    }

    // MARK: Steps, shared with records

    /// All findings of all detectors, before thresholds and resolution.
    func candidates(in text: [UInt8], _ context: FieldContext) throws(RedactionError) -> [Finding] {
        guard text.count < Int(Int32.max) else {
            throw RedactionError(
                .tooLarge, "a text is 2 GiB or larger", hint: "split it into records")
        }
        guard String(validating: text, as: UTF8.self) != nil else {
            throw RedactionError(
                .encoding, "a text is not UTF-8", hint: "ingest it with its encoding")
        }
        if text.isEmpty { return [] }
        var found = try detected(in: text, context)
        if let plain = PlainText(text) {
            found += try detected(in: plain.bytes, context).map { finding in
                var finding = finding
                finding.range = plain.source(of: finding.range)
                return finding
            }
        }
        if let type = policy.fieldType(context), let range = trimmed(text) {
            found.append(
                Finding(
                    type: type, range: range, score: 1, detector: Redactor.fieldDetector,
                    validation: .context))
        }
        return found
    }

    /// What detectors, the policy's recognisers and reviewers' decisions find.
    private func detected(
        in text: [UInt8], _ context: FieldContext
    ) throws(RedactionError) -> [Finding] {
        let view = DocumentView(text, context: context)
        var found: [Finding] = []
        for detector in detectors {
            for finding in detector.findings(in: view) {
                guard finding.range.lowerBound >= 0, finding.range.upperBound <= text.count else {
                    throw RedactionError(
                        .detector, "‘\(detector.name)’ found a span outside the text")
                }
                if LabelWords.isLabel(finding, in: text) { continue }
                if finding.detector == Tagger.detectorName,
                    PlainForms.isPlain(finding, in: text, context)
                {
                    continue
                }
                found.append(Plausibility.weighed(finding, in: text))
            }
        }
        if policy.isCoded(context) {
            let isSystem = CodeSystem.isName(text)
            found.removeAll { isSystem || $0.validation != .checksumValid }
        }
        for recogniser in policy.recognisers { found += try recogniser.findings(in: text) }
        found += try reviewed.findings(in: text)
        return found
    }

    /// Drops what the policy does not want, then resolves overlaps; kept types give way.
    func resolve(_ candidates: [Finding], in text: [UInt8]) -> [Finding] {
        var replaced: [Finding] = []
        var kept: [Finding] = []
        for var finding in candidates {
            let rule = policy.rule(for: finding.type)
            guard finding.score >= rule.threshold, !finding.range.isEmpty else { continue }
            if finding.detector != Redactor.fieldDetector, isAllowed(text[finding.range]) {
                continue
            }
            if reviewed.isAllowed(finding, in: text) { continue }
            finding.range = onCharacters(finding.range, text)
            if rule.operator == .keep { kept.append(finding) } else { replaced.append(finding) }
        }
        let first = OverlapRule.resolve(replaced, in: text)
        guard !kept.isEmpty else { return first }
        let free = OverlapRule.resolve(kept, in: text).filter { finding in
            !first.contains { $0.range.overlaps(finding.range) }
        }
        return (first + free).sorted { $0.range.lowerBound < $1.range.lowerBound }
    }

    /// Adds what was found in a text to what is looked for again: a field's whole value even
    /// where a better finding has taken a part of it, and everything that was resolved.
    func collect(
        _ candidates: [Finding], _ resolved: [Finding], _ text: [UInt8],
        into document: inout DocumentPass
    ) {
        let fields = candidates.filter { $0.detector == Redactor.fieldDetector }
        for finding in fields + resolved where policy.rule(for: finding.type).operator != .keep {
            document.add(finding, in: text)
        }
    }

    /// Whether every word of a value is on the policy's allow list, or the value as a whole.
    private func isAllowed(_ value: ArraySlice<UInt8>) -> Bool {
        guard !policy.allowedWords.isEmpty, value.count < 256 else { return false }
        let text = String(decoding: value, as: UTF8.self).lowercased()
        if policy.allowedWords.contains(text) { return true }
        let words = text.split { !($0.isLetter || $0.isNumber) }
        return !words.isEmpty && words.allSatisfy { policy.allowedWords.contains(String($0)) }
    }

    /// Widens a range to whole code points.
    private func onCharacters(_ range: Range<Int>, _ text: [UInt8]) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start > 0, text[start] & 0xC0 == 0x80 { start -= 1 }
        while end < text.count, text[end] & 0xC0 == 0x80 { end += 1 }
        return start..<end
    }

    private func trimmed(_ text: [UInt8]) -> Range<Int>? {
        guard let start = text.firstIndex(where: { !$0.isSpace }),
            let end = text.lastIndex(where: { !$0.isSpace })
        else { return nil }
        return start..<(end + 1)
    }
}

/// A text after redaction.
public struct RedactedText: Sendable, Hashable {
    /// The text with every finding replaced, UTF-8.
    public let text: [UInt8]
    /// What was found; ranges are in the source text.
    public let findings: [Finding]
    /// The operator of each finding.
    public let operators: [RedactionOperator]
}
