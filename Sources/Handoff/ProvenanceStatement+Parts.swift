internal import EngineProtocol
internal import Records

extension ProvenanceStatement {
    /// What was asked for.
    static func externalParameters(_ request: RunRequest) -> JSONValue {
        var parameters: [String: JSONValue] = [
            "verb": .string(request.verb.rawValue), "task": .string(request.task.rawValue),
            "method": .string(request.method.rawValue),
            "hyperParameters": request.hyperParameters.json, "purpose": .string(request.purpose),
            "baseModel": .string(request.baseModel.name), "threads": .integer(request.threads),
            "fields": [
                "text": .string(request.textField), "label": .string(request.labelField),
            ],
        ]
        if let dataset = request.dataset { parameters["dataset"] = .string(dataset.name) }
        if let seed = request.hyperParameters["seed"] { parameters["seed"] = seed }
        return .object(parameters)
    }

    /// Who, on whose consent, and what the engine made of it.
    static func internalParameters(
        _ request: RunRequest, _ outcome: RunOutcome, _ facts: Facts
    ) -> JSONValue {
        let records = outcome.recordsServed.sorted { $0.key.rawValue < $1.key.rawValue }.map {
            split, count -> JSONValue in
            [
                "split": .string(split.rawValue), "count": .integer(count),
                "sha256": outcome.recordDigests[split].map { .string($0) } ?? .null,
            ]
        }
        return [
            "requestDigest": ["sha256": .string(Hex.encode(request.digest))],
            "effectiveConfiguration": outcome.started?.configuration ?? .null,
            "labels": .array((outcome.started?.labels ?? []).map { .string($0) }),
            "recordsRead": .array(records), "workspace": .string(facts.workspace),
            "principals": .object(facts.principals.mapValues { .string($0) }),
            "approvals": .array(
                facts.approvals.map { approval in
                    [
                        "action": .string(approval.action),
                        "requestedBy": .string(approval.requestedBy),
                        "approvedBy": .string(approval.approvedBy),
                        "selfApproved": .bool(approval.selfApproved),
                        "at": approval.at.map { .string($0.rfc3339) } ?? .null,
                    ]
                }),
            "attestations": .array(facts.attestations.map(\.json)),
            "purposes": .array(facts.purposes.map { .string($0) }),
            "legalBasis": facts.legalBasis.map { .string($0) } ?? .null,
        ]
    }

    /// Everything by digest that the result depends on.
    static func dependencies(_ request: RunRequest, facts: Facts) -> [JSONValue] {
        func entry(_ name: String, _ uri: String, _ sha256: String) -> JSONValue {
            [
                "name": .string(name), "uri": .string(uri),
                "digest": ["sha256": .string(sha256)],
            ]
        }
        var list: [JSONValue] = []
        if let dataset = request.dataset {
            list.append(
                entry(
                    "dataset", "urn:x-tundish:dataset-version:\(dataset.version)",
                    dataset.version))
            if let policy = dataset.policyDigest {
                list.append(entry("policy", "urn:x-tundish:policy:\(policy)", policy))
            }
        }
        for digest in facts.detectorDigests {
            list.append(entry("detector", "urn:x-tundish:detector:\(digest)", digest))
        }
        for (origin, model) in [
            ("base", request.baseModel as RunRequest.ModelReference?),
            ("adapter", request.adapter),
        ] {
            for file in model?.files ?? [] {
                list.append(
                    entry(
                        "\(origin)/\(file.name)", "urn:x-tundish:model-file:\(file.sha256)",
                        file.sha256))
            }
        }
        list.append(
            entry(
                "engine", "urn:x-tundish:engine:\(request.engineName)", request.engineSHA256))
        return list
    }
}
