internal import GRDB
internal import Records
internal import Synchronization

/// What a commit gave, and where in the log its event stands.
public struct Committed<Value> {
    /// What the body returned.
    public let value: Value
    /// The index of its event; further ones follow it.
    public let event: UInt64
}

extension Committed: Sendable where Value: Sendable {}

extension CatalogStore {
    /// Makes a change and its event durable in one transaction: the only way to change the catalog.
    ///
    /// Concurrent calls share a transaction; each keeps or loses its own change as a whole. Must
    /// not be called from inside another commit's body.
    ///
    /// - Parameters:
    ///   - event: what will stand in the log; the body may complete it.
    ///   - signer: the actor.
    ///   - body: the changes; when it throws, nothing of them remains and its error passes through.
    /// - Returns: the body's value and the index of the event.
    @discardableResult
    public func commit<T>(
        _ event: EventDraft, signer: EventSigner, _ body: (CatalogChange) throws -> T
    ) throws -> Committed<T> {
        try withoutActuallyEscaping(body) { body in
            var result: Committed<T>?
            let job = CommitQueue.Job { db in
                let time = Timestamp.now
                let log = LogStorage(db)
                let change = CatalogChange(
                    db, workspace: self.workspace, event: event, index: try log.size(), time: time)
                let value = try body(change)
                for draft in [change.event] + change.further {
                    try log.append(
                        draft, origin: self.workspace.origin, signer: signer, time: time)
                }
                result = Committed(value: value, event: change.eventIndex)
            }
            do {
                try queue.submit(job, transaction: transaction)
            } catch let error as DatabaseError {
                throw CatalogError(sqlite: error)
            }
            guard let result else {
                throw CatalogError(.database, "a commit ended without a result")
            }
            return result
        }
    }

    /// Puts an event into the log that changes nothing: a denial, a read.
    ///
    /// - Returns: its index.
    @discardableResult
    public func record(_ event: EventDraft, signer: EventSigner) throws -> UInt64 {
        try commit(event, signer: signer) { _ in }.event
    }

    /// One transaction with its checkpoint, which leaves the house after the commit: a crash
    /// between the two leaves the outside behind, which is harmless.
    private func transaction(_ body: (Database) throws -> Void) throws {
        let signer = checkpointSigner.withLock { $0 }
        let checkpoint = try pool.write { db in
            try body(db)
            return try signer.map { try self.sign(LogStorage(db), with: $0) }
        }
        if let checkpoint { try publish(checkpoint) }
    }
}
