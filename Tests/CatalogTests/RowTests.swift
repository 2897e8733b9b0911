import Cryptography
import Foundation
import GRDB
import Records
import Testing

@testable @_spi(ChokePoint) import Catalog

@Suite struct RowTests {
    let fixture: CatalogFixture
    let dataset = [UInt8](repeating: 0xAB, count: 16)

    init() throws { fixture = try CatalogFixture() }

    func commit(_ body: (CatalogChange) throws -> Void) throws {
        try fixture.store.commit(
            EventDraft("test.change", object: "test:x"), signer: fixture.custodian, body)
    }

    func addDataset() throws {
        try commit { change in
            try change.add(
                DatasetRow(
                    id: dataset, name: "reviews", purposes: ["a", "b"], legalBasis: "consent",
                    owner: "p-00000001"))
        }
    }

    func object(_ byte: UInt8, _ kind: ObjectKind = .segment) -> ObjectRow {
        ObjectRow(
            id: Array(repeating: byte, count: 32), kind: kind, scope: dataset, stageCode: 1,
            pack: "aa", offset: Int(byte) * 100, length: 100)
    }

    func version(_ byte: UInt8, _ stage: Stage) -> VersionRow {
        VersionRow(
            id: Array(repeating: byte, count: 32), dataset: dataset, stage: stage,
            manifest: Array("{}".utf8), count: 2, actor: "p-00000001")
    }

    @Test func refsFindVersions() throws {
        try addDataset()
        try commit { change in
            for byte in UInt8(1)...3 {
                try change.add(object(byte))
                try change.add(
                    SegmentRow(
                        object: object(byte).id, dataset: dataset, stage: .raw,
                        root: Array(repeating: byte, count: 32), count: 2,
                        firstRID: Array(repeating: 0, count: 16),
                        lastRID: Array(repeating: 1, count: 16)))
            }
            try change.add(object(9, .origins))
            #expect(
                try change.add(
                    version(0x11, .raw), segments: [object(2).id, object(1).id],
                    objects: [VersionObject(role: "origins", object: object(9).id)]) == 1)
            #expect(
                try change.add(
                    version(0x22, .redacted), parents: [version(0x11, .raw).id],
                    segments: [object(3).id]) == 2)
            #expect(try change.add(version(0x33, .raw), segments: []) == 3)
            // The same content and recipe make no new version.
            #expect(try change.add(version(0x11, .raw), segments: []) == 1)
            try change.setTag("gold", dataset: dataset, version: version(0x22, .redacted).id)
        }
        try fixture.store.read { reader throws in
            for (ref, byte) in [
                ("reviews", UInt8(0x33)), ("reviews@1", 0x11), ("reviews@2", 0x22),
                ("reviews@redacted", 0x22), ("reviews@raw", 0x33), ("reviews@gold", 0x22),
                ("22222222", 0x22), (String(repeating: "1", count: 64), 0x11),
            ] {
                #expect(try reader.resolve(ref).id[0] == byte, "\(ref)")
            }
            for ref in [
                "nothing", "reviews@4", "reviews@synthetic", "reviews@", "@1", "44444444", "1111",
            ] {
                let error = #expect(throws: CatalogError.self) { try reader.resolve(ref) }
                #expect(error?.code == .notFound)
            }
            let raw = version(0x11, .raw).id
            #expect(try reader.segments(of: raw).map(\.object) == [object(2).id, object(1).id])
            #expect(try reader.objects(of: raw, role: "origins").map(\.object) == [object(9).id])
            #expect(try reader.objects(of: raw, role: "findings").isEmpty)
            #expect(try reader.children(of: raw) == [version(0x22, .redacted).id])
            #expect(try reader.parents(of: version(0x22, .redacted).id) == [raw])
            #expect(try reader.label(of: raw) == "reviews@1")
            #expect(try reader.versions(of: dataset, stage: .raw).map(\.id[0]) == [0x11, 0x33])
            #expect(try reader.versions(withSegment: object(1).id) == [raw])
            #expect(
                try reader.segment(
                    dataset: dataset, stage: .raw, root: Array(repeating: 3, count: 32)
                )?.object == object(3).id)
            #expect(
                try reader.segment(
                    dataset: dataset, stage: .redacted, root: Array(repeating: 3, count: 32))
                    == nil)
            #expect(try reader.refs(of: dataset).map(\.name) == ["1", "2", "3", "gold"])
            #expect(try reader.packs() == ["aa"])
        }
    }

    @Test(arguments: ["", "3", "raw", "a@b"])
    func aTagIsNeverMistakenForSomethingElse(_ tag: String) throws {
        try addDataset()
        let error = #expect(throws: CatalogError.self) {
            try commit { change in
                try change.add(version(1, .raw), segments: [])
                try change.setTag(tag, dataset: dataset, version: version(1, .raw).id)
            }
        }
        #expect(error?.code == .invalid)
    }

    @Test(arguments: ["", "a@b", "a/b", "reviews"])
    func badAndTakenDatasetNamesAreRefused(_ name: String) throws {
        try addDataset()
        let error = #expect(throws: CatalogError.self) {
            try commit { change in
                try change.add(
                    DatasetRow(
                        id: Array(repeating: 1, count: 16), name: name, purposes: [],
                        legalBasis: "", owner: "p-00000001"))
            }
        }
        #expect(error?.code == (name == "reviews" ? .conflict : .invalid))
    }

    @Test func quarantineIsCountedByReason() throws {
        try addDataset()
        try commit { change in
            for (index, reason) in ["encoding", "column-count", "encoding"].enumerated() {
                try change.add(
                    QuarantineRow(
                        dataset: dataset, reason: reason, fileDigest: [1], offset: index,
                        length: 5, object: nil))
            }
            try change.add(version(1, .raw), segments: [])
            try change.addIngestedFile(
                digest: [7], dataset: dataset, version: version(1, .raw).id)
        }
        try fixture.store.read { reader throws in
            #expect(
                try reader.quarantineCounts(dataset: dataset) == [
                    "encoding": 2, "column-count": 1,
                ])
            #expect(try reader.quarantine(dataset: dataset, limit: 2).map(\.offset) == [0, 1])
            #expect(
                try reader.ingestedFile(digest: [7], dataset: dataset) == [version(1, .raw).id])
            #expect(try reader.ingestedFile(digest: [8], dataset: dataset).isEmpty)
            #expect(try reader.ingestedFiles(dataset: dataset).count == 1)
        }
    }

    @Test func runsAndModelsComeBackAsTheyWere() throws {
        var run = RunRow(
            name: "first", request: Array("{}".utf8), actor: "p-00000001", version: nil,
            purpose: "a")
        let model = ModelRow(
            id: Array(repeating: 5, count: 16), name: "m", kind: .finetuned, run: run.id,
            actor: "p-00000001", info: ["labels": ["no", "yes"]])
        try commit { change in
            try change.add(run)
            run.state = .finished
            run.started = .now
            run.finished = .now
            run.metrics = ["accuracy": .double(0.5)]
            run.statementDigest = [1, 2, 3]
            try change.update(run)
            #expect(try change.addRunEvent(run.id, ["step": 1]) == 0)
            try change.add(object(1, .model))
            try change.add(model)
            try change.add(
                ArtifactRow(
                    model: model.id, name: "a.bin", object: object(1, .model).id,
                    sha256: [9], size: 12))
            try change.setState(.promoted, of: model.id)
            try change.add(
                EngineRow(name: "bundled", path: "/x", digest: [1], actor: "p-00000001"))
        }
        try fixture.store.appendRunEvents(run.id, [["step": 2], ["step": 3]])
        try fixture.store.read { reader throws in
            #expect(try reader.run(named: "first") == run)
            #expect(
                try reader.runEvents(run.id, from: 1).map(\.event) == [["step": 2], ["step": 3]])
            #expect(try reader.model(named: "m")?.state == .promoted)
            #expect(try reader.model(named: "m")?.info == model.info)
            #expect(try reader.artifacts(of: model.id).map(\.size) == [12])
            #expect(try reader.object(object(1).id)?.kind == .model)
            #expect(try reader.engine(named: "bundled")?.digest == [1])
        }
    }

    @Test func checkpointsComeBackAndGo() throws {
        let run = RunRow(
            name: "first", request: Array("{}".utf8), actor: "p-00000001", version: nil,
            purpose: "a")
        let files = (0..<4).map { index in
            CheckpointFileRow(
                run: run.id, step: 10 * (1 + index / 2), position: index % 2, name: "f\(index % 2)",
                object: object(UInt8(index), .checkpoint).id, sha256: [UInt8(index)], size: index,
                isBest: index < 2)
        }
        try commit { change in
            try change.add(run)
            for index in 0..<4 { try change.add(object(UInt8(index), .checkpoint)) }
            for file in files.reversed() { try change.add(file) }
            #expect(try change.checkpointFiles(of: run.id) == files)
            try change.setBestCheckpoint(20, of: run.id)
            #expect(
                try change.checkpointFiles(of: run.id).map(\.isBest) == [
                    false, false, true, true,
                ])
            try change.removeCheckpoint(10, of: run.id)
        }
        try fixture.store.read { reader throws in
            #expect(try reader.checkpointFiles(of: run.id).map(\.step) == [20, 20])
            #expect(try reader.objects().map(\.id) == files[2...].map(\.object))
            #expect(try reader.hasCheckpoint(run.id))
            #expect(try !reader.hasCheckpoint("r-none"))
        }
        // A file needs its object, and a step has a name once.
        #expect(throws: CatalogError.self) {
            var stray = files[0]
            stray.object = object(99).id
            try commit { try $0.add(stray) }
        }
        #expect(throws: CatalogError.self) { try commit { try $0.add(files[2]) } }
        // An order, or a size, of its own gives another digest.
        let digests = [files, Array(files.reversed()), Array(files.dropLast())].map {
            CheckpointFileRow.digest(of: $0)
        }
        #expect(Set(digests).count == 3)
    }

    @Test func groupsHoldGroupsButNeverThemselves() throws {
        try commit { change in
            for name in ["a", "b", "c"] {
                try change.add(NewPrincipal(id: "p-\(name)", kind: .group, name: name))
            }
            try change.addMember("p-b", to: "p-a")
            try change.addMember("p-c", to: "p-b")
            try change.addMember("p-00000001", to: "p-c")
            #expect(try change.groups(of: "p-00000001") == ["p-a", "p-b", "p-c"])
            #expect(try change.everyone(in: "p-a") == ["p-00000001"])
        }
        for (member, group) in [("p-a", "p-a"), ("p-a", "p-c"), ("p-x", "p-a")] {
            #expect(throws: CatalogError.self) {
                try commit { try $0.addMember(member, to: group) }
            }
        }
        #expect(throws: CatalogError.self) {
            try commit { try $0.addMember("p-a", to: "p-00000001") }
        }
    }

    @Test func aDamagedRowIsAnErrorNotACrash() throws {
        try addDataset()
        try fixture.tamper("UPDATE datasets SET purposes = 'nonsense', created = 'yesterday'")
        let error = #expect(throws: CatalogError.self) {
            try fixture.store.read { try $0.datasets() }
        }
        #expect(error?.code == .integrity)
    }

    @Test func aChangedWorkspaceRowDoesNotOpen() throws {
        #expect(try fixture.open().workspace.solo == false)
        try fixture.tamper("UPDATE workspace SET solo = 1")
        let error = #expect(throws: CatalogError.self) { try fixture.open() }
        #expect(error?.code == .integrity)
        #expect(throws: CatalogError.self) {
            try CatalogStore.open(in: fixture.folder + "/nowhere", stateFolder: fixture.state)
        }
    }

    @Test func aSecondWorkspaceInOneFolderIsRefused() throws {
        let error = #expect(throws: CatalogError.self) {
            try CatalogStore.create(
                in: fixture.folder, workspaceID: [], origin: "x", solo: false,
                custodian: NewPrincipal(kind: .service, name: "c"), signer: fixture.custodian)
        }
        #expect(error?.code == .conflict)
    }
}
