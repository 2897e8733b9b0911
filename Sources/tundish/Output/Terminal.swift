import FoundationEssentials
import Glibc
import Workspace

/// What the terminal behind standard output can show.
enum Terminal {
    /// Characters in a line: the window's, else `COLUMNS`, else 80.
    static var width: Int {
        var size = winsize()
        if unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
            return Int(size.ws_col)
        }
        return environment["COLUMNS"].flatMap { Int($0) } ?? 80
    }

    /// Whether output may have colours: a terminal that is not dumb, and no `NO_COLOR`
    /// (https://no-color.org: any value but the empty one).
    static var hasColour: Bool {
        isatty(STDOUT_FILENO) == 1 && environment["TERM"] != "dumb"
            && (environment["NO_COLOR"] ?? "").isEmpty
    }

    /// Whether the person's language settings say that only ASCII is shown.
    static var isASCII: Bool {
        let locale =
            ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }
            .first { !$0.isEmpty } ?? "C.UTF-8"
        let name = locale.lowercased()
        return !name.contains("utf-8") && !name.contains("utf8")
    }

    /// Writes lines to standard output as they are: plots, which may hold colours of our own.
    static func write(_ lines: [String]) {
        for line in lines { Console.write(Array(line.utf8) + [0x0A]) }
    }

    private static var environment: [String: String] { ProcessInfo.processInfo.environment }
}
