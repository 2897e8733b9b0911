import Cryptography
import Foundation
import GRDB
import Records
import Testing

@testable @_spi(ChokePoint) import Vault

/// Writes what other people's tools open: objects for `scripts/interop/tink_body.py`, sealed stage
/// keys for `scripts/interop/hpke.py`. The keys are of this test and open nothing else; the product
/// has no way to give a key out.
@Suite struct InteropTests {
    static let folder = ProcessInfo.processInfo.environment["TUNDISH_INTEROP_OUT"]

    @Test(
        "objects at chunk boundaries, for Tink to open",
        .enabled(if: folder != nil, "skipped: set TUNDISH_INTEROP_OUT to a folder"))
    func write() throws {
        let folder = try #require(Self.folder)
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        var lines: [String] = []
        for (size, count) in TND1Tests.boundaries {
            let context = SealContext(
                workspace: .random(), scope: SealScope(.random(), .synthetic))
            let key = ObjectKey.random(context: context)
            let plain = noise(count, seed: UInt64(count + 1))
            let sealed = try TND1.seal(
                plain, key: key, options: SealOptions(chunkSize: size, compress: false))
            let name = "tnd1-\(size.byteCount)-\(count).bin"
            try Data(sealed).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
            let aad = TND1.associatedData(header: try TND1.Header(sealed), context: context)
            let line: JSONValue = [
                "aad": .string(Hex.encode(aad)),
                "chunk": .integer(size.byteCount),
                "dek": .string(Hex.encode(key.secret.bytes)),
                "path": .string(name),
                "sha256": .string(Hex.encode(SHA256.hash(plain))),
            ]
            lines.append(String(decoding: CanonicalJSON.encode(line), as: UTF8.self))
        }
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(
            to: URL(fileURLWithPath: "\(folder)/tnd1.jsonl"))
    }

    @Test(
        "sealed stage keys, for another HPKE to open",
        .enabled(if: folder != nil, "skipped: set TUNDISH_INTEROP_OUT to a folder"))
    func stageKeys() throws {
        let folder = try #require(Self.folder)
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        let fixture = try Fixture()
        var elements: [JSONValue] = []
        for stage in [SealStage.redacted, .synthetic] {
            let scope = SealScope(.random(), stage)
            let reader = Identity.create(principal: "p-reader")
            let kek = try fixture.vault.sealStageKey(
                to: reader.publicKeys.opening, principal: reader.principal, scope: scope)
            let sealed = try #require(
                try fixture.vault.keys.pool.read {
                    try KeyDatabase.sealed($0, kek, principal: reader.principal)
                })
            let key = try fixture.vault.openStageKey(
                scope, principal: reader.principal, identity: reader)
            let info = StageKey.info(workspace: fixture.vault.workspace, scope: scope, kek: kek)
            elements.append([
                "info": .string(Hex.encode(info)),
                "plaintext": .string(Hex.encode(key.secret.bytes)),
                "privateKey": .string(Hex.encode(reader.opening.rawRepresentation)),
                "sealed": .string(Hex.encode(sealed)),
            ])
        }
        try Data(CanonicalJSON.encode(.array(elements))).write(
            to: URL(fileURLWithPath: "\(folder)/stage-keys.json"))
    }
}
