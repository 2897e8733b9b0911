import Foundation
import ReaderProtocol
import Records
import Testing

@testable import Documents

@Suite struct SQLiteReaderTests {
    /// Two tables with rows, one without, one without row ids; a generated column, a view, a
    /// trigger and a full-text table (xz).
    static let shop = """
        /Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4Bv/A2xdACmURZ1gyBn4JmSIjib+MZX9xxDwB+KeGl7KTWML\
        /R8Xv3z/dhx4Lku2ricL/h5wF4ULIklLCDf/rLICX9HOE2au+DL7UoXd3xb8CCzkgMEkt+EiV1+L02w3\
        WX1iY2FsfE0Zm/o2mCJEs1kRCJdo1leTpsUNRbF+fNlOS1yfGsq+w0Y4zNmWmRV7n07sbod20WjHPSYR\
        xQhNI08qmJ41ycuVrVIMkO0TkPfWQDL07Znwxlz5ylQXN2sneegOW7z5LiGuAqW0wg14vsST53sI+8DJ\
        MxddrRQ50xShxrMFz7VBSDxsAZ1/wvkgJMkn61obRyAt0PRG7485229WFmxUYE1qYsmRQJTz5P3gDBuj\
        xfd88ei82THj1luBiMr1CTILf0yZkuCBD75hgx4s+K/LVfCDAr9X+KPVwas27pBKjvxjhjFzkl8OX3jr\
        eRU8FXj2+yWKZiMOkcA+MsCdWCOUIBMnAaVGDdX/2l8iqtcsYLdoxAr0MXecjnT/vGsXiL4567LaFXV5\
        3NSgJrkYEo+axAAOuo17YWFAb7L9KQoii1zdEtpeKBtNCxcYuXPg3dwL/EcNWDIJzUYPl1Q/jElvp8jQ\
        yGH1kiHmX7Xcpw4hfhSfXm3WY3+0rKSsYqns2LevEBmfu0qB+gXOGV0Lf4OwSkE71vZs+UtG5BSI/Gqd\
        +Gsf9B/YKh67Kn+zT34nQBjTa5yWT8u2Uh8rblJZEEcBDLchZW2XeCDb3OFnfjpn8rm3RuxnxTPR+6lE\
        D0SXfuApDwF4k7wchEunrh0Ei/toqhrC/cVRnVsHTgoCjHOrr1JOm7CeleWWtxqhvKRbqsS/Z+ecsKAw\
        zXuU3WqgCGvZWbzukLbyRDBE8k+Ga9PhFn4wdgc5SOuyCqzHDmT4q6bTxg1/Zu4tMbnkvU3gJ/P+wS6x\
        K3+vbLp9PFfKMbEqnzWyGuIXxYRUHBBmWpZGV3f8S+lVOwoBXzC3yJBoEtrJzhjBu/x1G9k7C9rCqo+q\
        OIMXEy24AkI43IYZlV8yeou+gT+19aw3EMnJyegkXBMWMCFHVztiNzs5/MVhqOR1GxPRGGU7bdxUE6OR\
        QB6hZxylX4gNKyI16a+W8+mQZcMYwIYyS+P1umWx//9pT1EwFX4uRqLItmjEFqyXcRTkBo259vpqhCpX\
        vi3Ea8NUAABgB/uaW5/lNQABiAeAOAAAa5y3RLHEZ/sCAAAAAARZWg==
        """

    /// One row in UTF-16 (xz).
    static let utf16 = """
        /Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4AP/AIxdACmURZ1gyBn4JmSIjib+MZX9xxDwB+KeGl7KTWIV\
        ccUA66iT+brbIpOC/cxdeXv6SS3UYOWHqGVxAsAEVJxIJkkl6bj/N4tdlHabzPn8SGyOQdmHZDcHNRFD\
        Bw7VaeIsKqRoDMdi4Rea/USb7ckFlf3iFSMztRHksrgbAoK6cB9tHTbcev2w7qcX2TMRALc9BlqXkwsW\
        AAGoAYAIAABtiTDoscRn+wIAAAAABFla
        """

    static func unpacked(_ base64: String) throws -> [UInt8] {
        let packed = try #require(Base64.decode(base64))
        return try #require(read(packed, .unpack, name: "x.db.xz").sink.members.first?.bytes)
    }

    @Test(arguments: [true, false])
    func rows(fromFile: Bool) throws {
        let bytes = try Self.unpacked(Self.shop)
        var out = read(bytes, .sqlite)
        if fromFile {
            let path = NSTemporaryDirectory() + "rows-\(UUID().uuidString).db"
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? FileManager.default.removeItem(atPath: path) }
            out = Outcome()
            out.summary = try DocumentReader.read(
                ReaderRequest(.sqlite, name: "x.db"), descriptor: file.fileDescriptor,
                sink: out.sink)
            try file.close()
        }
        #expect(out.fault == nil)
        #expect(out.summary == ReaderSummary(parser: "sqlite/1"))
        #expect(
            out.sink.records.map(\.fields) == [
                [
                    "id": "1", "name": "Änne", "price": "1.5", "note": .null, "low": "Änne",
                    "table": "or\"ders",
                ],
                [
                    "id": "2", "name": "Bo", "price": "1e+300", "note": "4611686018427387904",
                    "data": "text", "low": "bo", "table": "or\"ders",
                ],
                ["a": "1", "b": "x", "table": "people"], ["k": "k", "v": "A", "table": "wr"],
            ])
        #expect(
            out.sink.records.map(\.place) == [
                "or\"ders row 1", "or\"ders row 2", "people row 1", "wr row 1",
            ])
        #expect(out.sink.records.map(\.offset) == [0, 1, 2, 3])
        #expect(
            out.sink.notes == [
                "1 views are not read", "1 virtual tables are not read",
                "5 tables of virtual tables are not read",
                "1 binary values of the table 'or\"ders' were left out",
            ])
    }

    @Test func oneTable() throws {
        let bytes = try Self.unpacked(Self.shop)
        let out = read(bytes, .sqlite, recordsPath: "People")
        #expect(out.sink.records.map(\.fields) == [["a": "1", "b": "x"]])
        #expect(read(bytes, .sqlite, recordsPath: "f_content").sink.records.count == 1)
        for name in ["f", "v", "nope", "sqlite_schema"] {
            let none = read(bytes, .sqlite, recordsPath: name)
            #expect(none.fault?.code == .malformed)
            #expect(none.fault?.hint.contains("people") == true)
        }
    }

    @Test func encodings() throws {
        let out = read(try Self.unpacked(Self.utf16), .sqlite)
        #expect(out.sink.records.map(\.fields) == [["größe": "Müller ☃"]])
        #expect(out.summary?.encoding == "utf-16le")
    }

    @Test func noDatabases() throws {
        #expect(read("", .sqlite).fault?.code == .malformed)
        #expect(read(String(repeating: "x", count: 5000), .sqlite).fault?.code == .malformed)
        let bytes = try Self.unpacked(Self.shop)
        // Cut within the schema, then within the data.
        #expect(read(Array(bytes.prefix(600)), .sqlite).fault?.code == .malformed)
        let cut = read(Array(bytes.prefix(bytes.count / 2)), .sqlite)
        #expect(cut.fault != nil || !cut.sink.refusals.isEmpty)
    }

    @Test func limits() throws {
        var limits = ReaderLimits()
        limits.expandedBytes = 40
        let bytes = try Self.unpacked(Self.shop)
        #expect(read(bytes, .sqlite, limits: limits).fault?.code == .overLimit)
    }
}
