import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinReaders
@testable import TwinSupport

@Suite struct PodcastReaderTests {
    private func item(_ title: String, _ rest: String) -> String { "<item><title>\(title)</title>\(rest)</item>" }

    private func feed(_ items: String) -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:itunes="i" xmlns:content="c" xmlns:podcast="p"><channel>
        <title>The &amp; Show</title><image><title>Picture</title><url>u</url></image><itunes:author>Ada Example</itunes:author>
        <language>en</language>\(items)</channel></rss>
        """
    }

    private let audio = "<enclosure url=\"AUDIO/a.mp3\" type=\"audio/mpeg\" length=\"5\"/>"

    /// A server whose feed may name it as `AUDIO`.
    private func server(_ items: String, _ files: [String: ScriptedServer.Response] = [:]) throws -> ScriptedServer {
        let text = feed(items)
        return try ScriptedServer { request in
            if request.path == "/show.rss" {
                let host = request.header("Host") ?? ""
                return .ok(text.replacing("AUDIO", with: "http://\(host)"), type: "application/rss+xml", [("ETag", "\"1\"")])
            }
            return files[request.path] ?? .status(404)
        }
    }

    private func read(
        _ server: ScriptedServer, model: (any TranscriptionModel)? = nil,
        _ change: (inout FetchConfiguration) -> Void = { _ in }
    ) throws -> [ExtractedSource] {
        try FetchFixture.extract(server.url + "/show.rss", FetchFixture.configuration(server, change), transcription: model)
    }

    private struct Recogniser: TranscriptionModel {
        var name = "recogniser"
        var failure: ProviderError?
        func transcribe(
            _ audio: [UInt8], fileName: String, mediaType: String, language: String?, isCancelled: @escaping () -> Bool
        ) throws -> Transcription {
            if let failure { throw failure }
            return Transcription(
                segments: [
                    .init(start: 0, end: 900, text: "\(fileName) \(mediaType)"),
                    .init(start: 900, end: 2000, text: "\(audio.count) bytes."),
                ],
                hasTimes: true, language: "en")
        }
    }

    @Test func `the newest episode is read with its notes and published transcript`() throws {
        let items =
            item("Old", "<pubDate>Mon, 01 Jan 2024 10:00:00 +0000</pubDate><description>Old notes</description>\(audio)")
            + item(
                "New &lt;One&gt;",
                """
                <pubDate>Tue, 02 Jan 2024 10:00:00 +0100</pubDate><link>https://example.org/new?x=1</link><guid isPermaLink="false">g-2</guid>
                <description>short</description><content:encoded><![CDATA[<p>Long <b>notes</b>.</p><h2>Links</h2><p>More.</p>]]></content:encoded>
                <podcast:transcript url="AUDIO/t.html" type="text/html"/><podcast:transcript url="AUDIO/t.vtt" type="text/vtt; charset=utf-8"/>\(audio)
                """)
        let server = try server(
            items,
            ["/t.vtt": .ok("WEBVTT\n\n00:01.000 --> 00:02.000\nHello from the show.\n"), "/t.html": .ok("<p>html</p>")])
        let sources = try read(server)
        #expect(sources.count == 1)
        let source = try #require(sources.first)
        #expect(source.kind == .podcast)
        #expect(source.name == "Podcast: New <One>")
        #expect(source.address == "https://example.org/new?x=1")
        #expect(source.document.author == "Ada Example")
        #expect(source.document.publishedAt == "2024-01-02T09:00:00.000Z")
        #expect(source.document.metadata["podcast"] == "The & Show")
        #expect(source.document.metadata["guid"] == "g-2")
        #expect(source.document.text == "Notes\n\nLong notes.\n\nLinks\n\nMore.\n\nTranscript\n\nHello from the show.\n")
        let timed = FetchFixture.timed(source.document)
        #expect(timed.map(\.text) == ["Hello from the show."])
        let bytes = Array(source.document.text.utf8)
        let headings = source.document.marks.compactMap { mark -> String? in
            guard case .heading(let level) = mark.kind else { return nil }
            return "\(level) " + String(decoding: bytes[mark.offset...].prefix { $0 != 0x0A }, as: UTF8.self)
        }
        #expect(headings == ["1 Notes", "3 Links", "1 Transcript"])
        #expect(server.requests.map(\.path) == ["/show.rss", "/t.vtt"])
    }

    @Test func `as many episodes are read as are asked for, the newest first`() throws {
        let items = (1...5).map {
            item("E\($0)", "<pubDate>0\($0) Jan 2024 10:00:00 GMT</pubDate><description>Notes \($0)</description>\(audio)")
        }
        let server = try server(items.joined())
        #expect(try read(server) { $0.maximumEpisodes = 3 }.map(\.name) == ["Podcast: E5", "Podcast: E4", "Podcast: E3"])
        #expect(try read(server) { $0.maximumEpisodes = 99 }.count == 5)
        #expect(try read(server).first?.document.notices.first?.contains("no transcription endpoint") == true)
    }

    @Test func `undated episodes keep the order of the feed`() throws {
        let items = ["B", "A", "C"].map { item($0, "<guid>\($0)</guid><description>x</description>\(audio)") }.joined()
        let sources = try read(server(items)) { $0.maximumEpisodes = 9 }
        #expect(sources.map(\.name) == ["Podcast: B", "Podcast: A", "Podcast: C"])
        #expect(Set(sources.map(\.address)).count == 3)
    }

    @Test func `a broken transcript is passed over for the next one`() throws {
        let items = item(
            "E",
            """
            <podcast:transcript url="AUDIO/missing.vtt" type="text/vtt"/><podcast:transcript url="AUDIO/bad.json" type="application/json"/>
            <podcast:transcript url="AUDIO/t.txt" type="text/plain"/>
            """)
        let source = try #require(try read(server(items, ["/bad.json": .json("{"), "/t.txt": .ok("Plain words.")])).first)
        #expect(source.document.text == "Plain words.\n")
        #expect(source.document.notices.count == 2)
        #expect(source.document.notices.allSatisfy { $0.hasPrefix("a published transcript was left out") })
    }

    @Test func `audio is transcribed when a model is configured and no transcript is published`() throws {
        let items = item("E", "<description>Some notes</description>\(audio)")
        let server = try server(items, ["/a.mp3": .status(200, [("Content-Type", "audio/mpeg")], [1, 2, 3])])
        let source = try #require(try read(server, model: Recogniser()).first)
        #expect(source.document.text == "Notes\n\nSome notes\n\nTranscript\n\na.mp3 audio/mpeg 3 bytes.\n")
        #expect(FetchFixture.timed(source.document).map(\.start) == [0, 900])
        #expect(source.document.notices == ["the transcript was made by the model recogniser"])
        let failing = Recogniser(failure: ProviderError(.timedOut, "too slow"))
        let fallen = try #require(try read(server, model: failing).first)
        #expect(fallen.document.text == "Some notes\n")
        #expect(fallen.document.notices == ["the audio was not transcribed: too slow"])
        let large = try #require(try read(server, model: Recogniser()) { $0.maximumAudioBytes = 2 }.first)
        #expect(large.document.notices.first?.contains("larger than the limit") == true)
    }

    @Test func `an episode without anything to read says what to configure`() throws {
        let error = #expect(throws: TwinError.self) { try read(server(item("Silent", audio))) }
        #expect(error?.kind == .notConfigured)
        #expect(error?.message.contains("Silent") == true)
        #expect(error?.message.contains("transcription.url") == true)
    }

    @Test func `an episode that cannot be read does not keep the others back`() throws {
        let items = item("Good", "<description>Notes</description>\(audio)") + item("Silent", audio)
        let sources = try read(server(items)) { $0.maximumEpisodes = 5 }
        #expect(sources.map(\.name) == ["Podcast: Good"])
        #expect(sources.first?.document.notices.contains { $0.hasPrefix("left out: episode Silent") } == true)
    }

    @Test func `a feed that is no podcast stays a document, and an unchanged one is not read`() throws {
        let server = try server(item("Post", "<description>words</description>"))
        let fetcher = SourceFetcher(FetchFixture.configuration(server))
        guard case .document(let document) = try fetcher.fetch(server.url + "/show.rss") else {
            Issue.record("not a document")
            return
        }
        #expect(document.validators.etag == "\"1\"")
        let unchanged = try ScriptedServer { _ in .init([.text("HTTP/1.1 304 Not Modified\r\n\r\n")]) }
        guard
            case .unchanged = try SourceFetcher(FetchFixture.configuration(unchanged))
                .fetch(unchanged.url + "/show.rss", previous: document.validators)
        else {
            Issue.record("not unchanged")
            return
        }
    }

    @Test func `an Atom feed with enclosures is a podcast`() throws {
        let text = """
            <feed xmlns="http://www.w3.org/2005/Atom"><title>Atom show</title><entry><title>One</title><id>urn:1</id><published>2024-05-01T10:00:00Z</published>
            <link href="https://example.org/1"/><link rel="enclosure" href="https://example.org/1.mp3" type="audio/mpeg"/>
            <content type="html">&lt;p&gt;Notes &amp;amp; more&lt;/p&gt;</content></entry></feed>
            """
        let feed = try PodcastFeed(Array(text.utf8))
        #expect(PodcastFeed(feed.json) == feed, "it arrives from a child as it was read")
        #expect(feed.isPodcast)
        #expect(feed.title == "Atom show")
        #expect(
            feed.episodes == [
                PodcastFeed.Episode(
                    title: "One", guid: "urn:1", link: "https://example.org/1", publishedAt: "2024-05-01T10:00:00.000Z",
                    notes: "<p>Notes &amp; more</p>", audio: .init(address: "https://example.org/1.mp3", type: "audio/mpeg"))
            ])
    }

    @Test(arguments: ["", "<html/>", "<rss>", "<rss><channel><item></channel></rss>", "not xml", "{\"items\":[]}"])
    func `what is no feed is refused`(text: String) {
        #expect(throws: ReadFailure.self) { try PodcastFeed(Array(text.utf8)) }
    }

    @Test func `changed bytes of a feed never do harm`() throws {
        let original = Array(
            feed(item("E", "<description>x</description><podcast:transcript url='u' type='t'/>" + audio)).utf8)
        let seed = TestRandom.seed
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<3000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                if Bool.random(using: &generator) {
                    bytes[index] = UInt8.random(in: 0...255, using: &generator)
                } else {
                    bytes.remove(at: index)
                }
            }
            guard let feed = try? PodcastFeed(bytes) else { continue }
            #expect(feed.episodes.count <= 1, "seed \(seed)")
        }
    }
}
