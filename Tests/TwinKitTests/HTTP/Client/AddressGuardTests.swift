import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// The guard against requests into private networks, against a server that is in one.
@Suite struct AddressGuardTests {
    private let loopback = IPAddress("127.0.0.1")

    private func guarded() throws -> HTTPClient {
        HTTPClient(
            policy: AddressPolicy(allowsPrivate: false, exceptions: [try #require(loopback)]), userAgent: "twin-tests")
    }

    private func refusal(_ client: HTTPClient, _ url: String) throws -> HTTPClientError? {
        let request = ClientRequest(.get, try WebAddress(url))
        return #expect(throws: HTTPClientError.self) { try client.send(request) }
    }

    @Test(arguments: ["127.0.0.1", "localhost", "127.1", "0x7f000001", "2130706433", "017700000001", "0.0.0.0"])
    func `no spelling of this machine's address gets past the public policy`(host: String) throws {
        let server = try ScriptedServer { _ in .ok("secret") }
        let error = try refusal(HTTPClient(policy: .public, userAgent: "t"), "http://\(host):\(server.port)/")
        guard case .addressRefused = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(error?.twinError.kind == .notPermitted)
        #expect(error?.description.contains("127.0.0.1:") == false)
        #expect(server.connectionCount == 0)
    }

    @Test(arguments: ["[::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[fd00::1]", "[fe80::1]"])
    func `no IPv6 spelling does either`(host: String) throws {
        let server = try ScriptedServer { _ in .ok("secret") }
        let error = try refusal(HTTPClient(policy: .public, userAgent: "t"), "http://\(host):\(server.port)/")
        guard case .addressRefused = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(server.connectionCount == 0)
    }

    @Test func `every redirect is checked again`() throws {
        let inner = try ScriptedServer(host: "127.0.0.2") { _ in .ok("secret") }
        let innerPort = inner.port
        let outer = try ScriptedServer { _ in .redirect(to: "http://127.0.0.2:\(innerPort)/") }
        let error = try refusal(guarded(), outer.url)
        #expect(error == .addressRefused(host: "127.0.0.2", address: "127.0.0.2"))
        #expect(outer.requests.count == 1)
        #expect(inner.connectionCount == 0)
        // The way is there: without the guard it leads to the inner server.
        let open = try HTTPClient(policy: .any, userAgent: "t").send(ClientRequest(.get, WebAddress(outer.url)))
        #expect(open.body == Array("secret".utf8))
    }

    @Test(arguments: [
        ("file:///etc/passwd", HTTPClientError.unsupportedScheme("file")), ("ftp://127.0.0.1/x", .unsupportedScheme("ftp")),
        ("gopher://127.0.0.1/x", .unsupportedScheme("gopher")), ("http://user:word@127.0.0.1/", .credentialsInAddress),
    ])
    func `a redirect to another scheme or with credentials is refused`(target: String, expected: HTTPClientError) throws {
        let server = try ScriptedServer { _ in .redirect(to: target) }
        #expect(try refusal(guarded(), server.url) == expected)
    }

    @Test func `a port that the policy does not name is refused`() throws {
        let server = try ScriptedServer { _ in .ok("x") }
        let policy = AddressPolicy(allowsPrivate: true, ports: [80, 443])
        let error = try refusal(HTTPClient(policy: policy, userAgent: "t"), server.url)
        #expect(error == .addressRefused(host: "127.0.0.1", address: "127.0.0.1"))
        #expect(server.connectionCount == 0)
    }

    @Test func `redirects are followed to their end and no further than allowed`() throws {
        let server = try ScriptedServer { request in
            let step = Int(request.path.dropFirst()) ?? 0
            return step == 0 ? .ok("arrived") : .redirect([301, 302, 303, 307, 308][step % 5], to: "/\(step - 1)")
        }
        let client = HTTPClient(policy: .any, userAgent: "t")
        let answer = try client.send(ClientRequest(.get, WebAddress(server.url + "/5")))
        #expect(answer.body == Array("arrived".utf8))
        #expect(answer.address.description == server.url + "/0")
        #expect(try refusal(client, server.url + "/6") == .tooManyRedirects(limit: 5))
        var request = ClientRequest(.get, try WebAddress(server.url + "/3"))
        request.limits.redirects = 0
        let unfollowed = try client.send(request)
        #expect(unfollowed.status == 307)
        #expect(unfollowed.body == Array("moved".utf8))
    }

    @Test func `a loop of redirects ends`() throws {
        let server = try ScriptedServer { _ in .redirect(to: "/") }
        #expect(try refusal(guarded(), server.url) == .tooManyRedirects(limit: 5))
        #expect(server.requests.count == 6)
    }

    @Test func `secrets stay with the origin that they are for`() throws {
        let other = try ScriptedServer { _ in .ok("other") }
        let otherURL = other.url
        let first = try ScriptedServer { request in .redirect(to: request.path == "/" ? "/same" : otherURL + "/") }
        var request = ClientRequest(.get, try WebAddress(first.url))
        request.secretHeaders = [("Authorization", Secret("Bearer 1234"))]
        #expect(try HTTPClient(policy: .any, userAgent: "t").send(request).body == Array("other".utf8))
        #expect(first.requests.map { $0.header("Authorization") } == ["Bearer 1234", "Bearer 1234"])
        #expect(other.requests.map { $0.header("Authorization") } == [nil])
    }

    @Test(arguments: [(301, "GET"), (302, "GET"), (303, "GET"), (307, "POST"), (308, "POST")])
    func `a redirected POST keeps its method where the status says so`(status: Int, method: String) throws {
        let server = try ScriptedServer { request in request.path == "/" ? .redirect(status, to: "/next") : .ok("") }
        let request = ClientRequest(.post, try WebAddress(server.url), body: Array("data".utf8))
        _ = try HTTPClient(policy: .any, userAgent: "t").send(request)
        #expect(server.requests.last?.method == method)
        #expect(server.requests.last?.bodyText == (method == "POST" ? "data" : ""))
    }
}
