import Foundation
import Records
import Testing

@testable @_spi(ChokePoint) import Catalog
@testable import Governance

/// Writes random workspaces and thousands of questions with our answers, for `scripts/interop/cedar.py`
/// to ask Cedar the same. Runs only when TUNDISH_CEDAR_OUT names the file.
@Suite struct CedarQuestions {
    struct World: Codable {
        var members: [[String]] = []
        var grants: [[String: String]] = []
        var denies: [[String: String]] = []
        var questions: [[String: String]] = []
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["TUNDISH_CEDAR_OUT"] != nil))
    func writeQuestions() throws {
        let path = try #require(ProcessInfo.processInfo.environment["TUNDISH_CEDAR_OUT"])
        var random = SeededRandom(seed: 20_260_101)
        var worlds: [World] = []
        for _ in 0..<12 { worlds.append(try Self.world(&random)) }
        #expect(worlds.map(\.questions.count).reduce(0, +) >= 5000)
        try JSONEncoder().encode(worlds).write(to: URL(fileURLWithPath: path))
    }

    /// A workspace with people, nested groups, random grants and denies, and questions about them.
    static func world(_ random: inout SeededRandom) throws -> World {
        let f = try GovernanceFixture()
        var world = World()
        try f.addData(owner: "olga")
        try f.catalog.commit(EventDraft("test.release", object: "x"), signer: f.custodian.signer) {
            try $0.add(
                ReleaseRow(
                    version: f.redacted, purpose: f.purpose, request: "q", proposedBy: "p-a",
                    approvedBy: "p-b", at: f.clock.now))
        }
        let people = (0..<8).map { "u\($0)" }
        for name in people { try f.add(name, by: "olga") }
        let groups = ["g0", "g1", "g2"]
        try f.catalog.commit(EventDraft("test.group", object: "x"), signer: f.custodian.signer) {
            change in
            for name in groups {
                try change.add(NewPrincipal(id: "p-" + name, kind: .group, name: name))
            }
            var pairs = [("g1", "g0")]
            for name in people where Bool.random(using: &random) {
                pairs.append((name, groups.randomElement(using: &random) ?? "g0"))
            }
            for (member, group) in pairs {
                try change.addMember("p-" + member, to: "p-" + group)
                world.members.append(["p-" + member, "p-" + group])
            }
            for _ in 0..<14 {
                let principal = "p-" + ((people + groups).randomElement(using: &random) ?? "u0")
                let role = Role.allCases.randomElement(using: &random) ?? .viewer
                let isWide = Int.random(in: 0..<3, using: &random) == 0
                let stage: Stage? =
                    [nil, nil, nil, .raw, .redacted].randomElement(using: &random) ?? nil
                let purpose =
                    [nil, nil, nil, f.purpose, "support"].randomElement(using: &random) ?? nil
                let shift = Int64([0, 0, 0, -7200, 7200].randomElement(using: &random) ?? 0)
                let row = GrantRow(
                    role: role.rawValue, principal: principal,
                    scope: isWide ? .workspace : .dataset(f.dataset), stage: stage,
                    purpose: purpose, from: f.clock.now.adding(seconds: shift - 60),
                    until: f.clock.now.adding(seconds: shift + 3600), grantedBy: "p-olga")
                try change.add(row)
                world.grants.append([
                    "principal": principal, "role": role.rawValue,
                    "scope": isWide ? "workspace" : "dataset", "stage": stage?.rawValue ?? "",
                    "purpose": purpose ?? "", "from": String(row.from.secondsSince1970),
                    "until": String(row.until?.secondsSince1970 ?? 0),
                ])
            }
            for _ in 0..<2 {
                let principal = "p-" + ((people + groups).randomElement(using: &random) ?? "u0")
                let permission = Permission.allCases.randomElement(using: &random) ?? .readMetadata
                try change.add(
                    DenyRow(
                        permission: permission.rawValue, principal: principal,
                        scope: .dataset(f.dataset), deniedBy: "p-olga"))
                world.denies.append(["principal": principal, "permission": permission.rawValue])
            }
        }
        let now = f.clock.now
        try f.catalog.read { reader throws in
            let decision = Decision(reader: reader, now: now)
            for name in people {
                for permission in Permission.allCases where permission != .managePrincipals {
                    let asked: [(String, Resource)] = [
                        ("raw", .version(f.raw)), ("redacted", .version(f.redacted)),
                        ("workspace", .workspace),
                    ]
                    for (what, resource) in asked {
                        let purpose =
                            [f.purpose, "support", "profit", ""].randomElement(using: &random) ?? ""
                        let answer = try decision.decide(
                            permission, principal: "p-" + name, on: resource,
                            purpose: purpose.isEmpty ? nil : purpose)
                        world.questions.append([
                            "principal": "p-" + name, "permission": permission.rawValue,
                            "resource": what, "purpose": purpose,
                            "now": String(now.secondsSince1970), "answer": answer.word,
                        ])
                    }
                }
            }
        }
        return world
    }
}
