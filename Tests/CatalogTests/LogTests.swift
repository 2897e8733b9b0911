import Cryptography
import Foundation
import GRDB
import Records
import Testing

@testable @_spi(ChokePoint) import Catalog

@Suite struct LogTests {
    /// RFC 6962 §2.1 written as it stands, the oracle.
    static func naiveRoot(_ leaves: ArraySlice<[UInt8]>) -> [UInt8] {
        if leaves.isEmpty { return SHA256.hash([]) }
        if leaves.count == 1 { return SHA256.hash([0] + leaves[leaves.startIndex]) }
        var split = 1
        while split * 2 < leaves.count { split *= 2 }
        let middle = leaves.startIndex + split
        return SHA256.hash([1] + naiveRoot(leaves[..<middle]) + naiveRoot(leaves[middle...]))
    }

    @Test func everySizeHasTheRootOfTheNaiveTree() throws {
        let fixture = try CatalogFixture()
        try fixture.fill(to: 70)
        try fixture.store.read { reader throws in
            let entries = try reader.entries().map(\.bytes)
            #expect(entries.count == 70)
            for size in 0...70 {
                #expect(
                    try reader.logRoot(size: UInt64(size)) == Self.naiveRoot(entries[0..<size]))
            }
            #expect(try reader.checkpoints().count == 70)
        }
        let report = try LogVerifier(
            catalog: fixture.store, trustedKey: try fixture.store.verifierKey()
        ).verify()
        #expect(report.isIntact)
        #expect(report.signer == .trusted)
        #expect(report.size == 70)
        #expect(report.findings == [])
    }

    @Test func aFailedBodyLeavesNothing() throws {
        let fixture = try CatalogFixture()
        struct Stop: Error {}
        #expect(throws: Stop.self) {
            try fixture.store.commit(
                EventDraft("group.add", object: "principal:p-2"), signer: fixture.custodian
            ) { change in
                try change.add(NewPrincipal(id: "p-2", kind: .group, name: "team"))
                throw Stop()
            }
        }
        try fixture.store.read { reader throws in
            #expect(try reader.logSize() == 1)
            #expect(try reader.principal("p-2") == nil)
        }
    }

    @Test func concurrentCommitsShareTransactions() async throws {
        let fixture = try CatalogFixture()
        let store = fixture.store
        let custodian = fixture.custodian
        let failures = await withTaskGroup(of: Bool.self) { group in
            for index in 0..<200 {
                group.addTask {
                    do {
                        try store.commit(
                            EventDraft("group.add", object: "g:\(index)"), signer: custodian
                        ) { change in
                            try change.add(
                                NewPrincipal(id: "p-\(index)", kind: .group, name: "n\(index)"))
                            if index % 10 == 3 { throw CatalogError(.invalid, "on purpose") }
                        }
                        return false
                    } catch { return true }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(failures == 20)
        #expect(try store.read { try $0.logSize() } == 181)
        #expect(try store.read { try $0.principals().count } == 181)
        #expect(try LogVerifier(catalog: store).verify().findings == [])
    }

    @Test func anEntryThatIsTooLongIsRefused() throws {
        let fixture = try CatalogFixture()
        let long = String(repeating: "x", count: 66_000)
        #expect(throws: CatalogError.self) {
            try fixture.store.record(
                EventDraft("a.b", object: "c", facts: ["long": .string(long)]),
                signer: fixture.custodian)
        }
        try fixture.store.record(
            EventDraft("a.b", object: "c", detail: ["long": .string(long)]),
            signer: fixture.custodian)
    }

    @Test func anErasedDetailIsFine() throws {
        let fixture = try CatalogFixture()
        try fixture.fill(to: 9)
        try fixture.store.commit(
            EventDraft("audit.erase", object: "event:4"), signer: fixture.custodian
        ) { try $0.eraseDetail(ofEvent: 4) }
        let report = try LogVerifier(catalog: fixture.store).verify()
        #expect(report.isIntact)
        #expect(report.erasedDetails == 1)
        #expect(report.signer == .unknown)
    }

    @Test(
        arguments: [
            ("DELETE FROM log_entries WHERE idx = 5", LogFinding.Kind.droppedEvent, UInt64(5)),
            (
                """
                DELETE FROM log_entries WHERE idx = 5;
                UPDATE log_entries SET idx = -idx WHERE idx > 5;
                UPDATE log_entries SET idx = -idx - 1 WHERE idx < 0
                """, .droppedEvent, 5
            ),
            ("DELETE FROM log_entries WHERE idx = 11", .rollback, 11),
            (
                "UPDATE log_entries SET entry = CAST(replace(CAST(entry AS TEXT), 'test:3', 'test:8') "
                    + "AS BLOB) WHERE idx = 3", .changedEvent, 3
            ),
            ("UPDATE log_details SET detail = x'7b7d' WHERE idx = 6", .changedDetail, 6),
            ("UPDATE log_details SET salt = NULL WHERE idx = 6", .changedDetail, 6),
            (
                "UPDATE log_hashes SET hash = zeroblob(32) WHERE idx = 9",
                .changedHash, nil
            ),
            (
                "UPDATE log_checkpoints SET root = zeroblob(32) WHERE size = 8", .changedCheckpoint,
                7
            ),
            (
                "UPDATE log_checkpoints SET note = replace(note, 'tundish', 'tundisk') WHERE size = 8",
                .changedCheckpoint, nil
            ),
        ] as [(String, LogFinding.Kind, UInt64?)])
    func damageIsNamed(_ sql: String, _ kind: LogFinding.Kind, _ index: UInt64?) throws {
        let fixture = try CatalogFixture()
        try fixture.fill(to: 12)
        for statement in sql.split(separator: ";") {
            try fixture.tamper(String(statement))
        }
        let report = try LogVerifier(catalog: fixture.store).verify()
        #expect(!report.isIntact)
        #expect(report.findings.contains { $0.kind == kind && $0.index == index })
    }

    @Test func aRolledBackDatabaseDoesNotOpen() throws {
        let fixture = try CatalogFixture()
        try fixture.fill(to: 5)
        try fixture.store.copy(to: fixture.folder + "/old.sqlite")
        try fixture.fill(to: 8)
        let old = fixture.folder + "/../older"
        try FileManager.default.createDirectory(
            atPath: old, withIntermediateDirectories: true)
        try FileManager.default.moveItem(
            atPath: fixture.folder + "/old.sqlite", toPath: old + "/catalog.sqlite")
        let error = #expect(throws: CatalogError.self) {
            try CatalogStore.open(in: old, stateFolder: fixture.state)
        }
        #expect(error?.code == .rolledBack)
        #expect(error?.message.contains("rolled back") == true)
        // The gap can be acknowledged, but no second root for a known size is ever signed.
        let store = try CatalogStore.open(
            in: old, stateFolder: fixture.state, acknowledgingRollback: true)
        let report = try LogVerifier(catalog: store).verify()
        #expect(report.findings.contains { $0.kind == .rollback })
        store.useCheckpointSigner(fixture.custodian)
        try store.record(EventDraft("a.b", object: "c"), signer: fixture.custodian)
        try store.record(EventDraft("a.b", object: "c"), signer: fixture.custodian)
        let two = #expect(throws: CatalogError.self) {
            try store.record(EventDraft("a.b", object: "c"), signer: fixture.custodian)
        }
        #expect(two?.code == .integrity)
        #expect(try fixture.open().workspace == fixture.store.workspace)
    }

    @Test func anotherHistoryDoesNotOpen() throws {
        let fixture = try CatalogFixture()
        try fixture.fill(to: 6)
        try fixture.tamper(
            "UPDATE log_hashes SET hash = zeroblob(32) WHERE idx = 6")
        let error = #expect(throws: CatalogError.self) { try fixture.open() }
        #expect(error?.code == .integrity)
    }

    @Test func aForeignOutsideCheckpointIsRefused() throws {
        let fixture = try CatalogFixture()
        let path = fixture.store.outside.path
        let note = try String(contentsOfFile: path, encoding: .utf8)
        let head = try #require(LogNote.parse(note))
        let forged = try LogNote.sign(
            head, signer: EventSigner(principal: "p-2", key: Ed25519.PrivateKey()))
        try forged.write(toFile: path, atomically: true, encoding: .utf8)
        #expect(throws: CatalogError.self) { try fixture.open() }
        try "nonsense".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(throws: CatalogError.self) { try fixture.open() }
        let report = try LogVerifier(catalog: fixture.store).verify()
        #expect(report.findings.contains { $0.kind == .changedCheckpoint })
    }

    @Test func proofsLeadToTheRoot() throws {
        let fixture = try CatalogFixture()
        for size in [1, 2, 3, 4, 5, 7, 8, 13] {
            try fixture.fill(to: size)
            for index in 0..<UInt64(size) {
                let text = try LogVerifier(catalog: fixture.store).proof(ofEvent: index)
                let parts = text.components(separatedBy: "\n\n")
                let lines = parts[0].components(separatedBy: "\n")
                #expect(lines[0] == "c2sp.org/tlog-proof@v1")
                #expect(lines[1] == "index \(index)")
                let path = lines.dropFirst(2).compactMap { Base64.decode($0) }
                let entry = try #require(
                    try fixture.store.read { try $0.entries(from: index, limit: 1).first })
                let root = try fixture.store.read { try $0.logRoot(size: UInt64(size)) }
                #expect(Self.root(of: entry.bytes, index, UInt64(size), path) == root)
            }
        }
        #expect(throws: CatalogError.self) {
            try LogVerifier(catalog: fixture.store).proof(ofEvent: 13)
        }
    }

    /// RFC 9162 §2.1.3.2, the verifier's side.
    static func root(of entry: [UInt8], _ index: UInt64, _ size: UInt64, _ path: [[UInt8]])
        -> [UInt8]
    {
        var (fn, sn, r) = (index, size - 1, SHA256.hash([0] + entry))
        for p in path {
            if fn & 1 == 1 || fn == sn {
                r = SHA256.hash([1] + p + r)
                while fn & 1 == 0 && fn != 0 { (fn, sn) = (fn >> 1, sn >> 1) }
            } else {
                r = SHA256.hash([1] + r + p)
            }
            (fn, sn) = (fn >> 1, sn >> 1)
        }
        return sn == 0 ? r : []
    }

    @Test func exportedTilesHoldTheLog() throws {
        let fixture = try CatalogFixture()
        try fixture.fill(to: 300)
        #expect(try fixture.store.exportLog() == 300)
        let log = fixture.folder + "/log"
        let manager = FileManager.default
        #expect(manager.contents(atPath: log + "/tile/0/000")?.count == 256 * 32)
        #expect(manager.contents(atPath: log + "/tile/0/001.p/44")?.count == 44 * 32)
        #expect(manager.contents(atPath: log + "/tile/1/000.p/1")?.count == 32)
        let bundle = try #require(manager.contents(atPath: log + "/tile/entries/000"))
        let first = try #require(try fixture.store.read { try $0.entries(limit: 1).first })
        #expect(Int(bundle[0]) << 8 | Int(bundle[1]) == first.bytes.count)
        #expect([UInt8](bundle[2..<(2 + first.bytes.count)]) == first.bytes)
    }
}
