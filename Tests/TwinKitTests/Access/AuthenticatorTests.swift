import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

@Suite struct AuthenticatorTests {
    let fixture: TwinFixture
    let authenticator: Authenticator

    init() throws {
        fixture = try TwinFixture()
        authenticator = try fixture.authenticator()
    }

    private func bearer(_ token: Secret, origin: String? = nil) throws -> Principal {
        try authenticator.principal(bearer: token, apiKey: nil, origin: origin)
    }

    @Test func `without credentials it is nobody`() throws {
        #expect(try authenticator.principal(bearer: nil, apiKey: nil, origin: "https://example.org") == .nobody)
    }

    @Test func `the tenant and the role are the row's, whatever the token claims`() throws {
        let other = try fixture.tenant("other")
        let user = try fixture.user("ada@example.org", role: .viewer)
        let token = try ForgedToken.signed([
            "sub": .string(user.id), "role": "owner", "email": "boss@example.org",
            "user_metadata": ["tenant_id": .string(other)], "app_metadata": ["tenant_id": .string(other)],
        ])
        guard case .user(let found) = try bearer(token) else { return #expect(Bool(false)) }
        #expect(found == user)
        // One that claims another tenant is not believed at all.
        let claiming = try ForgedToken.signed(["sub": .string(user.id), "tenant_id": .string(other)])
        #expect(failure { _ = try bearer(claiming) } == .unauthenticated)
        let right = try ForgedToken.signed(["sub": .string(user.id), "tenant_id": .string(user.tenantID ?? "")])
        #expect(try bearer(right).userID == user.id)
        let stranger = try bearer(ForgedToken.signed(["sub": "stranger", "tenant_id": .string(fixture.twin.tenantID)]))
        guard case .user(let unknown) = stranger else { return #expect(Bool(false)) }
        #expect(unknown.tenantID == nil)
        let authorizer = Authorizer(database: fixture.database)
        #expect(failure { _ = try authorizer.twin(fixture.twin.id, .read, as: stranger) } == .notFound)
        #expect(failure { _ = try authorizer.tenant(.read, as: stranger) } == .notPermitted)
    }

    @Test func `what an issuer tells of a user who has no row is kept for the first visit`() throws {
        let token = try ForgedToken.signed([
            "sub": "u1", "email": "Ada@Example.ORG",
            "user_metadata": ["name": " Ada ", "avatar_url": "https://example.org/a.png"],
        ])
        guard case .user(let user) = try bearer(token) else { return #expect(Bool(false)) }
        #expect(user.email == "ada@example.org")
        #expect(user.fullName == "Ada")
        #expect(user.avatarURL == "https://example.org/a.png")
    }

    @Test func `a deleted account does not get in, with or without a row`() throws {
        for (number, email) in ["deleted_7@example.org", "x@deleted.local"].enumerated() {
            let user = try fixture.user(email)
            #expect(failure { _ = try bearer(ForgedToken.signed(["sub": .string(user.id)])) } == .unauthenticated)
            #expect(
                failure { _ = try bearer(ForgedToken.signed(["sub": .string("n\(number)"), "email": .string(email)])) }
                    == .unauthenticated)
        }
    }

    @Test func `tokens made here let their user in and nobody else`() throws {
        let user = try fixture.user("ada@example.org")
        let session = try authenticator.tokens.session(for: user)
        let access = Secret(try #require(session["access_token"]?.stringValue))
        let refresh = Secret(try #require(session["refresh_token"]?.stringValue))
        #expect(session["token_type"] == "bearer")
        #expect(session["expires_in"] == 86_400)
        #expect(try bearer(access).userID == user.id)
        #expect(failure { _ = try bearer(refresh) } == .unauthenticated)
        #expect(failure { _ = try authenticator.tokens.refresh(access) } == .unauthenticated)
        let renewed = try authenticator.tokens.refresh(refresh)
        #expect(try bearer(Secret(try #require(renewed["access_token"]?.stringValue))).userID == user.id)
    }

    @Test func `tokens of a removed user are worth nothing, not even a new workspace`() throws {
        let user = try fixture.user("ada@example.org")
        _ = try fixture.user("second@example.org")
        let session = try authenticator.tokens.session(for: user)
        try fixture.users.remove(user.id, by: .localOperator)
        for name in ["access_token", "refresh_token"] {
            let token = Secret(try #require(session[name]?.stringValue))
            #expect(failure { _ = try bearer(token) } == .unauthenticated)
            #expect(failure { _ = try authenticator.tokens.refresh(token) } == .unauthenticated)
        }
    }

    @Test func `a new password ends the tokens that were made before and not those made after`() throws {
        let user = try fixture.user("ada@example.org")
        let old = try authenticator.tokens.session(for: user)
        let oldAccess = Secret(try #require(old["access_token"]?.stringValue))
        let oldRefresh = Secret(try #require(old["refresh_token"]?.stringValue))
        #expect(try bearer(oldAccess).userID == user.id)
        try fixture.users.setPassword(user, Secret("correct horse"))
        #expect(failure { _ = try bearer(oldAccess) } == .unauthenticated)
        #expect(failure { _ = try authenticator.tokens.refresh(oldRefresh) } == .unauthenticated)
        let changed = try #require(try fixture.users.find(user.id))
        #expect(try bearer(authenticator.tokens.accessToken(for: changed)).userID == changed.id)
    }

    @Test func `an API key is one in either header`() throws {
        let (key, text) = try KeyStore(database: fixture.database).create("site", twins: [fixture.twin])
        for principal in [
            try bearer(text), try authenticator.principal(bearer: nil, apiKey: text, origin: nil),
        ] {
            guard case .apiKey(let found) = principal else { return #expect(Bool(false)) }
            #expect(found.id == key.id)
        }
        for wrong in ["tenant_", "tenant_abc", String(text.reveal().dropLast()) + "!", "", "nonsense"] {
            #expect(
                failure { _ = try authenticator.principal(bearer: nil, apiKey: Secret(wrong), origin: nil) } == .unauthenticated)
        }
        // A bad key is not made good by a token beside it.
        #expect(
            failure {
                _ = try authenticator.principal(bearer: ForgedToken.make(), apiKey: Secret("nonsense"), origin: nil)
            } == .unauthenticated)
    }

    @Test func `a key with domains is held to them`() throws {
        let store = KeyStore(database: fixture.database)
        let text = try store.create("site", domains: ["Example.org", "*.example.net"]).text
        func isAllowed(_ origin: String?) throws -> Bool {
            failure { _ = try authenticator.principal(bearer: nil, apiKey: text, origin: origin) } != .notPermitted
        }
        for good in [
            "https://example.org", "http://EXAMPLE.org:8080", "https://example.org/page?x=1", "example.org",
            "https://example.net", "https://a.b.example.net", "https://user@example.org/",
        ] { #expect(try isAllowed(good), "\(good)") }
        for bad in [
            nil, "", "null", "https://www.example.org", "https://example.org.evil.com", "https://evilexample.net",
            "https://example.org@evil.com", "https://evil.com/example.org", "https://evil.com#example.org",
            "https://evil.com\\@example.org", "https://example.netx",
        ] { #expect(try !isAllowed(bad), "\(bad ?? "none")") }
        let open = try store.create("anywhere", domains: ["*"]).text
        _ = try authenticator.principal(bearer: nil, apiKey: open, origin: "https://whatever.example")
        #expect(failure { _ = try authenticator.principal(bearer: nil, apiKey: open, origin: nil) } == .notPermitted)
        let free = try store.create("free").text
        _ = try authenticator.principal(bearer: nil, apiKey: free, origin: nil)
    }

    @Test func `a revoked key is refused`() throws {
        let store = KeyStore(database: fixture.database)
        let (key, text) = try store.create("site")
        _ = try bearer(text)
        _ = try store.revoke(key.id)
        #expect(failure { _ = try bearer(text) } == .unauthenticated)
    }

    @Test func `it is noted when users and keys were last there, and not at every request`() throws {
        let user = try fixture.user("ada@example.org")
        let (key, text) = try KeyStore(database: fixture.database).create("site")
        let token = try authenticator.tokens.accessToken(for: user)
        func times() throws -> [Timestamp?] {
            _ = try bearer(token)
            _ = try bearer(text)
            authenticator.flush()
            return [
                try fixture.users.find(user.id)?.lastActiveAt, try KeyStore(database: fixture.database).find(key.id).lastUsedAt,
            ]
        }
        let first = try times()
        #expect(!first.contains(nil))
        #expect(try times() == first)
        let past = Clock.now.adding(seconds: -400)
        try fixture.database.write {
            try $0.run("UPDATE users SET last_active_at = ?", past)
            try $0.run("UPDATE api_keys SET last_used_at = ?", past)
        }
        #expect(try times().allSatisfy { ($0 ?? past) > past })
    }

    @Test func `whether anybody could get in is known`() throws {
        let bare = try fixture.authenticator([:])
        #expect(try !bare.isConfigured)
        let (key, _) = try KeyStore(database: fixture.database).create("site")
        #expect(try bare.isConfigured)
        _ = try KeyStore(database: fixture.database).revoke(key.id)
        #expect(try !bare.isConfigured)
        #expect(try fixture.authenticator().isConfigured)
        #expect(try fixture.authenticator(["TWIN_JWKS": "http://127.0.0.1:1/keys"]).isConfigured)
        // Another authenticator on the same file, as another process, makes the secret.
        _ = try fixture.authenticator([:]).tokens.accessToken(for: fixture.user("ada@example.org"))
        #expect(try bare.isConfigured)
    }

    @Test func `a secret is made once and works for every process`() throws {
        let user = try fixture.user("ada@example.org")
        let first = try fixture.authenticator([:])
        let second = try fixture.authenticator([:])
        let tokens = [try first.tokens.accessToken(for: user), try second.tokens.accessToken(for: user)]
        for token in tokens {
            #expect(try first.principal(bearer: token, apiKey: nil, origin: nil).userID == user.id)
            #expect(try second.principal(bearer: token, apiKey: nil, origin: nil).userID == user.id)
        }
        // A configured secret is the only one.
        #expect(failure { _ = try authenticator.principal(bearer: tokens[0], apiKey: nil, origin: nil) } == .unauthenticated)
    }
}
