import FoundationEssentials
import Glibc
import ReaderProtocol
import Records
import Testing

@testable import Ingestion

/// Documents through a reader process that is a script, so that it can misbehave in every way.
@Suite(.serialized) struct ReaderTests {
    /// Calls `body` with a folder whose `reader` is a Python script with `frame(kind, payload)`.
    static func withReader(_ script: String, _ body: (String) throws -> Void) throws {
        try withFolder { folder in
            let path = "\(folder)/reader"
            let prelude = """
                #!/usr/bin/env python3
                import json, os, resource, signal, struct, sys, time
                request = json.loads(sys.argv[1])
                out = sys.stdout.buffer
                def frame(kind, payload=b""):
                    if not isinstance(payload, bytes):
                        payload = json.dumps(payload).encode()
                    out.write(struct.pack(">I", len(payload) + 1) + kind + payload)
                    out.flush()
                def record(number, place=None, **fields):
                    frame(b"R", {"fields": fields, "place": place, "offset": str(number),
                                 "length": "0"})
                def done():
                    frame(b"D", {"parser": "fake/1", "encoding": "koi8-r"})

                """
            try write(prelude + script, to: path)
            chmod(path, 0o755)
            try body(folder)
        }
    }

    static func read(
        _ bytes: [UInt8], in folder: String, _ change: (inout IngestOptions) -> Void = { _ in }
    ) throws -> Outcome {
        var options = options(folder)
        change(&options)
        return try ingest(bytes, "a.pdf", options)
    }

    static func options(_ folder: String) -> IngestOptions {
        var options = IngestOptions()
        options.readerPath = "\(folder)/reader"
        return options
    }

    static let pdf = Array("%PDF-1.4\nnothing".utf8)

    @Test func recordsRefusalsAndNotesBecomeRows() throws {
        let script = """
            data = sys.stdin.buffer.read()
            record(0, "page 1", text="one %d" % len(data), n="7")
            frame(b"Q", {"reason": "page-broken", "message": "a page", "place": "page 2",
                         "offset": "1", "length": "0"})
            frame(b"N", {"message": "a\\u001b[31m remark"})
            record(2, "page 3", text="three " + request["task"] + " " + str(request["unit"]),
                   extra={"a": ["1"]})
            done()
            """
        try Self.withReader(script) { folder in
            let out = try Self.read(Self.pdf, in: folder) { $0.unit = .page }
            #expect(out.texts == ["one 16", "three pdf page"])
            #expect(out.rows.map(\.place) == ["page 1", "page 3"])
            #expect(out.rows[1].fields["extra"] == ["a": ["1"]])
            #expect(out.rejected.map(\.reason.rawValue) == ["page-broken"])
            #expect(out.rejected[0].place == "page 2" && out.rejected[0].content.isEmpty)
            #expect(out.report.notes == ["a?[31m remark"] && out.report.decodedAs == "koi8-r")
            #expect(out.report.facts.encodingName == "document" && !out.report.facts.canReread)
            #expect(out.report.facts.parser == "pdf/1")
        }
    }

    @Test func aFileIsHandedOverAndAPipeIsFedWithoutDeadlock() throws {
        // Answers as much as it reads, before it has read all: both pipes fill up.
        let script = """
            import hashlib, stat
            digest, number = hashlib.sha256(), 0
            while True:
                data = sys.stdin.buffer.read(65536)
                if not data: break
                digest.update(data)
                record(number, text=data.hex())
                number += 1
            regular = stat.S_ISREG(os.fstat(0).st_mode)
            record(number, text="%s %s" % (digest.hexdigest(), regular))
            done()
            """
        try Self.withReader(script) { folder in
            let bytes = Self.pdf + [UInt8](repeating: 7, count: 3 << 20)
            let piped = try Self.read(bytes, in: folder)
            #expect(piped.rows.count == 50)
            #expect(piped.texts.last == Hex.encode(piped.report.facts.digest) + " False")
            try Data(bytes).write(to: URL(filePath: "\(folder)/a.pdf"))
            var last = ""
            _ = try Ingestor(options: Self.options(folder)).read([
                InputFile(path: "\(folder)/a.pdf")
            ]) { _, batch in
                last = batch.rows.last?.fields["text"]?.stringValue ?? last
            }
            #expect(last == Hex.encode(piped.report.facts.digest) + " True")
        }
    }

    @Test(arguments: [
        ("sys.exit(3)", "ended with code 3"), ("os.kill(os.getpid(), signal.SIGSEGV)", "signal 11"),
        ("os.kill(os.getpid(), signal.SIGXCPU)", "limit (signal 24)"),
        ("out.write(b'nonsense of a reader'); out.flush()", "no frame"),
        ("frame(b'R', b'{')", "not JSON"), ("frame(b'R', {'fields': 1})", "`fields`"),
        ("frame(b'B', b'bytes')", "out of order"),
        ("out.write(struct.pack('>I', 2**31) + b'R'); out.flush()", "no frame"),
        ("time.sleep(60)", "too long"),
        (
            "frame(b'X', {'code': 'document-encrypted', 'message': 'locked', 'hint': 'unlock it'})",
            "locked"
        ),
    ])
    func aReaderThatFailsRefusesTheFile(script: String, words: String) throws {
        try Self.withReader("record(0, text='before')\n" + script) { folder in
            let options = { (options: inout IngestOptions) in options.readerSilence = 2 }
            let error = #expect(throws: IngestionError.self) {
                try Self.read(Self.pdf, in: folder, options)
            }
            let reason = words == "locked" ? "document-encrypted" : "reader-died"
            #expect(error?.code == .refused && error?.reason == reason, "\(script)")
            #expect(error?.message.contains(words) == true, "\(error!)")
            // Among others it is one refused row; what it gave before stays.
            try write("text\nfine\n", to: "\(folder)/b.csv")
            try Data(Self.pdf).write(to: URL(filePath: "\(folder)/a.pdf"))
            var changed = Self.options(folder)
            options(&changed)
            var texts: [String] = []
            var rejected: [RejectedRow] = []
            let files = ["a.pdf", "b.csv"].map { InputFile(path: "\(folder)/\($0)") }
            let reports = try Ingestor(options: changed).read(files) { _, batch in
                texts += batch.rows.compactMap { $0.fields["text"]?.stringValue }
                rejected += batch.rejected
            }
            #expect(texts == ["before", "fine"] && rejected.count == 1)
            #expect(rejected[0].isWholeFile && rejected[0].reason.rawValue == reason)
            #expect(rejected[0].offset == 0 && rejected[0].length == UInt64(Self.pdf.count))
            #expect(reports[0].refusal?.reason == reason && reports[1].refusal == nil)
            let count = IngestReport(reports).count
            try count.check()
            #expect(count.read == 3 && count.quarantined == [reason: 1])
        }
    }

    @Test func nothingOfOursReachesTheReaderAndNothingOfItStays() throws {
        let script = """
            child = os.fork()
            if child == 0: time.sleep(100)
            open_files = sorted(int(name) for name in os.listdir("/proc/self/fd"))
            record(0, text=json.dumps([sorted(os.environ), open_files[:3], len(open_files),
                                       os.getpid(), os.getpgid(0) == os.getpid(), child]))
            time.sleep(0.2)
            done()
            time.sleep(60)
            """
        try Self.withReader(script) { folder in
            let out = try Self.read(Self.pdf, in: folder)
            let seen = try JSONParser.parse(Array(out.texts[0].utf8)).arrayValue ?? []
            // Python sets LC_CTYPE for itself; the folder's own descriptor is the fourth.
            #expect(seen[0] == [] || seen[0] == ["LC_CTYPE"])
            #expect(seen[1] == [0, 1, 2] && seen[2].intValue == 4 && seen[4] == true)
            let process = pid_t(seen[3].intValue ?? 0)
            #expect(kill(process, 0) != 0)
            // The child of the child is killed, too; nobody may have waited for it yet.
            let child = pid_t(seen[5].intValue ?? 0)
            for _ in 0..<100 where Self.isRunning(child) { usleep(10_000) }
            #expect(!Self.isRunning(child))
        }
    }

    private static func isRunning(_ process: pid_t) -> Bool {
        guard let status = try? contents("/proc/\(process)/stat") else { return false }
        return !String(decoding: status, as: UTF8.self).contains(") Z ")
    }

    @Test func abandoningKillsTheReader() throws {
        struct Stop: Error {}
        let script = """
            for number in range(100000): record(number, text=str(os.getpid()))
            """
        try Self.withReader(script) { folder in
            var process: pid_t = 0
            #expect(throws: Stop.self) {
                _ = try Ingestor(options: Self.options(folder)).read(bytes: Self.pdf, name: "a.pdf")
                { _, batch in
                    process = pid_t(batch.rows[0].fields["text"]?.stringValue ?? "") ?? 0
                    throw Stop()
                }
            }
            #expect(process > 0 && kill(process, 0) != 0)
        }
    }

    @Test func aReaderThatIsNotThereIsNamed() throws {
        let missing = #expect(throws: IngestionError.self) {
            try ReaderExecutable.path(declared: "/nowhere/reader")
        }
        #expect(missing?.code == .readerMissing)
        #expect(missing?.message.contains("TUNDISH_READER") == true)
        #expect(try ReaderExecutable.path(declared: "/bin/sh") == "/bin/sh")
        #expect(try ReaderExecutable.path(declared: nil).hasSuffix("/tundish-reader"))
        let error = #expect(throws: IngestionError.self) {
            try Self.read(Self.pdf, in: "/nowhere")
        }
        #expect(error?.code == .readerMissing)
    }
}
