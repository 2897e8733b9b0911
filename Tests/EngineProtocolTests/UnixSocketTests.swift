import Foundation
import Testing

@testable import EngineProtocol

struct UnixSocketTests {
    /// Whatever the umask of the process is, and without touching it.
    @Test func onlyTheOwnerMayConnect() throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "tundish-socket-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let descriptor = try UnixSocket.listen(inFolder: folder.path)
        defer { close(descriptor) }
        let path = folder.appending(path: UnixSocket.fileName).path
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }
}
