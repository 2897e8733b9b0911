import Catalog
import Governance
import Handoff
import Records
import Redaction

extension Review {
    /// What has been decided and what it says about the residual leak: `tundish review status`.
    public func status(_ reference: String) throws -> Report {
        let review = try ReviewedVersion(reference, in: workspace)
        let summary = try summary(of: review)
        return Report(
            json: summary.json, lines: summary.lines(review.label),
            next: ["tundish review attest \(review.label)"])
    }

    /// Signs what the review found into an attestation on the version: `tundish review attest`.
    public func attest(_ reference: String) throws -> Report {
        let review = try ReviewedVersion(reference, in: workspace)
        let summary = try summary(of: review)
        guard summary.estimate.sampleCount > 0 else {
            throw WorkspaceError(
                .failed, "no passage of the random sample has been looked at: there is no estimate",
                hint: "`tundish review next \(review.label)`, then accept passages or add to them")
        }
        let envelope = try Attestations(workspace).attach(
            AttestationStatement(
                .review, version: Hex.encode(review.version.id), predicate: summary.json),
            to: review.version)
        return Report(
            json: ["envelope": .string(envelope), "predicate": summary.json],
            lines: summary.lines(review.label) + ["attested as \(envelope.prefix(12))"],
            next: ["tundish release \(review.label) --purpose PURPOSE"])
    }

    private func summary(of review: ReviewedVersion) throws -> ReviewSummary {
        let queue = try review.queue(limit: 1, decided: [])
        let decisions = try decisions(of: review.version.id)
        return ReviewSummary(
            decisions: Array(decisions.values), findings: queue.findingCount,
            passages: queue.passageCount, manifest: review.version.manifest)
    }
}

/// What a review has come to.
struct ReviewSummary {
    let estimate: LeakEstimate
    let verdicts: [String: Int]
    let findings: Int
    let reviewers: [String]
    let policyDigest: String?

    init(decisions: [ReviewRow], findings: Int, passages: Int, manifest: [UInt8]) {
        let sample = decisions.filter { $0.item.hasPrefix("s-") }
        estimate = LeakEstimate(
            population: passages, sampleCount: sample.count,
            missCount: sample.count { $0.verdict == .add })
        self.findings = findings
        let judged = decisions.filter { $0.item.hasPrefix("f-") }
        verdicts = Dictionary(grouping: judged, by: \.verdict.rawValue).mapValues(\.count)
        reviewers = Set(decisions.map(\.reviewer)).sorted()
        policyDigest = try? VersionManifest(json: JSONParser.parse(manifest)).policyDigest
    }

    var json: JSONValue {
        [
            "unit": .string("passage of at most \(Passages.limit) bytes"),
            "residualLeak": estimate.json, "findings": .integer(findings),
            "verdicts": .object(verdicts.mapValues { .integer($0) }),
            "reviewers": .array(reviewers.map { .string($0) }),
            "policyDigest": policyDigest.map { .string($0) } ?? .null,
        ]
    }

    func lines(_ label: String) -> [String] {
        let judged = verdicts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            .joined(separator: ", ")
        var lines = [
            "\(label): \(findings) findings, of which people judged "
                + (judged.isEmpty ? "none" : judged),
            "random sample: \(estimate.sampleCount) of \(estimate.population) passages read, "
                + "\(estimate.missCount) with something missed",
        ]
        if let share = estimate.share {
            lines.append(
                "residual leak: \(Self.percent(share)) of passages, 95 % interval "
                    + "\(Self.percent(estimate.lower)) to \(Self.percent(estimate.upper))")
        }
        return lines
    }

    private static func percent(_ share: Double) -> String {
        "\((share * 10_000).rounded() / 100) %"
    }
}
