import Ingestion
import Records

extension Ingest {
    func report(
        _ outcome: VersionWriter.Outcome, count: IngestCount, reports: IngestReport
    ) -> Report {
        Report(
            json: [
                "version": .string(outcome.manifest.versionID), "label": .string(outcome.label),
                "new": .bool(outcome.isNew), "counts": count.json,
                "files": .array(reports.files.map(\.json)),
                "drift": .array(reports.drift.map(\.json)),
            ],
            lines: reports.lines + [
                count.text,
                outcome.isNew
                    ? "\(outcome.label): \(outcome.manifest.count) records, "
                        + "\(outcome.segments) segments "
                        + "(\(outcome.reusedSegments) shared with earlier versions)"
                    : "\(outcome.label) holds exactly this already: no new version",
            ],
            next: [
                "tundish profile \(outcome.label)", "tundish clean \(outcome.label)",
            ] + (count.quarantined.isEmpty ? [] : ["tundish quarantine list \(dataset)"]),
            verdict: verdict(of: count))
    }

    /// What a dry run tells: how each file would be read, and everything but a version.
    func dryReport(
        count: IngestCount, reports: IngestReport, preview: [FilePreview]
    ) -> Report {
        Report(
            json: [
                "dryRun": true, "counts": count.json,
                "preview": .array(preview.map(\.json)),
                "files": .array(reports.files.map(\.json)),
                "drift": .array(reports.drift.map(\.json)),
            ],
            lines: preview.flatMap(\.lines) + reports.lines + [
                count.text, "nothing was changed: \(count.accepted) records would go in",
            ], verdict: verdict(of: count))
    }

    private func verdict(of count: IngestCount) -> Report.Verdict {
        if count.accepted == 0 { return .checksFailed }
        return isStrict && !count.quarantined.isEmpty ? .checksFailed : .passed
    }
}
