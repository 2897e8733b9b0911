import FoundationEssentials
import Glibc
import ReaderProtocol
import Records
import Testing

@testable import Ingestion

/// Archives and compressed files through the real reader; what packs them is Python, tar and gzip.
@Suite(.serialized) struct ArchiveTests {
    @discardableResult
    static func shell(_ command: String, in folder: String) throws -> Int32 {
        system("cd '\(folder)' && { \(command)\n}")
    }

    struct Taken {
        var rows: [(file: String, row: IngestedRow)] = []
        var rejected: [(file: String, row: RejectedRow)] = []
        var reports: [FileReport] = []
        var texts: [String] { rows.map { $0.row.fields["text"]?.stringValue ?? "?" } }
    }

    static func take(
        _ paths: [String], _ options: IngestOptions = IngestOptions()
    ) throws -> Taken {
        var taken = Taken()
        taken.reports = try Ingestor(options: options).read(paths.map { InputFile(path: $0) }) {
            facts, batch in
            taken.rows += batch.rows.map { (facts.file.relativePath, $0) }
            taken.rejected += batch.rejected.map { (facts.file.relativePath, $0) }
        }
        try IngestReport(taken.reports).count.check()
        return taken
    }

    @Test(arguments: [
        "gzip -k a.csv", "bzip2 -k a.csv", "xz -k a.csv", "zstd -q -k a.csv",
        "tar czf a.csv.tar.gz a.csv", "tar cf a.csv.tar a.csv",
        "python3 -m zipfile -c a.csv.zip a.csv",
    ])
    func compressedRowsAreThoseOfTheFile(command: String) throws {
        try withFolder { folder in
            try write("text,n\none,1\n\"t,wo\",2\n", to: "\(folder)/a.csv")
            try #require(try Self.shell(command, in: folder) == 0, "needs \(command)")
            let packed = try #require(try names(in: folder, "").first { $0 != "a.csv" })
            let plain = try Self.take(["\(folder)/a.csv"])
            let out = try Self.take(["\(folder)/\(packed)"])
            #expect(out.rows.map(\.row) == plain.rows.map(\.row))
            #expect(out.rows.map(\.file) == ["\(packed)!/a.csv", "\(packed)!/a.csv"])
            #expect(out.reports.map(\.facts.format) == [.archive, .csv])
            #expect(out.reports[0].members == 1 && out.reports[1].facts.file.isMember)
            #expect(out.reports[1].facts.digest == plain.reports[0].facts.digest)
            #expect(!out.reports[1].facts.canReread)
        }
    }

    @Test func archivesInArchivesToTheirDepthAndHiddenMembersOut() throws {
        try withFolder { folder in
            let script = """
                mkdir -p in/.git in/__MACOSX in/sub && printf 'text\\nh\\n' > in/.git/h.csv
                printf 'text\\nm\\n' > in/__MACOSX/m.csv && printf 'text\\ninner\\n' > in/sub/i.csv
                tar cf 1.tar in && gzip 1.tar && tar cf 2.tar 1.tar.gz && tar cf 3.tar 2.tar
                printf 'text\\nouter\\n' > o.csv && tar cf 4.tar 3.tar o.csv
                """
            try #require(try Self.shell(script, in: folder) == 0)
            let out = try Self.take(["\(folder)/3.tar"])
            #expect(out.texts == ["inner"])
            #expect(out.rows.first?.file == "3.tar!/2.tar!/1.tar.gz!/in/sub/i.csv")
            let deep = try Self.take(["\(folder)/4.tar"])
            #expect(deep.texts == ["outer"])
            #expect(deep.rejected.map(\.row.reason.rawValue) == ["document-over-limit"])
            #expect(deep.rejected[0].file == "4.tar!/3.tar!/2.tar!/1.tar.gz")
        }
    }

    @Test func oneBadMemberDoesNotStopTheOthers() throws {
        try withFolder { folder in
            let script = """
                printf 'text\\ngood\\n' > a.csv && printf 'PAR1xxxx' > b.parquet
                printf 'text\\nbetter\\n' > c.csv && printf '\\037\\213garbage' > d.gz
                python3 -m zipfile -c x.zip a.csv b.parquet c.csv d.gz
                """
            try #require(try Self.shell(script, in: folder) == 0)
            let out = try Self.take(["\(folder)/x.zip"])
            #expect(out.texts == ["good", "better"])
            #expect(
                out.rejected.map(\.file) == ["x.zip!/b.parquet", "x.zip!/d.gz"])
            #expect(
                out.rejected.map(\.row.reason.rawValue)
                    == ["unsupported-format", "document-malformed"])
            #expect(out.reports.count == 5 && out.reports[0].facts.format == .archive)
        }
    }

    @Test func truncatedAndBombsAreRefusedInBounds() throws {
        try withFolder { folder in
            let script = """
                python3 - <<'P'
                import gzip, random, zlib
                body = "text\\n" + "".join("row %d\\n" % random.random() for _ in range(20000))
                packed = gzip.compress(body.encode())
                open("cut.csv.gz", "wb").write(packed[: len(packed) // 2])
                with gzip.open("bomb.csv.gz", "wb") as file:
                    for _ in range(200): file.write(b"a" * 1000000)
                P
                """
            try #require(try Self.shell(script, in: folder) == 0)
            let cut = #expect(throws: IngestionError.self) {
                try Self.take(["\(folder)/cut.csv.gz"])
            }
            #expect(cut?.reason == "document-malformed", "\(cut!)")
            let bomb = #expect(throws: IngestionError.self) {
                try Self.take(["\(folder)/bomb.csv.gz"])
            }
            #expect(bomb?.reason == "document-over-limit", "\(bomb!)")
            var options = IngestOptions()
            options.limits.expandedBytes = 1000
            options.limits.memberCount = 2
            let many =
                "for i in 1 2 3; do printf 'text\\n%s\\n' $i > $i.csv; done; tar cf m.tar ?.csv"
            try #require(try Self.shell(many, in: folder) == 0)
            let out = try Self.take(["\(folder)/m.tar"], options)
            #expect(out.texts == ["1", "2"])
            #expect(out.reports[0].refusal?.reason == "document-over-limit")
        }
    }
}
