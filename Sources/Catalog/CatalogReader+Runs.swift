internal import FoundationEssentials
internal import GRDB
internal import Records

extension CatalogReader {
    /// The run with an id, or nil.
    public func run(_ id: String) throws(CatalogError) -> RunRow? {
        try first("SELECT * FROM runs WHERE id = ?", [id], RunRow.init)
    }

    /// The newest run with a name, or nil.
    public func run(named name: String) throws(CatalogError) -> RunRow? {
        try first(
            "SELECT * FROM runs WHERE name = ? ORDER BY created DESC, rowid DESC LIMIT 1", [name],
            RunRow.init)
    }

    /// All runs, oldest first.
    public func runs() throws(CatalogError) -> [RunRow] {
        try rows("SELECT * FROM runs ORDER BY created, rowid", [], RunRow.init)
    }

    /// What the engine of a run said from a sequence number on.
    public func runEvents(_ run: String, from sequence: Int = 0) throws(CatalogError)
        -> [RunEventRow]
    {
        try rows(
            "SELECT * FROM run_events WHERE run = ? AND seq >= ? ORDER BY seq", [run, sequence]
        ) { row throws(CatalogError) in
            RunEventRow(
                run: try row.text("run"), sequence: try row.value("seq"),
                event: try row.json("event"))
        }
    }

    /// The model with a scope id, or nil.
    public func model(_ id: [UInt8]) throws(CatalogError) -> ModelRow? {
        try first("SELECT * FROM models WHERE id = ?", [blob(id)], ModelRow.init)
    }

    /// The model with a name, or nil.
    public func model(named name: String) throws(CatalogError) -> ModelRow? {
        try first("SELECT * FROM models WHERE name = ?", [name], ModelRow.init)
    }

    /// All models, oldest first.
    public func models() throws(CatalogError) -> [ModelRow] {
        try rows("SELECT * FROM models ORDER BY created, rowid", [], ModelRow.init)
    }

    /// The files of a model by name.
    public func artifacts(of model: [UInt8]) throws(CatalogError) -> [ArtifactRow] {
        try rows(
            "SELECT * FROM model_artifacts WHERE model = ? ORDER BY name", [blob(model)],
            ArtifactRow.init)
    }

    /// The engine with a name, or nil.
    public func engine(named name: String) throws(CatalogError) -> EngineRow? {
        try first("SELECT * FROM engines WHERE name = ?", [name], EngineRow.init)
    }

    /// All engines by name.
    public func engines() throws(CatalogError) -> [EngineRow] {
        try rows("SELECT * FROM engines ORDER BY name", [], EngineRow.init)
    }
}
