import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// Tokens that look right and must not be believed (RFC 8725).
@Suite struct TokenConfusionTests {
    let fixture: TwinFixture
    let authenticator: Authenticator

    init() throws {
        fixture = try TwinFixture()
        authenticator = try fixture.authenticator()
    }

    private func refused(_ token: Secret, by other: Authenticator? = nil) -> Bool {
        failure { _ = try (other ?? authenticator).principal(bearer: token, apiKey: nil, origin: nil) } == .unauthenticated
    }

    private func withKeySet(_ keys: String, secret: Bool = false, _ more: [String: String] = [:]) throws -> Authenticator {
        var environment = more
        environment["TWIN_JWKS"] = try fixture.folder.write("keys.json", keys)
        if secret { environment["TWIN_JWT_SECRET"] = TwinFixture.secret.reveal() }
        return try fixture.authenticator(environment)
    }

    @Test func `a token of the shared secret names its user`() throws {
        let principal = try authenticator.principal(bearer: ForgedToken.make(), apiKey: nil, origin: nil)
        guard case .user(let user) = principal else { return #expect(Bool(false), "\(principal)") }
        #expect(user.id == "somebody")
        #expect(user.email == "some@body.org")
    }

    @Test func `the algorithm none is refused in every spelling`() throws {
        for name in ["none", "None", "NONE", "nOnE", ""] {
            let header = Base64.url.encode(Array("{\"alg\":\"\(name)\"}".utf8))
            let claims = Base64.url.encode(Array(JSON.object(ForgedToken.claims()).text.utf8))
            #expect(refused(Secret("\(header).\(claims).")))
            #expect(refused(Secret("\(header).\(claims).AAAA")))
            #expect(refused(try ForgedToken.make(header: "{\"alg\":\"\(name)\"}")))
        }
    }

    @Test func `a public key is no shared secret`() throws {
        let both = try withKeySet(SignedTokens.set(SignedTokens.firstKey), secret: true)
        let pem = SignedTokens.firstPublicKey
        for key in [pem, pem + "\n", SignedTokens.firstKey, SignedTokens.firstModulus] {
            for header in [#"{"alg":"HS256","kid":"first"}"#, #"{"alg":"RS256","kid":"first"}"#, #"{"alg":"HS256"}"#] {
                #expect(refused(try ForgedToken.make(header: header, key: Array(key.utf8)), by: both))
            }
        }
        #expect(!refused(Secret(SignedTokens.first), by: both))
        #expect(failure { _ = try fixture.authenticator(["TWIN_JWT_SECRET": pem]) } == .notConfigured)
    }

    @Test func `a signature with the shared secret does not pass for one of the key set`() throws {
        let both = try withKeySet(SignedTokens.set(SignedTokens.firstKey), secret: true)
        for header in [#"{"alg":"RS256","kid":"first"}"#, #"{"alg":"ES256","kid":"first"}"#, #"{"alg":"HS512"}"#] {
            #expect(refused(try ForgedToken.make(header: header), by: both))
        }
    }

    @Test func `a key is used for its own algorithm only`() throws {
        // The curve's key under the id of the RSA token, and the other way round.
        let swapped = SignedTokens.set(
            SignedTokens.rsa("curve", SignedTokens.firstModulus), SignedTokens.curveKey.replacing("\"curve\"", with: "\"first\""))
        let authenticator = try withKeySet(swapped)
        #expect(refused(Secret(SignedTokens.first), by: authenticator))
        #expect(refused(Secret(SignedTokens.curve), by: authenticator))
    }

    @Test func `a key that the token brings along is not used`() throws {
        let header = "{\"alg\":\"RS256\",\"kid\":\"first\",\"jwk\":\(SignedTokens.firstKey),\"jku\":\"http://127.0.0.1:1/keys\"}"
        let authenticator = try withKeySet(SignedTokens.set(SignedTokens.secondKey))
        #expect(refused(try ForgedToken.make(header: header), by: authenticator))
        #expect(refused(Secret(SignedTokens.first), by: authenticator))
    }

    @Test func `the id of another key is refused`() throws {
        let misnamed = try withKeySet(SignedTokens.set(SignedTokens.rsa("first", SignedTokens.secondModulus)))
        #expect(refused(Secret(SignedTokens.first), by: misnamed))
        let unnamed = try withKeySet(SignedTokens.set(SignedTokens.rsa(nil, SignedTokens.firstModulus)))
        #expect(refused(Secret(SignedTokens.first), by: unnamed))
    }

    @Test func `a token without a key id needs a set with one key of its kind`() throws {
        let one = try withKeySet(SignedTokens.set(SignedTokens.firstKey, SignedTokens.curveKey))
        #expect(!refused(Secret(SignedTokens.withoutKeyID), by: one))
        let two = try withKeySet(SignedTokens.set(SignedTokens.firstKey, SignedTokens.secondKey))
        #expect(refused(Secret(SignedTokens.withoutKeyID), by: two))
    }

    @Test func `a critical extension is refused`() throws {
        #expect(refused(try ForgedToken.make(header: #"{"alg":"HS256","crit":["b64"],"b64":false}"#)))
        #expect(refused(try ForgedToken.make(header: #"{"alg":"HS256","crit":[]}"#)))
    }

    @Test func `a token made for another purpose is refused`() throws {
        for type in ["logout+jwt", "dpop+jwt", "id+jwt", "JOSE"] {
            #expect(refused(try ForgedToken.make(header: "{\"alg\":\"HS256\",\"typ\":\"\(type)\"}")))
        }
        #expect(refused(try ForgedToken.signed(["token_type": "refresh"])))
        #expect(refused(try ForgedToken.signed(["token_type": "invitation"])))
        #expect(!refused(try ForgedToken.signed(["token_type": "access"])))
    }

    @Test func `an expired token is refused after a minute of grace`() throws {
        #expect(refused(try ForgedToken.signed(["exp": .double(ForgedToken.now - 61)])))
        #expect(!refused(try ForgedToken.signed(["exp": .double(ForgedToken.now - 1)])))
    }

    @Test func `a token without an end, or with one that is no number, is refused`() throws {
        var claims = ForgedToken.claims()
        claims["exp"] = nil
        #expect(refused(try ForgedToken.make(claims: JSON.object(claims).text)))
        for end: JSON in ["4102444800", true, nil, [4_102_444_800]] { #expect(refused(try ForgedToken.signed(["exp": end]))) }
    }

    @Test func `a token that is not yet valid is refused`() throws {
        for name in ["nbf", "iat"] {
            #expect(refused(try ForgedToken.signed([name: .double(ForgedToken.now + 3600)])))
            #expect(refused(try ForgedToken.signed([name: "now"])))
            #expect(!refused(try ForgedToken.signed([name: .double(ForgedToken.now - 10)])))
        }
    }

    @Test func `a token that was verified before is refused once it has expired`() throws {
        let secret = try TokenSecret(
            database: fixture.database, configured: TwinFixture.secret)
        let verifier = TokenVerifier(
            secret: secret, own: SigningKeys(database: fixture.database), keys: nil, issuer: nil, audience: nil)
        let token = try ForgedToken.signed([:])
        _ = try verifier.claims(of: token)
        #expect(failure { _ = try verifier.claims(of: token, now: Clock.now.adding(seconds: 3661)) } == .unauthenticated)
        #expect(failure { _ = try verifier.claims(of: token, for: .refresh) } == .unauthenticated)
    }

    @Test func `another issuer or audience is refused where one is configured`() throws {
        let keys = SignedTokens.set(SignedTokens.firstKey)
        let token = Secret(SignedTokens.first)
        for (issuer, audience, isRefused) in [
            ("https://issuer.example", "authenticated", false), ("https://issuer.example/", "authenticated", true),
            ("https://other.example", "authenticated", true), ("https://issuer.example", "other", true),
        ] {
            let authenticator = try withKeySet(keys, ["TWIN_JWT_ISSUER": issuer, "TWIN_JWT_AUDIENCE": audience])
            #expect(refused(token, by: authenticator) == isRefused, "\(issuer) \(audience)")
        }
        let strict = try fixture.authenticator([
            "TWIN_JWT_SECRET": TwinFixture.secret.reveal(), "TWIN_JWT_ISSUER": "https://issuer.example",
            "TWIN_JWT_AUDIENCE": "here",
        ])
        #expect(refused(try ForgedToken.signed([:]), by: strict))
        #expect(refused(try ForgedToken.signed(["iss": "https://issuer.example", "aud": ["there"]]), by: strict))
        #expect(!refused(try ForgedToken.signed(["iss": "https://issuer.example", "aud": ["there", "here"]]), by: strict))
    }

    @Test func `another secret, and a changed token, are refused`() throws {
        #expect(refused(try ForgedToken.make(key: Array("another secret of more than 32 characters!".utf8))))
        #expect(refused(try ForgedToken.make(key: [])))
        let token = try ForgedToken.make().reveal()
        for index in token.indices where token[index] != "." {
            var changed = token
            changed.replaceSubrange(index...index, with: token[index] == "A" ? "B" : "A")
            #expect(refused(Secret(changed)))
        }
    }

    @Test func `what is no token is refused without a crash`() throws {
        let token = try ForgedToken.make().reveal()
        let nested = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        var texts = [
            "", ".", "..", "...", "a.b.c", "\u{0}", token + ".", "." + token, token + ".x", token.uppercased(), " " + token,
            String(token.dropLast()), String(repeating: "a", count: 20_000), token.replacing(".", with: ".."),
            String(repeating: ".", count: 10_000), "é.é.é",
        ]
        texts.append(try ForgedToken.make(claims: "{\"sub\":\"x\",\"exp\":4102444800,\"a\":\(nested)}").reveal())
        texts.append(try ForgedToken.make(claims: "[]").reveal())
        texts.append(try ForgedToken.make(claims: "{\"sub\":\"x\",\"exp\":1,\"exp\":4102444800}").reveal())
        texts.append(try ForgedToken.make(header: "{\"alg\":\"HS256\",\"alg\":\"HS256\"}").reveal())
        texts.append(try ForgedToken.make(header: "{\"alg\":[\"HS256\"]}").reveal())
        texts.append(try ForgedToken.make(header: "{\"alg\":\"HS256\",\"kid\":7}").reveal())
        for text in texts { #expect(refused(Secret(text)), "\(text.prefix(40))") }
        for length in stride(from: 0, to: token.count, by: 3) { #expect(refused(Secret(String(token.prefix(length))))) }
    }

    @Test func `a token without a usable subject is refused`() throws {
        for subject: JSON in ["", nil, 7, .string(String(repeating: "x", count: 201)), "a\u{0}b", "a\nb"] {
            #expect(refused(try ForgedToken.signed(["sub": subject])))
        }
    }

    @Test func `a short secret is not used`() throws {
        #expect(
            failure { _ = try fixture.authenticator(["TWIN_JWT_SECRET": "0123456789012345678901234567890"]) } == .notConfigured)
        _ = try fixture.authenticator(["TWIN_JWT_SECRET": "01234567890123456789012345678901"])
    }

    @Test func `without any secret or key set a token is not refused but cannot be checked`() throws {
        let bare = try fixture.authenticator([:])
        #expect(failure { _ = try bare.principal(bearer: ForgedToken.make(), apiKey: nil, origin: nil) } == .notConfigured)
        #expect(try bare.principal(bearer: nil, apiKey: nil, origin: nil) == .nobody)
    }

    @Test func `the cache of verified tokens is bounded`() {
        var cache = VerifiedTokens()
        guard let claims = try? TokenClaims(JSONWebToken(parsing: ForgedToken.make()), isLocal: false) else {
            return #expect(Bool(false))
        }
        func digest(_ number: Int) -> TokenDigest {
            TokenDigest([UInt8(number >> 16 & 255), UInt8(number >> 8 & 255), UInt8(number & 255)])
        }
        for number in 0..<20_000 {
            cache.insert(VerifiedTokens.Entry(claims: claims, witness: .secret(isOwn: false)), for: digest(number))
        }
        #expect(cache.count <= VerifiedTokens.capacity)
        #expect(cache[digest(19_999)] != nil)
        #expect(cache[digest(0)] == nil)
    }
}
