import Records
import Testing

@testable @_spi(ChokePoint) import Catalog
@testable import Governance

@Suite struct MatrixTests {
    @Test func everyPermissionHasOneFullRow() {
        #expect(AccessMatrix.rows.map(\.permission) == Permission.allCases)
        let lines = AccessMatrix.text().split(separator: "\n").dropFirst()
        for (row, line) in zip(AccessMatrix.rows, lines) {
            // No cell was misread.
            let words = line.split(separator: " ").dropFirst().map(String.init)
            #expect(row.cells.map(\.rawValue) == words)
            #expect(row.cells.count == Role.allCases.count)
        }
        #expect(Set(AccessMatrix.columns) == Set(Role.allCases))
    }

    @Test func nobodyButTheListedRolesTouchesRawData() {
        #expect(
            AccessMatrix.roles(for: .readRaw) == [.annotator, .steward, .privacyOfficer, .owner])
        #expect(AccessMatrix.roles(for: .train) == [.trainer])
        #expect(AccessMatrix.roles(for: .managePrincipals) == [.admin])
        for role in [Role.auditor, .admin] {
            for permission in [Permission.readRedacted, .sampleRedacted, .readRaw, .useModel] {
                #expect(AccessMatrix.cell(permission, role) == .never)
            }
        }
    }

    @Test func noRoleApprovesWhatItProposesExceptAModelsOwner() {
        for permission in Permission.allCases {
            guard let approval = permission.approval else { continue }
            let both = Set(AccessMatrix.roles(for: permission)).intersection(
                AccessMatrix.roles(for: approval))
            #expect(both.isEmpty)
        }
    }

    @Test func theTextHasALineForEachPermission() {
        let lines = AccessMatrix.text().split(separator: "\n")
        #expect(lines.count == Permission.allCases.count + 1)
        #expect(lines[0].contains("officer"))
        for (line, permission) in zip(lines.dropFirst(), Permission.allCases) {
            #expect(line.hasPrefix(permission.rawValue + " "))
        }
    }

    /// What each member of a team may do with the redacted version, cell by cell.
    @Test func decisionsFollowTheMatrix() throws {
        let f = try GovernanceFixture.team()
        try f.release()
        let holders: [(String, Role)] = [
            ("vera", .viewer), ("anna", .annotator), ("sam", .steward), ("tom", .trainer),
            ("petra", .privacyOfficer), ("audrey", .auditor), ("ada", .admin), ("olga", .owner),
        ]
        for (name, role) in holders {
            for permission in Permission.allCases where permission != .useModel {
                let resource: Resource =
                    switch permission {
                    case .readRaw: .version(f.raw)
                    case .importModel, .proposePolicy, .approvePolicy, .proposeEngine,
                        .approveEngine, .managePrincipals, .manageKeys, .proposeAppointment,
                        .approveAppointment:
                        .workspace
                    default: .version(f.redacted)
                    }
                let expected =
                    switch AccessMatrix.cell(permission, role) {
                    case .never, .ownRuns, .onModel: "denied"
                    case .approval: "needs approval"
                    case .standing, .assigned, .released, .ownDataset: "allowed"
                    }
                #expect(
                    try f.decide(permission, name, resource, f.purpose) == expected,
                    "\(name) \(permission)")
            }
        }
    }

    @Test func stagesAndPurposesLimitAGrant() throws {
        let f = try GovernanceFixture.team()
        try f.add("eve", by: "ada")
        let olga = f.session("olga")
        let grant = try f.authorizer.grant(
            .viewer, to: "p-eve", on: .dataset(f.dataset), stage: .synthetic, session: olga)
        #expect(try f.decide(.readRedacted, "eve", .version(f.redacted)) == "denied")
        #expect(
            try f.decide(.readRedacted, "eve", .stage(dataset: f.dataset, .synthetic)) == "allowed")
        try f.authorizer.revoke(grant: grant.id, session: olga)
        try f.authorizer.grant(
            .viewer, to: "p-eve", on: .dataset(f.dataset), purpose: "support", session: olga)
        #expect(try f.decide(.readRedacted, "eve", .version(f.redacted)) == "denied")
        #expect(try f.decide(.readRedacted, "eve", .version(f.redacted), "support") == "allowed")
        #expect(try f.decide(.readRedacted, "eve", .version(f.redacted), f.purpose) == "denied")
        #expect(try f.decide(.readRedacted, "eve", .version(f.raw), "support") == "denied")
        #expect(try f.decide(.readMetadata, "eve", .version(f.raw)) == "allowed")
        #expect(
            code {
                try f.authorizer.grant(
                    .viewer, to: "p-eve", on: .dataset(f.dataset), purpose: "profit",
                    session: olga)
            } == .invalid)
    }

    @Test func modelsAreUsedByThoseWhoMay() throws {
        let f = try GovernanceFixture.team()
        let model = [UInt8](repeating: 9, count: 16)
        let base = [UInt8](repeating: 8, count: 16)
        let other = [UInt8](repeating: 7, count: 16)
        let run = RunRow(
            name: "r", request: Array("{}".utf8), actor: "p-tom", version: f.redacted,
            purpose: f.purpose)
        try f.catalog.commit(EventDraft("model.add", object: "m"), signer: f.custodian.signer) {
            try $0.add(run)
            try $0.add(
                ModelRow(id: base, name: "base", kind: .base, actor: "p-tom"))
            try $0.add(ModelRow(id: other, name: "other", kind: .base, actor: "p-tom"))
            try $0.add(
                ModelRow(
                    id: model, name: "mine", kind: .finetuned, run: run.id, base: base,
                    actor: "p-tom"))
        }
        #expect(try f.decide(.useModel, "tom", .model(model)) == "allowed")
        #expect(try f.decide(.useModel, "tom", .model(base)) == "allowed")
        #expect(try f.decide(.useModel, "vera", .model(model)) == "denied")
        #expect(try f.decide(.useModel, "vera", .model(base)) == "denied")
        #expect(try f.decide(.useModel, "ada", .model(base)) == "denied")
        try f.authorizer.grant(
            .viewer, to: "p-vera", on: .model(model), session: f.session("olga"))
        #expect(try f.decide(.useModel, "vera", .model(model)) == "allowed")
        // An adapter is of no use without its base; another base stays closed.
        #expect(try f.decide(.useModel, "vera", .model(base)) == "allowed")
        #expect(try f.decide(.useModel, "vera", .model(other)) == "denied")
        #expect(try f.decide(.readAudit, "tom", .run(run.id)) == "allowed")
        #expect(try f.decide(.readAudit, "sam", .dataset(f.dataset)) == "allowed")
        #expect(try f.decide(.readAudit, "sam", .workspace) == "denied")
    }
}
