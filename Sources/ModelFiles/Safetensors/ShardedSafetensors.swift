import Cryptography
import Records

/// A model in several safetensors files, with the index that says which file has which tensor
/// (`model.safetensors.index.json`).
public struct ShardedSafetensors: TensorSource {
    /// The usual name of the index.
    public static let indexName = "model.safetensors.index.json"

    /// The names of the tensors, sorted.
    public let names: [String]
    private let index: [UInt8]
    private let shards: [String: SafetensorsFile]
    private let shardOfTensor: [String: String]

    /// Joins `shards`, by file name, as the index says.
    ///
    /// - Throws: `missing` for a shard that is not given or that lacks a tensor of the index,
    ///   `malformed` for an index that is none.
    public init(
        index: [UInt8], shards: [String: SafetensorsFile]
    ) throws(ModelFilesError) {
        let weightMap = try Self.weightMap(index)
        for (tensor, shard) in weightMap {
            guard let file = shards[shard] else {
                throw ModelFilesError(
                    .missing, "the model's file \(shard) is not there",
                    hint: "Fetch all files that \(Self.indexName) names.")
            }
            guard file.tensor(tensor) != nil else {
                throw ModelFilesError(
                    .missing, "the model's file \(shard) has no tensor \(tensor)",
                    hint: "Fetch the file again: it does not belong to the index.")
            }
        }
        self.index = index
        self.shards = shards
        shardOfTensor = weightMap
        names = weightMap.keys.sorted()
    }

    /// Maps the index and the shards of the folder at `path`, read-only.
    public init(mapping path: String) throws(ModelFilesError) {
        let file = try FileBytes(mapping: "\(path)/\(Self.indexName)")
        let index = file.bytes(0..<file.count)
        var shards: [String: SafetensorsFile] = [:]
        for name in try Self.shardNames(index: index) {
            shards[name] = try SafetensorsFile(mapping: "\(path)/\(name)")
        }
        try self.init(index: index, shards: shards)
    }

    /// The files that an index names, sorted: plain names, never paths.
    public static func shardNames(index: [UInt8]) throws(ModelFilesError) -> [String] {
        Set(try weightMap(index).values).sorted()
    }

    /// The dimensions of the tensor `name`, outermost first; nil if there is none.
    public func shape(_ name: String) -> [Int]? { shard(name)?.shape(name) }

    /// Writes the numbers of the tensor `name`, row-major, into `target`, which they must fill.
    public func copyFloats(
        _ name: String, into target: UnsafeMutableBufferPointer<Float>
    ) throws(ModelFilesError) {
        guard let shard = shard(name) else { throw .missing(tensor: name) }
        try unsafe shard.copyFloats(name, into: target)
    }

    /// SHA-256 over the index and then the shards that it names, in the order of their names.
    public func digest() -> [UInt8] {
        var hasher = SHA256.Hasher()
        hasher.update(index)
        for name in Set(shardOfTensor.values).sorted() {
            shards[name]?.contents.update(&hasher)
        }
        return hasher.finalize()
    }

    private func shard(_ name: String) -> SafetensorsFile? {
        shardOfTensor[name].flatMap { shards[$0] }
    }

    /// The file of each tensor.
    private static func weightMap(_ index: [UInt8]) throws(ModelFilesError) -> [String: String] {
        func malformed(_ what: String) -> ModelFilesError {
            ModelFilesError(
                .malformed, "\(indexName) \(what)", hint: "Fetch the model's index again.")
        }
        let json: JSONValue
        do {
            json = try JSONParser.parse(index)
        } catch {
            throw malformed("is not JSON: \(error)")
        }
        guard let members = json["weight_map"]?.objectValue, !members.isEmpty else {
            throw malformed("has no weight_map")
        }
        var files: [String: String] = [:]
        for (tensor, value) in members {
            guard let file = value.stringValue, file.hasSuffix(".safetensors"),
                !file.utf8.contains(where: { [0, 0x2F, 0x5C].contains($0) })
            else { throw malformed("names no plain .safetensors file for \(tensor)") }
            files[tensor] = file
        }
        return files
    }
}
