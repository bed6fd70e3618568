import Testing

@testable import TwinKit
@testable import TwinReaders
@testable import TwinSupport

/// A quotation's place is its own, wherever in its chunk it stands.
@Suite struct PlaceTests {
    private func place(of words: String, in document: ExtractedDocument) throws -> (
        page: Int?, time: Range<Int>?, headings: [String]
    ) {
        let text = Array(document.text.utf8)
        let wanted = Array(words.utf8)
        let start = try #require(text.indices.first { text[$0...].starts(with: wanted) }, "\(words)")
        let range = start..<start + wanted.count
        let chunk = try #require(
            Chunker().chunks(of: document).first { $0.range.lowerBound <= start && $0.range.upperBound >= range.upperBound })
        // As it is stored.
        let turns = StoredTurns.decode(
            StoredTurns.encode(chunk.turns, from: chunk.range.lowerBound), from: chunk.range.lowerBound)
        #expect(turns == chunk.turns)
        let place = Chunk.place(of: range, turns: turns, page: chunk.page, time: chunk.time)
        return (place.page, place.time, chunk.headings)
    }

    @Test func `three pages with a sentence each`() throws {
        let pages = "The winch is oiled in May.\u{C}The mast is laid in October.\u{C}The hull is scraped in March.\u{C}"
        let document = try Array(pages.utf8).withView { (view) throws(ReadFailure) in
            try PageText.document(view, limits: ReaderLimits())
        }
        #expect(try place(of: "The winch", in: document).page == 1)
        #expect(try place(of: "The mast is laid", in: document).page == 2)
        #expect(try place(of: "The hull is scraped in March.", in: document).page == 3)
    }

    @Test func `cues keep their own times`() throws {
        var text = "WEBVTT\n\n"
        for number in 0..<12 {
            text += "00:0\(number * 10 / 60):\(number * 10 % 60 < 10 ? "0" : "")\(number * 10 % 60).000 --> "
            text +=
                "00:0\((number * 10 + 4) / 60):\((number * 10 + 4) % 60 < 10 ? "0" : "")\((number * 10 + 4) % 60).000\nSentence number \(number) ends.\n\n"
        }
        let document = try read(text, "a.vtt")
        #expect(try place(of: "Sentence number 10 ends.", in: document).time == 100_000..<104_000)
        #expect(try place(of: "Sentence number 0 ends.", in: document).time == 0..<4_000)
        let two = try place(of: "Sentence number 3 ends.", in: document)
        #expect(two.time == 30_000..<34_000)
    }

    @Test func `a quotation over several cues runs from the first to the last`() throws {
        let document = try read(
            "WEBVTT\n\n00:01.000 --> 00:03.000\nThe keys hang\n\n00:03.000 --> 00:06.000\nbehind the door\n\n00:06.000 --> 00:08.000\nof the shed.\n\n00:08.500 --> 00:09.000\nYes.\n",
            "a.vtt")
        #expect(try place(of: "hang behind", in: document).time == 1_000..<6_000)
        #expect(try place(of: "The keys hang behind the door of the shed.", in: document).time == 1_000..<8_000)
        #expect(try place(of: "Yes.", in: document).time == 8_500..<9_000)
    }

    @Test func `chapters of one file stand under their own headings`() throws {
        let bytes = ZipBuilder.archive([
            ("META-INF/container.xml", #"<c><rootfiles><rootfile full-path="b.opf"/></rootfiles></c>"#),
            (
                "b.opf",
                #"<p><manifest><item id="n" href="nav.xhtml" properties="nav"/><item id="a" href="a.xhtml"/><item id="b" href="b.xhtml"/></manifest><spine><itemref idref="a"/><itemref idref="b"/></spine></p>"#
            ),
            (
                "nav.xhtml",
                ##"<html><body><nav><a href="a.xhtml#one">Rain</a><a href="a.xhtml#two">Snow</a><a href="b.xhtml">Sun</a></nav></body></html>"##
            ),
            ("a.xhtml", "<html><body><h1>Rain</h1><p>It rains in May.</p><h1>Snow</h1><p>It snows in March.</p></body></html>"),
            ("b.xhtml", "<html><body><p>It shines in June.</p></body></html>"),
        ])
        let book = try DocumentReaders.read(DocumentInput(name: "a.epub", bytes: bytes))
        #expect(try place(of: "It rains in May.", in: book).headings == ["Rain"])
        #expect(try place(of: "It snows in March.", in: book).headings == ["Snow"])
        #expect(try place(of: "It shines in June.", in: book).headings == ["Sun"])
    }
}
