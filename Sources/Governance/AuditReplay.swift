internal import Catalog
internal import Records

/// What the log says the access tables must hold, and how they differ from that.
///
/// Everything compared here stands in the entries themselves, so erasing details loses nothing.
struct AuditReplay {
    private var workspace: JSONValue = .null
    private var principals: [String: JSONValue] = [:]
    private var disabled: [String: Timestamp] = [:]
    private var members: Set<[String]> = []
    private var grants: [String: (facts: JSONValue, index: UInt64)] = [:]
    private var revoked: [String: Timestamp] = [:]
    private var denies: [String: JSONValue] = [:]
    private var lifted: [String: Timestamp] = [:]
    private var requests: [String: (facts: JSONValue, proposer: String)] = [:]
    private var decisions: [String: (state: RequestState, approver: String)] = [:]
    private var releases: [(facts: JSONValue, withdrawn: Timestamp?)] = []
    /// The ids of the versions that the log made, as hex.
    var made: Set<String> = []
    var datasets: [String: [String: JSONValue]] = [:]
    var engines: [String: JSONValue] = [:]
    var runs: [String: JSONValue] = [:]
    var finished: [String: JSONValue] = [:]
    /// The digests of runs' checkpoints, by run and step.
    var checkpoints: [String: [Int: JSONValue]] = [:]
    /// The files of imported models, by the model's id as hex.
    var imported: [String: JSONValue] = [:]
    /// The models that runs made, as hex, each with its run.
    var trained: [String: String] = [:]
    /// Decisions by version: item, verdict, reviewer, in order.
    var decided: [String: [[String]]] = [:]
    /// Digests of attestations' envelopes by version, in order.
    var attested: [String: [String]] = [:]
    private(set) var findings: [AuditFinding] = []
    var rows = 0

    mutating func visit(_ event: LoggedEvent) {
        // A refused or failed event changed nothing, so it stands for no row.
        guard event.outcome == .done else { return }
        visitData(event)
        visitWork(event)
        visitCheckpoint(event)
        visitReview(event)
        let facts = event.facts
        let id = facts["id"]?.stringValue ?? ""
        switch event.action {
        case "workspace.create":
            workspace = facts["workspace"] ?? .null
            add(principal: facts["custodian"])
        case "principal.add": add(principal: facts["principal"])
        case "principal.disable": disabled[facts["principal"]?.stringValue ?? ""] = event.time
        case "group.add": members.insert(pair(facts))
        case "group.remove": members.remove(pair(facts))
        case "grant.create":
            if let grant = facts["grant"], let id = grant["id"]?.stringValue {
                grants[id] = (grant, event.index)
            }
        case "grant.revoke": revoked[facts["grant"]?.stringValue ?? ""] = event.time
        case "deny.create":
            if let deny = facts["deny"], let id = deny["id"]?.stringValue { denies[id] = deny }
        case "deny.lift": lifted[facts["deny"]?.stringValue ?? ""] = event.time
        case "request.create", BreakGlass.action: requests[id] = (facts, event.actor)
        case "request.approve": decisions[id] = (.approved, event.actor)
        case "request.reject": decisions[id] = (.rejected, event.actor)
        case "release.create": releases.append((facts["release"] ?? .null, nil))
        case "release.withdraw":
            for index in releases.indices
            where releases[index].withdrawn == nil
                && releases[index].facts["purpose"] == facts["purpose"]
                && event.object == "version:"
                    + (releases[index].facts["version"]?.stringValue ?? "")
            {
                releases[index].withdrawn = event.time
            }
        default: break
        }
    }

    private mutating func add(principal: JSONValue?) {
        if let principal, let id = principal["id"]?.stringValue { principals[id] = principal }
    }

    private func pair(_ facts: JSONValue) -> [String] {
        [facts["group"]?.stringValue ?? "", facts["member"]?.stringValue ?? ""]
    }

    mutating func find(_ kind: AuditFinding.Kind, _ subject: String, _ message: String) {
        findings.append(AuditFinding(kind: kind, subject: subject, message: message))
    }

    /// Compares a row's facts with the log's, member by member.
    mutating func compare(
        _ kind: AuditFinding.Kind, _ what: String, row: JSONValue, log: JSONValue
    ) {
        let (row, log) = (row.objectValue ?? [:], log.objectValue ?? [:])
        for name in Set(row.keys).union(log.keys).sorted() where row[name] != log[name] {
            find(
                kind, what,
                "\(what) was changed: \(name) is \(text(row[name])), but the log says "
                    + text(log[name]))
        }
    }

    private func text(_ value: JSONValue?) -> String {
        guard let value else { return "missing" }
        if let text = value.stringValue { return text }
        return String(decoding: CanonicalJSON.encode(value), as: UTF8.self)
    }

    private mutating func compare(
        _ kind: AuditFinding.Kind, _ what: String, _ verb: String, row: Timestamp?,
        log: Timestamp?
    ) {
        if row == log { return }
        find(
            kind, what,
            "\(what) was changed: it is \(row.map { "\(verb) since \($0)" } ?? "not \(verb)"), "
                + "but the log says \(log.map { "\(verb) since \($0)" } ?? "not \(verb)")")
    }

    mutating func compare(with reader: CatalogReader) throws {
        rows += 1
        compare(
            .changedWorkspace, "the workspace", row: try reader.storedWorkspace()?.facts ?? .null,
            log: workspace)
        try comparePrincipals(reader)
        try compareGrants(reader)
        try compareRequests(reader)
        try compareReleases(reader)
        try compareData(reader)
        try compareWork(reader)
        try compareReview(reader)
    }

    private mutating func comparePrincipals(_ reader: CatalogReader) throws {
        var missing = Set(principals.keys)
        for row in try reader.principals() {
            rows += 1
            missing.remove(row.id)
            let what = "principal \(row.id)"
            guard let log = principals[row.id] else {
                find(.changedPrincipal, what, "\(what) was put in: the log never added it")
                continue
            }
            compare(.changedPrincipal, what, row: row.facts, log: log)
            compare(
                .changedPrincipal, what, "disabled", row: row.disabled, log: disabled[row.id])
        }
        for id in missing.sorted() {
            find(.changedPrincipal, "principal \(id)", "principal \(id) is gone")
        }
        let stored = Set(try reader.memberships().map { [$0.group, $0.member] })
        rows += stored.count
        for pair in stored.symmetricDifference(members).sorted(by: { $0.joined() < $1.joined() }) {
            find(
                .changedGroup, "group \(pair[0])",
                stored.contains(pair)
                    ? "\(pair[1]) was put into group \(pair[0]): the log never did"
                    : "\(pair[1]) is gone from group \(pair[0])")
        }
    }

    private mutating func compareGrants(_ reader: CatalogReader) throws {
        var missing = Set(grants.keys)
        for row in try reader.grants() {
            rows += 1
            missing.remove(row.id)
            let what = "grant \(row.id)"
            guard let log = grants[row.id] else {
                find(.changedGrant, what, "\(what) was put in: no event made it")
                continue
            }
            compare(.changedGrant, what, row: row.facts, log: log.facts)
            compare(.changedGrant, what, "revoked", row: row.revoked, log: revoked[row.id])
            if row.eventIndex != log.index {
                find(
                    .changedGrant, what,
                    "\(what) was changed: it names event \(row.eventIndex), not \(log.index)")
            }
        }
        for id in missing.sorted() {
            find(.changedGrant, "grant \(id)", "grant \(id) is gone")
        }
        missing = Set(denies.keys)
        for row in try reader.denies() {
            rows += 1
            missing.remove(row.id)
            let what = "deny \(row.id)"
            guard let log = denies[row.id] else {
                find(.changedDeny, what, "\(what) was put in: no event made it")
                continue
            }
            compare(.changedDeny, what, row: row.facts, log: log)
            compare(.changedDeny, what, "lifted", row: row.lifted, log: lifted[row.id])
        }
        for id in missing.sorted() { find(.changedDeny, "deny \(id)", "deny \(id) is gone") }
    }

    private mutating func compareRequests(_ reader: CatalogReader) throws {
        var missing = Set(requests.keys)
        for row in try reader.requests() {
            rows += 1
            missing.remove(row.id)
            let what = "request \(row.id)"
            guard let log = requests[row.id] else {
                find(.changedRequest, what, "\(what) was put in: no event made it")
                continue
            }
            let facts: JSONValue = [
                "action": .string(row.action), "facts": row.facts, "id": .string(row.id),
                "object": .string(row.object),
                "purpose": row.purpose.map { .string($0) } ?? .null,
            ]
            compare(.changedRequest, what, row: facts, log: log.facts)
            compareDecision(row, log.proposer, what)
        }
        for id in missing.sorted() {
            find(.changedRequest, "request \(id)", "request \(id) is gone")
        }
    }

    private mutating func compareDecision(_ row: RequestRow, _ proposer: String, _ what: String) {
        if row.proposer != proposer {
            find(
                .changedRequest, what,
                "\(what) was changed: its proposer is \(row.proposer), not \(proposer)")
        }
        // An appointment before the first privacy officer is decided by being accepted.
        let isAppointment = row.action == Permission.proposeAppointment.rawValue
        let decision = decisions[row.id]
        let isAccepted = isAppointment && decision == nil && row.state == .done
        let state: RequestState = row.state == .done ? .approved : row.state
        if !isAccepted, state != decision?.state ?? .pending || row.approver != decision?.approver {
            find(
                .changedRequest, what,
                "\(what) was changed: it is \(row.state.rawValue) by \(row.approver ?? "nobody"), "
                    + "but the log says \(decision?.state.rawValue ?? "pending") by "
                    + (decision?.approver ?? "nobody"))
        }
        if let approver = row.approver, row.selfApproved != (approver == row.proposer) {
            find(.changedRequest, what, "\(what) was changed: who approved it is told wrongly")
        }
    }

    private mutating func compareReleases(_ reader: CatalogReader) throws {
        let stored = try reader.releases()
        rows += stored.count
        for row in stored {
            let what = "release of \(Hex.encode(row.version)) for \(row.purpose)"
            if let log = releases.first(where: { $0.facts == row.facts }) {
                compare(
                    .changedRelease, what, "withdrawn", row: row.withdrawn, log: log.withdrawn)
            } else {
                find(.changedRelease, what, "\(what) was put in or changed: no event made it")
            }
        }
        for log in releases where !stored.contains(where: { $0.facts == log.facts }) {
            let version = log.facts["version"]?.stringValue ?? "?"
            find(
                .changedRelease, version,
                "the release of \(version) for \(text(log.facts["purpose"])) is gone or changed")
        }
    }
}
