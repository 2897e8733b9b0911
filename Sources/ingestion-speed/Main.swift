import Glibc
import Ingestion
import Records

// usage: ingestion-speed FILE [FIELD=COLUMN,…]: reads the file into mapped rows, keeps none of them,
// and prints processor and wall seconds, rows and the peak of memory, as JSON.

@main
struct Main {
    static func main() throws {
        guard CommandLine.arguments.count > 1 else {
            print("usage: ingestion-speed FILE [FIELD=COLUMN,…]")
            exit(64)
        }
        var options = IngestOptions()
        if CommandLine.arguments.count > 2 {
            options.mapping = try FieldMapping(CommandLine.arguments[2])
        }
        let files = try InputFiles.expand([CommandLine.arguments[1]])
        let (start, wall) = (seconds(CLOCK_PROCESS_CPUTIME_ID), seconds(CLOCK_MONOTONIC))
        var bytesOfText = 0
        let reports = try Ingestor(options: options).read(files) { _, batch in
            for row in batch.rows {
                bytesOfText += row.fields["text"]?.stringValue?.utf8.count ?? 0
            }
        }
        let cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - start
        let taken = seconds(CLOCK_MONOTONIC) - wall
        let report = IngestReport(reports)
        var usage = rusage()
        unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let result: JSONValue = [
            "cpu": .double(cpu), "wall": .double(taken), "rows": .integer(Int(report.count.read)),
            "text": .integer(bytesOfText), "peakKiB": .integer(usage.ru_maxrss),
            "counts": report.count.json,
        ]
        print(String(decoding: CanonicalJSON.encode(result), as: UTF8.self))
    }

    static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
