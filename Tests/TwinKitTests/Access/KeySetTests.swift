import Synchronization
import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// Issuers change their keys: the set is fetched again when it must be, and not more often.
@Suite struct KeySetTests {
    /// A clock that the test moves.
    final class TestClock: Sendable {
        private let value = Mutex<UInt64>(1_000_000_000_000)
        var now: UInt64 { value.withLock { $0 } }
        func advance(seconds: UInt64) { value.withLock { $0 += seconds * 1_000_000_000 } }
    }

    /// The project's own server, which answers with what the test says.
    final class KeyServer: Sendable {
        private let answer = Mutex<Response>(.text("none"))
        private let count = Mutex(0)
        private let running = Mutex<Server?>(nil)

        init() throws {
            let server = try Server(
                ServerConfiguration(addresses: [.tcp(host: "127.0.0.1", port: 0)]),
                responder: FunctionResponder { [weak self] _ in
                    guard let self else { return .text("gone") }
                    self.count.withLock { $0 += 1 }
                    return self.answer.withLock { $0 }
                })
            running.withLock { $0 = server }
        }

        deinit { running.withLock { $0 }?.drain(within: 1) }

        var url: String {
            guard case .tcp(_, let port)? = running.withLock({ $0 })?.addresses.first else { return "" }
            return "http://127.0.0.1:\(port)/keys"
        }
        var requests: Int { count.withLock { $0 } }
        func serve(_ text: String) { answer.withLock { $0 = .text(text) } }
        func fail() { answer.withLock { $0 = Response(.internalServerError) } }
    }

    let fixture: TwinFixture
    let server: KeyServer
    let clock = TestClock()
    let keys: KeySet
    let verifier: TokenVerifier

    init() throws {
        fixture = try TwinFixture()
        server = try KeyServer()
        keys = KeySet(location: server.url, clock: { [clock] in clock.now })
        verifier = TokenVerifier(
            secret: try TokenSecret(database: fixture.database, configured: nil),
            own: SigningKeys(database: fixture.database), keys: keys,
            issuer: nil, audience: nil)
    }

    private func accepts(_ token: String) throws -> Bool {
        do {
            return try verifier.claims(of: Secret(token)).subject == "user-1"
        } catch let error as TwinError where error.kind == .unauthenticated {
            return false
        }
    }

    @Test func `tokens of both kinds are verified with one fetch`() throws {
        server.serve(SignedTokens.set(SignedTokens.firstKey, SignedTokens.curveKey))
        for _ in 0..<5 {
            #expect(try accepts(SignedTokens.first))
            #expect(try accepts(SignedTokens.curve))
        }
        #expect(server.requests == 1)
    }

    @Test func `a new key is fetched when a token names it`() throws {
        server.serve(SignedTokens.set(SignedTokens.firstKey))
        #expect(try accepts(SignedTokens.first))
        server.serve(SignedTokens.set(SignedTokens.firstKey, SignedTokens.secondKey))
        clock.advance(seconds: 61)
        #expect(try accepts(SignedTokens.second))
        #expect(try accepts(SignedTokens.first))
        #expect(server.requests == 2)
    }

    @Test func `made-up key ids cause one fetch a minute`() throws {
        server.serve(SignedTokens.set(SignedTokens.firstKey))
        #expect(try accepts(SignedTokens.first))
        clock.advance(seconds: 61)
        for number in 0..<50 {
            let header = "{\"alg\":\"RS256\",\"kid\":\"k\(number)\"}"
            #expect(try !accepts(ForgedToken.make(header: header).reveal()))
        }
        #expect(server.requests == 2)
    }

    @Test func `a key that is gone no longer counts after a quarter of an hour, not even for tokens seen before`() throws {
        server.serve(SignedTokens.set(SignedTokens.firstKey))
        #expect(try accepts(SignedTokens.first))
        server.serve(SignedTokens.set(SignedTokens.secondKey))
        #expect(try accepts(SignedTokens.first))
        clock.advance(seconds: 901)
        #expect(try !accepts(SignedTokens.first))
        #expect(try accepts(SignedTokens.second))
    }

    @Test func `the old keys stay while the new ones cannot be had`() throws {
        server.serve(SignedTokens.set(SignedTokens.firstKey))
        #expect(try accepts(SignedTokens.first))
        for bad in ["no json", "{}", "{\"keys\":7}", String(repeating: " ", count: 300_000)] {
            server.serve(bad)
            clock.advance(seconds: 1000)
            #expect(try accepts(SignedTokens.first))
        }
        server.fail()
        clock.advance(seconds: 1000)
        #expect(try accepts(SignedTokens.first))
        #expect(server.requests == 6)
    }

    @Test func `while no keys could be had at all, nobody is told that their token is wrong`() throws {
        server.fail()
        #expect(failure { _ = try accepts(SignedTokens.first) } == .upstream)
        server.serve(SignedTokens.set(SignedTokens.firstKey))
        clock.advance(seconds: 6)
        #expect(try accepts(SignedTokens.first))
    }

    @Test func `keys of other kinds in the set do no harm`() throws {
        let strange =
            "{\"kty\":\"oct\",\"kid\":\"first\",\"k\":\"AAAA\"},{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\"},7,null"
        server.serve("{\"keys\":[\(strange),\(SignedTokens.firstKey)]}")
        #expect(try accepts(SignedTokens.first))
    }

    @Test func `more keys than anybody has are no key set`() throws {
        server.serve(SignedTokens.set(SignedTokens.firstKey).replacing("[", with: "[" + String(repeating: "{},", count: 100)))
        #expect(failure { _ = try accepts(SignedTokens.first) } == .upstream)
    }

    @Test func `a set in a file works like one behind an address`() throws {
        let path = try fixture.folder.write("keys.json", SignedTokens.set(SignedTokens.firstKey))
        let keys = KeySet(location: path, clock: { [clock] in clock.now })
        let header = try JSONWebToken(parsing: Secret(SignedTokens.first)).header
        #expect(try keys.key(for: header) != nil)
        try fixture.folder.write("keys.json", SignedTokens.set(SignedTokens.secondKey))
        clock.advance(seconds: 901)
        #expect(try keys.key(for: header) == nil)
    }
}
