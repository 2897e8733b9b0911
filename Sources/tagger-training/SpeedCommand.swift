import FoundationEssentials
import Glibc
import Redaction

/// `speed`: bytes per second of processor time that the scanners, the tagger and a whole redaction take
/// on a text file; with `--line 1,10,100` on that many megabytes of it in one line.
enum SpeedCommand {
    static func run(_ options: Options) throws {
        guard let path = options.plain.first else { throw UsageError(description: "speed FILE") }
        let tagger = try ScanCommand.tagger(options)
        let bytes = Array(try Data(contentsOf: URL(filePath: path)))
        guard !bytes.isEmpty else { throw UsageError(description: "\(path) is empty") }
        let sizes = (options.named["line"] ?? "").split(separator: ",").compactMap { Int($0) }
        guard !sizes.isEmpty else {
            for _ in 0..<3 { report("", bytes, tagger) }
            return
        }
        let line = bytes.map { $0 == 0x0A || $0 == 0x0D ? UInt8(0x20) : $0 }
        for size in sizes {
            var text: [UInt8] = []
            while text.count < size * 1_000_000 { text += line }
            report("\(size) MB in one line: ", text, tagger)
        }
    }

    private static func report(_ title: String, _ bytes: [UInt8], _ tagger: Tagger) {
        func speed(_ detector: any Detector) -> (count: Int, rate: Double) {
            let start = clock()
            let count = detector.findings(in: DocumentView(bytes)).count
            let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
            return (count, Double(bytes.count) / seconds / 1e6)
        }
        func text(_ rate: Double) -> String { "\((rate * 10).rounded() / 10) MB/s" }
        let scanned = speed(Scanners())
        let tagged = speed(tagger)
        var usage = rusage()
        unsafe getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
        print(
            "\(title)scanners \(text(scanned.rate)) (\(scanned.count)), tagger \(text(tagged.rate)) "
                + "(\(tagged.count)), peak memory \(usage.ru_maxrss / 1024) MiB")
    }
}
