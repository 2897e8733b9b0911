import Records
import Testing

@testable import EngineProtocol

@Suite("Commands")
struct EngineCommandTests {
    static let digest = [UInt8](0..<32)

    @Test(
        "Lines and commands correspond",
        arguments: [
            (.hello(version: 1, token: "abc", rank: 0, world: 1), "HELLO 1 abc 0/1"),
            (.getSplit(.train, epoch: 3, rank: 1, world: 4), "GET train 3 1/4"),
            (.getSplit(.test, epoch: 0, rank: 0, world: 1), "GET test 0 0/1"),
            (.getArtifact(name: "base/config.json"), "GET artifact base/config.json"),
            (
                .putArtifact(name: "metrics.json", byteCount: 17, sha256: digest),
                "PUT artifact metrics.json 17 "
                    + "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
            ),
        ] as [(EngineCommand, String)])
    func both(command: EngineCommand, line: String) throws {
        #expect(command.line == Array(line.utf8))
        #expect(try EngineCommand(line: Array(line.utf8)) == command)
    }

    @Test(
        "Anything else is refused",
        arguments: [
            "", " ", "HELLO", "hello 1 a 0/1", "HELLO 1 a 1/1", "HELLO 1 a -1/1", "HELLO 1 a 0/0",
            "HELLO 1 a 0/1025", "HELLO 01 a 0/1", "HELLO 1 a 0/1 ", "HELLO  1 a 0/1",
            "GET train 0", "GET train 0 0/1 x", "GET dev 0 0/1", "GET train +1 0/1",
            "GET train 99999999999999999999 0/1", "GET artifact ../x", "GET artifact /etc/passwd",
            "GET artifact base//x", "GET artifact base/.x", "GET artifact a\u{0}b",
            "PUT artifact a 1 00", "PUT artifact a -1 \(String(repeating: "0", count: 64))",
            "PUT artifact a 1 \(String(repeating: "g", count: 64))", "GET train 0 0/1\n",
            "GET artifact \(String(repeating: "a", count: 129))", "GET artifact é",
        ])
    func refused(line: String) throws {
        let error = #expect(throws: EngineProtocolError.self) {
            try EngineCommand(line: Array(line.utf8))
        }
        #expect(error?.code == .malformed)
        if line.count > 8 { #expect(error?.message.contains(line) == false) }
    }
}
