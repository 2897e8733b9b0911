import Records
import Testing

@testable import Ingestion

/// Other people's files.
@Suite struct ShelfTests {
    @Test func csvSpectrum() throws {
        guard let folder = shelf("docs/csv-spectrum") else { return }
        var files = 0
        for name in try names(in: "\(folder)/csvs", ".csv") {
            let value = try JSONParser.parse(contents("\(folder)/json/\(name.dropLast(4)).json"))
            let expected = value.arrayValue ?? [value]
            var options = IngestOptions()
            options.header = .present
            let bytes = try contents("\(folder)/csvs/\(name)")
            let first = try #require(
                try Ingestor(options: options).inspect(
                    InputFile(path: "\(folder)/csvs/\(name)")
                ).columns?.first)
            options.mapping = try FieldMapping("text=\(first)")
            let out = try ingest(bytes, name, options)
            let rows = out.rows.map { row in
                var fields = row.fields
                fields[first] = fields.removeValue(forKey: "text")
                return JSONValue.object(fields)
            }
            if name == "location_coordinates.csv" {
                // Its JSON has another phone number than its CSV.
                #expect(rows[0]["Location Coordinates"] == value["Location Coordinates"])
            } else {
                #expect(rows == expected.map(numbersAsText), "\(name)")
            }
            files += 1
        }
        print("csv-spectrum: \(files) files")
    }

    @Test func duckdb() throws {
        guard let folder = shelf("docs/duckdb-csv") else { return }
        var total = IngestCount()
        var (files, refused) = (0, 0)
        for name in try names(in: folder, "sv") {
            let bytes = try contents("\(folder)/\(name)")
            var results: [IngestCount] = []
            for chunk in [13, 1 << 20] {
                var options = IngestOptions()
                options.chunkBytes = chunk
                options.header = .absent
                options.mapping = try FieldMapping("text=column1")
                do {
                    results.append(try ingest(bytes, name, options).report.count)
                } catch let error as IngestionError {
                    #expect(
                        [.unsupportedFormat, .unsupportedEncoding, .unknownColumn].contains(
                            error.code),
                        "\(name): \(error)")
                }
            }
            if results.isEmpty { refused += 1 } else { total.merge(results[0]) }
            #expect(results.count == 0 || results[0] == results[1], "\(name)")
            files += 1
        }
        #expect(total.isBalanced)
        print("duckdb-csv: \(files) files, \(refused) refused, \(total.text)")
    }

    @Test func reviewsAndSupport() throws {
        if let folder = shelf("sentiment") {
            var options = IngestOptions()
            options.mapping = try FieldMapping("text=column3,label=column2", key: ["column1"])
            let path = "\(folder)/amazonReviewSnippets_GroundTruth.txt"
            let out = try ingest(contents(path), "reviews.txt", options)
            #expect(out.rows.count == 3708 && out.rejected.isEmpty, "\(out.report.count.text)")
            #expect(Set(out.rows.map(\.key)).count == 3708)
        }
        if let folder = shelf("support") {
            let out = try ingest(contents("\(folder)/banking77/train.csv"), "train.csv") {
                $0.mapping = try FieldMapping("text=text,label=category")
            }
            #expect(out.rows.count == 10003 && out.rejected.isEmpty)
            var options = IngestOptions()
            options.recordsPath = "train"
            options.mapping = try FieldMapping("text=column1,label=column2")
            let intents = try ingest(
                contents("\(folder)/clinc150/data_full.json"), "d.json", options)
            #expect(intents.rows.count == 15000)
        }
        if let folder = shelf("instruct") {
            let out = try ingest(contents("\(folder)/self_instruct_user_oriented.jsonl"), "a.jsonl")
            {
                $0.mapping = try FieldMapping("text=motivation_app")
            }
            #expect(out.report.count.read == 252)
        }
    }
}

func ingest(
    _ bytes: [UInt8], _ name: String, _ change: (inout IngestOptions) throws -> Void
) throws -> Outcome {
    var options = IngestOptions()
    try change(&options)
    return try ingest(bytes, name, options)
}
