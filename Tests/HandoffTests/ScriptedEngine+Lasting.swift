@testable import Handoff

extension ScriptedEngine {
    /// What lasts longer than a run of one moment: checkpoints, stopping, plans, workers.
    static let lasting = #"""
        def checkpoint(c, step, files=None, claims=None, best=False):
            files = files or {"state.json": b"%d" % step, "weights.bin": bytes([step]) * 2500}
            told = []
            for name, body in files.items():
                c.put(f"checkpoint/{step}/{name}", body, announce=False)
                told.append({"name": name, "size": len(body),
                             "sha256": hashlib.sha256(body).hexdigest()})
            event(event="checkpoint", step=step, epoch=step / 4, isBest=best,
                  files=told if claims is None else claims)

        def train_with_checkpoints():
            c = Channel()
            c.hello()
            started()
            if mode == "refused-plan":
                plan(refusals=["it needs 9 GB, there are 2"])
                time.sleep(60)
            first, seen = 1, []
            if request["checkpoint"]:
                pieces, end, digest = c.stream("GET artifact checkpoint/state.json")
                assert end["sha256"] == digest
                first = int(b"".join(pieces)) + 1
            for step in range(first, 5):
                event(event="progress", step=step, steps=4, epoch=step / 4, loss=1 / step,
                      learningRate=0.1, residentBytes=4096, phase="training")
                checkpoint(c, step, best=step == 2)
                seen.append(step)
                if mode == "dies-at-3" and step == 3:
                    c.put("checkpoint/4/weights.bin", b"half", announce=False)
                    os.kill(os.getpid(), signal.SIGKILL)
                if mode == "checkpoint-twice": checkpoint(c, step)
                if mode == "checkpoint-lie":
                    checkpoint(c, 9, claims=[{"name": "state.json", "size": 1, "sha256": "0" * 64}])
                if mode == "checkpoint-unput": event(event="checkpoint", step=7, files=[])
                if mode == "checkpoint-name": c.put("checkpoint/x/weights.bin", b"")
                if mode == "checkpoint-flood":
                    for more in range(20, 30):
                        c.put(f"checkpoint/{more}/weights.bin", b"x", announce=False)
                if mode in ("waits", "waits-and-finishes", "never-stops") and step == 2:
                    wait_for_stop(c)
            c.put("model.bin", b"done after four steps")
            event(event="hint", code="overfitting", message="validation rises",
                  parameter="num_train_epochs")
            event(event="finished", summary={"steps": seen, "checkpoint": request["checkpoint"]})

        def wait_for_stop(c):
            def stop(*_):
                if mode == "never-stops": return
                if mode == "waits-and-finishes":
                    event(event="finished", summary={"steps": "all"})
                    os._exit(0)
                time.sleep(1.5)
                checkpoint(c, 3, files={"state.json": b"3", "late.bin": b"made while stopping"})
                event(event="failed", code="stopped", message="stopped", hint="resume")
                os._exit(1)
            signal.signal(signal.SIGTERM, stop)
            event(event="warning", code="waiting", message="for SIGTERM")
            while True: time.sleep(0.05)

        def plan(refusals=[]):
            event(event="plan", steps=12, trainableParameters=3, totalParameters=10,
                  peakBytes=9_000_000_000, availableBytes=2_000_000_000, secondsPerStep=0.5,
                  seconds=6, tokens=1234, warnings=["slow"], refusals=refusals)

        def work():
            c = Channel()
            c.hello()
            pieces, end, digest = c.stream("GET artifact base/config.json")
            if mode == "worker-fails":
                event(event="failed", code="model", message="no such layer", hint="use another")
                sys.exit(1)
            if mode == "worker-dies": os._exit(3)
            event(event="warning", code="early", message="hello")
            started()
            for line in sys.stdin:
                job = json.loads(line)
                n, verb = job["job"], job["verb"]
                if job["texts"] == ["die"]: os.kill(os.getpid(), signal.SIGKILL)
                if job["texts"] == ["hang"]: time.sleep(60)
                if job["texts"] == ["wrong job"]: n += 1
                if job["texts"] == ["no event"]: print("hello", flush=True)
                if job["texts"] == ["refuse"]:
                    event(event="refused", job=n, code="too-long", message="too long", hint="cut")
                    continue
                for index, text in enumerate(job["texts"]):
                    if verb == "predict":
                        event(event="prediction", job=n, index=index, label=text[:1],
                              probabilities=[1, 0])
                    if verb == "tag":
                        event(event="tags", job=n, index=index, tags=["O"] * len(text.split()))
                    if verb == "probe":
                        event(event="probe", job=n, index=index, vector=[len(text), 0.5])
                for index, chat in enumerate(job["messages"]):
                    event(event="generation", job=n, index=index, finishReason="length", tokens=2,
                          text=chat[-1]["content"].upper()
                          + str(job["generation"]["max_new_tokens"]))
                event(event="answered", job=n)
            event(event="finished", summary={"pid": os.getpid()})
            sys.exit(0)

        if request["isWorker"]: work()
        if request["verb"] == "plan":
            c = Channel()
            c.hello()
            started()
            items, _, _ = c.stream("GET train 0 0/1")
            if mode != "no-plan": plan(refusals=["too large"] if mode == "too-large" else [])
            event(event="finished", summary={"records": len(items)})
            sys.exit(0)
        if mode in ("checkpoints", "dies-at-3", "checkpoint-twice", "checkpoint-lie",
                    "checkpoint-unput", "checkpoint-name", "checkpoint-flood", "waits",
                    "waits-and-finishes", "never-stops", "refused-plan"):
            train_with_checkpoints()
            sys.exit(0)


        """#
}
