@_spi(ChokePoint) internal import Catalog
internal import Records

extension Authorizer {
    /// A lease to read a redacted or synthetic version, by a standing role.
    public func readLease(version: [UInt8], purpose: String? = nil, session: Session)
        throws(GovernanceError) -> Lease
    {
        try lease(.readRedacted, .version(version), purpose, session, Limits.workLease)
    }

    /// A lease to read a sample of a redacted or synthetic version: at most 100 records.
    public func sampleLease(version: [UInt8], purpose: String? = nil, session: Session)
        throws(GovernanceError) -> Lease
    {
        Lease(
            try lease(.sampleRedacted, .version(version), purpose, session, Limits.workLease).row,
            sampleLimit: 100)
    }

    /// A lease to read a raw version: at most 8 hours, after another person approved.
    ///
    /// In a workspace of one the request is made and approved on the spot, recorded as
    /// self-approved.
    public func rawLease(
        version: [UInt8], purpose: String, hours: Int = 8, reason: String = "", session: Session
    ) throws(GovernanceError) -> Lease {
        guard (1...8).contains(hours) else {
            throw GovernanceError(.invalid, "a raw lease lasts 1 to 8 hours, not \(hours)")
        }
        try approveAloneIfSolo(.readRaw, .version(version), purpose, reason, session)
        return try lease(.readRaw, .version(version), purpose, session, Int64(hours) * 3600)
    }

    /// A lease to turn pseudonyms of a version back: at most 8 hours, after another person approved.
    public func reidentifyLease(
        version: [UInt8], purpose: String, reason: String = "", session: Session
    ) throws(GovernanceError) -> Lease {
        try approveAloneIfSolo(.reidentify, .version(version), purpose, reason, session)
        return try lease(.reidentify, .version(version), purpose, session, Limits.rawLease)
    }

    /// A lease for an operation on a version's records by the Custodian, for an actor who may order
    /// it but does not see the records: clean, redact, augment, label, or an export.
    ///
    /// An export shows the records: of a raw version it needs what reading it needs.
    public func workLease(
        version: [UInt8], for permission: Permission, purpose: String? = nil, session: Session
    ) throws(GovernanceError) -> Lease {
        let allowed: Set<Permission> = [.clean, .redact, .augment, .label, .exportDataset, .ingest]
        guard allowed.contains(permission) else {
            throw GovernanceError(.invalid, "\(permission.rawValue) is no operation on records")
        }
        let row = try governed { try catalog.read { try $0.version(version) } }
        if permission == .exportDataset, row?.stage == .raw {
            try approveAloneIfSolo(.readRaw, .version(version), purpose, "export", session)
            try require(.readRaw, on: .version(version), purpose: purpose, session: session)
        }
        if permission == .exportDataset {
            try approveAloneIfSolo(permission, .version(version), purpose, "", session)
        }
        return try lease(permission, .version(version), purpose, session, Limits.workLease)
    }

    /// A lease to open a dataset's quarantined input, for who may bring files in.
    public func quarantineLease(dataset: [UInt8], session: Session) throws(GovernanceError)
        -> Lease
    {
        try lease(.ingest, .dataset(dataset), nil, session, Limits.workLease)
    }

    /// A run-scoped lease for one released version, used by the engine's socket and never by a
    /// person.
    public func runLease(version: [UInt8], purpose: String, run: String, session: Session)
        throws(GovernanceError) -> Lease
    {
        try lease(.train, .version(version), purpose, session, Limits.runLease, run: run)
    }

    /// A lease to open a model's artifacts.
    public func modelLease(
        model: [UInt8], for permission: Permission = .useModel, session: Session
    ) throws(GovernanceError) -> Lease {
        let allowed: Set<Permission> = [.useModel, .proposeModelExport, .approveModelExport]
        guard allowed.contains(permission) else {
            throw GovernanceError(.invalid, "\(permission.rawValue) does not open a model")
        }
        return try lease(permission, .model(model), nil, session, Limits.runLease)
    }

    /// Ends a lease before its time.
    public func end(_ lease: Lease, session: Session) throws(GovernanceError) {
        let event = EventDraft(
            "lease.end", object: "lease:" + lease.id, requestID: session.requestID)
        try governed {
            try catalog.commit(event, signer: session.signer) { change in
                try Self.checkKey(change, session)
                guard lease.principal == session.principal else {
                    throw GovernanceError(.denied, "lease \(lease.id) is \(lease.principal)'s")
                }
                if try change.lease(lease.id)?.revoked == nil { try change.revokeLease(lease.id) }
            }
        }
    }

    private func lease(
        _ permission: Permission, _ resource: Resource, _ purpose: String?, _ session: Session,
        _ seconds: Int64, run: String? = nil
    ) throws(GovernanceError) -> Lease {
        let time = now()
        let place = try governed {
            try catalog.read { try ResolvedResource(resource, $0) }
        }
        var row = LeaseRow(
            principal: session.principal, scope: place.scope, version: place.version?.id,
            stage: place.version?.stage, permission: permission.rawValue, purpose: purpose,
            run: run, issued: time, expires: time.adding(seconds: seconds))
        return try perform(
            permission, on: resource, purpose: purpose, session: session,
            event: EventDraft("lease.issue", object: "lease:" + row.id)
        ) { change in
            // The grant or approval ends, and with it what rests on it.
            let end = try Decision(reader: change, now: time).end(
                of: permission, principal: session.principal, on: resource, purpose: purpose)
            if let end { row.expires = min(row.expires, end) }
            if let request = try approvedRequest(permission, resource, purpose, session, change) {
                row.request = request.id
                if let decided = request.decided {
                    row.expires = min(row.expires, decided.adding(seconds: Limits.approval))
                }
            }
            try change.add(row)
            change.event.facts = ["lease": row.facts]
            return Lease(row)
        }.value
    }

    private func approvedRequest(
        _ permission: Permission, _ resource: Resource, _ purpose: String?, _ session: Session,
        _ change: CatalogChange
    ) throws -> RequestRow? {
        try change.requests(state: .approved).last {
            $0.action == permission.rawValue && $0.object == resource.text
                && $0.purpose == purpose && $0.proposer == session.principal
        }
    }

    /// In a workspace of one, asks and approves in one person's name, so that the log says so.
    func approveAloneIfSolo(
        _ permission: Permission, _ resource: Resource, _ purpose: String?, _ reason: String,
        _ session: Session
    ) throws(GovernanceError) {
        guard catalog.workspace.solo,
            case .needsApproval = try decide(
                permission, principal: session.principal, on: resource, purpose: purpose)
        else { return }
        let request = try request(
            permission, on: resource, purpose: purpose, reason: reason, session: session)
        try approve(request.id, session: session)
    }
}
