internal import Catalog
internal import Records

/// The rules, applied to one moment of the catalog. Reads only; default deny; a deny wins.
struct Decision {
    let reader: CatalogReader
    let now: Timestamp

    /// A live grant and, if it came through one, the group.
    struct Held {
        let grant: GrantRow
        let role: Role
        let group: String?

        var words: String {
            "role \(role.rawValue) on \(grant.scope.text)"
                + (group.map { " through group \($0)" } ?? "") + " (grant \(grant.id))"
        }
    }

    /// The grants that count for a principal now, its own and its groups'.
    func held(by principal: String) throws -> [Held] {
        var held: [Held] = []
        for identity in [principal] + (try reader.groups(of: principal)) {
            guard let row = try reader.principal(identity), row.disabled == nil else { continue }
            for grant in try reader.grants(of: identity) where grant.isLive(at: now) {
                guard let role = Role(rawValue: grant.role) else { continue }
                held.append(
                    Held(
                        grant: grant, role: role, group: identity == principal ? nil : identity))
            }
        }
        return held
    }

    /// The roles a principal holds now, wherever.
    func roles(of principal: String) throws -> Set<Role> {
        Set(try held(by: principal).map(\.role))
    }

    /// The principals, groups opened, that hold a role over the whole workspace now.
    func holders(of role: Role, besides grant: String? = nil) throws -> Set<String> {
        var holders: Set<String> = []
        for row in try reader.grants()
        where row.role == role.rawValue && row.scope == .workspace && row.isLive(at: now)
            && row.id != grant
        {
            guard let principal = try reader.principal(row.principal), principal.disabled == nil
            else { continue }
            let people =
                principal.kind == .group ? try reader.everyone(in: row.principal) : [row.principal]
            for person in people where try reader.principal(person)?.disabled == nil {
                holders.insert(person)
            }
        }
        return holders
    }

    /// May a principal do this, and why?
    func decide(
        _ permission: Permission, principal: String, on resource: Resource, purpose: String?
    ) throws -> AccessDecision {
        let target = try ResolvedResource(resource, reader)
        if let reason = try bar(permission, principal, target, purpose) {
            return .denied(reasons: [reason])
        }
        var reasons: [String] = []
        var awaits: [String] = []
        for held in try held(by: principal) {
            if let reason = misfit(held.grant, permission, target, purpose) {
                reasons.append("\(held.words) \(reason)")
                continue
            }
            switch try judge(held, permission, target, purpose, principal) {
            case .allowed(let why): return .allowed(reasons: why)
            case .needsApproval(let why): awaits += why
            case .denied(let why): reasons += why
            }
        }
        if permission == .managePrincipals, try startsAlone(principal) {
            return .allowed(reasons: ["an owner keeps principals while no admin is appointed"])
        }
        if !awaits.isEmpty { return try approved(permission, principal, resource, purpose, awaits) }
        if reasons.isEmpty { reasons = ["\(principal) holds no role on \(resource.text)"] }
        return .denied(reasons: reasons)
    }

    /// When the last of the grants that allow it ends; nil: never. What rests on a decision must
    /// not outlive it.
    func end(
        of permission: Permission, principal: String, on resource: Resource, purpose: String?
    ) throws -> Timestamp? {
        let target = try ResolvedResource(resource, reader)
        var last = now
        for held in try held(by: principal)
        where misfit(held.grant, permission, target, purpose) == nil {
            if case .denied = try judge(held, permission, target, purpose, principal) { continue }
            guard let until = held.grant.until else { return nil }
            last = max(last, until)
        }
        return last
    }

    /// What forbids it whatever roles are held; nil when nothing does.
    private func bar(
        _ permission: Permission, _ principal: String, _ target: ResolvedResource,
        _ purpose: String?
    ) throws -> String? {
        guard let row = try reader.principal(principal) else {
            return "there is no principal \(principal)"
        }
        if let since = row.disabled { return "\(principal) is disabled since \(since.rfc3339)" }
        for identity in [principal] + (try reader.groups(of: principal)) {
            for deny in try reader.denies(of: identity)
            where deny.lifted == nil && target.isReached(by: deny.scope)
                && (deny.permission == "*" || deny.permission == permission.rawValue)
            {
                return "deny \(deny.id) forbids \(deny.permission) on \(deny.scope.text)"
            }
        }
        let roles = try roles(of: principal)
        for role in roles {
            if let other = role.incompatible.intersection(roles).first {
                return "\(principal) holds \(role.rawValue) and \(other.rawValue), which exclude "
                    + "each other"
            }
        }
        if let overdue = try overdueReview(of: principal) {
            return "break-glass \(overdue) was not reviewed within 72 hours: \(principal) is "
                + "suspended until it is"
        }
        return stageBar(permission, target) ?? purposeBar(permission, target, purpose)
    }

    private func stageBar(_ permission: Permission, _ target: ResolvedResource) -> String? {
        guard let stage = target.stage else { return nil }
        if permission.needsRedacted, stage == .raw {
            return "the version is raw; \(permission.rawValue) needs a redacted or synthetic one"
        }
        if permission == .readRaw, stage != .raw { return "the version is not raw" }
        return nil
    }

    private func purposeBar(
        _ permission: Permission, _ target: ResolvedResource, _ purpose: String?
    ) -> String? {
        guard permission.isPurposeBound, let dataset = target.dataset else { return nil }
        if permission == .train || permission == .readRaw || permission == .reidentify {
            if purpose == nil { return "\(permission.rawValue) needs a purpose" }
            if dataset.legalBasis.isEmpty { return "dataset \(dataset.name) has no legal basis" }
        }
        if let purpose, !dataset.purposes.contains(purpose) {
            return "purpose \(purpose) is not among those of dataset \(dataset.name)"
        }
        return nil
    }

    /// Why a live grant does not reach the resource; nil when it does.
    private func misfit(
        _ grant: GrantRow, _ permission: Permission, _ target: ResolvedResource,
        _ purpose: String?
    ) -> String? {
        let isAnywhere = permission.isWorkspaceWide && target.scope == .workspace
        if !isAnywhere, !target.isReached(by: grant.scope), !target.isBaseModel {
            return "does not cover it"
        }
        if permission == .readMetadata { return nil }
        if let stage = grant.stage, stage != target.stage {
            return "is for stage \(stage.rawValue) only"
        }
        if permission.isPurposeBound, let bound = grant.purpose, bound != purpose {
            return "is for purpose \(bound) only"
        }
        return nil
    }

    private func judge(
        _ held: Held, _ permission: Permission, _ target: ResolvedResource, _ purpose: String?,
        _ principal: String
    ) throws -> AccessDecision {
        let words = held.words
        switch AccessMatrix.cell(permission, held.role) {
        case .never:
            return .denied(reasons: ["\(words) does not allow \(permission.rawValue)"])
        case .standing:
            return .allowed(reasons: ["\(words) allows \(permission.rawValue)"])
        case .approval:
            return .needsApproval(
                reasons: ["\(words) allows \(permission.rawValue) after a second person's approval"]
            )
        case .assigned:
            guard case .dataset = held.grant.scope else {
                return .denied(reasons: ["\(words) is not assigned to the dataset itself"])
            }
            return .allowed(reasons: ["\(words) is assigned to it"])
        case .onModel:
            guard case .model(let id) = target.scope, case .model(let given) = held.grant.scope
            else { return .denied(reasons: ["\(words) is not given on the model itself"]) }
            if given == id { return .allowed(reasons: ["\(words) is given on the model"]) }
            // An adapter is of no use without the base that it stands on.
            guard target.isBaseModel, try reader.model(given)?.base == id else {
                return .denied(reasons: ["\(words) is not given on the model itself"])
            }
            return .allowed(reasons: ["\(words) is given on a model that stands on it"])
        case .released:
            guard let version = target.version, let purpose else {
                return .denied(reasons: ["\(words) trains only on a named version, for a purpose"])
            }
            guard let release = try reader.release(of: version.id, purpose: purpose) else {
                return .denied(reasons: ["the version is not released for purpose \(purpose)"])
            }
            return .allowed(reasons: [
                "\(words) allows it",
                "the version is released for \(purpose)"
                    + (release.selfApproved ? " (self-approved)" : ""),
            ])
        case .ownDataset:
            guard target.dataset != nil else {
                return .denied(reasons: ["\(words) allows it for a dataset, not the whole log"])
            }
            return .allowed(reasons: ["\(words) allows it for this dataset"])
        case .ownRuns:
            guard let run = target.run, run.actor == principal else {
                return .denied(reasons: ["\(words) allows it for one's own runs"])
            }
            return .allowed(reasons: ["\(words) allows it for one's own run"])
        }
    }

    /// An `A` cell: allowed while an approved request of this principal is fresh.
    private func approved(
        _ permission: Permission, _ principal: String, _ resource: Resource, _ purpose: String?,
        _ reasons: [String]
    ) throws -> AccessDecision {
        for request in try reader.requests(state: .approved)
        where request.action == permission.rawValue && request.proposer == principal
            && request.object == resource.text && request.purpose == purpose
        {
            guard let approver = request.approver, let decided = request.decided,
                now < decided.adding(seconds: Limits.approval),
                approver != principal || reader.workspace.solo
            else { continue }
            return .allowed(
                reasons: reasons + [
                    "request \(request.id) was approved by \(approver)"
                        + (request.selfApproved ? " (self-approved)" : "")
                ])
        }
        return .needsApproval(reasons: reasons)
    }

    /// A team of one must be able to start: nobody could add the first admin otherwise.
    private func startsAlone(_ principal: String) throws -> Bool {
        let isOwner = try held(by: principal).contains {
            $0.role == .owner && $0.grant.scope == .workspace
        }
        return try isOwner && holders(of: .admin).isEmpty
    }

    private func overdueReview(of principal: String) throws -> String? {
        try reader.requests(state: .pending).first { request in
            request.action == BreakGlass.action && request.proposer == principal
                && now >= request.created.adding(seconds: Limits.breakGlassReview)
        }?.id
    }
}

/// Time limits, in seconds.
enum Limits {
    /// A raw or re-identification lease.
    static let rawLease: Int64 = 8 * 3600
    /// How long an approved request can be used.
    static let approval: Int64 = 8 * 3600
    /// A lease for reading redacted data or for a data operation.
    static let workLease: Int64 = 8 * 3600
    /// A run's lease.
    static let runLease: Int64 = 7 * 24 * 3600
    /// A break-glass lease.
    static let breakGlass: Int64 = 3600
    /// Until when a break-glass must be reviewed.
    static let breakGlassReview: Int64 = 72 * 3600
    /// A grant without an end of its own.
    static let grant: Int64 = 90 * 24 * 3600
    /// The non-owner grants of a team of one, who could not renew them.
    static let soloGrant: Int64 = 10 * 365 * 24 * 3600
}
