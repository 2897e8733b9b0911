import EngineProtocol
import Records
import Testing

@testable import Handoff

@Suite("Frozen requests")
struct RunRequestTests {
    static func request() throws -> RunRequest {
        RunRequest(
            verb: .train, method: .full,
            hyperParameters: try HyperParameters(pairs: [("learning_rate", "5e-5"), ("seed", "7")]),
            dataset: .init(
                name: "reviews@3", version: String(repeating: "ab", count: 32),
                policyDigest: String(repeating: "cd", count: 32),
                splits: [.train: 2380, .validation: 563]),
            baseModel: .init(
                name: "all-MiniLM-L6-v2",
                files: [
                    .init(name: "model.safetensors", sha256: "11", size: 3),
                    .init(name: "config.json", sha256: "22", size: 2),
                ]),
            engine: EngineExecutable(name: "tundish-trainer", path: "/x", pinnedSHA256: "33"),
            purpose: "sentiment", threads: 2, outputs: [.predictions, .batchOrder])
    }

    @Test("Frozen bytes come back as the same request")
    func roundTrip() throws {
        let request = try Self.request()
        let again = try RunRequest(canonicalBytes: request.canonicalBytes())
        #expect(again.canonicalBytes() == request.canonicalBytes())
        #expect(again.digest == request.digest)
        #expect(again.hyperParameters == request.hyperParameters)
        #expect(again.dataset == request.dataset)
    }

    @Test("The order of files does not matter, everything else does")
    func digest() throws {
        let request = try Self.request()
        var shuffled = request
        shuffled.baseModel.files.reverse()
        #expect(shuffled.digest == request.digest)
        let changes: [(inout RunRequest) -> Void] = [
            { $0.verb = .evaluate }, { $0.task = .causalLM }, { $0.method = .lora },
            { $0.purpose = "x" },
            { $0.threads = 1 }, { $0.outputs = [] }, { $0.textField = "body" },
            { $0.labelField = "stars" }, { $0.engineSHA256 = "34" },
            { $0.dataset?.version = "00" }, { $0.dataset?.policyDigest = nil },
            { $0.dataset?.splits[.train] = 1 }, { $0.baseModel.files[0].sha256 = "12" },
            { $0.adapter = .init(name: "a", files: []) },
            { try? $0.hyperParameters.set("seed", "8") },
        ]
        var digests: Set<[UInt8]> = [request.digest]
        for change in changes {
            var other = request
            change(&other)
            digests.insert(other.digest)
        }
        #expect(digests.count == changes.count + 1)
    }

    @Test("A request from before there were tasks reads, and keeps its digest")
    func withoutTask() throws {
        let request = try Self.request()
        #expect(try JSONParser.parse(request.canonicalBytes())["task"] == nil)
        #expect(try RunRequest(canonicalBytes: request.canonicalBytes()).task == request.task)
        for task in EngineTask.allCases {
            var other = request
            other.task = task
            #expect(try RunRequest(canonicalBytes: other.canonicalBytes()).task == task)
        }
        var json = try #require(request.json.objectValue)
        json["task"] = "fortune-telling"
        #expect(throws: HandoffError.self) {
            try RunRequest(canonicalBytes: CanonicalJSON.encode(.object(json)))
        }
    }

    @Test("Damaged bytes are refused", arguments: ["", "{}", "[]", #"{"verb":"train"}"#])
    func damaged(text: String) {
        #expect(throws: HandoffError.self) {
            try RunRequest(canonicalBytes: Array(text.utf8))
        }
    }

    @Test("Processor flags choose OpenBLAS's kernels")
    func coreType() {
        let skylake: Set<String> = [
            "fma", "avx2", "avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl",
        ]
        #expect(EngineEnvironment.coreType(flags: skylake) == "SkylakeX")
        #expect(EngineEnvironment.coreType(flags: ["fma", "avx2", "avx512f"]) == "Haswell")
        #expect(EngineEnvironment.coreType(flags: ["sse2"]) == nil)
    }
}
