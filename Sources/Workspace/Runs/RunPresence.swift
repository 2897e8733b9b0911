import Catalog
import FoundationEssentials
import Glibc
import Governance
import Records

/// Shows that the process which drives a run is alive: a lock that dies with it.
final class RunPresence {
    private let descriptor: Int32
    private let path: String

    /// Takes the lock of a run.
    init(_ run: String, in workspace: OpenWorkspace) throws {
        path = try workspace.runFolder(run) + ".lock"
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw WorkspaceError(.failed, "cannot open \(path): \(errnoText())")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw WorkspaceError(
                .conflict, "the run \(run) is driven by another process",
                hint: "`tundish run stop` asks it to stop")
        }
    }

    /// Gives the lock back.
    func end() {
        unsafe unlink(path)
        close(descriptor)
    }

    /// Whether nobody drives a run any more.
    static func isGone(_ run: String, in workspace: OpenWorkspace) -> Bool {
        let path = workspace.folder + "/runs/" + run + ".lock"
        let descriptor = unsafe open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return true }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_EX | LOCK_NB) == 0
    }

    /// Ends runs whose process was killed: they failed, and their leases end. Their checkpoints stay,
    /// so that they can go on.
    ///
    /// - Returns: the ids of the runs that were closed.
    static func closeDeadRuns(in workspace: OpenWorkspace) throws -> [String] {
        var closed: [String] = []
        for run in try workspace.catalog.read({ try $0.runs() })
        where (run.state == .running || run.state == .stopping) && isGone(run.id, in: workspace) {
            var failed = run
            failed.state = .failed
            failed.finished = .now
            let row = failed
            try workspace.catalog.commit(
                EventDraft(
                    "run.fail", object: "run:\(run.id)", outcome: .failed,
                    facts: ["reason": "its process is gone"]), signer: workspace.session.signer
            ) { try $0.update(row) }
            let folder = workspace.folder + "/runs/" + run.id
            try? FileManager.default.removeItem(atPath: folder)
            unsafe unlink(folder + ".lock")
            closed.append(run.name)
        }
        return closed
    }
}
