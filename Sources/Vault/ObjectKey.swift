public import Cryptography

/// The data-encryption key (DEK) of one object, with the object and context that it was made for.
///
/// Knowing what the key is for lets an opener tell a wrong key from a wrong place. Neither
/// description nor reflection shows the key.
public struct ObjectKey: Sendable {
    /// The object that the key opens.
    public let object: ObjectID
    /// Where the object belongs.
    public let context: SealContext
    /// 32 bytes.
    let secret: SymmetricKey

    /// Pairs a 32-byte key with what it is for.
    public init(object: ObjectID, context: SealContext, secret: SymmetricKey) throws(VaultError) {
        guard secret.byteCount == TND1.keyByteCount else {
            throw VaultError(.badArgument, "an object key has 32 bytes, not \(secret.byteCount)")
        }
        self.init(unchecked: object, context, secret)
    }

    init(unchecked object: ObjectID, _ context: SealContext, _ secret: SymmetricKey) {
        self.object = object
        self.context = context
        self.secret = secret
    }

    /// A fresh key for a fresh object.
    public static func random(context: SealContext) -> ObjectKey {
        ObjectKey(unchecked: .random(), context, .random())
    }
}

extension ObjectKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The object's id, never the key.
    public var description: String { "ObjectKey(\(object.hex))" }
    /// The object's id, never the key.
    public var debugDescription: String { description }
    /// The object's id, never the key.
    public var customMirror: Mirror { Mirror(self, children: ["object": object.hex]) }
}
