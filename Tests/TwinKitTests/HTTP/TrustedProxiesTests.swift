import Testing

@testable import TwinHTTP
@testable import TwinSupport

@Suite struct TrustedProxiesTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var proxies: [String]
        var peer: String
        var forwarded: [String]
        var client: String
        var testDescription: String { "\(proxies) \(peer) \(forwarded)" }

        init(_ proxies: [String], _ peer: String, _ forwarded: [String], _ client: String) {
            self.proxies = proxies
            self.peer = peer
            self.forwarded = forwarded
            self.client = client
        }
    }

    static let local = ["127.0.0.0/8", "::1"]
    static let docker = ["172.16.0.0/12"]

    @Test(arguments: [
        // A proxy on this machine, or behind a socket file.
        Case(local, "127.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        Case(local, "::1", ["203.0.113.9"], "203.0.113.9"),
        Case(local, "::ffff:127.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        Case(local, "", ["203.0.113.9"], "203.0.113.9"),
        Case(["none"], "", ["203.0.113.9"], "203.0.113.9"),
        // Whoever comes directly has no say, whatever it writes.
        Case(local, "198.51.100.7", ["203.0.113.9"], "198.51.100.7"),
        Case(local, "172.17.0.1", ["203.0.113.9"], "172.17.0.1"),
        Case(["none"], "127.0.0.1", ["203.0.113.9"], "127.0.0.1"),
        Case(docker, "127.0.0.1", ["203.0.113.9"], "127.0.0.1"),
        // What the client wrote stands before what the proxy added.
        Case(local, "127.0.0.1", ["10.0.0.1", "127.0.0.1", "203.0.113.9"], "203.0.113.9"),
        Case(docker, "172.18.0.5", ["1.2.3.4", "203.0.113.9", "172.18.0.9"], "203.0.113.9"),
        Case(docker + ["2001:db8:1::/48"], "2001:db8:1:5::3", ["203.0.113.9", "2001:db8:1::7"], "203.0.113.9"),
        // Nobody but proxies: the one that is farthest away.
        Case(docker, "172.18.0.5", ["172.18.0.7", "172.18.0.9"], "172.18.0.7"),
        Case(docker, "172.18.0.5", [], "172.18.0.5"),
        // What is no address ends the chain.
        Case(local, "127.0.0.1", ["unknown"], "127.0.0.1"),
        Case(docker, "172.18.0.5", ["203.0.113.9", "unknown", "172.18.0.9"], "172.18.0.9"),
        Case(local, "127.0.0.1", ["203.0.113.9 evil"], "127.0.0.1"),
        // Ports, and the two ways to write one address.
        Case(local, "127.0.0.1", ["203.0.113.9:4711"], "203.0.113.9"),
        Case(local, "127.0.0.1", ["[2001:db8::9]:4711"], "2001:db8::9"),
        Case(local, "127.0.0.1", ["2001:db8::9"], "2001:db8::9"),
        Case(local, "127.0.0.1", ["::ffff:203.0.113.9"], "203.0.113.9"),
        Case(["::ffff:172.16.0.0/108"], "172.18.0.5", ["203.0.113.9"], "203.0.113.9"),
        Case(["0.0.0.0/0"], "198.51.100.7", ["203.0.113.9"], "203.0.113.9"),
        Case(["198.51.100.7"], "198.51.100.7", ["203.0.113.9"], "203.0.113.9"),
        Case(["198.51.100.7"], "198.51.100.8", ["203.0.113.9"], "198.51.100.8"),
    ])
    func `the client is the last address that is no trusted proxy's`(entry: Case) throws {
        #expect(try TrustedProxies(entry.proxies).client(peer: entry.peer, forwarded: entry.forwarded) == entry.client)
    }

    @Test(arguments: [
        "", "localhost", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0/8", "::1/129", "10.0.0.0/8/8", "*", "fd00::/８",
    ])
    func `what is no network is refused`(text: String) {
        #expect(throws: TwinError.self) { try TrustedProxies([text]) }
    }

    @Test func `an IPv6 network of one subscriber counts as one, an IPv4 address by itself`() {
        func subscriber(_ text: String) -> String? { IPAddress(text)?.subscriber }
        #expect(subscriber("2001:db8:1:2::1") == "2001:db8:1:2::/64")
        #expect(subscriber("2001:db8:1:2:ffff:ffff:ffff:ffff") == subscriber("2001:db8:1:2::1"))
        #expect(subscriber("2001:db8:1:3::1") != subscriber("2001:db8:1:2::1"))
        #expect(subscriber("203.0.113.9") == "203.0.113.9")
        #expect(subscriber("::ffff:203.0.113.9") == "203.0.113.9")
        #expect(subscriber("::ffff:203.0.113.8") != subscriber("::ffff:203.0.113.9"))
    }
}
