import Glibc
import Synchronization
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

@Suite struct MiddlewareTests {
    private func call(
        _ layers: [any Middleware], _ method: HTTPMethod = .get, _ target: String = "/", headers: [HeaderField] = [],
        _ handler: @escaping @Sendable (Request) throws -> Response = { _ in .text("ok") }
    ) throws -> Response {
        try layers.around(FunctionResponder(handler)).respond(to: Request(method, target, headers: headers))
    }

    @Test func `a request keeps the correlation id it came with, if that is a plain word`() throws {
        func id(_ value: String?) throws -> String? {
            try call([CorrelationID()], headers: value.map { [HeaderField("x-correlation-id", $0)] } ?? [])
                .headers["X-Correlation-Id"]
        }
        #expect(try id("abc-1") == "abc-1")
        let forged = try #require(try id("a b"))
        #expect(forged != "a b" && !forged.isEmpty)
        #expect(try id(String(repeating: "x", count: 200)) != String(repeating: "x", count: 200))
        let layer = CorrelationID()
        #expect(try call([layer]).headers["x-correlation-id"] != (try call([layer]).headers["x-correlation-id"]))
    }

    @Test func `the access log has neither query nor fields`() throws {
        let entries = StreamingTests.Box<AccessLogEntry>()
        _ = try call([CorrelationID(), AccessLog { entries.add($0) }], .get, "/a%0Ab?token=secret".replacing("%0A", with: "%20"))
        let entry = try #require(entries.waitForFirst())
        #expect(entry.path == "/a%20b" && entry.status == .ok && entry.bytes == 2 && !entry.correlationID.isEmpty)
        #expect(!"\(entry)".contains("secret"))
    }

    @Test func `only origins of the list may read across origins`() throws {
        let layer = CrossOrigin(origins: ["https://app.example"])
        let allowed = try call([layer], headers: [HeaderField("origin", "https://app.example")])
        #expect(allowed.headers["access-control-allow-origin"] == "https://app.example")
        // Other origins come with a token, never with a cookie.
        #expect(allowed.headers["access-control-allow-credentials"] == nil)
        #expect(allowed.headers["vary"] == "Origin")
        let foreign = try call([layer], headers: [HeaderField("origin", "https://evil.example")])
        #expect(foreign.headers["access-control-allow-origin"] == nil && foreign.headers["vary"] == "Origin")
        let preflight = try call(
            [layer], .options, "/",
            headers: [
                HeaderField("origin", "https://app.example"), HeaderField("access-control-request-method", "PUT"),
                HeaderField("access-control-request-headers", "authorization"),
            ]
        ) { _ in throw HTTPError(.notFound, "must not be asked") }
        #expect(preflight.status == .noContent)
        #expect(preflight.headers["access-control-allow-headers"] == "authorization")
        let any = try call([CrossOrigin(origins: ["*"])], headers: [HeaderField("origin", "https://x.example")])
        #expect(any.headers["access-control-allow-origin"] == "*" && any.headers["access-control-allow-credentials"] == nil)
    }

    @Test func `a handler keeps the security fields it sets itself`() throws {
        let response = try call([SecurityHeaders()]) { _ in
            Response(.ok, headers: [HeaderField("Content-Security-Policy", "default-src 'self'")])
        }
        #expect(response.headers["content-security-policy"] == "default-src 'self'")
        #expect(response.headers["x-content-type-options"] == "nosniff" && response.headers["x-frame-options"] == "DENY")
        for (frames, expected) in [("'none'", "DENY"), ("https://a.example:*", nil), ("*", nil)] as [(String, String?)] {
            let framed = try call([SecurityHeaders()]) { _ in
                Response(.ok, headers: [HeaderField("content-security-policy", "frame-ancestors \(frames); base-uri 'none'")])
            }
            #expect(framed.headers["x-frame-options"] == expected, "\(frames)")
        }
    }

    @Test func `long text is compressed for clients that accept it`() throws {
        let text = String(repeating: "all work and no play ", count: 500)
        let accepting = [HeaderField("accept-encoding", "br, gzip;q=0.5")]
        let packed = try call([Compression()], headers: accepting) { _ in .text(text) }
        #expect(packed.headers["content-encoding"] == "gzip" && packed.headers["vary"] == "Accept-Encoding")
        guard case .bytes(let bytes) = packed.body else { throw TwinError(.failed, "no bytes") }
        #expect(bytes.count < text.utf8.count / 10)
        #expect(try gunzip(bytes) == Array(text.utf8))
        for refusing in ["gzip;q=0", "br", "identity"] {
            let plain = try call([Compression()], headers: [HeaderField("accept-encoding", refusing)]) { _ in .text(text) }
            #expect(plain.headers["content-encoding"] == nil)
        }
        #expect(try call([Compression()], headers: accepting).headers["content-encoding"] == nil)
        let image = try call([Compression()], headers: accepting) { _ in .bytes(Array(text.utf8), type: "image/png") }
        #expect(image.headers["content-encoding"] == nil)
    }

    /// Unpacks with the system's own tool, which shares no code with what packs.
    private func gunzip(_ bytes: [UInt8]) throws -> [UInt8] {
        let path = "/tmp/twin-test-\(getpid())-\(Int.random(in: 0..<1_000_000)).gz"
        defer { unlink(path) }
        let file = try #require(fopen(path, "w"))
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
        let pipe = try #require(popen("gzip -dc \(path)", "r"))
        defer { pclose(pipe) }
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&buffer, 1, buffer.count, pipe), count > 0 { result += buffer[..<count] }
        return result
    }

    @Test func `a client that has the version already is told so`() throws {
        let modified = try #require(Timestamp("2026-11-20T10:00:00Z"))
        func get(_ headers: [HeaderField] = []) throws -> Response {
            try call([], headers: headers) { .json(["a": 1]).conditional(on: $0, lastModified: modified) }
        }
        let first = try get()
        let tag = try #require(first.headers["etag"])
        #expect(first.headers["last-modified"] == "Fri, 20 Nov 2026 10:00:00 GMT")
        for condition in [tag, "W/\(tag)", "\"x\", \(tag)", "*"] {
            let second = try get([HeaderField("if-none-match", condition)])
            #expect(second.status == .notModified && second.body.length == 0 && second.headers["etag"] == tag)
        }
        #expect(try get([HeaderField("if-none-match", "\"x\"")]).status == .ok)
        #expect(try get([HeaderField("if-modified-since", "Fri, 20 Nov 2026 10:00:00 GMT")]).status == .notModified)
        #expect(try get([HeaderField("if-modified-since", "Fri, 20 Nov 2026 09:59:59 GMT")]).status == .ok)
        let changed = try Request(.put, "/", headers: [HeaderField("if-match", "\"x\"")])
        #expect(throws: HTTPError.self) { try changed.requireMatch(tag) }
        #expect(EntityTag.of([1, 2]) != EntityTag.of([2, 1]) && EntityTag.of([0]) != EntityTag.of([0, 0]))
    }

    @Test(arguments: [
        "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
    ])
    func `a date is read in each of its forms`(text: String) throws {
        let instant = try #require(HTTPDate.parse(text))
        #expect(instant.description == "1994-11-06T08:49:37.000Z")
        #expect(HTTPDate.text(instant) == "Sun, 06 Nov 1994 08:49:37 GMT")
    }

    @Test func `a form's files go to disk and go away with the form`() throws {
        let text =
            "--XX\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nhé\r\n--XX\r\n"
            + "Content-Disposition: form-data; name=\"file\"; filename=\"../../etc/pa%22ss\"\r\nContent-Type: text/plain\r\n\r\n"
            + String(repeating: "line\r\n", count: 10_000) + "\r\n--XX--\r\n"
        let request = try Request(
            .post, "/", headers: [HeaderField("content-type", "multipart/form-data; boundary=\"XX\"")], body: Array(text.utf8))
        var path = ""
        do {
            let form = try ReceivedForm(request)
            #expect(form["title"] == "hé")
            let file = try #require(form.file("file"))
            #expect(file.filename == "pa\"ss" && file.contentType == "text/plain" && file.size == 60_000)
            path = file.path
            #expect(try FileBody(path: path).length == 60_000)
        }
        #expect(access(path, F_OK) != 0)
        var limits = ReceivedFormLimits()
        limits.fileSize = 100
        #expect(throws: HTTPError.self) { try ReceivedForm(request, limits: limits) }
        limits = ReceivedFormLimits()
        limits.parts = 1
        #expect(throws: HTTPError.self) { try ReceivedForm(request, limits: limits) }
        let broken = try Request(
            .post, "/", headers: [HeaderField("content-type", "multipart/form-data; boundary=XX")],
            body: Array(text.utf8.dropLast(10)))
        #expect(throws: HTTPError.self) { try ReceivedForm(broken) }
    }

    @Test func `a response can be had without a socket, a stream too`() throws {
        let streamed = try call([]) { request in
            EventStream.response(to: request) { stream in
                for number in 0..<3 { try stream.send(StreamEvent(data: .number(number))) }
            }
        }
        #expect(try streamed.collect().text == "0\n1\n2\n")
        struct Enough: Error {}
        let endless = try call([]) { request in
            EventStream.response(to: request) { stream in while true { try stream.send(StreamEvent(data: 1)) } }
        }
        #expect(throws: Enough.self) { try endless.forEachPiece { _ in throw Enough() } }
        #expect(throws: HTTPError.self) { try Request(.get, "/", headers: [HeaderField("a", "b\r\nc: d")]) }
        #expect(throws: HTTPError.self) { try Request(.get, "/ HTTP/1.1\r\nx: y\r\n") }
    }
}
