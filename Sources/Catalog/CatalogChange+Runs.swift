internal import FoundationEssentials
internal import GRDB
public import Records

extension CatalogChange {
    /// Adds a run.
    public func add(_ run: RunRow) throws(CatalogError) {
        try self.run(
            """
            INSERT INTO runs (id, name, state, request, actor, version, purpose, lease, created,
                started, finished, metrics, statement_digest)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                run.id, run.name, run.state.rawValue, blob(run.request), run.actor,
                blobOrNull(run.version), run.purpose, run.lease, run.created.rfc3339,
                run.started?.rfc3339, run.finished?.rfc3339, run.metrics.map { jsonText($0) },
                blobOrNull(run.statementDigest),
            ])
    }

    /// Stores how a run stands now; its request, actor, version and purpose never change.
    public func update(_ run: RunRow) throws(CatalogError) {
        try runOne(
            "run \(run.id)",
            """
            UPDATE runs SET state = ?, lease = ?, started = ?, finished = ?, metrics = ?,
                statement_digest = ? WHERE id = ?
            """,
            [
                run.state.rawValue, run.lease, run.started?.rfc3339, run.finished?.rfc3339,
                run.metrics.map { jsonText($0) }, blobOrNull(run.statementDigest), run.id,
            ])
    }

    /// Stores what an engine said.
    ///
    /// - Returns: its sequence number within the run.
    @discardableResult
    public func addRunEvent(_ run: String, _ event: JSONValue) throws(CatalogError) -> Int {
        let next = try number(
            "SELECT coalesce(max(seq), -1) + 1 FROM run_events WHERE run = ?", [run])
        try self.run(
            "INSERT INTO run_events (run, seq, event) VALUES (?, ?, ?)",
            [run, next, jsonText(event)])
        return Int(next)
    }

    /// Adds a model.
    public func add(_ model: ModelRow) throws(CatalogError) {
        guard model.id.count == 16 else {
            throw CatalogError(.invalid, "a model's scope id has 16 bytes")
        }
        try run(
            """
            INSERT INTO models (id, name, kind, run, base, state, created, actor, info)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                blob(model.id), model.name, model.kind.rawValue, model.run, blobOrNull(model.base),
                model.state.rawValue, model.created.rfc3339, model.actor, jsonText(model.info),
            ])
    }

    /// Moves a model to a state.
    public func setState(_ state: ModelState, of model: [UInt8]) throws(CatalogError) {
        try runOne(
            "model \(Hex.encode(model))", "UPDATE models SET state = ? WHERE id = ?",
            [state.rawValue, blob(model)])
    }

    /// Replaces what is said about a model.
    public func setInfo(_ info: JSONValue, of model: [UInt8]) throws(CatalogError) {
        try runOne(
            "model \(Hex.encode(model))", "UPDATE models SET info = ? WHERE id = ?",
            [jsonText(info), blob(model)])
    }

    /// Adds a file of a model; its object must be there.
    public func add(_ artifact: ArtifactRow) throws(CatalogError) {
        try run(
            """
            INSERT INTO model_artifacts (model, name, object, sha256, size)
            VALUES (?, ?, ?, ?, ?)
            """,
            [
                blob(artifact.model), artifact.name, blob(artifact.object),
                blob(artifact.sha256), artifact.size,
            ])
    }

    /// Registers an engine.
    public func add(_ engine: EngineRow) throws(CatalogError) {
        try run(
            """
            INSERT INTO engines (name, path, digest, created, actor) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (name) DO UPDATE SET path = excluded.path, digest = excluded.digest,
                created = excluded.created, actor = excluded.actor
            """,
            [
                engine.name, engine.path, blob(engine.digest), engine.created.rfc3339,
                engine.actor,
            ])
    }
}
