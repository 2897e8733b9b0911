import Handoff
import Records

/// Checks an exported model without the workspace: `tundish verify`.
public struct VerifyModel: Sendable {
    /// The exported folder.
    public var folder: String
    /// The verifier key that the checker trusts.
    public var trustedKey: String?

    /// Makes the request.
    public init(folder: String, trustedKey: String?) {
        self.folder = folder
        self.trustedKey = trustedKey
    }

    /// Digests, signature, inclusion, checkpoint.
    public func run() throws -> Report {
        let exported = ExportedModel(folder: folder, trustedKey: trustedKey)
        if exported.isThere { return try report(on: exported) }
        guard Files.exists(folder + "/provenance.dsse.json") else {
            throw WorkspaceError(
                .notFound, "\(folder) holds no exported model with its provenance",
                hint: "make one with `tundish model export NAME DIR`")
        }
        let report = try ModelVerifier(trusted: trustedKey).verify(folder: folder)
        return Report(
            json: [
                "verdict": .string(report.verdict.rawValue),
                "checks": .array(
                    report.checks.map {
                        [
                            "name": .string($0.name), "passed": .bool($0.passed),
                            "detail": .string($0.detail),
                        ]
                    }), "statement": report.statement?.json ?? .null,
            ],
            lines: report.checks.map {
                ($0.passed ? "ok      " : "FAILED  ") + "\($0.name): \($0.detail)"
            } + [Self.sentence(report.verdict)], verdict: Self.verdict(report.verdict))
    }

    /// A merged or converted model: what the log says of the export.
    private func report(on exported: ExportedModel) throws -> Report {
        let checks = try exported.checks()
        let verdict: VerificationReport.Verdict =
            !checks.allSatisfy(\.passed)
            ? .failed : trustedKey == nil ? .consistentSignerUnknown : .verified
        return Report(
            json: [
                "verdict": .string(verdict.rawValue),
                "checks": .array(
                    checks.map {
                        [
                            "name": .string($0.name), "passed": .bool($0.passed),
                            "detail": .string($0.detail),
                        ]
                    }), "statement": .null,
            ],
            lines: checks.map {
                ($0.passed ? "ok      " : "FAILED  ") + "\($0.name): \($0.detail)"
            } + [Self.sentence(verdict)], verdict: Self.verdict(verdict))
    }

    private static func verdict(_ verdict: VerificationReport.Verdict) -> Report.Verdict {
        switch verdict {
        case .verified: .passed
        case .consistentSignerUnknown: .checksFailed
        case .failed: .integrityViolated
        }
    }

    private static func sentence(_ verdict: VerificationReport.Verdict) -> String {
        switch verdict {
        case .verified: "verified"
        case .consistentSignerUnknown:
            "consistent, signer unknown: give the signer's verifier key with --trust"
        case .failed: "NOT verified"
        }
    }
}
