import Records
import Testing

@testable import Ingestion

@Suite struct HL7Tests {
    static let header = #"MSH|^~\&|APP|FAC^1.2^ISO|R|RF|20240101||ORU^R01^ORU_R01|ID1|P|2.5.1"#
    static let message = [
        header,
        "PID|1||7^^^HOSP&1.2.3&ISO^MR~8^^^SSA^SS||LEE&VAN^ANN^B^^DR||19800102|F|||"
            + #"1 MAIN&MAIN^APT 2^TOWN^ST^99999||(555) 1||""|"#,
        "OBR|1|||24331-1^Lipid panel^LN", "OBX|1|NM|2093-3^Cholesterol^LN||196|mg/dL|<200|N",
        #"OBX|2|TX|8251-1^Comment||A \T\ B \X41\~line two"#, "NTE|1||First\\.br\\Second",
        "NTE|2||Third", "ZXX|a|b^c&d", "PV1|1|I|W^R^B^FAC&9.9",
    ]

    static func text(_ ends: String) -> String { message.joined(separator: ends) + ends }

    @Test(arguments: ["\r", "\n", "\r\n"])
    func segmentsBecomeMembers(ends: String) throws {
        let out = try ingest(Self.text(ends), "a.hl7")
        let row = try #require(out.rows.first)
        #expect(out.rows.count == 1 && out.rejected.isEmpty && row.place == "message 1")
        let fields = row.fields
        #expect(fields["message_type"] == "ORU^R01")
        #expect(row.subjects == ["HOSP|7"])
        let patient = fields["PID"]
        #expect(
            patient?["patient_name"] == [
                "family_name": "LEE", "family_name_own_surname_prefix": "VAN", "given_name": "ANN",
                "second_and_further_given_names": "B", "prefix": "DR",
            ])
        #expect(
            patient?["patient_identifier_list"] == [
                [
                    "id_number": "7", "assigning_authority": "HOSP",
                    "assigning_authority_universal_id": "1.2.3",
                    "assigning_authority_universal_id_type": "ISO", "identifier_type_code": "MR",
                ],
                ["id_number": "8", "assigning_authority": "SSA", "identifier_type_code": "SS"],
            ])
        #expect(patient?["date_of_birth"] == "19800102" && patient?["administrative_sex"] == "F")
        #expect(patient?["patient_address"]?["street_address_street_name"] == "MAIN")
        #expect(patient?["phone_number_home"] == ["telephone_number": "(555) 1"])
        #expect(patient?["primary_language"] == .some(.null) && patient?["religion"] == nil)
        #expect(
            fields["text"]?.stringValue
                == "Cholesterol: 196 mg/dL\nA & B A\nline two\nFirst\nSecond\nThird")
        #expect(fields["OBX"]?.arrayValue?.count == 2 && fields["NTE"]?.arrayValue?.count == 2)
        #expect(
            fields["ZXX"] == [
                "field_1": "a",
                "field_2": ["component_1": "b", "component_2": "c", "component_2_2": "d"],
            ])
        #expect(fields["PV1"]?["assigned_patient_location"]?["facility_universal_id"] == "9.9")
        #expect(
            fields["segments"] == ["MSH", "PID", "OBR", "OBX", "OBX", "NTE", "NTE", "ZXX", "PV1"])
        let bytes = Array(Self.text(ends).utf8)
        #expect(row.offset == 0 && Int(row.length) == bytes.count - ends.utf8.count)
    }

    @Test func framesBatchesAndSeveralMessages() throws {
        let one = Self.message.joined(separator: "\r") + "\r"
        let framed = "\u{0B}\(one)\u{1C}\r\u{0B}\(one)\u{1C}\r"
        let batch =
            "FHS|^~\\&|x\rBHS|^~\\&|y\r\(one)\(one.replacing("7^^^HOSP", with: "9^^^HOSP"))BTS|2\rFTS|1\r"
        #expect(try ingest(framed, "a.hl7").rows.count == 2)
        let out = try ingest(batch, "x")
        #expect(out.report.facts.format == .hl7 && out.rejected.isEmpty)
        #expect(out.rows.map(\.subjects) == [["HOSP|7"], ["HOSP|9"]])
        #expect(out.report.count.dropped == ["hl7-envelope": 4])
        for chunk in 1...40 {
            let part = try ingest(framed, "a.hl7") { $0.chunkBytes = chunk }
            #expect(part.rows == (try ingest(framed, "a.hl7")).rows, "\(chunk)")
        }
    }

    @Test func otherDelimitersAndContinuedLines() throws {
        let text = "MSH$*~!@$A$B$C$D$1$$ADT*A08\rPID$1$$5***X\rNTE$1$$one\ntwo !F! three\r"
        let row = try #require(try ingest(text, "a.hl7") { $0.format = .hl7 }.rows.first)
        #expect(row.fields["message_type"] == "ADT^A08" && row.subjects == ["X|5"])
        #expect(row.fields["text"] == "one\ntwo $ three")
        #expect(row.fields["MSH"]?["encoding_characters"] == "*~!@")
    }

    @Test func messagesWithoutObservationsSayWhatTheyHold() throws {
        let text = "\(Self.header)\rPID|1||5\rDG1|1||J11^Flu^I10|Flu\rMRG|4^^^X\r"
        let row = try #require(try ingest(text, "a.hl7").rows.first)
        #expect(
            row.fields["text"]?.stringValue
                == "Patient – patient identifier list: 5\nDiagnosis – diagnosis code: Flu; "
                + "diagnosis description: Flu\nMerge – prior patient identifier list: 4")
        #expect(row.fields["text_from"] == ["contents"] && row.subjects == ["5", "X|4"])
    }

    @Test(arguments: [
        (#"\F\\S\\T\\R\\E\"#, #"|^&~\"#), (#"a\H\b\N\c"#, "abc"), (#"a\.br\b\.sp2\c"#, "a\nb\n\nc"),
        (#"\XC3A9\\XE9\"#, "éé"), (#"\X0D\"#, "\n"), (#"C:\dir\file"#, #"C:\dir\file"#),
        (#"\"#, #"\"#), (#"\\"#, #"\\"#), (#"\C2842\x"#, #"\C2842\x"#),
        (#"\M254A47\"#, #"\M254A47\"#),
        (#"\Zlocal\"#, #"\Zlocal\"#), (#"50\% of"#, #"50\% of"#), (#"\.in+2\x"#, "x"),
    ])
    func escapes(source: String, text: String) throws {
        let delimiters = try #require(HL7Delimiters(header: Array(#"MSH|^~\&|"#.utf8)[...]))
        var kept = false
        let decoded = HL7Escapes(delimiters: delimiters).decode(
            Array(source.utf8)[...], kept: &kept)
        #expect(decoded == text)
        #expect(kept == ["C", "M", "Z"].contains(source.dropFirst().first.map(String.init) ?? ""))
    }

    @Test func refusalsAndCharacterSets() throws {
        let good = Self.message.joined(separator: "\r")
        let out = try ingest("garbage line\rPID|1\r\(good)\rMSH|\r\(good)", "a.hl7")
        #expect(out.rows.count == 2 && out.reasons == [.hl7NoHeader, .hl7Malformed])
        func latin(_ set: String) throws -> Outcome {
            let text = "\(Self.header)||||||\(set)\rNTE|1||caf"
            return try ingest(Array(text.utf8) + [0xE9, 0x0D], "a.hl7")
        }
        #expect(try latin("8859/1").texts == ["café"])
        #expect(try latin("").texts == ["café"])
        #expect(try latin("8859/2").reasons == [.hl7Charset])
        let utf8 = try ingest("\(Self.header)||||||UNICODE UTF-8\rNTE|1||café\r", "a.hl7")
        #expect(utf8.texts == ["café"])
        let long = try ingest(
            "\(Self.header)\rNTE|1||\(String(repeating: "x", count: 900))\r\(good)", "a.hl7"
        ) {
            $0.maximumRecordBytes = 800
        }
        #expect(long.reasons == [.tooLong] && long.rows.count == 1)
    }

    @Test func randomChangesNeverCrashAndAlwaysBalance() throws {
        var random = SeededRandom(seed: 43)
        let original = Array((Self.text("\r") + Self.text("\r\n")).utf8)
        let marks = Array("|^~\\&\r\n\u{0B}\u{1C}M\"".utf8)
        var (rows, refused) = (0, 0)
        for _ in 0..<2000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...127, using: &random)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(marks.randomElement(using: &random) ?? 0, at: place)
                default: bytes.removeSubrange(place..<min(place + 30, bytes.count))
                }
            }
            var options = IngestOptions()
            options.format = .hl7
            options.encoding = .utf8
            options.chunkBytes = 4096
            let out = try ingest(bytes, "a.hl7", options)
            rows += out.rows.count
            refused += out.rejected.count
        }
        print("HL7 fuzz: 2000 files, \(rows) rows, \(refused) refused")
    }

    @Test func theShelfsMessages() throws {
        guard let folder = shelf("docs/hl7v2") else { return }
        var (files, rows, observed, people) = (0, 0, 0, 0)
        var segments: [String: Int] = [:]
        for name in try names(in: folder, ".hl7") {
            let out = try ingest(contents("\(folder)/\(name)"), name)
            files += 1
            #expect(out.rejected.isEmpty && out.rows.count == 1, "\(name) \(out.reasons)")
            for row in out.rows {
                rows += 1
                observed += row.fields["text_from"] == ["observations"] ? 1 : 0
                people += row.subjects.isEmpty ? 0 : 1
                for case .string(let segment) in row.fields["segments"]?.arrayValue ?? [] {
                    segments[segment, default: 0] += 1
                }
                #expect(row.fields["message_type"]?.stringValue?.contains("^") == true, "\(name)")
            }
        }
        #expect(files == 67 && rows == 67)
        print(
            "HL7: \(files) messages read, 0 quarantined; \(observed) with observations or notes,",
            "\(people) with a patient, \(segments.values.reduce(0, +)) segments of",
            "\(segments.count) kinds")
    }
}
