import TwinDatabase
import TwinHTTP
import TwinSupport

/// Signing in at an issuer of OpenID Connect: the authorization code flow (OpenID Connect Core 1.0 section 3.1) with PKCE S256
/// (RFC 7636), a state and a nonce. The issuer is configured, and with it where its users come to be and what they may.
package struct OpenIDSignIn: Sendable {
    static let schema = """
        -- Sign-ins under way at an issuer; each is good once and for ten minutes.
        CREATE TABLE openid_states (
            hash BLOB PRIMARY KEY,
            nonce TEXT NOT NULL,
            verifier TEXT NOT NULL,
            expires_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

    /// Who signs people in, and as what they come: `oidc.*` of the configuration.
    package struct Settings: Sendable {
        /// Exactly as the issuer writes itself in its tokens (OpenID Connect Core 1.0 section 2).
        package var issuer: String
        package var clientID: String
        /// Nil for a public client, which has PKCE alone.
        package var clientSecret: Secret?
        /// Where users come to be who have none yet; none gives each a tenant of their own.
        package var tenantID: String?
        /// What new users become.
        package var role: User.Role

        package init(issuer: String, clientID: String, clientSecret: Secret?, tenantID: String?, role: User.Role) {
            self.issuer = issuer
            self.clientID = clientID
            self.clientSecret = clientSecret
            self.tenantID = tenantID
            self.role = role
        }
    }

    private static let lifetime = 600.0
    private static let maximumStates = 10_000
    private static let responseBytes = 256 << 10

    private let database: Database
    private let settings: Settings
    /// Where the issuer sends the browser back to.
    private let callback: String
    private let client = HTTPClient(policy: .any, userAgent: "twin")

    /// `callback` has to be registered with the issuer, to the letter.
    package init(database: Database, settings: Settings, callback: String) {
        self.database = database
        self.settings = settings
        self.callback = callback
    }

    /// What the issuer says of itself (OpenID Connect Discovery 1.0 section 3).
    private struct Provider {
        let authorization: String
        let token: String
        let keys: String
    }

    private func provider() throws -> Provider {
        var base = settings.issuer
        while base.hasSuffix("/") { base.removeLast() }
        let document = try fetch(ClientRequest(.get, try WebAddress(base + "/.well-known/openid-configuration")))
        // Section 4.3: exactly the issuer that was asked.
        guard document["issuer"]?.stringValue == settings.issuer,
            let authorization = document["authorization_endpoint"]?.stringValue,
            let token = document["token_endpoint"]?.stringValue, let keys = document["jwks_uri"]?.stringValue
        else { throw TwinError(.upstream, "the issuer's configuration does not match oidc.issuer") }
        return Provider(authorization: authorization, token: token, keys: keys)
    }

    private func fetch(_ request: ClientRequest) throws -> JSON {
        var request = request
        request.limits.totalTime = 10_000
        request.limits.connectTime = 3_000
        request.limits.responseBytes = Self.responseBytes
        request.limits.redirects = 0
        do {
            let response = try client.send(request)
            guard response.status == 200 else { throw TwinError(.upstream, "the issuer answered \(response.status)") }
            return try JSONParser.parse(response.body)
        } catch let error as HTTPClientError {
            throw error.twinError
        } catch is JSONError {
            throw TwinError(.upstream, "the issuer does not answer in JSON")
        }
    }

    /// Where the browser goes, and what it keeps to show when it comes back.
    package func begin(now: Timestamp = Clock.now) throws -> (address: String, state: Secret) {
        let provider = try provider()
        let state = Base64.url.encode(Crypto.random(count: 32))
        let nonce = Base64.url.encode(Crypto.random(count: 32))
        let verifier = Base64.url.encode(Crypto.random(count: 48))
        let hash = try SHA256.hash(state)
        try database.write { connection in
            try connection.run("DELETE FROM openid_states WHERE expires_at < ?", now)
            let count = try connection.first("SELECT count(*) FROM openid_states") { $0.int(0) } ?? 0
            guard count < Self.maximumStates else { throw TwinError(.busy, "too many people sign in at once; try again soon") }
            try connection.run(
                "INSERT INTO openid_states (hash, nonce, verifier, expires_at) VALUES (?, ?, ?, ?)", hash, nonce, verifier,
                now.adding(seconds: Self.lifetime))
        }
        let challenge = Base64.url.encode(try SHA256.hash(verifier))
        let query = [
            ("response_type", "code"), ("client_id", settings.clientID), ("redirect_uri", callback),
            ("scope", "openid email profile"), ("state", state), ("nonce", nonce), ("code_challenge", challenge),
            ("code_challenge_method", "S256"),
        ].map { "\($0.0)=\(WebAddress.percentEncoded($0.1))" }.joined(separator: "&")
        return (provider.authorization + (provider.authorization.contains("?") ? "&" : "?") + query, Secret(state))
    }

    /// The user who has signed in at the issuer. `kept` is the state that the browser kept. Throws `TwinError`
    /// (`unauthenticated`) for a state, code, nonce or token that does not fit.
    package func finish(code: String, state: String, kept: Secret?, now: Timestamp = Clock.now) throws -> User {
        let refused = TwinError(.unauthenticated, "the sign-in is no longer valid; begin again")
        guard let kept, try Crypto.equal(Array(kept.reveal().utf8), Array(state.utf8)) else { throw refused }
        let hash = try SHA256.hash(state)
        let found = try database.write { connection in
            let found = try connection.first(
                "SELECT nonce, verifier FROM openid_states WHERE hash = ? AND expires_at > ?", hash, now
            ) { (nonce: $0.text(0), verifier: $0.text(1)) }
            try connection.run("DELETE FROM openid_states WHERE hash = ?", hash)
            return found
        }
        guard let found else { throw refused }
        let provider = try provider()
        let token = try exchange(code, found.verifier, provider)
        let claims = try claims(of: token, nonce: found.nonce, provider, now: now)
        return try user(claims)
    }

    private func exchange(_ code: String, _ verifier: String, _ provider: Provider) throws -> Secret {
        var form = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", callback), ("client_id", settings.clientID),
            ("code_verifier", verifier),
        ]
        if let secret = settings.clientSecret { form.append(("client_secret", secret.reveal())) }
        var request = ClientRequest(.post, try WebAddress(provider.token))
        request.headers.append("Content-Type", "application/x-www-form-urlencoded")
        request.headers.append("Accept", "application/json")
        request.body = Array(form.map { "\($0.0)=\(WebAddress.percentEncoded($0.1))" }.joined(separator: "&").utf8)
        do {
            guard let token = try fetch(request)["id_token"]?.stringValue else { throw JSONWebToken.refused }
            return Secret(token)
        } catch let error as TwinError where error.kind == .upstream {
            // An issuer refuses a code with 400: it is the caller's.
            throw TwinError(.unauthenticated, "the issuer did not accept the code; begin again")
        }
    }

    /// OpenID Connect Core 1.0 section 3.1.3.7.
    private func claims(of text: Secret, nonce: String, _ provider: Provider, now: Timestamp) throws -> JSONObject {
        let token = try JSONWebToken(parsing: text)
        guard token.header.algorithm != .hs256, let key = try KeySet(location: provider.keys).key(for: token.header) else {
            throw JSONWebToken.refused
        }
        try token.verifySignature(key: key)
        try token.checkClaims(JSONWebToken.Rules(issuers: [settings.issuer], audience: settings.clientID), now: now)
        if let party = token.claims["azp"]?.stringValue, party != settings.clientID { throw JSONWebToken.refused }
        guard let stated = token.claims["nonce"]?.stringValue, try Crypto.equal(Array(stated.utf8), Array(nonce.utf8)) else {
            throw JSONWebToken.refused
        }
        return token.claims
    }

    private func user(_ claims: JSONObject) throws -> User {
        guard let subject = claims["sub"]?.stringValue, (1...TokenClaims.maximumSubjectLength).contains(subject.utf8.count),
            settings.issuer != Tokens.issuer
        else { throw JSONWebToken.refused }
        let account = User.IssuedAccount(
            issuer: settings.issuer, subject: subject, provesAddress: claims["email_verified"] == true,
            tenantID: settings.tenantID)
        let users = Users(database: database)
        let synced = try users.sync(
            User(
                id: subject, email: claims["email"]?.stringValue?.lowercased() ?? "", fullName: claims["name"]?.stringValue,
                avatarURL: claims["picture"]?.stringValue, account: account))
        guard synced.created, settings.tenantID != nil, settings.role != synced.user.role else { return synced.user }
        return try users.update(synced.user.id, Users.Change(role: settings.role), by: .localOperator)
    }
}
