import Glibc

extension EngineProcess {
    /// Ends it and its group: SIGTERM, after the grace SIGKILL. Returns once it is gone.
    func stop(graceSeconds: Int) {
        signal(SIGTERM)
        let end = monotonicSeconds() + Double(graceSeconds)
        while poll() == nil, monotonicSeconds() < end { usleep(20_000) }
        signal(SIGKILL)
        while poll() == nil { usleep(5_000) }
    }

    /// How a wait status says that a process ended.
    static func how(_ status: Int32) -> String {
        // wait(2): the low seven bits hold the signal, the next byte the status.
        status & 0x7F == 0 ? "with status \(status >> 8 & 0xFF)" : "by signal \(status & 0x7F)"
    }

    /// An error with the tail of standard error beside it.
    func withLastWords(_ code: HandoffError.Code, _ message: String) -> HandoffError {
        let words = errorText
        var error = HandoffError(
            code, message,
            hint: words.isEmpty
                ? "it left no word on standard error" : "its standard error may tell why")
        error.lastWords = String(words.suffix(2000))
        return error
    }
}
