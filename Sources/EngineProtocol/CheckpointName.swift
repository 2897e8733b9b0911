/// The name under which a checkpoint's file is put: `checkpoint/<step>/<file>`.
public struct CheckpointName: Sendable, Hashable {
    /// What the names of checkpoint files begin with.
    public static let prefix = "checkpoint/"

    /// The optimiser step.
    public var step: Int
    /// The file's name within the checkpoint.
    public var file: String

    /// Makes a name.
    public init(step: Int, file: String) {
        self.step = step
        self.file = file
    }

    /// The artifact name.
    public var artifactName: String { "\(Self.prefix)\(step)/\(file)" }

    /// Reads an artifact name; nil if it is not of a checkpoint.
    ///
    /// - Throws: `.malformed` for a name that begins like one and is none: the step is a decimal
    ///   number without sign or leading zero, the file one segment.
    public init?(artifactName: String) throws(EngineProtocolError) {
        guard artifactName.hasPrefix(Self.prefix) else { return nil }
        let parts = artifactName.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, let step = Int(parts[1]), step >= 0, String(step) == parts[1],
            ArtifactName.isValid(artifactName)
        else {
            throw EngineProtocolError(
                .malformed, "a checkpoint's file of a name that is not allowed",
                hint: "checkpoint/<step>/<file>")
        }
        self.init(step: step, file: String(parts[2]))
    }
}
