import Records

/// The members of the events of a run, as they are written and read.
extension EngineEvent.Started {
    var json: JSONValue {
        [
            "event": "started", "protocol": .integer(EngineCommand.protocolVersion),
            "engine": .string(engine), "version": .string(version), "labels": .texts(labels),
            "configuration": configuration, "details": details,
        ]
    }

    init(_ fields: JSONFields) throws(EngineProtocolError) {
        self.init(
            engine: try fields.text("engine"), version: try fields.text("version"),
            labels: fields.isAbsent("labels") ? [] : try fields.texts("labels"),
            configuration: fields.value("configuration"), details: fields.value("details"))
    }
}

extension EngineEvent.Progress {
    var json: JSONValue {
        [
            "event": "progress", "step": .integer(step), "steps": .integer(steps),
            "epoch": .double(epoch), "loss": .double(loss), "learningRate": .double(learningRate),
            "gradientNorm": .optional(gradientNorm), "tokensPerSecond": .optional(tokensPerSecond),
            "secondsRemaining": .optional(secondsRemaining),
            "residentBytes": .optional(residentBytes), "phase": .optional(phase),
        ]
    }

    init(_ fields: JSONFields) throws(EngineProtocolError) {
        self.init(
            step: try fields.integer("step"), steps: try fields.integer("steps"),
            epoch: try fields.number("epoch"), loss: try fields.number("loss"),
            learningRate: try fields.number("learningRate"),
            gradientNorm: try fields.optionalNumber("gradientNorm"),
            tokensPerSecond: try fields.optionalNumber("tokensPerSecond"),
            secondsRemaining: try fields.optionalNumber("secondsRemaining"),
            residentBytes: fields.isAbsent("residentBytes")
                ? nil : try fields.count("residentBytes"),
            phase: try fields.optionalText("phase"))
    }
}

extension EngineEvent.Artifact {
    var json: JSONValue {
        ["name": .string(name), "size": .integer(size), "sha256": .string(sha256)]
    }

    init(_ fields: JSONFields) throws(EngineProtocolError) {
        self.init(
            name: try fields.text("name"), size: try fields.integer("size"),
            sha256: try fields.text("sha256"))
    }
}

extension EngineEvent.Checkpoint {
    var json: JSONValue {
        [
            "event": "checkpoint", "step": .integer(step), "epoch": .double(epoch),
            "isBest": .bool(isBest), "files": .array(files.map(\.json)),
        ]
    }

    init(_ fields: JSONFields) throws(EngineProtocolError) {
        var files: [EngineEvent.Artifact] = []
        for value in try fields.array("files") {
            files.append(try EngineEvent.Artifact(JSONFields(value, "a checkpoint's file")))
        }
        self.init(
            step: try fields.count("step"), epoch: try fields.optionalNumber("epoch") ?? 0,
            isBest: fields.value("isBest").boolValue ?? false, files: files)
    }
}

extension EngineEvent.Prediction {
    var json: JSONValue {
        [
            "event": "prediction", "index": .integer(index), "rid": .optional(rid),
            "label": .string(label), "probabilities": .numbers(probabilities),
            "truth": .optional(truth),
        ]
    }

    init(_ fields: JSONFields) throws(EngineProtocolError) {
        self.init(
            index: try fields.integer("index"), rid: try fields.optionalText("rid"),
            label: try fields.text("label"),
            probabilities: try fields.array("probabilities").compactMap(\.doubleValue),
            truth: try fields.optionalText("truth"))
    }
}

extension EngineEvent.Generation {
    var json: JSONValue {
        [
            "event": "generation", "index": .integer(index), "text": .string(text),
            "finishReason": .string(finishReason.rawValue), "tokens": .integer(tokens),
            "promptTokens": .optional(promptTokens),
        ]
    }

    init(_ fields: JSONFields) throws(EngineProtocolError) {
        self.init(
            index: try fields.integer("index"), text: try fields.text("text"),
            finishReason: try fields.choice("finishReason", of: EngineEvent.FinishReason.self),
            tokens: try fields.count("tokens"),
            promptTokens: fields.isAbsent("promptTokens")
                ? nil : try fields.count("promptTokens"))
    }
}

extension EngineEvent.Tags {
    var json: JSONValue {
        [
            "event": "tags", "index": .integer(index), "rid": .optional(rid),
            "tags": .texts(tags), "truth": truth.map { .texts($0) } ?? .null,
        ]
    }

    init(_ fields: JSONFields) throws(EngineProtocolError) {
        self.init(
            index: try fields.integer("index"), rid: try fields.optionalText("rid"),
            tags: try fields.texts("tags"),
            truth: fields.isAbsent("truth") ? nil : try fields.texts("truth"))
    }
}

extension EngineEvent.Probe {
    var json: JSONValue {
        [
            "event": "probe", "index": .integer(index), "vector": .numbers(vector),
            "scores": scores,
        ]
    }

    init(_ fields: JSONFields) throws(EngineProtocolError) {
        self.init(
            index: try fields.integer("index"),
            vector: fields.isAbsent("vector")
                ? [] : try fields.array("vector").compactMap(\.doubleValue),
            scores: fields.value("scores"))
    }
}
