import Catalog
import Cryptography
import EngineProtocol
import Governance
import Handoff
import Records
import Synchronization
import Vault

/// Seals a run's checkpoints as they stream in, and keeps as many of them as were asked for.
///
/// A checkpoint is known once its engine announced it whole: rows and event in one transaction. What
/// is dropped loses its keys and packs after the transaction.
final class CheckpointStore: Sendable {
    private struct SealedFile: Sendable {
        var name: String
        var sha256: [UInt8]
        var size: Int
        var object: ObjectRow
    }

    private let workspace: OpenWorkspace
    private let run: String
    private let scope: SealScope
    private let limit: Mutex<Int>
    private let pending = Mutex<[Int: [SealedFile]]>([:])

    /// - Parameters:
    ///   - model: the id of the model that will come of the run: the scope that seals them.
    ///   - limit: how many are kept, besides the best one; at least one.
    init(_ workspace: OpenWorkspace, run: String, model: [UInt8], limit: Int?) throws {
        self.workspace = workspace
        self.run = run
        scope = SealScope(try ScopeID(bytes: model), .checkpoint)
        self.limit = Mutex(max(1, limit ?? 1))
    }

    /// What the engine says it was told, where nothing else was set.
    func use(limit said: Int) { limit.withLock { $0 = max(1, said) } }

    /// A place for one file of a checkpoint.
    func sink(_ name: CheckpointName, size: Int, sha256: [UInt8]) throws -> SealingSink {
        try SealingSink(vault: workspace.vault, scope: scope, kind: .checkpoint) { [self] object in
            let file = SealedFile(name: name.file, sha256: sha256, size: size, object: object)
            pending.withLock { $0[name.step, default: []].append(file) }
        }
    }

    /// Keeps an announced checkpoint, and drops those that are too many now.
    func keep(_ checkpoint: EngineEvent.Checkpoint) throws {
        let files = pending.withLock { $0.removeValue(forKey: checkpoint.step) ?? [] }
        let rows = files.enumerated().map { position, file in
            CheckpointFileRow(
                run: run, step: checkpoint.step, position: position, name: file.name,
                object: file.object.id, sha256: file.sha256, size: file.size,
                isBest: checkpoint.isBest)
        }
        var draft = EventDraft("run.checkpoint", object: "run:\(run)")
        draft.facts = [
            "step": .integer(checkpoint.step), "files": .integer(rows.count),
            "bytes": .integer(rows.reduce(0) { $0 + $1.size }),
            "digest": .string(Hex.encode(CheckpointFileRow.digest(of: rows))),
        ]
        let dropped: [ObjectRow]
        do {
            dropped = try commit(rows, of: checkpoint, objects: files.map(\.object), draft)
        } catch {
            StoredCheckpoint.destroy(files.map(\.object), in: workspace)
            throw error
        }
        StoredCheckpoint.destroy(dropped, in: workspace)
    }

    private func commit(
        _ rows: [CheckpointFileRow], of checkpoint: EngineEvent.Checkpoint, objects: [ObjectRow],
        _ draft: EventDraft
    ) throws -> [ObjectRow] {
        let limit = limit.withLock { $0 }
        return try workspace.catalog.commit(draft, signer: workspace.session.signer) { change in
            let before = try StoredCheckpoint.all(of: run, change)
            let tooMany = Self.tooMany(before, beside: checkpoint, limit: limit)
            let dropped = try StoredCheckpoint.remove(
                before.filter { tooMany.contains($0.step) }, change)
            for object in objects { try change.add(object) }
            for row in rows { try change.add(row) }
            if checkpoint.isBest { try change.setBestCheckpoint(checkpoint.step, of: run) }
            var facts = draft.facts.objectValue ?? [:]
            facts["dropped"] = .array(tooMany.sorted().map { .integer($0) })
            change.event.facts = .object(facts)
            return dropped
        }.value
    }

    /// The steps to drop: all but the newest ones and the best, and an older one of the same step.
    static func tooMany(
        _ before: [StoredCheckpoint], beside new: EngineEvent.Checkpoint, limit: Int
    ) -> Set<Int> {
        let others = before.filter { $0.step != new.step }
        var kept = Set((others.map(\.step) + [new.step]).sorted().suffix(limit))
        if !new.isBest { kept.formUnion(others.filter(\.isBest).map(\.step)) }
        // The new one stays even if it is not the newest step.
        return Set(before.map(\.step)).subtracting(kept).union(
            before.contains { $0.step == new.step } ? [new.step] : [])
    }

    /// Throws away files of checkpoints that were never announced.
    func discardPending() {
        let files = pending.withLock { pending in
            defer { pending = [:] }
            return pending.values.flatMap { $0.map(\.object) }
        }
        StoredCheckpoint.destroy(files, in: workspace)
    }
}

/// A checkpoint in the workspace: what a run goes on from.
struct StoredCheckpoint: Sendable, Hashable {
    var step: Int
    var isBest: Bool
    var files: [CheckpointFileRow]

    /// The checkpoints of a run, by step.
    static func all(of run: String, _ reader: CatalogReader) throws -> [StoredCheckpoint] {
        let files = try reader.checkpointFiles(of: run)
        return Dictionary(grouping: files, by: \.step).sorted { $0.key < $1.key }
            .map { step, files in
                StoredCheckpoint(step: step, isBest: files.contains(where: \.isBest), files: files)
            }
    }

    /// Removes checkpoints in a transaction.
    ///
    /// - Returns: the objects to ``destroy(_:in:)`` after it.
    static func remove(
        _ checkpoints: [StoredCheckpoint], _ change: CatalogChange
    ) throws -> [ObjectRow] {
        var objects: [ObjectRow] = []
        for checkpoint in checkpoints {
            for file in checkpoint.files {
                if let object = try change.object(file.object) { objects.append(object) }
            }
            if let run = checkpoint.files.first?.run {
                try change.removeCheckpoint(checkpoint.step, of: run)
            }
        }
        return objects
    }

    /// Destroys the keys and packs of objects that no row names any more. What cannot be destroyed
    /// now is an orphan, which `doctor` sweeps.
    static func destroy(_ objects: [ObjectRow], in workspace: OpenWorkspace) {
        guard !objects.isEmpty else { return }
        _ = try? workspace.vault.destroyKeys(objects.compactMap { try? ObjectID(bytes: $0.id) })
        for pack in Set(objects.map(\.pack)) {
            let isUsed = try? workspace.catalog.read { try !$0.objects(in: pack).isEmpty }
            if isUsed == false, let id = PackID(hex: pack) {
                try? workspace.vault.packs.remove(id)
            }
        }
    }

    /// What the engine is told of it.
    var reference: RunRequest.ModelReference {
        RunRequest.ModelReference(
            name: String(step),
            files: files.map {
                RunRequest.File(name: $0.name, sha256: Hex.encode($0.sha256), size: $0.size)
            })
    }
}
