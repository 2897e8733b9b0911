internal import Cryptography

/// A stage's key-encryption key, opened by a person whom it was sealed to.
///
/// Neither description nor reflection shows the key.
public struct StageKey: Sendable {
    /// The key's id.
    public let id: KEKID
    /// The dataset and stage whose objects it opens.
    public let scope: SealScope
    let secret: SymmetricKey

    /// HPKE's info: "tundish/seal" ‖ workspace16 ‖ scope16 ‖ stage ‖ kekId16.
    static func info(workspace: WorkspaceID, scope: SealScope, kek: KEKID) -> [UInt8] {
        Array("tundish/seal".utf8) + workspace.bytes + scope.scope.bytes
            + [scope.stage.rawValue] + kek.bytes
    }
}

extension StageKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The key's id and scope, never the key.
    public var description: String { "StageKey(\(id.hex), \(scope))" }
    /// The key's id and scope, never the key.
    public var debugDescription: String { description }
    /// The key's id and scope, never the key.
    public var customMirror: Mirror { Mirror(self, children: ["id": id.hex, "scope": "\(scope)"]) }
}
