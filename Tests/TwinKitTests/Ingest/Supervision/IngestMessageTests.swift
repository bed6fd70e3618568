import Testing

@testable import TwinKit
@testable import TwinReaders
@testable import TwinSupport

@Suite struct IngestMessageTests {
    private static var messages: [IngestMessage] {
        var added = IngestItem("/tmp/ä b.md", .added)
        added.sourceID = "0192f0c4-5a3e-7b1c-9d2e-4f5a6b7c8d9e"
        added.format = "markdown"
        added.title = ""
        added.bytes = 0
        added.chunkCount = 1 << 40
        var moved = IngestItem("b", .moved)
        moved.movedFrom = "a"
        let failures = TwinError.Kind.allCases.map { IngestItem.failed("c", TwinError($0, "why: ü")) }
        return [
            .began("/tmp/x"), .counted(files: 3, bytes: 1 << 50), .finished(isInterrupted: true), .finished(isInterrupted: false),
        ]
            + ([added, moved, IngestItem("", .unchanged)] + failures).map { .item($0) }
            + TwinError.Kind.allCases.map { .failed(TwinError($0, "it is so")) }
    }

    @Test func `messages arrive as they were told, several together`() throws {
        var writer = WireWriter()
        for message in Self.messages { message.write(to: &writer) }
        var reader = WireReader(writer.bytes)
        var arrived: [IngestMessage] = []
        while !reader.isAtEnd { arrived.append(try IngestMessage(&reader)) }
        #expect(arrived == Self.messages)
    }

    @Test func `what was cut off is refused`() throws {
        for message in Self.messages {
            var writer = WireWriter()
            message.write(to: &writer)
            for count in writer.bytes.indices {
                #expect(throws: WireReader.Broken.self) {
                    var reader = WireReader(Array(writer.bytes[..<count]))
                    _ = try IngestMessage(&reader)
                }
            }
        }
    }
}
