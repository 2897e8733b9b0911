import FoundationEssentials
import Glibc
import Redaction

/// `speed`: bytes per second of processor time that the tagger takes on a text file.
enum SpeedCommand {
    static func run(_ options: Options) throws {
        guard let path = options.plain.first else { throw UsageError(description: "speed FILE") }
        let tagger = try ScanCommand.tagger(options)
        let bytes = Array(try Data(contentsOf: URL(filePath: path)))
        for _ in 0..<3 {
            let start = clock()
            let count = tagger.findings(in: DocumentView(bytes)).count
            let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
            print("\(count) findings, \(Double(bytes.count) / seconds / 1e6) MB/s")
        }
    }
}
