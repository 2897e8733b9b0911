import Foundation

/// An engine in Python whose "weights" follow from the records and the seed alone, a step at a time,
/// so that a resumed run can be held against an undisturbed one. What it does beside that is chosen
/// by `canaries`, a number that it has no other use for.
enum ScriptedTrainer {
    /// Writes the script into a folder.
    static func make(in folder: String) throws -> String {
        let path = folder + "/scripted-trainer"
        try source.write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return path
    }

    /// What `canaries` chooses.
    enum Mode: Int {
        case plain = 0
        /// Killed after step 3, unless it goes on from a checkpoint.
        case dies = 1
        /// Waits after step 2 to be stopped, unless it goes on from a checkpoint.
        case waits = 2
        /// Other weights each time.
        case random = 3
        /// A plan that refuses.
        case tooLarge = 4
        /// The best weights at step 2.
        case best = 5
    }

    static let source = #"""
        #!/usr/bin/env python3
        import hashlib, json, os, signal, socket, struct, sys, time

        request = json.loads(sys.stdin.readline())
        parameters = request["hyperParameters"]
        mode = parameters.get("canaries", 0)
        s = socket.socket(socket.AF_UNIX)

        def event(**members):
            print(json.dumps(members), flush=True)

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
            if chr(kind) == "X":
                event(event="failed", code="refused", message="the parent refused", hint="-")
                sys.exit(1)
            return chr(kind), payload

        def command(line):
            send("C", line.encode())

        def stream(line):
            command(line)
            items = []
            while True:
                kind, payload = receive()
                if kind == "E": return items
                items.append(payload)

        def put(name, body, announce=True):
            sha = hashlib.sha256(body).hexdigest()
            command(f"PUT artifact {name} {len(body)} {sha}")
            receive()
            send("B", body)
            send("E", b"{}")
            receive()
            told = {"name": name, "size": len(body), "sha256": sha}
            if announce: event(event="artifact", **told)
            return told

        def checkpoint(step, weights):
            files = []
            for name, body in (("state.json", b"%d" % step), ("weights.bin", weights)):
                told = put(f"checkpoint/{step}/{name}", body, announce=False)
                files.append(dict(told, name=name))
            event(event="checkpoint", step=step, isBest=mode == 5 and step == 2, files=files)

        s.connect(request["socket"])
        command(f"HELLO 1 {request['token']} 0/1")
        receive()
        plan = dict(event="plan", steps=6, trainableParameters=10, totalParameters=40,
                    peakBytes=3_000_000_000, availableBytes=2_000_000_000, tokens=99,
                    refusals=["it needs 3.0 GB"] if mode == 4 else [])
        event(event="started", engine="scripted", version="1", labels=["negative", "positive"],
              configuration={"save_total_limit": 3})
        event(**plan)
        if request["verb"] == "plan":
            event(event="finished", summary={})
            sys.exit(0)
        if mode == 4: time.sleep(60)
        records = stream("GET train 0 0/1")
        event(event="example", text="CLEAR-MARK " + str(len(records)))
        first, weights = 1, hashlib.sha256(b"".join(records)).digest() * 100
        if request["checkpoint"]:
            first = int(b"".join(stream("GET artifact checkpoint/state.json"))) + 1
            weights = b"".join(stream("GET artifact checkpoint/weights.bin"))
        stopping = []
        signal.signal(signal.SIGTERM, lambda *_: stopping.append(1))
        for step in range(first, 7):
            weights = hashlib.sha256(weights + bytes([step])).digest() * 100
            if mode == 3: weights = os.urandom(3200)
            event(event="progress", step=step, steps=6, epoch=step / 6, loss=1 / step,
                  learningRate=0.1)
            checkpoint(step, b"CLEAR-MARK" + weights)
            weights = b"CLEAR-MARK" + weights
            if not request["checkpoint"]:
                if mode == 1 and step == 3:
                    put("checkpoint/4/weights.bin", b"half", announce=False)
                    os.kill(os.getpid(), signal.SIGKILL)
                if mode == 2 and step == 2:
                    event(event="warning", code="waiting", message="to be stopped")
                    while not stopping: time.sleep(0.02)
            if stopping:
                event(event="failed", code="stopped", message="stopped", hint="resume")
                sys.exit(1)
        put("model.safetensors", weights)
        put("config.json", b'{"id2label": {"0": "negative", "1": "positive"}}')
        digest = hashlib.sha256(weights).hexdigest()
        event(event="finished", summary={"weightsDigest": digest, "task": request["task"]})
        """#
}
