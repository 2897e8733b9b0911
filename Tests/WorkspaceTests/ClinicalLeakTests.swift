import Foundation
import Ingestion
import Records
import Testing

@testable import Workspace

/// Nothing of a patient survives `hipaa-safe-harbor`: the published FHIR, HL7 v2 and C-CDA documents
/// of the shelf, each against values that are read out of the source here, without our parsers.
@Suite("Patients of clinical documents", .serialized)
struct ClinicalLeakTests {
    static let shelf: String? = {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let shared =
            ProcessInfo.processInfo.environment["TUNDISH_SHARED"]
            ?? root.appending(path: "../shared").path
        let path = shared + "/shelf/docs"
        guard FileManager.default.fileExists(atPath: path + "/fhir") else {
            print("skipped: clinical leak tests need ../shared/shelf/docs")
            return nil
        }
        return path
    }()

    /// The texts that are left of a dataset's records.
    func leaves(_ paths: [String], options: IngestOptions = IngestOptions()) throws -> Set<String> {
        let home = try TemporaryWorkspace.make()
        let workspace = try home.open()
        _ = try Ingest(
            dataset: "d", paths: paths, options: options, purposes: ["care"], legalBasis: "test"
        ).run(in: workspace)
        _ = try Redact(version: "d@1", policy: TemporaryWorkspace.policy("hipaa-safe-harbor"))
            .run(in: workspace)
        var bytes: [UInt8] = []
        _ = try ExportDataset(version: "d@2", output: "-").run(
            in: workspace, standardOutput: { bytes += $0 })
        var words: Set<String> = []
        func walk(_ value: JSONValue) {
            switch value {
            case .string(let text), .number(let text): words.insert(text)
            case .array(let elements): elements.forEach(walk)
            case .object(let members): members.values.forEach(walk)
            case .null, .bool: break
            }
        }
        for line in bytes.split(separator: 0x0A) {
            for (name, value) in try JSONParser.parse(Array(line)).objectValue ?? [:]
            where !name.hasPrefix("_") { walk(value) }
        }
        return words
    }

    /// The values of three characters and more that stand as words in what is left.
    func surviving(_ values: Set<String>, in leaves: Set<String>) -> [String] {
        let text = " " + leaves.joined(separator: " \n ") + " "
        let parts = Set(text.split { !($0.isLetter || $0.isNumber || "-.@+".contains($0)) })
        return values.filter { value in
            let value = value.trimmingCharacters(in: .whitespacesAndNewlines)
            // Years may stay.
            guard value.count >= 3, value != "true",
                !(value.count == 4 && value.allSatisfy(\.isNumber))
            else {
                return false
            }
            return parts.contains(Substring(value)) || value.contains(" ") && text.contains(value)
        }.sorted()
    }

    @Test("FHIR", .enabled(if: shelf != nil)) func fhir() throws {
        let folder = try #require(Self.shelf) + "/fhir"
        let sizes = try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { $0.hasSuffix(".json") }.sorted()
            .map { name in
                let path = folder + "/" + name
                let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
                return (path, size ?? 0)
            }
        // Two bundles; the others only add time.
        let paths = sizes.sorted { $0.1 < $1.1 }.prefix(2).map(\.0)
        var values: Set<String> = []
        for path in paths {
            let bundle = try JSONParser.parse(Array(Data(contentsOf: URL(filePath: path))))
            for entry in bundle["entry"]?.arrayValue ?? [] {
                guard let resource = entry["resource"] else { continue }
                if resource["resourceType"] == "Patient" { collect(resource, into: &values) }
                days(resource, into: &values)
            }
        }
        #expect(values.count > 15)
        let left = surviving(values, in: try leaves(paths))
        #expect(left == [])
    }

    private func collect(_ patient: JSONValue, into values: inout Set<String>) {
        for name in patient["name"]?.arrayValue ?? [] {
            values.insert(name["family"]?.stringValue ?? "")
            values.formUnion(name["given"]?.stringArray ?? [])
        }
        for telecom in patient["telecom"]?.arrayValue ?? [] {
            values.insert(telecom["value"]?.stringValue ?? "")
        }
        for address in patient["address"]?.arrayValue ?? [] {
            values.formUnion(address["line"]?.stringArray ?? [])
            values.insert(address["city"]?.stringValue ?? "")
            values.insert(address["postalCode"]?.stringValue ?? "")
        }
        for identifier in patient["identifier"]?.arrayValue ?? [] {
            values.insert(identifier["value"]?.stringValue ?? "")
        }
        values.insert(patient["id"]?.stringValue ?? "")
    }

    /// Every text that begins like a day.
    private func days(_ value: JSONValue, into values: inout Set<String>) {
        switch value {
        case .string(let text):
            let day = text.prefix(10)
            if day.count == 10, day.split(separator: "-").map(\.count) == [4, 2, 2],
                day.allSatisfy({ $0.isNumber || $0 == "-" })
            {
                values.insert(String(day))
            }
        case .array(let elements): for element in elements { days(element, into: &values) }
        case .object(let members): for member in members.values { days(member, into: &values) }
        default: break
        }
    }

    @Test("HL7 v2", .enabled(if: shelf != nil)) func hl7() throws {
        let folder = try #require(Self.shelf) + "/hl7v2"
        var values: Set<String> = []
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            guard
                let text = try? String(contentsOfFile: folder + "/" + name, encoding: .isoLatin1)
            else { continue }
            for segment in text.split(whereSeparator: \.isNewline) where segment.hasPrefix("PID|") {
                let fields = segment.split(separator: "|", omittingEmptySubsequences: false)
                // Identifier list, name, maiden name, birth, address, phones, account, SSN, licence.
                for (index, wanted) in [
                    3: [0], 5: [0, 1, 2], 6: [0, 1], 7: [0], 11: [0, 2, 4], 13: [0, 11], 14: [0],
                    18: [0], 19: [0], 20: [0],
                ] where index < fields.count {
                    for repetition in fields[index].split(separator: "~") {
                        let parts = repetition.split(
                            separator: "^", omittingEmptySubsequences: false)
                        for part in wanted where part < parts.count {
                            values.formUnion(parts[part].split(separator: "&").map(String.init))
                        }
                    }
                }
            }
        }
        #expect(values.count > 60)
        let left = surviving(values, in: try leaves([folder]))
        #expect(left == [])
    }

    @Test("C-CDA", .enabled(if: shelf != nil)) func ccda() throws {
        let folder = try #require(Self.shelf) + "/ccda"
        var values: Set<String> = []
        for case let file as URL in FileManager.default.enumerator(
            at: URL(filePath: folder), includingPropertiesForKeys: nil) ?? .init()
        where file.pathExtension == "xml" {
            let text = try String(contentsOf: file, encoding: .utf8)
            for target in text.components(separatedBy: "<recordTarget").dropFirst() {
                let part = target.components(separatedBy: "</recordTarget>")[0]
                for element in ["given", "family", "streetAddressLine", "city", "postalCode"] {
                    for piece in part.components(separatedBy: "<" + element).dropFirst() {
                        guard let open = piece.firstIndex(of: ">"),
                            let end = piece.range(of: "</" + element), open < end.lowerBound
                        else { continue }
                        values.insert(String(piece[piece.index(after: open)..<end.lowerBound]))
                    }
                }
                for piece in part.components(separatedBy: "value=\"").dropFirst() {
                    let value = String(piece.prefix { $0 != "\"" })
                    for prefix in ["tel:", "mailto:", ""] where value.hasPrefix(prefix) {
                        values.insert(String(value.dropFirst(prefix.count)))
                        break
                    }
                }
                for piece in part.components(separatedBy: "extension=\"").dropFirst() {
                    values.insert(String(piece.prefix { $0 != "\"" }))
                }
            }
        }
        #expect(values.count > 20)
        let left = surviving(values, in: try leaves([folder]))
        #expect(left == [])
    }
}
