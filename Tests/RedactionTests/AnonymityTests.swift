import Glibc
import Records
import Testing

@testable import Redaction

struct AnonymityTests {
    static func record(_ index: Int, _ fields: [String: JSONValue]) throws -> Record {
        let rid = try RecordID(bytes: BigEndian.bytes(UInt64(index)) + BigEndian.bytes(UInt64(0)))
        return Record(rid: rid, kind: .text, fields: fields)
    }

    static func report(
        _ rows: [(zip: String, age: String, illness: String)]
    ) throws -> AnonymityReport {
        var counter = AnonymityCounter(quasiIdentifiers: ["zip", "age"], sensitive: "illness")
        for (index, row) in rows.enumerated() {
            counter.add(
                try record(
                    index,
                    [
                        "zip": .string(row.zip), "age": .string(row.age),
                        "illness": .string(row.illness),
                    ]))
        }
        return counter.report
    }

    @Test func classesAreCounted() throws {
        let report = try Self.report([
            ("787", "30", "flu"), ("787", "30", "flu"), ("787", "30", "cold"),
            ("100", "40", "flu"), ("100", "40", "flu"), ("200", "50", "gout"),
        ])
        #expect(report.recordCount == 6 && report.classCount == 3)
        #expect(report.k == 1 && report.uniqueCount == 1 && report.highestRisk == 1)
        #expect(report.below == [2: 1, 3: 3, 5: 6, 11: 6, 20: 6])
        #expect(report.distinctDiversity == 1)
        #expect(report.entropyDiversity.map { abs($0 - 1) < 1e-12 } == true)
        #expect(report.meanRisk == 0.5)
        #expect(report.uniqueByField["zip"] == 1.0 / 6)
        #expect(report.riskiest.map(\.classSize) == [1, 2, 2, 3, 3, 3])
        #expect(report.riskiest.first?.rid == (try Self.record(5, [:]).rid))
    }

    @Test func entropyCountsEquallyFrequentValues() throws {
        let report = try Self.report([
            ("1", "1", "a"), ("1", "1", "b"), ("1", "1", "c"), ("1", "1", "d"),
        ])
        #expect(report.k == 4)
        #expect(report.entropyDiversity.map { abs($0 - 4) < 1e-9 } == true)
    }

    @Test func theOrderDoesNotMatter() throws {
        let rows = (0..<500).map { ("\($0 % 7)", "\($0 % 11)", "\($0 % 3)") }
        let forward = try Self.report(rows)
        #expect(forward.k == 6 && forward.classCount == 77)
        var counter = AnonymityCounter(quasiIdentifiers: ["zip", "age"], sensitive: "illness")
        for (index, row) in rows.enumerated().reversed() {
            counter.add(
                try Self.record(
                    index,
                    [
                        "zip": .string(row.0), "age": .string(row.1), "illness": .string(row.2),
                    ]))
        }
        #expect(counter.report == forward)
    }

    @Test func nothingMakesNoClaim() {
        let report = AnonymityCounter(quasiIdentifiers: ["a"]).report
        #expect(report.k == 0 && report.highestRisk == 0 && report.riskiest.isEmpty)
    }

    @Test func pathsReachIntoObjects() throws {
        var counter = AnonymityCounter(quasiIdentifiers: ["patient.born"])
        counter.add(try Self.record(1, ["patient": ["born": "1950"]]))
        counter.add(try Self.record(2, ["patient": ["born": "1950"]]))
        counter.add(try Self.record(3, ["patient": [:]]))
        #expect(counter.report.classCount == 2 && counter.report.k == 1)
    }

    @Test func theReportHoldsNoValues() throws {
        let report = try Self.report([("78701", "93", "a rare illness")])
        let text = String(decoding: CanonicalJSON.encode(report.json), as: UTF8.self)
        #expect(!text.contains("78701") && !text.contains("rare"))
    }
}
