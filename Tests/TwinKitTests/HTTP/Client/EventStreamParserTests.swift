import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

@Suite struct EventStreamParserTests {
    private func events(_ pieces: [[UInt8]], limit: Int = 1000) throws -> [EventStreamParser.Event] {
        var parser = EventStreamParser(maximumEventBytes: limit)
        var result: [EventStreamParser.Event] = []
        for piece in pieces {
            try piece.withUnsafeBytes { bytes in try parser.parse(bytes) { result.append($0) } }
        }
        return result
    }

    private func data(_ text: String) throws -> [String] {
        try events([Array(text.utf8)]).map { String(decoding: $0.data, as: UTF8.self) }
    }

    @Test func `fields are read as the standard says`() throws {
        #expect(try data("data: one\n\n") == ["one"])
        #expect(try data("data:one\n\ndata:  two\n\n") == ["one", " two"])
        #expect(try data("data: a\ndata: b\ndata\n\n") == ["a\nb\n"])
        #expect(try data("data\n\ndata\ndata\n\n") == ["", "\n"])
        #expect(try data(": comment\n\n:\n\ndata: x\n: in between\ndata: y\n\n") == ["x\ny"])
        #expect(try data("event: e\n\nid: 1\n\nretry: 5\n\nunknown: x\n\n") == [])
        #expect(try data("\u{FEFF}data: x\n\n") == ["x"])
        #expect(try data("data: cut off\n") == [])
        #expect(try data("data: a:b\r\n\r\ndata: c\r\rdata: d\n\r\n") == ["a:b", "c", "d"])
        let event = try #require(try events([Array("event: done\nid: 7\ndata: x\n\n".utf8)]).first)
        #expect(event == EventStreamParser.Event(name: "done", data: Array("x".utf8), id: "7"))
        #expect(try events([Array("data: x\n\n".utf8)]).first?.name == "message")
    }

    @Test func `events are the same wherever the stream is cut`() throws {
        let stream = Array(": hi\r\ndata: {\"a\":1}\r\n\r\nevent: x\rdata: é😀\rdata:\r\rid: 3\ndata: last\n\n".utf8)
        let whole = try events([stream])
        #expect(whole.count == 3)
        for cut in 0...stream.count {
            #expect(try events([Array(stream[..<cut]), Array(stream[cut...])]) == whole, "cut at \(cut)")
        }
        #expect(try events(stream.map { [$0] }) == whole)
    }

    @Test func `a line or an event without end is refused`() throws {
        #expect(throws: EventStreamParser.TooLarge.self) { try events([[UInt8](repeating: 65, count: 1001)]) }
        let lines = Array(String(repeating: "data: 0123456789\n", count: 100).utf8)
        #expect(throws: EventStreamParser.TooLarge.self) { try events([lines]) }
    }

    @Test func `random bytes are survived`() throws {
        let alphabet = Array("data: id:event:\r\n\n\r: x\u{0}".utf8) + [0xFF, 0xEF, 0xBB, 0xBF]
        var generator = TestRandom()
        for _ in 0..<3000 {
            let bytes = (0..<Int.random(in: 0...80, using: &generator)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
            }
            let cut = Int.random(in: 0...bytes.count, using: &generator)
            #expect(try events([bytes]) == events([Array(bytes[..<cut]), Array(bytes[cut...])]), "\(bytes)")
        }
    }
}
