internal import EngineProtocol
public import Records

extension RunRequest.File {
    /// The file as JSON.
    var json: JSONValue {
        ["name": .string(name), "sha256": .string(sha256), "size": .integer(size)]
    }

    init(json: JSONValue) throws(HandoffError) {
        guard let name = json["name"]?.stringValue, let sha256 = json["sha256"]?.stringValue,
            let size = json["size"]?.intValue
        else { throw RunRequest.malformed("a file") }
        self.init(name: name, sha256: sha256, size: size)
    }
}

extension RunRequest {
    static func malformed(_ what: String) -> HandoffError {
        HandoffError(
            .malformed, "\(what) of a run request is missing or of the wrong type",
            hint: "requests are written by this program; the stored one is damaged")
    }

    /// The request as JSON. The task of texts with one label is left out, as before there was
    /// another: a request that was frozen then keeps its digest.
    public var json: JSONValue {
        func model(_ model: ModelReference?) -> JSONValue {
            guard let model else { return .null }
            return [
                "name": .string(model.name),
                "files": .array(
                    model.files.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
                        .map(\.json)),
            ]
        }
        var data = JSONValue.null
        if let dataset {
            let splits = Dictionary(
                uniqueKeysWithValues: dataset.splits.map {
                    ($0.key.rawValue, JSONValue.integer($0.value))
                })
            data = [
                "name": .string(dataset.name), "version": .string(dataset.version),
                "policyDigest": dataset.policyDigest.map { .string($0) } ?? .null,
                "splits": .object(splits),
            ]
        }
        var members: [String: JSONValue] = [
            "verb": .string(verb.rawValue), "method": .string(method.rawValue),
            "hyperParameters": hyperParameters.json, "dataset": data,
            "baseModel": model(baseModel), "adapter": model(adapter),
            "engine": ["name": .string(engineName), "sha256": .string(engineSHA256)],
            "purpose": .string(purpose),
            "fields": ["text": .string(textField), "label": .string(labelField)],
            "threads": .integer(threads),
            "outputs": .array(outputs.map(\.rawValue).sorted().map { .string($0) }),
        ]
        if task != .sequenceClassification { members["task"] = .string(task.rawValue) }
        return .object(members)
    }

    /// The request as canonical JSON (RFC 8785).
    public func canonicalBytes() -> [UInt8] { CanonicalJSON.encode(json) }

    /// Reads a stored request back.
    public init(canonicalBytes: [UInt8]) throws(HandoffError) {
        guard let json = try? JSONParser.parse(canonicalBytes),
            let verb = json["verb"]?.stringValue.flatMap(EngineVerb.init(rawValue:)),
            let method = json["method"]?.stringValue.flatMap(TuningMethod.init(rawValue:)),
            let engineName = json["engine"]?["name"]?.stringValue,
            let engineSHA256 = json["engine"]?["sha256"]?.stringValue,
            let purpose = json["purpose"]?.stringValue, let threads = json["threads"]?.intValue,
            let text = json["fields"]?["text"]?.stringValue,
            let label = json["fields"]?["label"]?.stringValue,
            let outputs = json["outputs"]?.stringArray,
            let task = (json["task"] ?? "sequence-classification").stringValue
                .flatMap(EngineTask.init(rawValue:))
        else { throw Self.malformed("a member") }
        guard let parameters = try? HyperParameters(json: json["hyperParameters"] ?? .null) else {
            throw Self.malformed("a hyper-parameter")
        }
        guard let base = try Self.model(json["baseModel"]) else {
            throw Self.malformed("the base model")
        }
        self.init(
            verb: verb, task: task, method: method, hyperParameters: parameters,
            dataset: try Self.dataset(json["dataset"]), baseModel: base,
            adapter: try Self.model(json["adapter"]),
            engine: EngineExecutable(name: engineName, path: "", pinnedSHA256: engineSHA256),
            purpose: purpose, textField: text, labelField: label, threads: threads,
            outputs: Set(outputs.compactMap(RunOutput.init(rawValue:))))
    }

    private static func model(_ json: JSONValue?) throws(HandoffError) -> ModelReference? {
        guard let json, !json.isNull else { return nil }
        guard let name = json["name"]?.stringValue, let list = json["files"]?.arrayValue else {
            throw malformed("a model")
        }
        var files: [File] = []
        for file in list { files.append(try File(json: file)) }
        return ModelReference(name: name, files: files)
    }

    private static func dataset(_ json: JSONValue?) throws(HandoffError) -> DatasetReference? {
        guard let json, !json.isNull else { return nil }
        guard let name = json["name"]?.stringValue, let version = json["version"]?.stringValue,
            let given = json["splits"]?.objectValue
        else { throw malformed("the dataset") }
        var splits: [Split: Int] = [:]
        for (key, value) in given {
            guard let split = Split(rawValue: key), let count = value.intValue else {
                throw malformed("a split")
            }
            splits[split] = count
        }
        return DatasetReference(
            name: name, version: version, policyDigest: json["policyDigest"]?.stringValue,
            splits: splits)
    }
}
