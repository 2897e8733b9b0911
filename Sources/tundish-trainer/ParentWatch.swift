import Dispatch
import Glibc

/// Ends this process when the one that started it is gone, so that a killed `tundish` leaves no
/// training behind: its socket is closed then, and nothing that comes out could be kept.
enum ParentWatch {
    static func start() {
        let parent = getppid()
        DispatchQueue(label: "parent-watch").async {
            while getppid() == parent { sleep(1) }
            _exit(1)
        }
    }
}
