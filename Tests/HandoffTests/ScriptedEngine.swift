import Foundation

@testable import Handoff

/// An engine in Python that behaves, or misbehaves, as the run's id says.
enum ScriptedEngine {
    /// Writes the script into a folder and registers it.
    static func make(in folder: String) throws -> EngineExecutable {
        let path = folder + "/scripted-engine"
        try (opening + lasting + source).write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return try EngineExecutable(name: "scripted", path: path)
    }

    /// The request, events, and the socket.
    static let opening = #"""
        #!/usr/bin/env python3
        import hashlib, json, os, signal, socket, struct, subprocess, sys, time

        request = json.loads(sys.stdin.readline())
        mode = request["run"]

        def event(**members):
            print(json.dumps(members), flush=True)

        class Channel:
            def __init__(self):
                self.s = socket.socket(socket.AF_UNIX)
                self.s.connect(request["socket"])
            def send(self, kind, payload):
                self.s.sendall(struct.pack(">IB", len(payload) + 1, ord(kind)) + payload)
            def take(self, n):
                out = b""
                while len(out) < n:
                    more = self.s.recv(n - len(out))
                    if not more: sys.exit(9)
                    out += more
                return out
            def receive(self):
                n, kind = struct.unpack(">IB", self.take(5))
                return chr(kind), self.take(n - 1)
            def command(self, line):
                self.send("C", line.encode())
            def hello(self, token=request["token"], place="0/1"):
                self.command(f"HELLO 1 {token} {place}")
                return self.receive()
            def stream(self, line):
                self.command(line)
                digest, items = hashlib.sha256(), []
                while True:
                    kind, payload = self.receive()
                    if kind == "X":
                        event(event="warning", code="refused", message=payload.decode())
                        sys.exit(4)
                    if kind == "E":
                        return items, json.loads(payload), digest.hexdigest()
                    if kind == "R":
                        digest.update(struct.pack(">I", len(payload)))
                    digest.update(payload)
                    items.append(payload)
            def put(self, name, body, size=None, sha=None, announce=True):
                sha = sha or hashlib.sha256(body).hexdigest()
                size = len(body) if size is None else size
                self.command(f"PUT artifact {name} {size} {sha}")
                if self.receive()[0] != "J": sys.exit(5)
                for at in range(0, len(body), 1000):
                    self.send("B", body[at:at + 1000])
                self.send("E", b"{}")
                if self.receive()[0] != "J": sys.exit(6)
                if announce:
                    event(event="artifact", name=name, size=size, sha256=sha)

        def started():
            event(event="started", engine="scripted", version="9", labels=["a", "b"])


        """#

    /// What a run of one moment does.
    static let source = #"""
        if request["verb"] == "describe":
            event(event="capabilities", capabilities={"verbs": ["train"]})
            event(event="finished", summary={})
            sys.exit(0)
        if mode == "no-finish": sys.exit(0)
        if mode == "status-3":
            print("out of memory", file=sys.stderr)
            sys.exit(3)
        if mode == "killed": os.kill(os.getpid(), signal.SIGKILL)
        if mode == "not-json":
            print("Epoch 1: loss 0.3", flush=True)
            time.sleep(60)
        if mode == "long-line":
            print("x" * 3_000_000, flush=True)
            time.sleep(60)
        if mode == "silent": time.sleep(60)
        if mode == "stubborn":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            child = subprocess.Popen(["sleep", "60"])
            event(event="warning", code="child", message=str(child.pid))
            time.sleep(60)
        if mode == "failed":
            event(event="failed", code="data", message="too few labels", hint="add some")
            sys.exit(1)
        if mode == "noise":
            sys.stderr.write("begin" + "y" * 1_000_000 + "end")

        c = Channel()
        if mode == "no-hello":
            c.command("GET train 0 0/1")
            time.sleep(60)
        if mode == "wrong-token":
            c.hello(token="0" * 64)
            time.sleep(60)
        if mode == "wrong-world":
            c.hello(place="1/2")
            time.sleep(60)
        if mode == "garbage":
            c.s.sendall(b"GET / HTTP/1.1\r\n\r\n")
            time.sleep(60)
        c.hello()
        if mode == "token-twice":
            Channel().hello()
            time.sleep(60)
        started()
        if mode == "test-split": c.stream("GET test 0 0/1")
        if mode == "unlisted-file": c.stream("GET artifact base/secrets.txt")
        if mode == "escape": c.put("../escape", b"x")
        if mode == "false-digest": c.put("model.bin", b"abc", sha="0" * 64)
        if mode == "false-size": c.put("model.bin", b"abcdef", size=3)
        if mode == "huge": c.put("model.bin", b"", size=10**15)
        if mode == "twice":
            c.put("model.bin", b"abc")
            c.put("model.bin", b"abd")
        if mode == "secret-put": c.put("model.bin", b"abc", announce=False)
        if mode == "claims-put":
            event(event="artifact", name="model.bin", size=1, sha256="0" * 64)
        if mode == "dies-in-put":
            c.command(f"PUT artifact model.bin 10 {'0' * 64}")
            c.receive()
            c.send("B", b"abc")
            os.kill(os.getpid(), signal.SIGKILL)
        summary = {}
        if mode == "good":
            counts = {}
            for split in sorted(request["splits"]):
                for epoch in (0, 1):
                    items, end, digest = c.stream(f"GET {split} {epoch} 0/1")
                    assert end["count"] == len(items) and end["sha256"] == digest
                counts[split] = [json.loads(i[16:])["fields"]["text"] for i in items]
            pieces, end, digest = c.stream("GET artifact base/config.json")
            assert end["sha256"] == digest
            event(event="progress", step=1, steps=1, epoch=1, loss=0.5, learningRate=0.001)
            event(event="evaluation", split="validation", step=1, epoch=1, metrics={
                "loss": 0.5, "accuracy": 0.5, "confusion": [[1, 0], [1, 0]],
                "classes": [{"label": "a"}, {"label": "b"}]})
            event(event="prediction", index=0, label="a", probabilities=[0.75, 0.25])
            c.put("model.bin", bytes(range(256)) * 20)
            c.put("empty.bin", b"")
            summary = {"texts": counts, "config": b"".join(pieces).decode(),
                       "environment": dict(os.environ), "folder": os.getcwd(),
                       "mode": oct(os.stat(".").st_mode & 0o777), "files": os.listdir("."),
                       "descriptors": len(os.listdir("/proc/self/fd")) - 1,
                       "splits": request["splits"], "echo": request["texts"]}
        event(event="finished", summary=summary)
        if mode == "goes-on":
            event(event="finished", summary={})
            time.sleep(60)
        """#
}
