import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

@Suite struct WebFetcherTests {
    private func fetcher(_ change: (inout FetchConfiguration) -> Void = { _ in }) -> WebFetcher {
        var configuration = FetchConfiguration()
        configuration.addresses = .any
        change(&configuration)
        return WebFetcher(configuration)
    }

    private func document(_ outcome: FetchOutcome) throws -> FetchedDocument {
        guard case .document(let document) = outcome else { throw TwinError(.failed, "unchanged") }
        return document
    }

    @Test func `a document comes with its type, name, address and validators`() throws {
        let server = try ScriptedServer { request in
            request.path == "/old"
                ? .redirect(to: "/docs/Guide%20One.html?x=1")
                : .ok(
                    "<p>Hello", type: "text/html; charset=iso-8859-1",
                    [("ETag", "\"v1\""), ("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT")])
        }
        let found = try document(fetcher().fetch(server.url + "/old"))
        #expect(found.bytes == Array("<p>Hello".utf8))
        #expect(found.mediaType == "text/html; charset=iso-8859-1")
        #expect(found.name == "Guide One.html")
        #expect(found.address.description == server.url + "/docs/Guide%20One.html?x=1")
        #expect(found.validators == WebValidators(etag: "\"v1\"", lastModified: "Sun, 06 Nov 1994 08:49:37 GMT"))
        #expect(server.requests.first?.header("User-Agent")?.hasPrefix("twin") == true)
    }

    @Test func `an unchanged document is not sent again`() throws {
        let server = try ScriptedServer { request in
            request.header("If-None-Match") == "\"v1\"" && request.header("If-Modified-Since") == "then"
                ? .init([.text("HTTP/1.1 304 Not Modified\r\nETag: \"v1\"\r\n\r\n")], keepsAlive: true) : .ok("new")
        }
        let previous = WebValidators(etag: "\"v1\"", lastModified: "then")
        guard case .unchanged = try fetcher().fetch(server.url, previous: previous) else {
            Issue.record("a document came although nothing changed")
            return
        }
        #expect(
            try document(fetcher().fetch(server.url, previous: WebValidators(etag: "\"v0\""))).bytes == Array("new".utf8))
        #expect(try document(fetcher().fetch(server.url)).bytes == Array("new".utf8))
    }

    @Test func `a 304 that nobody asked for is an error`() throws {
        let server = try ScriptedServer { _ in .init([.text("HTTP/1.1 304 Not Modified\r\n\r\n")]) }
        #expect(throws: TwinError.self) { try fetcher().fetch(server.url) }
        #expect(throws: TwinError.self) { try fetcher().fetch(server.url, previous: WebValidators()) }
    }

    @Test func `damaged validators are left out of the request`() throws {
        let server = try ScriptedServer { _ in .ok("x") }
        _ = try fetcher().fetch(server.url, previous: WebValidators(etag: "a\r\nX-Evil: 1", lastModified: ""))
        #expect(server.requests.first?.header("If-None-Match") == nil)
        #expect(server.requests.first?.header("X-Evil") == nil)
    }

    @Test(arguments: [
        (401, TwinError.Kind.notPermitted), (403, .notPermitted), (404, .notFound), (410, .notFound), (429, .busy),
        (503, .busy),
        (500, .upstream), (204, .upstream), (206, .upstream), (418, .upstream),
    ])
    func `a status other than 200 is a clear error`(status: Int, kind: TwinError.Kind) throws {
        let server = try ScriptedServer { _ in .status(status, [("Retry-After", "7")]) }
        let error = #expect(throws: TwinError.self) { try fetcher().fetch(server.url) }
        #expect(error?.kind == kind)
        #expect(error?.message.contains("127.0.0.1") == true)
        if kind == .busy { #expect(error?.message.hasSuffix("in 7 s") == true) }
    }

    @Test func `an empty document is an error`() throws {
        let server = try ScriptedServer { _ in .ok("") }
        #expect(throws: TwinError(.upstream, "127.0.0.1 answered with an empty document")) {
            try fetcher().fetch(server.url)
        }
    }

    @Test func `limits and the address policy are those of the configuration`() throws {
        let server = try ScriptedServer { _ in .ok("12345678") }
        let large = #expect(throws: TwinError.self) { try fetcher { $0.limits.responseBytes = 7 }.fetch(server.url) }
        #expect(large?.kind == .limitReached)
        let guarded = #expect(throws: TwinError.self) { try fetcher { $0.addresses = .public }.fetch(server.url) }
        #expect(guarded?.kind == .notPermitted)
        let wrong = #expect(throws: TwinError.self) { try fetcher().fetch("ftp://example.org/") }
        #expect(wrong?.kind == .invalid)
    }

    @Test(arguments: [
        ("attachment; filename=\"report.pdf\"", "report.pdf"), ("attachment; filename=plain.txt", "plain.txt"),
        ("attachment; filename=\"a;b \\\"c\\\".txt\"", "a;b \"c\".txt"), ("inline; filename=\"../../etc/passwd\"", "passwd"),
        ("attachment; filename=\"x.txt\"; filename*=UTF-8''na%C3%AFve%20%E2%82%AC.txt", "naïve €.txt"),
        ("attachment; filename=\"..\\\\evil.txt\"", "evil.txt"), ("attachment", "page.html"),
        ("attachment; filename=\"\"", "page.html"),
        ("attachment; filename=\"..\"", "page.html"), ("attachment; filename*=UTF-16''x", "page.html"),
        ("\";\"=;;\"", "page.html"),
    ])
    func `a download is named as the server says and never as a path`(field: String, name: String) throws {
        let server = try ScriptedServer { _ in .ok("x", [("Content-Disposition", field)]) }
        #expect(try document(fetcher().fetch(server.url + "/dir/page.html")).name == name)
    }

    @Test func `a document at the root is named after its host`() throws {
        let server = try ScriptedServer { _ in .ok("x") }
        #expect(try document(fetcher().fetch(server.url)).name == "127.0.0.1")
    }

    @Test func `Retry-After is read as seconds and as a date`() throws {
        let now = try #require(Timestamp("1994-11-06T08:49:00Z"))
        #expect(RetryAfter.seconds(" 120 ", now: now) == 120)
        #expect(RetryAfter.seconds("Sun, 06 Nov 1994 08:49:37 GMT", now: now) == 37)
        #expect(RetryAfter.seconds("Sun, 06 Nov 1994 08:48:37 GMT", now: now) == 0)
        #expect(RetryAfter.seconds("99999999999999999999999", now: now) == .max)
        for text in ["", "soon", "-1", "1.5", "Sun, 99 Nov 1994 08:49:37 GMT", "Sun, 06 Xyz 1994 08:49:37 GMT"] {
            #expect(RetryAfter.seconds(text, now: now) == nil, "\(text)")
        }
    }
}
