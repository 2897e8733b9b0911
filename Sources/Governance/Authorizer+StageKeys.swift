@_spi(ChokePoint) internal import Catalog
internal import Cryptography
internal import Records
internal import Vault

extension Authorizer {
    /// Makes the sealed stage keys fit the standing read grants: seals each redacted and synthetic
    /// stage's key to the people who may read it, removes every other copy, and rotates the key
    /// that somebody lost.
    ///
    /// Members get copies, groups never do; trainers, raw leases and re-identification neither. Call
    /// it after a dataset got its first redacted or synthetic version; grants, revocations and
    /// group changes call it themselves. Without an unlocked vault it leaves everything as it is,
    /// for the Custodian's next call.
    public func reconcileStageKeys() throws(GovernanceError) {
        guard let vault, vault.isUnlocked else { return }
        try governed {
            let wanted = try catalog.read { try self.readers($0) }
            for (place, readers) in wanted {
                let scope = SealScope(
                    try ScopeID(bytes: place.dataset),
                    place.stage == .redacted ? .redacted : .synthetic)
                guard try vault.stageKeyID(scope) != nil else { continue }
                try fit(readers, scope, vault)
            }
        }
    }

    private struct Place: Hashable {
        let dataset: [UInt8]
        let stage: Stage
    }

    /// Who may read all of each stage now, with their X25519 keys.
    private func readers(_ reader: CatalogReader) throws -> [Place: [String: [UInt8]]] {
        let decision = Decision(reader: reader, now: now())
        var result: [Place: [String: [UInt8]]] = [:]
        for dataset in try reader.datasets() {
            for stage in [Stage.redacted, .synthetic] {
                var keys: [String: [UInt8]] = [:]
                for principal in try reader.principals()
                where principal.kind != .group && principal.id != reader.workspace.custodian {
                    // A purpose-bound grant holds only through the Custodian: no copy for it.
                    if try decision.decide(
                        .readRedacted, principal: principal.id,
                        on: .stage(dataset: dataset.id, stage), purpose: nil
                    ).isAllowed {
                        keys[principal.id] = principal.x25519
                    }
                }
                result[Place(dataset: dataset.id, stage: stage)] = keys
            }
        }
        return result
    }

    private func fit(_ readers: [String: [UInt8]], _ scope: SealScope, _ vault: Vault) throws {
        let holders = Set(try vault.sealedKeyHolders(scope).map(\.principal))
        let lost = holders.subtracting(readers.keys)
        if !lost.isEmpty {
            for principal in lost.sorted() {
                _ = try vault.revokeSealedKey(principal: principal, scope: scope)
            }
            let recipients = try readers.sorted { $0.key < $1.key }.map { principal, key in
                StageKeyRecipient(
                    principal: principal,
                    key: try X25519.PublicKey(rawRepresentation: key))
            }
            _ = try vault.rotateStageKEK(scope, recipients: recipients)
            try note("key.rotate", scope, lost.sorted())
        }
        let missing = Set(readers.keys).subtracting(holders)
        if lost.isEmpty, !missing.isEmpty {
            for principal in missing.sorted() {
                let key = try X25519.PublicKey(rawRepresentation: readers[principal] ?? [])
                _ = try vault.sealStageKey(to: key, principal: principal, scope: scope)
            }
            try note("key.seal", scope, missing.sorted())
        }
    }

    private func note(_ action: String, _ scope: SealScope, _ principals: [String]) throws {
        guard let custodian else { return }
        try catalog.record(
            EventDraft(
                action, object: "dataset:" + scope.scope.hex,
                facts: [
                    "principals": .array(principals.map { .string($0) }),
                    "stage": .string(scope.stage.name),
                ]), signer: custodian.signer)
    }
}
