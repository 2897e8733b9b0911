import Cryptography
import Glibc
import MerkleLog
import Testing

/// Writes a log as its readers see it, for other people's validators: set `TUNDISH_INTEROP_LOG` to
/// a folder (and `TUNDISH_INTEROP_SIZE` to a number of entries, 6 at least) and run `scripts/interop/tlog.py FOLDER "$(cat FOLDER/vkey)" FOLDER/5.tlog-proof
/// FOLDER/5.entry` afterwards.
@Suite struct LogFolderTests {
    @Test func writesALog() throws {
        guard let folder = getenv("TUNDISH_INTEROP_LOG").map({ String(cString: $0) }) else {
            print("skipped: writing a log needs TUNDISH_INTEROP_LOG")
            return
        }
        let size = getenv("TUNDISH_INTEROP_SIZE").flatMap { Int(String(cString: $0)) } ?? 700
        let log = LogFixture(size: size)
        let signer = try NoteSigner(name: "example.org/tundish", privateKey: Ed25519.PrivateKey())
        let witness = try Witness(name: "witness.example/w1", privateKey: Ed25519.PrivateKey())
        let checkpoint = try Checkpoint(
            origin: "example.org/tundish", size: size, root: log.frontier.root)
        let note = try checkpoint.signed(by: [signer])
            .adding(witness.cosign(checkpoint, time: 1_700_000_000))
        var resources = try log.resources()
        resources["checkpoint"] = note.bytes
        resources["vkey"] = Array(signer.verifierKey.description.utf8)
        resources["witness.vkey"] = Array(witness.verifierKey.description.utf8)
        for index in Set([0, 5, size / 2, size - 1]) {
            let proof = try TLogProof(
                index: index,
                path: StoredHashes.inclusionPath(of: index, size: size, reader: log.read),
                note: note)
            resources["\(index).tlog-proof"] = proof.bytes
            resources["\(index).entry"] = log.entries[index]
        }
        for (path, bytes) in resources { try write(bytes, to: path, in: folder) }
    }

    private func write(_ bytes: [UInt8], to path: String, in folder: String) throws {
        var current = folder
        mkdir(current, 0o755)
        let parts = path.split(separator: "/")
        for part in parts.dropLast() {
            current += "/" + part
            mkdir(current, 0o755)
        }
        let file = try #require(fopen(folder + "/" + path, "w"))
        #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
        fclose(file)
    }
}
