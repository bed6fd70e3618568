import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinSupport

/// RFC 6455 section 5, a case a row.
@Suite struct WebSocketDecoderTests {
    private typealias Event = WebSocketDecoder.Event

    /// A client's frame, masked.
    private static func frame(
        _ opcode: UInt8, _ payload: [UInt8], isFinal: Bool = true, reserved: UInt8 = 0, length: [UInt8]? = nil,
        masked: Bool = true
    ) -> [UInt8] {
        let mask: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
        var bytes = [(isFinal ? 0x80 : 0) | reserved << 4 | opcode]
        let bit: UInt8 = masked ? 0x80 : 0
        if let length {
            bytes += length
        } else if payload.count < 126 {
            bytes.append(bit | UInt8(payload.count))
        } else if payload.count <= 0xFFFF {
            bytes += [bit | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        } else {
            bytes.append(bit | 127)
            bytes += (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) }
        }
        guard masked else { return bytes + payload }
        return bytes + mask + payload.enumerated().map { $0.element ^ mask[$0.offset % 4] }
    }

    /// All events of the bytes when they come in pieces of these sizes, over and over; the failure ends it.
    private static func decode(
        _ bytes: [UInt8], pieces: [Int] = [.max], limit: Int = 1_000
    ) -> ([Event], WebSocketDecoder.Failure?) {
        var decoder = WebSocketDecoder(maximumMessage: limit)
        var events: [Event] = []
        var start = 0
        var turn = 0
        while start < bytes.count {
            let size = max(1, min(pieces[turn % pieces.count], bytes.count - start))
            turn += 1
            let piece = Array(bytes[start..<(start + size)])
            start += size
            var offset = 0
            while offset < piece.count {
                do {
                    let (used, event) = try piece.withUnsafeBytes { buffer in
                        try decoder.decode(UnsafeRawBufferPointer(rebasing: buffer[offset...]))
                    }
                    if let event { events.append(event) }
                    offset += used
                } catch let failure as WebSocketDecoder.Failure {
                    return (events, failure)
                } catch {
                    return (events, .violation("\(error)"))
                }
            }
        }
        return (events, nil)
    }

    @Test func `messages come out whole, whatever pieces and frames they came in`() {
        let long = String(repeating: "dé", count: 300)
        let bytes =
            Self.frame(1, Array("Hello".utf8)) + Self.frame(1, []) + Self.frame(2, [0, 255])
            + Self.frame(1, Array("d\u{E9}".utf8.prefix(2)), isFinal: false) + Self.frame(9, [1, 2])
            + Self.frame(0, [], isFinal: false) + Self.frame(0, Array("\u{E9}".utf8.dropFirst()) + Array("!".utf8))
            + Self.frame(10, [7]) + Self.frame(1, Array(long.utf8)) + Self.frame(8, [0x03, 0xE8] + Array("bye".utf8))
        let expected: [Event] = [
            .text("Hello"), .text(""), .binary([0, 255]), .ping([1, 2]), .text("d\u{E9}!"), .pong, .text(long), .close(1000),
        ]
        for pieces in [[Int.max], [1], [2], [3, 1], [7], [1, 5, 2, 11]] {
            let (events, failure) = Self.decode(bytes, pieces: pieces)
            #expect(events == expected, "in pieces of \(pieces)")
            #expect(failure == nil)
        }
    }

    @Test func `what breaks the rules ends with the code that the rules give it`() {
        let cases: [(String, [UInt8], UInt16)] = [
            ("a reserved bit", Self.frame(1, [65], reserved: 4), 1002),
            ("another", Self.frame(1, [65], reserved: 2), 1002), ("the third", Self.frame(1, [65], reserved: 1), 1002),
            ("not masked", Self.frame(1, [65], masked: false), 1002),
            ("a ping of 126 bytes", Self.frame(9, [UInt8](repeating: 0, count: 126)), 1002),
            ("a ping in parts", Self.frame(9, [], isFinal: false), 1002),
            ("a close in parts", Self.frame(8, [], isFinal: false), 1002),
            ("a continuation of nothing", Self.frame(0, [65]), 1002),
            ("a message within a message", Self.frame(1, [65], isFinal: false) + Self.frame(1, [66]), 1002),
            ("a binary within a text", Self.frame(1, [65], isFinal: false) + Self.frame(2, [66]), 1002),
            ("a length not in its shortest form", Self.frame(1, [65], length: [0x80 | 126, 0, 1]), 1002),
            ("the same with 64 bits", Self.frame(1, [65], length: [0x80 | 127, 0, 0, 0, 0, 0, 0, 0, 1]), 1002),
            ("a length with the highest bit", Self.frame(1, [], length: [0x80 | 127, 0x80, 0, 0, 0, 0, 0, 0, 0]), 1002),
            ("too long", Self.frame(1, [UInt8](repeating: 65, count: 1_001)), 1009),
            (
                "too long together",
                Self.frame(1, [UInt8](repeating: 65, count: 600), isFinal: false)
                    + Self.frame(0, [UInt8](repeating: 65, count: 600)), 1009
            ),
            ("no UTF-8", Self.frame(1, [0xC3]), 1007), ("a surrogate", Self.frame(1, [0xED, 0xA0, 0x80]), 1007),
            ("an overlong form", Self.frame(1, [0xC0, 0xAF]), 1007), ("half a code", Self.frame(8, [3]), 1002),
            ("a reason that is no UTF-8", Self.frame(8, [0x03, 0xE8, 0xFF]), 1007),
        ]
        for (name, bytes, code) in cases {
            for pieces in [[Int.max], [1]] {
                #expect(Self.decode(bytes, pieces: pieces).1?.code == code, "\(name) in pieces of \(pieces)")
            }
        }
        for opcode: UInt8 in [3, 4, 5, 6, 7, 11, 12, 13, 14, 15] {
            #expect(Self.decode(Self.frame(opcode, [])).1?.code == 1002, "opcode \(opcode)")
        }
        for code: UInt16 in [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535] {
            #expect(Self.decode(Self.frame(8, [UInt8(code >> 8), UInt8(code & 255)])).1?.code == 1002, "code \(code)")
        }
        for code: UInt16 in [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999] {
            #expect(Self.decode(Self.frame(8, [UInt8(code >> 8), UInt8(code & 255)])).0 == [.close(code)], "code \(code)")
        }
        #expect(Self.decode(Self.frame(8, [])).0 == [.close(nil)])
    }

    @Test func `random bytes never do worse than end it`() {
        var generator = TestRandom()
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 1...60, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let whole = Self.decode(bytes)
            let pieces = Self.decode(bytes, pieces: [1, 3])
            #expect(whole.0 == pieces.0 && whole.1?.code == pieces.1?.code, "\(bytes)")
        }
    }

    @Test func `what the server writes is in the shortest form, and the accept field is the one of the RFC`() throws {
        for (count, header) in [(0, 2), (125, 2), (126, 4), (65_535, 4), (65_536, 10)] {
            #expect(WebSocketFrame.bytes(.text, [UInt8](repeating: 65, count: count)).count == header + count)
        }
        // Section 1.3.
        #expect(try WebSocket.accept("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        #expect(WebSocketFrame.close(1000, String(repeating: "é", count: 100)).count <= 127)
    }
}
