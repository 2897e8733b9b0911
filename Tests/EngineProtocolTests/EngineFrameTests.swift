import Glibc
import Testing

@testable import EngineProtocol

@Suite("Frames over a socket")
struct EngineFrameTests {
    /// Two connected channels.
    static func pair(silenceSeconds: Int = 5) -> (FrameChannel, FrameChannel) {
        var ends: [Int32] = [0, 0]
        socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends)
        return (
            FrameChannel(descriptor: ends[0], silenceSeconds: silenceSeconds),
            FrameChannel(descriptor: ends[1], silenceSeconds: silenceSeconds)
        )
    }

    static func write(_ bytes: [UInt8], to channel: FrameChannel) {
        #expect(Glibc.write(channel.descriptor, bytes, bytes.count) == bytes.count)
    }

    @Test("A frame is length, kind, payload")
    func bytesOnTheWire() throws {
        let (sender, receiver) = Self.pair()
        try sender.send(.reply, Array("{}".utf8))
        try sender.flush()
        var bytes = [UInt8](repeating: 0, count: 16)
        #expect(read(receiver.descriptor, &bytes, 16) == 7)
        #expect(bytes[0..<7] == [0, 0, 0, 3, 0x4A, 0x7B, 0x7D])
    }

    @Test(
        "Payloads of every small size and of large ones arrive whole",
        arguments: [0...300, 65_530...65_540])
    func sizes(range: ClosedRange<Int>) throws {
        let (sender, receiver) = Self.pair()
        for size in range {
            let payload = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ size) }
            try sender.send(.bytes, payload)
            try sender.flush()
            #expect(try receiver.receive() == EngineFrame(.bytes, payload))
        }
        sender.close()
        #expect(try receiver.receive() == nil)
    }

    @Test("Each kind has its limit, on both sides", arguments: EngineFrame.Kind.allCases)
    func limits(kind: EngineFrame.Kind) throws {
        let (sender, receiver) = Self.pair()
        let length = UInt32(kind.payloadLimit + 2)
        let header = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) }
        Self.write(header + [kind.rawValue], to: sender)
        let error = #expect(throws: EngineProtocolError.self) { try receiver.receive() }
        #expect(error?.code == .frameSize)
        let tooLong = [UInt8](repeating: 0, count: kind.payloadLimit + 1)
        let refused = #expect(throws: EngineProtocolError.self) { try sender.send(kind, tooLong) }
        #expect(refused?.code == .frameSize)
    }

    @Test(
        "Bad headers are refused",
        arguments: [
            ([0, 0, 0, 0, 0x4A], .frameSize), ([0, 0, 0, 1, 0x00], .unexpectedFrame),
            ([0, 0, 0, 1, 0x7A], .unexpectedFrame), ([0xFF, 0xFF, 0xFF, 0xFF, 0x52], .frameSize),
        ] as [([UInt8], EngineProtocolError.Code)])
    func badHeader(bytes: [UInt8], code: EngineProtocolError.Code) throws {
        let (sender, receiver) = Self.pair()
        Self.write(bytes, to: sender)
        let error = #expect(throws: EngineProtocolError.self) { try receiver.receive() }
        #expect(error?.code == code)
    }

    @Test("A connection that ends inside a frame is an error", arguments: 1...8)
    func cutShort(count: Int) throws {
        let (sender, receiver) = Self.pair()
        Self.write(Array([0, 0, 0, 9, 0x42, 1, 2, 3][0..<count]), to: sender)
        sender.close()
        let error = #expect(throws: EngineProtocolError.self) { try receiver.receive() }
        #expect(error?.code == .closed)
    }

    @Test("Silence ends in a time-out, a vanished peer in an error")
    func silence() throws {
        let (sender, receiver) = Self.pair(silenceSeconds: 1)
        let error = #expect(throws: EngineProtocolError.self) { try receiver.receive() }
        #expect(error?.code == .timedOut)
        receiver.close()
        let gone = #expect(throws: EngineProtocolError.self) {
            for _ in 0..<100 {
                try sender.send(.bytes, [UInt8](repeating: 0, count: 100_000))
            }
        }
        #expect(gone?.code == .closed)
    }
}
