extension GGUFWriter {
    /// A GGUF file without tensors: what another file says of its tokenizer and chat template, to be
    /// kept beside weights of another form.
    public static func vocabulary(_ metadata: [String: GGUFValue]) -> [UInt8] {
        let kept = metadata.filter {
            $0.key.hasPrefix("tokenizer.") || $0.key == "general.architecture"
        }
        var out = GGUFBytes()
        out.append(GGUFHeader.magic)
        out.append(UInt32(3))
        out.append(UInt64(0))
        out.append(UInt64(kept.count))
        for (key, value) in kept.sorted(by: { $0.key < $1.key }) {
            out.append(Array(key.utf8))
            out.append(value.type.rawValue)
            out.append(value)
        }
        out.pad(to: alignment)
        return out.bytes
    }
}
