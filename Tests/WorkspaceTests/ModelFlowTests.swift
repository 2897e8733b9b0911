import Catalog
import EngineProtocol
import Foundation
import Governance
import ModelFiles
import Records
import Testing
import Vault

@testable import Workspace

@Suite("Models that come in and go out")
struct ModelFlowTests {
    let home: TemporaryWorkspace
    let workspace: OpenWorkspace

    init() throws {
        home = try TemporaryWorkspace.make()
        workspace = try home.open()
    }

    private func bring(_ name: String, _ path: String) throws -> Report {
        try ModelImport(name: name, folder: home.folder + "/" + path).run(in: workspace)
    }

    private func files(_ report: Report) -> [String] {
        (report.json["files"]?.objectValue ?? [:]).keys.sorted()
    }

    @Test("a folder comes in and goes out byte for byte, and what it is is known") func folder()
        throws
    {
        let folder = home.folder + "/m"
        try TinyModel.encoder(in: folder)
        _ = try home.write(
            "---\nlicense: apache-2.0\nlanguage: en\n---\n# A model\n", "m/README.md")
        _ = try home.write("{}", "m/training_args.json")
        let report = try bring("m", "m")
        #expect(files(report) == ["config.json", "model.safetensors", "vocab.txt"])
        #expect(report.json["info"]?["kind"] == "encoder")
        #expect(report.json["info"]?["family"] == "bert")
        #expect(report.json["info"]?["context"] == 64)
        #expect(report.json["info"]?["licence"] == "apache-2.0")
        #expect(report.json["info"]?["parameters"] == .integer(6 * 8 + 64 * 8 + 64 + 128))
        #expect(try Models(workspace).list().lines.first?.contains("bert encoder") == true)
        let out = home.folder + "/out"
        let exported = try ExportModel(name: "m", folder: out).run(in: workspace)
        #expect(exported.next.isEmpty, "an imported model has no provenance to check")
        for name in files(report) {
            #expect(
                try Files.read(out + "/" + name) == Files.read(folder + "/" + name), "\(name)")
        }
        let key = try workspace.catalog.verifierKey()
        #expect(try AuditLog(workspace).verify(trustedKey: key).verdict == .passed)
    }

    @Test("shards come in with their index") func shards() throws {
        let folder = home.folder + "/m"
        try TinyModel.encoder(in: folder)
        let whole = try SafetensorsFile(mapping: folder + "/model.safetensors")
        var map: [String: JSONValue] = [:]
        for (index, name) in whole.names.enumerated() {
            let shard = "model-0000\(index + 1)-of-00004.safetensors"
            map[name] = .string(shard)
            let tensor = NamedTensor(
                name: name, shape: whole.shape(name) ?? [], values: try whole.floats(name))
            try TinyModel.write(SafetensorsWriter.encode([tensor]), folder + "/" + shard)
        }
        try FileManager.default.removeItem(atPath: folder + "/model.safetensors")
        try TinyModel.write(
            CanonicalJSON.encode(["weight_map": .object(map)]),
            folder + "/model.safetensors.index.json")
        #expect(files(try bring("m", "m")).count == 7)
        try FileManager.default.removeItem(
            atPath: folder + "/model-00003-of-00004.safetensors")
        let error = #expect(throws: ModelFilesError.self) { try bring("n", "m") }
        #expect(error?.message.contains("00003-of-00004") == true)
    }

    @Test("one GGUF file is a model, by itself or alone in a folder") func gguf() throws {
        try TinyModel.write(TinyModel.gguf(), home.folder + "/tiny.gguf")
        let report = try bring("g", "tiny.gguf")
        #expect(files(report) == ["model.gguf"])
        #expect(report.json["info"]?["kind"] == "decoder")
        #expect(report.json["info"]?["licence"] == "apache-2.0")
        #expect(report.json["info"]?["weights"] == "gguf")
        try FileManager.default.createDirectory(
            atPath: home.folder + "/f", withIntermediateDirectories: true)
        try TinyModel.write(TinyModel.gguf(), home.folder + "/f/any-name.gguf")
        #expect(files(try bring("h", "f")) == ["model.gguf"])
        try TinyModel.write(TinyModel.gguf(), home.folder + "/f/another.gguf")
        let two = #expect(throws: WorkspaceError.self) { try bring("i", "f") }
        #expect(two?.code == .usage && two?.message.contains("2 GGUF") == true)
    }

    @Test("files that do not belong together are told apart before time is spent", arguments: 0..<9)
    func wrong(_ number: Int) throws {
        let folder = home.folder + "/m"
        var expected = ""
        try TinyModel.encoder(in: folder) { config, tensors in
            switch number {
            case 0:
                (config["vocab_size"], expected) = (5, "has the shape [6, 8]")
            case 1:
                (tensors[2], expected) = (
                    TinyModel.tensor("encoder.layer.0.attention.self.query.weight", [8, 4]),
                    "has the shape [8, 4]"
                )
            case 2:
                expected = "no tensor bert.encoder.layer.0.intermediate.dense.weight"
                tensors.removeLast()
            case 3:
                expected = "ids up to 5"
                config["vocab_size"] = 3
                tensors[0] = TinyModel.tensor("embeddings.word_embeddings.weight", [3, 8])
            case 4: (config["model_type"], expected) = ("vit", "vit")
            default: break
            }
        }
        switch number {
        case 5:
            try FileManager.default.removeItem(atPath: folder + "/vocab.txt")
            expected = "no tokenizer"
        case 6:
            try FileManager.default.removeItem(atPath: folder + "/model.safetensors")
            _ = try home.write("x", "m/pytorch_model.bin")
            expected = "no model.safetensors"
        case 7:
            try FileManager.default.removeItem(atPath: folder + "/config.json")
            expected = "no config.json"
        case 8:
            let bytes = try Files.read(folder + "/model.safetensors")
            try TinyModel.write(Array(bytes.dropLast(3)), folder + "/model.safetensors")
            expected = "outside"
        default: break
        }
        let error = #expect(throws: (any Error).self) { try bring("m", "m") }
        let text = "\(WorkspaceError(describing: try #require(error)))"
        if number != 8 { #expect(text.contains(expected), "\(text)") }
        #expect(!text.contains("pytorch") && (number != 6 || text.contains("run code")))
        // Nothing is left of it: no model, no key, no pack.
        #expect(try workspace.catalog.read { try $0.models() }.isEmpty)
        #expect(try workspace.vault.packs.list().isEmpty)
    }

    @Test("names and places that are none") func places() throws {
        #expect(throws: WorkspaceError.self) { try bring("m", "nowhere") }
        _ = try home.write("text", "file.txt")
        let file = #expect(throws: WorkspaceError.self) { try bring("m", "file.txt") }
        #expect(file?.code == .usage)
        try TinyModel.encoder(in: home.folder + "/m")
        _ = try bring("m", "m")
        let again = #expect(throws: WorkspaceError.self) { try bring("m", "m") }
        #expect(again?.code == .conflict)
    }

    @Test("a file is read in pieces, as often as wanted") func pieces() throws {
        let bytes = (0..<(5 << 19)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let path = home.folder + "/bytes"
        try TinyModel.write(bytes, path)
        let pieces = try FilePieces(path)
        #expect(pieces.size == bytes.count)
        for _ in 0..<2 {
            var read: [UInt8] = []
            try pieces.forEach { read += $0 }
            #expect(read == bytes)
        }
        #expect(throws: WorkspaceError.self) { try FilePieces(home.folder) }
        #expect(throws: WorkspaceError.self) { try FilePieces(home.folder + "/none") }
    }
}

@Suite("Merged and converted exports")
struct MergedExportTests {
    private func fixture() throws -> RunFixture {
        let fixture = try RunFixture()
        try ScriptedWorkbench.add(to: fixture)
        _ = try Train(
            name: "mood", data: "reviews@3", model: "base", method: .lora,
            settings: [("learning_rate", "1e-3")], purpose: "sentiment", engine: "workbench",
            threads: 1
        ).run(in: fixture.workspace)
        return fixture
    }

    private func export(
        _ fixture: RunFixture, _ form: ExportModel.Form, _ format: String? = nil
    ) throws -> String {
        let folder = fixture.home.folder + "/\(form.rawValue)-\(format ?? "")"
        _ = try ExportModel(
            name: "mood", folder: folder, form: form, weightFormat: format, engine: "workbench",
            threads: 1
        ).run(in: fixture.workspace)
        return folder
    }

    @Test("a merged model has its tokenizer, a card, and a proof that is checked offline")
    func merged() throws {
        let fixture = try fixture()
        let folder = try export(fixture, .merged, "f16")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        #expect(
            names == [
                "README.md", "config.json", "entry.json", "model.safetensors", "proof.tlog",
                "run-provenance.dsse.json", "vocab.txt",
            ])
        #expect(try Files.read(folder + "/model.safetensors") == Array("merged f16".utf8))
        #expect(try Files.read(folder + "/config.json") == Array("{}".utf8))
        let key = try fixture.workspace.catalog.verifierKey()
        func verdict(_ key: String?) throws -> Report.Verdict {
            try VerifyModel(folder: folder, trustedKey: key).run().verdict
        }
        #expect(try verdict(key) == .passed)
        #expect(try verdict(nil) == .checksFailed)
        for name in names {
            let bytes = try Files.read(folder + "/" + name)
            var changed = bytes
            changed[bytes.count / 2] ^= 1
            try Files.write(changed, to: folder + "/" + name)
            let result = Result { try verdict(key) }
            if case .success(let verdict) = result {
                #expect(verdict == .integrityViolated, "\(name) was changed and not noticed")
            }
            try Files.write(bytes, to: folder + "/" + name)
        }
        try Files.write([1], to: folder + "/stranger.bin")
        #expect(try verdict(key) == .integrityViolated)
        #expect(try fixture.auditPasses())
    }

    @Test("the card says what it came of, and no name of a person") func card() throws {
        let fixture = try fixture()
        let folder = try export(fixture, .merged)
        let card = try String(contentsOfFile: folder + "/README.md", encoding: .utf8)
        let row = try fixture.workspace.run("mood")
        let version = try fixture.workspace.version("reviews@3")
        for fact in [
            "base_model: base", "`reviews@3`", Hex.encode(version.id), "run `\(row.id)`", "lora",
            "| learning_rate | 0.001 |", "macro F1", "sentiment", "licence is not known",
            "validation (chose the weights)", "purposes: sentiment",
        ] {
            #expect(card.contains(fact), "\(fact)")
        }
        #expect(!card.contains(fixture.workspace.session.principal))
        #expect(!card.contains("@mail.example"))
    }

    @Test("GGUF is one file with its card") func gguf() throws {
        let fixture = try fixture()
        let folder = try export(fixture, .gguf)
        #expect(try Files.read(folder + "/model.gguf") == Array("gguf f16".utf8))
        #expect(
            try Files.read(export(fixture, .gguf, "q8_0") + "/model.gguf")
                == Array("gguf q8_0".utf8))
        #expect(!Files.exists(folder + "/vocab.txt") && Files.exists(folder + "/README.md"))
    }

    @Test("a failed export leaves nothing behind") func failed() throws {
        let fixture = try fixture()
        let folder = fixture.home.folder + "/failed"
        #expect(throws: (any Error).self) {
            try ExportModel(
                name: "mood", folder: folder, form: .merged, engine: "none"
            ).run(in: fixture.workspace)
        }
        #expect(!Files.exists(folder))
        // Its own engine gives nothing back: `scripted` does not merge.
        #expect(throws: (any Error).self) {
            try ExportModel(
                name: "mood", folder: folder, form: .merged, weightFormat: "q8_0"
            ).run(in: fixture.workspace)
        }
        let taken = fixture.home.folder
        let error = #expect(throws: WorkspaceError.self) {
            try ExportModel(name: "mood", folder: taken).run(in: fixture.workspace)
        }
        #expect(error?.code == .conflict)
        #expect(Files.exists(taken + "/ws"))
    }

    @Test("who may not export is refused") func roles() throws {
        let fixture = try fixture()
        try fixture.home.add("vera", by: fixture.workspace)
        let vera = try fixture.home.open(as: "vera")
        let error = #expect(throws: GovernanceError.self) {
            try ExportModel(
                name: "mood", folder: fixture.home.folder + "/x", form: .merged,
                engine: "workbench"
            ).run(in: vera)
        }
        #expect(error?.code == .denied)
        #expect(!Files.exists(fixture.home.folder + "/x"))
    }
}
