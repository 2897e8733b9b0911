import Kernels
import ModelFiles
import Records

/// Everything that a run needs to go on as if it had never stopped.
///
/// Batch order, dropout and noise are pure functions of seeds and step numbers, so weights, moments
/// and what was judged so far are all there is to keep.
public struct Checkpoint: Sendable {
    /// Names of the two files that a checkpoint is.
    public static let fileNames = ["state.json", "state.safetensors"]

    /// Optimiser steps done.
    public let step: Int
    /// Whether its weights are the best so far.
    public let isBest: Bool
    /// `state.json`: numbers of the run so far.
    let state: JSONValue
    /// `state.safetensors`: trained weights, AdamW's moments, and the best weights if they are
    /// others.
    let tensors: [UInt8]

    init(step: Int, isBest: Bool, state: JSONValue, tensors: [String: Floats]) {
        self.step = step
        self.isBest = isBest
        self.state = state
        let writer = SafetensorsWriter(
            tensors.map { TensorOutline(name: $0, shape: [$1.count]) }, metadata: [:])
        var bytes: [UInt8] = []
        bytes.reserveCapacity(writer.byteCount)
        var pieces = writer.pieces { name, elements in
            tensors[name]?.slice(elements.lowerBound, elements.count).array ?? []
        }
        do {
            while let piece = try pieces.next() { bytes += piece }
        } catch {
            preconditionFailure("plain numbers can always be written: \(error.message)")
        }
        self.tensors = bytes
    }

    /// The files, by name.
    public var files: [String: [UInt8]] {
        ["state.json": CanonicalJSON.encode(state), "state.safetensors": tensors]
    }
}

/// What is read of a checkpoint's files.
struct CheckpointFiles {
    let state: JSONValue
    let tensors: SafetensorsFile

    /// - Throws: `TrainingError.checkpoint` if a file is missing or damaged.
    init(_ files: [String: [UInt8]]) throws(TrainingError) {
        guard let state = files["state.json"], let tensors = files["state.safetensors"] else {
            throw Self.damaged("lacks one of its files")
        }
        guard let json = try? JSONParser.parse(state), json["version"]?.intValue == 1 else {
            throw Self.damaged("has a state.json that cannot be read")
        }
        self.state = json
        do {
            self.tensors = try SafetensorsFile(bytes: tensors)
        } catch {
            throw Self.damaged("has damaged tensors: \(error.message)")
        }
    }

    func floats(_ name: String, count: Int) throws(TrainingError) -> [Float] {
        guard let values = try? tensors.floats(name), values.count == count else {
            throw Self.damaged("does not fit the model: \(name) should hold \(count) numbers")
        }
        return values
    }

    func numbers(_ name: String) throws(TrainingError) -> [Double] {
        guard let values = state[name]?.arrayValue?.map(\.doubleValue),
            values.allSatisfy({ $0 != nil })
        else { throw Self.damaged("has no list \(name)") }
        return values.compactMap { $0 }
    }

    func integer(_ name: String) throws(TrainingError) -> Int {
        guard let value = state[name]?.intValue else { throw Self.damaged("has no \(name)") }
        return value
    }

    static func damaged(_ what: String) -> TrainingError {
        TrainingError(
            .checkpoint, "the checkpoint \(what)",
            hint: "Resume from another one, or start the run again.")
    }
}
