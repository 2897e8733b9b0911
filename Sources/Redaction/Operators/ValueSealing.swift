internal import Cryptography
internal import Records

/// The operator `encrypt`: `[TYPE:enc:BASE64URL]` with nonce12 ‖ AES-256-GCM ciphertext ‖ tag16.
///
/// The nonce is HMAC-SHA256(nonce key, place ‖ value), cut to 12 bytes, in the manner of a synthetic
/// IV (RFC 5297): the same version is made again byte for byte, no nonce meets two plaintexts, and
/// equal values at two places do not look equal.
struct ValueSealing: Sendable {
    private let sealKey: SymmetricKey
    private let nonceKey: SymmetricKey

    private static let mark = Array(":enc:".utf8)
    private static let nonceCount = 12
    private static let tagCount = 16

    init(key: SymmetricKey) {
        func derived(_ info: String) -> SymmetricKey {
            SymmetricKey(
                bytes: HKDFSHA256.derive(
                    inputKey: key.bytes, salt: [], info: Array(info.utf8), byteCount: 32))
        }
        sealKey = derived("tundish/encrypt")
        nonceKey = derived("tundish/encrypt/nonce")
    }

    /// Seals a value; `place` names record, field and position.
    func seal(
        _ value: ArraySlice<UInt8>, _ type: EntityType, place: [UInt8]
    ) throws(RedactionError) -> [UInt8] {
        let digest = HMACSHA256.authenticate(
            BigEndian.bytes(UInt64(place.count)) + place + value, key: nonceKey)
        let nonce = Array(digest.prefix(Self.nonceCount))
        do throws(CryptographyError) {
            let sealed = try AES256GCM.seal(
                Array(value), key: sealKey, nonce: nonce,
                authenticating: Array(type.rawValue.utf8))
            return Array("[\(type.rawValue)".utf8) + Self.mark + Base64URL.encode(nonce + sealed)
                + [0x5D]
        } catch {
            throw RedactionError(.key, "a value could not be sealed: \(error)")
        }
    }

    /// The value in a token's inner text `TYPE:enc:…`; nil if it is none of this key's.
    func open(_ inner: ArraySlice<UInt8>) -> [UInt8]? {
        guard let colon = inner.firstIndex(of: 0x3A), inner[colon...].starts(with: Self.mark),
            let bytes = Base64URL.decode(inner[(colon + Self.mark.count)...]),
            bytes.count >= Self.nonceCount + Self.tagCount
        else { return nil }
        return try? AES256GCM.open(
            Array(bytes.dropFirst(Self.nonceCount)), key: sealKey,
            nonce: Array(bytes.prefix(Self.nonceCount)),
            authenticating: Array(inner[..<colon]))
    }
}

/// Base 64 with the URL-safe alphabet and without padding (RFC 4648 §5).
enum Base64URL {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var bits = 0
        var count = 0
        for byte in bytes {
            bits = (bits << 8 | Int(byte)) & 0xFFFF
            count += 8
            while count >= 6 {
                count -= 6
                result.append(alphabet[(bits >> count) & 63])
            }
        }
        if count > 0 { result.append(alphabet[(bits << (6 - count)) & 63]) }
        return result
    }

    static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        var bits = 0
        var count = 0
        for byte in text {
            guard let value = alphabet.firstIndex(of: byte) else { return nil }
            bits = (bits << 6 | value) & 0xFFFF
            count += 6
            if count >= 8 {
                count -= 8
                result.append(UInt8(truncatingIfNeeded: bits >> count))
            }
        }
        return result
    }
}
