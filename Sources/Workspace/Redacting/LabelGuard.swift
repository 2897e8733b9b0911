import Records
import Redaction

/// Class labels are kept as they are, so they must be labels: few, and no identifiers.
final class LabelGuard {
    private static let most = 1_000
    private let scanner: Redactor
    private var labels: Set<String> = []

    init(policy: Policy) throws {
        scanner = try Redactor(
            policy: policy, detectors: [Scanners()], keys: .ephemeral())
    }

    func check(_ records: [Record]) throws {
        for record in records where record.kind == .labelled {
            guard let label = record.text("label"), labels.insert(label).inserted else { continue }
            guard labels.count <= Self.most, try scanner.scan(Array(label.utf8)).isEmpty else {
                throw WorkspaceError(
                    .failed,
                    labels.count > Self.most
                        ? "the label column has more than \(Self.most) different values: it is data"
                        : "the label column holds personal data, and labels are kept as they are",
                    hint: "ingest again with --map label=COLUMN naming the column of the classes")
            }
        }
    }
}
