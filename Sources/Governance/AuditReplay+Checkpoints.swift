internal import Catalog
internal import Records

/// Checkpoints of runs: a run that goes on must go on from what it had.
extension AuditReplay {
    mutating func visitCheckpoint(_ event: LoggedEvent) {
        guard let run = Self.id(in: event.object, of: "run") else { return }
        switch event.action {
        case "run.checkpoint":
            guard let step = event.facts["step"]?.intValue else { return }
            for dropped in event.facts["dropped"]?.arrayValue ?? [] {
                if let step = dropped.intValue { checkpoints[run]?[step] = nil }
            }
            checkpoints[run, default: [:]][step] = event.facts["digest"] ?? .null
        case "run.finish", "run.discard": checkpoints[run] = nil
        default: break
        }
    }

    mutating func compareCheckpoints(_ reader: CatalogReader) throws {
        for run in try reader.runs() {
            var missing = checkpoints[run.id] ?? [:]
            let steps = Dictionary(
                grouping: try reader.checkpointFiles(of: run.id), by: \.step)
            for (step, files) in steps.sorted(by: { $0.key < $1.key }) {
                rows += 1
                let what = "checkpoint \(step) of run \(run.id)"
                guard let log = missing.removeValue(forKey: step) else {
                    find(.changedRun, what, "\(what) was put in: no event made it")
                    continue
                }
                compare(
                    .changedRun, what,
                    row: ["digest": .string(Hex.encode(CheckpointFileRow.digest(of: files)))],
                    log: ["digest": log])
            }
            for step in missing.keys.sorted() {
                let what = "checkpoint \(step) of run \(run.id)"
                find(.changedRun, what, "\(what) is gone")
            }
        }
    }
}
