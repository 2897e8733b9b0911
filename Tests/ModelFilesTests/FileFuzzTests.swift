import ModelFiles
import Records
import Testing

/// Files with flipped, cut and repeated bytes are read or refused, and never crash.
struct FileFuzzTests {
    static func damaged(_ bytes: [UInt8], _ random: inout TestRandom) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 2: bytes[place] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &random)!
            case 3: bytes.removeSubrange(place..<min(bytes.count, place + 8))
            case 4: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 8)], at: place)
            default: bytes.removeSubrange(place...)
            }
        }
        return bytes
    }

    @Test func ggufFiles() throws {
        var random = TestRandom(2024)
        var wellFormed = 0
        for members in [GGUFWriterTests.configs[1], GGUFWriterTests.configs[5]] {
            var small = members
            small.merge([
                "hidden_size": 8, "intermediate_size": 4, "num_hidden_layers": 1, "head_dim": 2,
                "n_embd": 4, "n_layer": 1, "n_inner": 2, "n_positions": 2, "vocab_size": 4,
                "eos_token_id": 2, "bos_token_id": 1,
            ]) { _, new in new }
            let config = try DecoderConfigTests.config(small)
            let whole = try GGUFWriter.encode(
                config: config, tensors: GGUFWriterTests.tensors(config), format: .f16,
                metadata: ["tokenizer.ggml.tokens": .strings([[65], [66]])])
            for _ in 0..<1500 {
                // The header is where damage matters.
                let bytes = Self.damaged(Array(whole), &random)
                guard let file = try? GGUFFile(bytes: bytes) else { continue }
                wellFormed += 1
                _ = try? DecoderConfig(gguf: file)
                for name in file.names where file.shape(name)!.reduce(1, *) < 1 << 16 {
                    _ = try file.floats(name)
                    _ = file.blocks(name)?.withBytes { $0.count }
                }
            }
        }
        #expect(wellFormed > 100)
    }

    @Test func safetensorsFiles() throws {
        var random = TestRandom(2025)
        let whole = SafetensorsWriter.encode([
            NamedTensor(name: "a", shape: [2, 3], values: [1, 2, 3, 4, 5, 6]),
            NamedTensor(name: "b.weight", shape: [1], values: [7]),
        ])
        var wellFormed = 0
        for _ in 0..<3000 {
            guard let file = try? SafetensorsFile(bytes: Self.damaged(whole, &random)) else {
                continue
            }
            wellFormed += 1
            for name in file.names { _ = try? file.floats(name) }
        }
        #expect(wellFormed > 30)
    }

    @Test func configurations() throws {
        var random = TestRandom(2026)
        for members in [
            DecoderConfigTests.llama, DecoderConfigTests.gpt2, ModelConfigTests.members,
            EncoderFamilyTests.distilbert,
        ] {
            let whole = CanonicalJSON.encode(.object(members))
            for _ in 0..<500 {
                if case .decoder(let config)? = try? ModelConfig(
                    bytes: Self.damaged(whole, &random)), config.layerCount < 100
                {
                    _ = config.tensors.count
                }
            }
        }
    }
}
