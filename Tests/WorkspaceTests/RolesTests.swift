import Catalog
import Foundation
import Governance
import Ingestion
import Records
import Testing

@testable import Workspace

@Suite("Roles, through the use cases")
struct RolesTests {
    let home: TemporaryWorkspace

    init() throws {
        home = try .make(solo: false)
        let owner = try home.open()
        for name in ["officer", "trainer", "steward"] { try home.add(name, by: owner) }
        let appointment = try Grants(owner).grant(
            .privacyOfficer, to: "officer", on: nil, stage: nil, purpose: nil, until: nil)
        _ = try Grants(try home.open(as: "officer")).accept(
            try #require(appointment.json["request"]?.stringValue))
        _ = try Grants(owner).grant(
            .steward, to: "steward", on: nil, stage: nil, purpose: nil, until: nil)
        _ = try Grants(owner).grant(
            .trainer, to: "trainer", on: nil, stage: nil, purpose: nil, until: nil)
        let steward = try home.open(as: "steward")
        var options = IngestOptions()
        options.mapping = try FieldMapping("text=review,label=sentiment", subject: ["email"])
        _ = try Ingest(
            dataset: "reviews", paths: [home.reviews()], options: options, purposes: ["sentiment"],
            legalBasis: "contract"
        ).run(in: steward)
        _ = try Clean(version: "reviews").run(in: steward)
        _ = try Redact(
            version: "reviews", policy: TemporaryWorkspace.policy("retail-reviews")
        ).run(in: steward)
    }

    func code(_ body: () throws -> Void) -> WorkspaceError.Code? {
        do { try body() } catch { return WorkspaceError(describing: error).code }
        return nil
    }

    @Test("a trainer is refused raw records, and the refusal is an event") func raw() throws {
        let trainer = try home.open(as: "trainer")
        let before = try trainer.catalog.read { try $0.logSize() }
        var bytes = 0
        #expect(
            code {
                _ = try ExportDataset(version: "reviews@1", output: "-", purpose: "sentiment").run(
                    in: trainer, standardOutput: { bytes += $0.count })
            } == .denied)
        #expect(bytes == 0)
        let events = try trainer.catalog.read { try $0.events(from: before, limit: 10) }
        #expect(events.contains { $0.outcome.rawValue == "denied" })
    }

    @Test("approval to read raw is no permission to export it") func rawExport() throws {
        let owner = try home.open()
        let officer = try home.open(as: "officer")
        try home.add("annotator", by: owner)
        _ = try Grants(owner).grant(
            .annotator, to: "annotator", on: "reviews", stage: nil, purpose: nil, until: nil)
        let annotator = try home.open(as: "annotator")
        let request = try Grants(annotator).request(
            .readRaw, on: "reviews@1", purpose: "sentiment", reason: "labels look wrong")
        _ = try Grants(officer).decide(
            try #require(request.json["request"]?.stringValue), approve: true)
        #expect(
            code {
                _ = try ExportDataset(version: "reviews@1", output: "-", purpose: "sentiment").run(
                    in: annotator, standardOutput: { _ in })
            } == .denied)
    }

    @Test("a release needs a second person; then access explains why training is allowed")
    func release() throws {
        let steward = try home.open(as: "steward")
        let officer = try home.open(as: "officer")
        let trainer = try home.open(as: "trainer")
        let version = try trainer.catalog.read { try $0.resolve("reviews@3") }
        func mayTrain() throws -> Bool {
            try trainer.authorizer.decide(
                .train, principal: trainer.session.principal, on: .version(version.id),
                purpose: "sentiment"
            ).isAllowed
        }
        #expect(try !mayTrain())
        let report = try Grants(steward).release("reviews@3", purpose: "sentiment")
        let request = try #require(report.json["request"]?.stringValue)
        #expect(code { _ = try Grants(steward).decide(request, approve: true) } == .denied)
        #expect(code { _ = try Grants(trainer).decide(request, approve: true) } == .denied)
        #expect(try !mayTrain())
        _ = try Grants(officer).decide(request, approve: true)
        #expect(try mayTrain())
        let explained = try Grants(officer).explain(
            "trainer", .train, on: "reviews@3", purpose: "sentiment")
        #expect(explained.json["decision"] == "allowed", "\(explained.lines)")
    }

    @Test("nobody without a role does anything") func stranger() throws {
        let owner = try home.open()
        try home.add("stranger", by: owner)
        let stranger = try home.open(as: "stranger")
        #expect(code { _ = try Datasets(stranger).show("reviews@3") } == .denied)
        #expect(code { _ = try Clean(version: "reviews@1").run(in: stranger) } == .denied)
        #expect(code { _ = try AuditLog(stranger).verify(trustedKey: nil) } == .denied)
        #expect(
            code { _ = try Grants(stranger).release("reviews@3", purpose: "sentiment") } == .denied)
        #expect(try Datasets(stranger).list().json["datasets"] == [])
    }

    @Test("an identity of another workspace does not open this one") func foreign() throws {
        let other = try TemporaryWorkspace.make()
        let identities = other.folder + "/config/tundish/identities"
        let file = try #require(
            try FileManager.default.contentsOfDirectory(atPath: identities).first)
        try FileManager.default.copyItem(
            atPath: identities + "/" + file, toPath: home.folder + "/foreign.json")
        #expect(code { _ = try home.open(as: "foreign") } == .denied)
    }

    @Test("a passphrase protects identity and root key") func passphrase() throws {
        let other = try TemporaryWorkspace()
        let secret = try other.write("correct horse battery staple\n", "secret")
        var settings = other.settings
        settings.passphraseFile = secret
        settings.rootKeyFile = secret
        _ = try Initialise(
            folder: settings.home, solo: true, rootPassphraseFile: secret
        ).run(settings)
        _ = try OpenWorkspace.open(settings)
        settings.passphraseFile = try other.write("wrong horse battery staple\n", "wrong")
        #expect(code { _ = try OpenWorkspace.open(settings) } == .denied)
    }
}
