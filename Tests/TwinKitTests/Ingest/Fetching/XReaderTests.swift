import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

@Suite struct XReaderTests {
    private func read(_ response: @escaping @Sendable (ScriptedServer.Request) -> ScriptedServer.Response) throws -> (
        ExtractedSource, ScriptedServer
    ) {
        let server = try ScriptedServer(response)
        let sources = try FetchFixture.extract("https://x.com/ada/status/20?s=1", FetchFixture.configuration(server))
        return (try #require(sources.first), server)
    }

    @Test func `a post is read through the oEmbed endpoint`() throws {
        let html = """
            <blockquote class="twitter-tweet"><p lang="en" dir="ltr">just setting up <a href="https://x.com/h">my</a> twttr &amp; more<br>second line</p>\
            &mdash; Ada &lt;3 (@ada) <a href="https://twitter.com/ada/status/20">March 2, 2006</a></blockquote>
            """
        let body: JSON = ["html": .string(html), "author_name": "Ada <3", "author_url": "https://twitter.com/ada"]
        let (source, server) = try read { _ in .json(body.text) }
        #expect(source.kind == .x)
        #expect(source.name == "X: Ada <3 (20)")
        #expect(source.address == "https://x.com/ada/status/20")
        #expect(source.document.text == "just setting up my twttr & more\nsecond line\n")
        #expect(source.document.author == "Ada <3")
        #expect(source.document.publishedAt == "2006-03-02")
        #expect(source.document.language == "en")
        let request = try #require(server.requests.first)
        #expect(request.target.hasPrefix("/oembed?url=https%3A%2F%2Ftwitter.com%2Fada%2Fstatus%2F20&"))
    }

    @Test(arguments: [(404, TwinError.Kind.notFound), (403, .notPermitted), (429, .busy), (500, .upstream)])
    func `a post that is not given is a clear error`(status: Int, kind: TwinError.Kind) throws {
        let error = #expect(throws: TwinError.self) { try read { _ in .status(status) } }
        #expect(error?.kind == kind)
    }

    @Test(arguments: ["{}", "<html>", "{\"html\":\"\"}", "{\"html\":\"<p>\"}", "{\"html\":5}", "[]"])
    func `an answer that is none is not understood`(body: String) throws {
        let error = #expect(throws: TwinError.self) { try read { _ in .json(body) } }
        #expect(error?.kind == .upstream)
    }

    @Test func `a post without words has nothing to read`() throws {
        let error = #expect(throws: TwinError.self) { try read { _ in .json("{\"html\":\"<p lang=\\\"zxx\\\"> </p>\"}") } }
        #expect(error?.kind == .notFound)
    }

    @Test func `dates are read as the endpoint writes them`() {
        #expect(XReader.date("March 21, 2006") == "2006-03-21")
        #expect(XReader.date("December 1, 2024") == "2024-12-01")
        for text in ["", "February 30, 2024", "Marz 1, 2024", "March 1", "March 1, 24", "@ada"] {
            #expect(XReader.date(text) == nil)
        }
    }
}
