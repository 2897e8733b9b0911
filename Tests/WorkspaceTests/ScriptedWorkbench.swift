import Foundation
import Records

@testable import Workspace

/// An engine in Python for what is done around runs: it learns best at `learning_rate` 1e-3 and the
/// longer the better, plans, probes, talks as a worker, and hands whole models over.
enum ScriptedWorkbench {
    /// Writes the script into a folder.
    ///
    /// - Parameter says: what it answers to every prompt, after the number of turns.
    static func make(in folder: String, says: String = "an answer") throws -> String {
        let path = folder + "/scripted-workbench"
        try source.replacingOccurrences(of: "SAYS", with: says)
            .write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return path
    }

    /// Registers the engine `workbench` in a workspace.
    static func add(to fixture: RunFixture, says: String = "an answer") throws {
        _ = try RegisteredEngines(fixture.workspace).add(
            "workbench", path: try make(in: fixture.home.folder, says: says))
    }

    /// A workspace with the engine, and a released version `reviews@5` with records enough in each
    /// split: which ones, follows from the workspace's keys.
    static func fixture() throws -> RunFixture {
        let fixture = try RunFixture()
        try add(to: fixture)
        let split: JSONValue = ["op": "split", "train": 0.5, "validation": 0.4, "test": 0.1]
        _ = try Clean(version: "reviews@1", recipe: [split]).run(in: fixture.workspace)
        _ = try Redact(
            version: "reviews@4", policy: TemporaryWorkspace.policy("retail-reviews")
        ).run(in: fixture.workspace)
        _ = try Grants(fixture.workspace).release("reviews@5", purpose: "sentiment")
        return fixture
    }

    static let source = #"""
        #!/usr/bin/env python3
        import hashlib, json, math, socket, struct, sys

        request = json.loads(sys.stdin.readline())
        parameters = request["hyperParameters"]
        verb, outputs = request["verb"], request["outputs"]
        s = socket.socket(socket.AF_UNIX)

        def event(**members):
            print(json.dumps(members), flush=True)

        def fail(code, message):
            event(event="failed", code=code, message=message, hint="-")
            sys.exit(1)

        def send(kind, payload):
            s.sendall(struct.pack(">IB", len(payload) + 1, ord(kind)) + payload)

        def take(n):
            out = b""
            while len(out) < n:
                more = s.recv(n - len(out))
                if not more: sys.exit(9)
                out += more
            return out

        def receive():
            n, kind = struct.unpack(">IB", take(5))
            payload = take(n - 1)
            if chr(kind) == "X": fail("refused", "the parent refused")
            return chr(kind), payload

        def stream(line):
            send("C", line.encode())
            items = []
            while True:
                kind, payload = receive()
                if kind == "E": return items
                items.append(payload)

        def put(name, body):
            sha = hashlib.sha256(body).hexdigest()
            send("C", f"PUT artifact {name} {len(body)} {sha}".encode())
            receive()
            send("B", body)
            send("E", b"{}")
            receive()
            event(event="artifact", name=name, size=len(body), sha256=sha)

        def metrics(right):
            wrong = 100 - right
            return {"kind": "classification", "loss": 1 - right / 100,
                    "classes": [{"label": "negative"}, {"label": "positive"}],
                    "confusion": [[right, wrong], [wrong, right]],
                    "accuracyInterval": {"lower": right / 100 - 0.05, "upper": right / 100 + 0.05}}

        s.connect(request["socket"])
        send("C", f"HELLO 1 {request['token']} 0/1".encode())
        receive()
        rate = parameters.get("learning_rate", 1e-3)
        epochs = parameters.get("num_train_epochs", 3)
        distance = abs(math.log10(rate) + 3)
        best = max(50, int(99 - 15 * distance - 4 / epochs))
        steps = 20
        plan = dict(event="plan", steps=steps, trainableParameters=10, totalParameters=40,
                    peakBytes=1_000_000_000, availableBytes=4_000_000_000, seconds=30,
                    secondsPerStep=1.5, tokens=99, refusals=[])
        if request["method"] == "full":
            plan["refusals"] = ["it needs 9.0 GB, there are 4.0 GB"]
        if request["method"] == "qlora" and verb == "plan": fail("configuration", "no qlora here")
        event(event="started", engine="workbench", version="1", labels=["negative", "positive"],
              configuration={"learning_rate": rate, "num_train_epochs": epochs})

        def answer(job, emit):
            for index, text in enumerate(job.get("texts", [])):
                emit(event="generation", index=index, text="SAYS", finishReason="stop", tokens=3,
                     promptTokens=len(text.split()))
            for index, chat in enumerate(job.get("messages", [])):
                if any("too long" in turn["content"] for turn in chat):
                    emit(event="refused", code="length", message="longer than the context", hint="-")
                    return
                emit(event="generation", index=index, text=f"{len(chat)}: SAYS",
                     finishReason="length" if "cut" in chat[-1]["content"] else "stop", tokens=3)
            emit(event="answered")

        if request.get("isWorker"):
            for line in sys.stdin:
                job = json.loads(line)
                answer(job, lambda **members: event(job=job["job"], **members))
        elif verb == "plan":
            event(**plan)
        elif verb == "probe":
            stream("GET train 0 0/1")
            count = len(stream("GET validation 0 0/1"))
            event(event="probe", index=0, vector=[],
                  scores={"accuracy": 0.75, "macroF1": 0.7, "count": count})
        elif verb == "predict":
            if "merged-model" in outputs:
                put("model.safetensors", b"merged " + parameters["weight_format"].encode())
                put("config.json", b"{}")
            if "gguf" in outputs:
                put("model.gguf", b"gguf " + parameters["weight_format"].encode())
        elif verb == "train":
            event(**plan)
            stream("GET train 0 0/1")
            losses = [1 / (1 + 0.1 * step) + 0.01 * distance for step in range(steps)]
            for step in range(5, steps + 1, 5):
                event(event="progress", step=step, steps=steps, epoch=epochs * step / steps,
                      loss=losses[step - 1], learningRate=rate, gradientNorm=0.5,
                      tokensPerSecond=1000, secondsRemaining=1, residentBytes=200_000_000)
                # The best is not the last.
                event(event="evaluation", split="validation", step=step, isBest=step <= 15,
                      epoch=epochs * step / steps,
                      metrics=metrics(best - abs(15 - step)))
                if rate < 1.5e-5 and step == 10: fail("diverged", "the loss is no number")
            event(event="hint", code="overfitting", message="validation got worse at the end",
                  parameter="num_train_epochs")
            put("model.safetensors", b"CLEAR-MARK weights")
            put("config.json", b'{"id2label": {"0": "negative", "1": "positive"}}')
            put("vocab.txt", b"[PAD]\n[UNK]\n")
            put("metrics.json", json.dumps({"losses": losses, "learningRates": [rate] * steps,
                                            "gradientNorms": [0.5] * steps}).encode())
        event(event="finished", summary={"weightsDigest": hashlib.sha256(
            json.dumps(parameters, sort_keys=True).encode()).hexdigest()})
        """#
}
