internal import Catalog
internal import Cryptography
internal import Records

/// Engines, runs and models.
extension AuditReplay {
    mutating func visitWork(_ event: LoggedEvent) {
        let facts = event.facts
        switch event.action {
        case "engine.register":
            // The last registration of a name is the one that counts.
            if let name = Self.id(in: event.object, of: "engine") {
                engines[name] = ["digest": facts["digest"] ?? .null]
            }
        case "run.start":
            if let run = Self.id(in: event.object, of: "run") {
                runs[run] = [
                    "purpose": facts["purpose"] ?? .null, "request": facts["request"] ?? .null,
                    "version": facts["version"] ?? .null,
                ]
            }
        case "run.finish":
            if let run = Self.id(in: event.object, of: "run") {
                finished[run] = facts["envelope"] ?? .null
                if let model = facts["model"]?.stringValue { trained[model] = run }
            }
        case "model.import":
            if let model = Self.id(in: event.object, of: "model") {
                imported[model] = facts["files"] ?? .null
            }
        default: break
        }
    }

    mutating func compareWork(_ reader: CatalogReader) throws {
        try compareEngines(reader)
        try compareRuns(reader)
        try compareCheckpoints(reader)
        try compareModels(reader)
    }

    private mutating func compareEngines(_ reader: CatalogReader) throws {
        var missing = Set(engines.keys)
        for row in try reader.engines() {
            rows += 1
            missing.remove(row.name)
            let what = "engine \(row.name)"
            guard let log = engines[row.name] else {
                find(.changedEngine, what, "\(what) was put in: no event registered it")
                continue
            }
            let facts: JSONValue = ["digest": .string(Hex.encode(row.digest))]
            compare(.changedEngine, what, row: facts, log: log)
        }
        for name in missing.sorted() {
            find(.changedEngine, "engine \(name)", "engine \(name) is gone")
        }
    }

    private mutating func compareRuns(_ reader: CatalogReader) throws {
        var missing = Set(runs.keys)
        for row in try reader.runs() {
            rows += 1
            missing.remove(row.id)
            let what = "run \(row.id)"
            guard var log = runs[row.id]?.objectValue else {
                find(.changedRun, what, "\(what) was put in: no event started it")
                continue
            }
            log["statement"] = finished[row.id] ?? .null
            let facts: JSONValue = [
                "purpose": row.purpose.map { .string($0) } ?? .null,
                "request": .string(Hex.encode(SHA256.hash(row.request))),
                "statement": row.statementDigest.map { .string(Hex.encode($0)) } ?? .null,
                "version": row.version.map { .string(Hex.encode($0)) } ?? .null,
            ]
            compare(.changedRun, what, row: facts, log: .object(log))
        }
        for id in missing.sorted() { find(.changedRun, "run \(id)", "run \(id) is gone") }
    }

    private mutating func compareModels(_ reader: CatalogReader) throws {
        var missing = Set(imported.keys).union(trained.keys)
        for row in try reader.models() {
            rows += 1
            let id = Hex.encode(row.id)
            missing.remove(id)
            let what = "model \(id)"
            if let log = imported[id] {
                let files = try reader.artifacts(of: row.id).map { file in
                    (file.name, JSONValue.string(Hex.encode(file.sha256)))
                }
                compare(
                    .changedModel, what,
                    row: .object(Dictionary(files, uniquingKeysWith: { first, _ in first })),
                    log: log)
            } else if let run = trained[id] {
                compare(
                    .changedModel, what, row: ["run": row.run.map { .string($0) } ?? .null],
                    log: ["run": .string(run)])
            } else {
                find(.changedModel, what, "\(what) was put in: no event made it")
            }
        }
        for id in missing.sorted() { find(.changedModel, "model \(id)", "model \(id) is gone") }
    }
}
