// The reader process: a document on standard input, frames on standard output.
//
// Its only argument is the request as JSON. It gives up what it does not need first, writes
// nothing to standard error, and ends quietly when nobody reads on.
import Documents
import Glibc
import ReaderProtocol

/// Reads the one document this process was started for.
@main
enum Main {
    static func main() {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        silence()
        let output = FrameWriter(descriptor: 1)
        do throws(ReaderFault) {
            let request = try request()
            try Confinement.apply(request.limits)
            let summary = try DocumentReader.read(request, descriptor: 0, sink: output)
            try output.put(summary.frame)
        } catch {
            try? output.put(error.frame)
        }
        try? output.flush()
        // Nothing is left to tidy up, and a broken document's structures need not be walked again.
        _exit(0)
    }

    private static func request() throws(ReaderFault) -> ReaderRequest {
        let arguments = CommandLine.arguments
        guard arguments.count == 2,
            let request = try? ReaderRequest(json: Array(arguments[1].utf8))
        else {
            throw ReaderFault(
                .unsupported, "tundish-reader was started without a request it understands",
                hint: "it is started by tundish; install both of the same version")
        }
        return request
    }

    /// Sends standard error nowhere: a library's message could quote the document.
    private static func silence() {
        let nowhere = unsafe open("/dev/null", O_WRONLY)
        guard nowhere > 2 else { return }
        dup2(nowhere, 2)
        close(nowhere)
    }
}
