import Testing

@testable import TwinReaders
@testable import TwinSupport

@Suite struct ReadWireTests {
    private static var document: ExtractedDocument {
        var document = ExtractedDocument(
            text: "Überschrift\n\nText\n", title: "Ü",
            marks: [
                .init(offset: 0, kind: .heading(level: 1)), .init(offset: 0, kind: .page(3)),
                .init(offset: 12, kind: .part("Teil")),
                .init(offset: 14, kind: .time(start: 1000, end: 2500)), .init(offset: 14, kind: .record),
                .init(offset: 14, kind: .code), .init(offset: 15, kind: .prose), .init(offset: 16, kind: .heading(level: 6)),
            ])
        document.author = "Ada"
        document.publishedAt = "2024-01-01"
        document.language = "de"
        document.link = "https://example.org"
        document.metadata = ["tags": ["a", 1, 2.5, nil, true]]
        document.notices = ["one", "zwei ü"]
        return document
    }

    @Test func `a report arrives as it was sent`() throws {
        var failures: [ReadReport.Outcome] = [
            .known, .document(Self.document, .markdown), .document(ExtractedDocument(text: ""), .text),
            .unreachable(TwinError(.notPermitted, "it may not be read")), .structure(["rows": [1, nil, "ü"]]),
        ]
        failures += [
            ReadFailure.unsupported("a"), .empty("e"), .malformed("b"), .tooLarge("c"), .missingTool(tool: "d", install: "e"),
            .toolFailed("f"),
            .readerFailed("g"),
        ].map { .failure($0) }
        for outcome in failures {
            var report = ReadReport(outcome: outcome)
            report.hash = Array(0..<32)
            report.size = 1 << 40
            report.identity = "1:2:3"
            #expect(try ReadReport(wire: report.wire) == report)
        }
    }

    @Test func `an order arrives as it was sent`() throws {
        for content in [ReadOrder.Content.file(path: "/tmp/ä b"), .bytes([0, 255, 10]), .bytes([])] {
            var order = ReadOrder(name: "a.md", content: content, mediaType: "text/plain; charset=x", format: .markdown)
            order.limits = .small
            order.limits.maximumSeconds = 7
            order.knownHashes = [[1, 2], []]
            for task: ReadOrder.Task in [.document, .podcast, .captions, .answers] {
                order.task = task
                #expect(try ReadOrder(wire: order.wire) == order)
            }
        }
        #expect(throws: WireReader.Broken.self) { try ReadOrder(wire: []) }
    }

    @Test func `what was cut off or changed on its way is refused, or a sound document all the same`() throws {
        var report = ReadReport(outcome: .document(Self.document, .markdown))
        report.hash = [1, 2, 3]
        let wire = report.wire
        for count in 0..<wire.count { #expect(throws: WireReader.Broken.self) { try ReadReport(wire: Array(wire[..<count])) } }
        for index in wire.indices {
            for byte: UInt8 in [0, 1, 0x7F, 0x80, 0xFF] {
                var changed = wire
                changed[index] = byte
                guard case .document(let document, _) = try? ReadReport(wire: changed).outcome else { continue }
                var last = 0
                for mark in document.marks {
                    #expect(mark.offset >= last && mark.offset <= document.text.utf8.count)
                    last = mark.offset
                }
            }
        }
    }
}
