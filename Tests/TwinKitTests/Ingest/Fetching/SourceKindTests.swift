import Testing

@testable import TwinHTTP
@testable import TwinKit

@Suite struct SourceKindTests {
    private func kind(_ url: String) throws -> SourceKind { try SourceKind.of(WebAddress(url)) }

    @Test(arguments: [
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ", "http://youtube.com/watch?list=PL1&v=dQw4w9WgXcQ&t=3s",
        "https://m.youtube.com/watch?v=dQw4w9WgXcQ", "https://music.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://youtu.be/dQw4w9WgXcQ?t=1",
        "https://www.youtube.com/shorts/dQw4w9WgXcQ", "https://www.youtube.com/live/dQw4w9WgXcQ?x",
        "https://www.youtube.com/embed/dQw4w9WgXcQ", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
        "https://www.youtube.com/v/dQw4w9WgXcQ", "HTTPS://WWW.YOUTUBE.COM/watch?v=dQw4w9WgXcQ#x",
    ])
    func `every address of a video leads to it`(url: String) throws {
        #expect(try kind(url) == .youTube(video: "dQw4w9WgXcQ"))
    }

    @Test(arguments: [
        "https://x.com/name/status/1234567890123456789", "https://twitter.com/name/status/1234567890123456789?s=20",
        "https://mobile.twitter.com/name/status/1234567890123456789/photo/1",
        "https://www.x.com/i/web/status/1234567890123456789",
    ])
    func `every address of a post leads to it`(url: String) throws {
        #expect(try kind(url) == .x(post: "1234567890123456789"))
    }

    @Test(arguments: [
        "https://example.org/show.rss", "https://example.org/blog/feed/", "https://example.org/a.atom",
        "https://example.org/feed.xml?x=1",
        "https://www.youtube.com/show/rss",
    ])
    func `a feed is known by the end of its path`(url: String) throws { #expect(try kind(url) == .feed) }

    @Test(arguments: [
        "https://notyoutube.com/watch?v=dQw4w9WgXcQ", "https://youtube.com.example.org/watch?v=dQw4w9WgXcQ",
        "https://example.org/youtube.com/watch?v=dQw4w9WgXcQ", "https://www.youtube.com/watch?v=short",
        "https://www.youtube.com/@channel",
        "https://youtu.be/", "https://fedex.com/name/status/12", "https://x.com/name", "https://x.com/status/12",
        "https://x.com/name/status/abc", "https://example.org/feedback", "https://example.org/my-podcast-notes",
        "https://example.org/",
        "https://example.org/feed/about", "https://x.com.example.org/a/status/1",
    ])
    func `what only looks like one of them is an ordinary page`(url: String) throws { #expect(try kind(url) == .web) }

    @Test func `a mirror that is configured is a video host too`() throws {
        var configuration = FetchConfiguration()
        configuration.youTubeURL = "http://127.0.0.1:8080"
        let address = try WebAddress("http://127.0.0.1:8080/watch?v=dQw4w9WgXcQ")
        #expect(SourceKind.of(address, configuration: configuration) == .youTube(video: "dQw4w9WgXcQ"))
    }

    @Test func `a feed is also known by its content type`() {
        #expect(SourceKind.isFeed(mediaType: "application/rss+xml; charset=utf-8"))
        #expect(SourceKind.isFeed(mediaType: "Application/Atom+XML"))
        #expect(!SourceKind.isFeed(mediaType: "text/html"))
        #expect(!SourceKind.isFeed(mediaType: nil))
    }
}
