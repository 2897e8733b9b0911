import Foundation
import ModelFiles
import Records
import Testing

struct ShardedSafetensorsTests {
    static let tensors: [NamedTensor] = {
        var random = TestRandom(11)
        return (0..<7).map { index in
            NamedTensor(
                name: "layer.\(index).weight", shape: [index + 1, 5],
                values: random.floats((index + 1) * 5))
        }
    }()

    static func write(
        _ limit: Int, _ format: SafetensorsWriter.Format = .f32
    ) throws -> (index: [UInt8]?, files: [String: [UInt8]]) {
        let plan = SafetensorsShards(tensors.map(\.outline), format: format, limit: limit)
        var files: [String: [UInt8]] = [:]
        for shard in plan.shards {
            var pieces = shard.writer.pieces { name, elements throws(ModelFilesError) in
                Array(tensors.first { $0.name == name }!.values[elements])
            }
            var bytes: [UInt8] = []
            while let piece = try pieces.next() { bytes += piece }
            #expect(bytes.count == shard.writer.byteCount)
            files[shard.name] = bytes
        }
        return (plan.index, files)
    }

    @Test(arguments: [1, 100, 250, 559, 560])
    func readsWhatItWrites(_ limit: Int) throws {
        let (index, files) = try Self.write(limit)
        guard let index else {
            #expect(files.count == 1 && limit == 560)
            let file = try SafetensorsFile(bytes: try #require(files["model.safetensors"]))
            #expect(try file.floats("layer.6.weight") == Self.tensors[6].values)
            return
        }
        for bytes in files.values {
            let file = try SafetensorsFile(bytes: bytes)
            let size = file.names.reduce(0) { $0 + file.tensor($1)!.byteCount }
            #expect(size <= limit || file.names.count == 1)
        }
        #expect(try ShardedSafetensors.shardNames(index: index) == files.keys.sorted())
        #expect(files.keys.min() == "model-00001-of-0000\(files.count).safetensors")
        let model = try ShardedSafetensors(
            index: index, shards: files.mapValues { try SafetensorsFile(bytes: $0) })
        #expect(model.names == Self.tensors.map(\.name))
        for tensor in Self.tensors {
            #expect(model.shape(tensor.name) == tensor.shape)
            #expect(try model.floats(tensor.name) == tensor.values)
        }
        #expect(model.shape("none") == nil && model.blocks(model.names[0]) == nil)
        #expect(throws: ModelFilesError.self) { try model.floats("none") }
        #expect(try JSONParser.parse(index)["metadata"]?["total_size"] == 560)
    }

    @Test func readsAFolder() throws {
        let (index, files) = try Self.write(200)
        let folder = FileManager.default.temporaryDirectory.appending(path: "\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, bytes) in files { try Data(bytes).write(to: folder.appending(path: name)) }
        #expect(throws: ModelFilesError.self) { try ShardedSafetensors(mapping: folder.path) }
        try Data(index!).write(to: folder.appending(path: ShardedSafetensors.indexName))
        let mapped = try ShardedSafetensors(mapping: folder.path)
        let inMemory = try ShardedSafetensors(
            index: index!, shards: files.mapValues { try SafetensorsFile(bytes: $0) })
        #expect(mapped.digest() == inMemory.digest() && mapped.digest().count == 32)
        #expect(try mapped.floats("layer.3.weight") == Self.tensors[3].values)
        try FileManager.default.removeItem(at: folder.appending(path: files.keys.max()!))
        #expect(throws: ModelFilesError.self) { try ShardedSafetensors(mapping: folder.path) }
    }

    @Test func halvesAndBFloatsAreRounded() throws {
        for (format, error) in [(SafetensorsWriter.Format.f16, 0x1p-11), (.bf16, 0x1p-8)] {
            let bytes = try SafetensorsWriter.encode(Self.tensors, as: format)
            #expect(try Self.write(.max, format).files["model.safetensors"] == bytes)
            let file = try SafetensorsFile(bytes: bytes)
            for tensor in Self.tensors {
                #expect(file.tensor(tensor.name)?.format.rawValue == format.rawValue)
                for (found, value) in zip(try file.floats(tensor.name), tensor.values) {
                    #expect(abs(Double(found - value)) <= error * Double(abs(value)) + 0x1p-24)
                }
            }
        }
        #expect(
            try SafetensorsWriter.encode(Self.tensors, as: .f32)
                == SafetensorsWriter.encode(Self.tensors))
        #expect(throws: ModelFilesError.self) {
            try SafetensorsWriter.encode(
                [NamedTensor(name: "a", shape: [1], values: [70000])], as: .f16)
        }
    }

    @Test(arguments: [
        "", "[]", "{}", #"{"weight_map":{}}"#, #"{"weight_map":{"a":7}}"#,
        #"{"weight_map":{"a":"b.bin"}}"#, #"{"weight_map":{"a":"../b.safetensors"}}"#,
        #"{"weight_map":{"a":"/b.safetensors"}}"#, #"{"weight_map":{"a":"x\\b.safetensors"}}"#,
        #"{"weight_map":{"a":"x\u0000.safetensors"}}"#,
    ])
    func hostileIndexesAreRefused(_ index: String) {
        #expect(throws: ModelFilesError.self) {
            try ShardedSafetensors.shardNames(index: Array(index.utf8))
        }
        #expect(throws: ModelFilesError.self) {
            try ShardedSafetensors(index: Array(index.utf8), shards: [:])
        }
    }

    @Test func shardsMustHoldWhatTheIndexSays() throws {
        let (index, files) = try Self.write(200)
        var shards = try files.mapValues { try SafetensorsFile(bytes: $0) }
        let names = files.keys.sorted()
        let last = shards.removeValue(forKey: names.last!)
        #expect(throws: ModelFilesError.self) {
            try ShardedSafetensors(index: index!, shards: shards)
        }
        // Another shard under its name: there, but without the tensors.
        shards[names.last!] = shards[names[0]]
        #expect(throws: ModelFilesError.self) {
            try ShardedSafetensors(index: index!, shards: shards)
        }
        shards[names.last!] = last
        _ = try ShardedSafetensors(index: index!, shards: shards)
    }
}
