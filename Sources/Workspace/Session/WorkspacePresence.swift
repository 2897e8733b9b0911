import Glibc

/// A shared lock on the workspace, held by every process that has it open and gone with the
/// process, however that ends. Who finds itself alone may sweep what no catalog row names.
final class WorkspacePresence: Sendable {
    private let descriptor: Int32

    /// Takes the lock; a folder that cannot be locked counts as one with others in it.
    init(folder: String) {
        let path = folder + "/.lock"
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        if descriptor >= 0 { _ = flock(descriptor, LOCK_SH) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Whether nobody else has the workspace open right now.
    func isAlone() -> Bool {
        guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            // A failed conversion may have lost the shared lock (flock(2)).
            if descriptor >= 0 { _ = flock(descriptor, LOCK_SH) }
            return false
        }
        return true
    }

    /// Lets others in again after ``isAlone()``.
    func share() { if descriptor >= 0 { _ = flock(descriptor, LOCK_SH) } }
}
