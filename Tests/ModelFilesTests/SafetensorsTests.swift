import Foundation
import ModelFiles
import Records
import Testing

struct SafetensorsTests {
    /// A file with this header and `dataCount` bytes 0, 1, 2, …
    static func file(_ header: String, dataCount: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        for shift in 0..<8 {
            bytes.append(UInt8(truncatingIfNeeded: header.utf8.count >> (8 * shift)))
        }
        return bytes + Array(header.utf8) + (0..<dataCount).map { UInt8(truncatingIfNeeded: $0) }
    }

    @Test func writesWhatItReads() throws {
        let tensors = [
            NamedTensor(
                name: "b.weight", shape: [2, 3], values: [1, -2, 3.5, .infinity, 0, 1e-30]),
            NamedTensor(name: "a", shape: [], values: [7]),
            NamedTensor(name: "empty", shape: [0, 4], values: []),
        ]
        let bytes = SafetensorsWriter.encode(tensors, metadata: ["format": "pt", "x": "ä"])
        #expect(
            bytes
                == SafetensorsWriter.encode(
                    tensors.reversed(), metadata: ["x": "ä", "format": "pt"]))
        let file = try SafetensorsFile(bytes: bytes)
        #expect(file.names == ["a", "b.weight", "empty"])
        #expect(file.metadata == ["format": "pt", "x": "ä"])
        for tensor in tensors {
            #expect(try file.floats(tensor.name) == tensor.values)
            #expect(file.tensor(tensor.name)?.shape == tensor.shape)
        }
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("safetensors-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("model.safetensors").path
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let mapped = try SafetensorsFile(mapping: path)
        #expect(try mapped.floats("b.weight") == tensors[0].values)
        #expect(mapped.digest() == file.digest())
        #expect(throws: ModelFilesError.self) { try SafetensorsFile(mapping: path + ".no") }
        #expect(throws: ModelFilesError.self) { try SafetensorsFile(mapping: folder.path) }
    }

    @Test func numberFormats() throws {
        let header = """
            {"h":{"dtype":"F16","shape":[6],"data_offsets":[0,12]},\
            "b":{"dtype":"BF16","shape":[2],"data_offsets":[12,16]},\
            "i":{"dtype":"I64","shape":[1],"data_offsets":[16,24]},\
            "d":{"dtype":"F64","shape":[1],"data_offsets":[24,32]},\
            "u":{"dtype":"U8","shape":[4],"data_offsets":[32,36]}}
            """
        // Halves: 1, −2, smallest subnormal, infinity, −0, 65504
        var data: [UInt8] = [
            0x00, 0x3C, 0x00, 0xC0, 0x01, 0x00, 0x00, 0x7C, 0x00, 0x80, 0xFF, 0x7B,
            0x80, 0x3F, 0x20, 0xC1, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        ]
        for shift in 0..<8 {
            data.append(UInt8(truncatingIfNeeded: (2.5).bitPattern >> (8 * UInt64(shift))))
        }
        data += [1, 2, 3, 4]
        let file = try SafetensorsFile(
            bytes: Array(Self.file(header, dataCount: 0)) + data)
        #expect(try file.floats("h") == [1, -2, 5.9604645e-08, .infinity, -0.0, 65504])
        #expect(try file.floats("b") == [1, -10])
        #expect(try file.floats("i") == [-2])
        #expect(try file.floats("d") == [2.5])
        #expect(throws: ModelFilesError.self) { try file.floats("u") }
        #expect(throws: ModelFilesError.self) { try file.floats("none") }
    }

    @Test(arguments: [
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#,
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
        #"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}"#,
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#,
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}"#,
        #"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[9223372036854775807],"data_offsets":[0,8]}}"#,
        #"{"a":{"dtype":"Q9","shape":[2],"data_offsets":[0,8]}}"#,
        #"{"a":{"shape":[2],"data_offsets":[0,8]}}"#,
        #"{"a":{"dtype":"F32","data_offsets":[0,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[2]}}"#,
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
        "[]", "{", "", #"{"a":7}"#,
    ])
    func hostileHeadersAreRefused(_ header: String) {
        #expect(throws: ModelFilesError.self) {
            try SafetensorsFile(bytes: Self.file(header, dataCount: 8))
        }
    }

    @Test func hostileLengthsAreRefused() {
        for bytes: [UInt8] in [
            [], [1, 2, 3], [255, 255, 255, 255, 255, 255, 255, 255],
            [0, 0, 0, 0, 0, 0, 0, 128, 123, 125], [3, 0, 0, 0, 0, 0, 0, 0, 123, 125],
        ] {
            #expect(throws: ModelFilesError.self) { try SafetensorsFile(bytes: bytes) }
        }
    }

    @Test func everyCutOfAFileIsRefused() {
        let whole = SafetensorsWriter.encode([
            NamedTensor(name: "a", shape: [3], values: [1, 2, 3])
        ])
        for count in 0..<whole.count {
            #expect(throws: ModelFilesError.self) {
                try SafetensorsFile(bytes: Array(whole[..<count]))
            }
        }
    }
}
