import Records
import Testing

@testable import Ingestion

@Suite struct SQLDumpTests {
    static let mysql = #"""
        -- MySQL dump 10.13
        /*!40101 SET NAMES utf8mb4 */;
        DROP TABLE IF EXISTS `notes`;
        CREATE TABLE `notes` (
          `id` int NOT NULL AUTO_INCREMENT, -- the key; of it
          `text` varchar(20) DEFAULT 'a,b(',
          `n` decimal(10,2),
          PRIMARY KEY (`id`), KEY `k` (`n`)
        ) ENGINE=InnoDB;
        LOCK TABLES `notes` WRITE;
        INSERT INTO `notes` VALUES (1,'it''s \'ok\'; -- no\n(x)',1.50),(2,NULL,-3e5),
        (3,"dq \" '",0x414243),(4,_binary 'ab',X'FF00');
        UNLOCK TABLES;
        DELIMITER ;;
        CREATE TRIGGER t BEFORE INSERT ON notes FOR EACH ROW BEGIN SET @a = 1; END ;;
        DELIMITER ;
        INSERT INTO notes (`text`,id) VALUES ('late',9) ON DUPLICATE KEY UPDATE text='x;y';
        """#

    @Test func mysqlDumps() throws {
        let out = try ingest(Self.mysql, "a.sql")
        #expect(out.report.facts.format == .sql && out.reasons == [.missingText])
        #expect(
            out.rows.map(\.fields) == [
                ["id": "1", "text": "it's 'ok'; -- no\n(x)", "n": "1.50", "table": "notes"],
                ["id": "3", "text": "dq \" '", "n": "ABC", "table": "notes"],
                ["id": "4", "text": "ab", "n": "ff00", "table": "notes"],
                ["id": "9", "text": "late", "table": "notes"],
            ])
        #expect(out.report.count.dropped == ["other-statement": 5])
        let bytes = Array(Self.mysql.utf8)
        for row in out.rows {
            let piece = bytes[Int(row.offset)..<Int(row.offset + row.length)]
            #expect(piece.first == UInt8(ascii: "(") && piece.last == UInt8(ascii: ")"))
        }
    }

    static let postgres = #"""
        --
        -- PostgreSQL database dump
        --
        \restrict abc
        SET standard_conforming_strings = on;
        CREATE FUNCTION public.f() RETURNS void LANGUAGE sql AS $_$ insert into x values ('$1;'); $_$;
        CREATE TABLE public.people (
            id integer NOT NULL,
            "full text" text DEFAULT 'x)'::text,
            CONSTRAINT c CHECK ((id > 0))
        );
        COPY public.people (id, "full text") FROM stdin;
        1	tab\there\\ and\nline
        2	\N
        3	caf\303\251 \x41
        \.

        INSERT INTO public.people VALUES (4, 'C:\dir''s'), (5, E'a\tb\'c' || 'd'), (6, 'x'::character varying(5));
        INSERT INTO public.people ("full text") VALUES (now()), (U&'d\0061'), (NULL);
        COPY public.other (a) FROM stdin WITH (FORMAT csv);
        "1,2"
        \.
        SELECT pg_catalog.setval('s', 3, true);
        """#

    @Test func postgresDumps() throws {
        let out = try ingest(Self.postgres, "a.sql") {
            $0.recordsPath = "public.people"
            $0.mapping = try FieldMapping("text=full text", key: [])
        }
        #expect(
            out.rows.map { [$0.fields["id"] ?? "-", $0.fields["text"] ?? nil] } == [
                ["1", "tab\there\\ and\nline"], ["3", "café A"], ["4", #"C:\dir's"#],
                ["5", "a\tb'cd"], ["6", "x"], ["-", "now()"], ["-", #"U&'d\0061'"#],
            ])
        #expect(out.reasons == [.missingText, .missingText])
        #expect(out.report.count.dropped == ["other-statement": 4, "other-table": 1])
    }

    @Test func sqliteDumpsAndCounts() throws {
        let text = #"""
            PRAGMA foreign_keys=OFF;
            BEGIN TRANSACTION;
            CREATE TABLE t(id INTEGER PRIMARY KEY, [text] TEXT, "flag" BOOL, key TEXT);
            INSERT INTO t VALUES(1,replace('a\nb','\n',char(10)),TRUE,'k');
            INSERT INTO "t" VALUES(2,'back\slash',false,'k'),(3,'too few');
            REPLACE INTO t(text) VALUES('r');
            INSERT INTO u SELECT * FROM t;
            INSERT INTO v VALUES ('never closed
            """#
        let out = try ingest(text, "dump.sql")
        #expect(out.texts == ["a\nb", #"back\slash"#, "r"])
        #expect(out.rows[0].fields["flag"] == true && out.rows[0].fields["key"] == "k")
        #expect(out.reasons == [.sqlColumnCount, .sqlSyntax])
    }

    @Test func talksInTablesBecomeChats() throws {
        let rows = ["(1,'user','hi')", "(2,'user','other')", "(1,'assistant','yo')"]
        let text =
            "INSERT INTO m (conversation_id, role, content) VALUES " + rows.joined(separator: ",")
        let out = try ingest(text + ";", "a.sql")
        #expect(out.rows.map(\.kind) == [.chat, .chat] && out.report.form == "turn-rows")
    }

    @Test(arguments: [mysql, postgres])
    func whereChunksEndDoesNotMatter(text: String) throws {
        let spec = text == Self.mysql ? "text=text" : "text=full text"
        let whole = try ingest(text, "a.sql") { $0.mapping = try FieldMapping(spec) }
        for chunk in Array(1...40) + [64, 100, 257] {
            let part = try ingest(text, "a.sql") {
                $0.chunkBytes = chunk
                $0.mapping = try FieldMapping(spec)
            }
            #expect(part.rows == whole.rows && part.rejected == whole.rejected, "\(chunk)")
            #expect(part.report.count == whole.report.count, "\(chunk)")
        }
    }

    @Test func longRowsAreRefusedAndReadingGoesOn() throws {
        let long = String(repeating: "y", count: 4000)
        let text =
            "INSERT INTO t (text) VALUES ('a'),('\(long)'),('b');INSERT INTO t (text) VALUES ('c');"
        for chunk in [10, 333, 100_000] {
            let out = try ingest(text, "a.sql") {
                $0.maximumRecordBytes = 500
                $0.chunkBytes = chunk
            }
            #expect(out.texts == ["a", "b", "c"] && out.reasons == [.tooLong], "\(chunk)")
            #expect(out.rejected[0].offset == 34 && out.rejected[0].length == 4004)
        }
    }

    @Test func everyTextComesBack() throws {
        var random = SeededRandom(seed: 44)
        let pieces = [
            "'", "\\", "\n", "\t", ",", "(", ")", ";", "--", "/*", "é", "😀", "a", " ", "\"", "$$",
            "NULL", "VALUES", "`", "#", "\rz",
        ]
        var (texts, files) = ([String](), 0)
        for _ in 0..<400 {
            texts = (0..<Int.random(in: 1...6, using: &random)).map { _ in
                "x"
                    + (0..<Int.random(in: 0...8, using: &random)).map { _ in
                        pieces.randomElement(using: &random) ?? ""
                    }.joined()
            }
            let standard = texts.map { "('" + $0.replacing("'", with: "''") + "')" }
            let slashed = texts.map {
                "('"
                    + $0.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
                    .replacing("\n", with: "\\n") + "')"
            }
            let copied = texts.map {
                $0.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
                    .replacing("\t", with: "\\t").replacing("\r", with: "\\r")
            }
            let dumps = [
                "PRAGMA x;INSERT INTO t(text) VALUES " + standard.joined(separator: ",") + ";",
                "-- MySQL dump\nINSERT INTO `t`(text) VALUES " + slashed.joined(separator: " , "),
                "COPY t (text) FROM stdin;\n" + copied.joined(separator: "\n") + "\n\\.\n",
            ]
            for dump in dumps {
                files += 1
                let out = try ingest(dump, "a.sql") { $0.chunkBytes = 64 }
                #expect(out.texts == texts, "\(dump)")
            }
        }
        print("SQL round trips: \(files) dumps")
    }

    @Test func randomChangesNeverCrashAndAlwaysBalance() throws {
        var random = SeededRandom(seed: 45)
        var (rows, refused) = (0, 0)
        for round in 0..<1500 {
            var bytes = Array((round % 2 == 0 ? Self.mysql : Self.postgres).utf8)
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                default: bytes.removeSubrange(place..<min(place + 30, bytes.count))
                }
            }
            var options = IngestOptions()
            options.format = .sql
            options.encoding = .utf8
            options.chunkBytes = 4096
            options.mapping = try FieldMapping(round % 2 == 0 ? "text=text" : "text=full text")
            do {
                let out = try ingest(bytes, "a.sql", options)
                rows += out.rows.count
                refused += out.rejected.count
            } catch let error as IngestionError {
                #expect(error.code == .unknownColumn)
            }
        }
        print("SQL fuzz: 1500 dumps, \(rows) rows, \(refused) refused")
    }
}
