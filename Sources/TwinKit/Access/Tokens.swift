import TwinDatabase
import TwinSupport

/// Makes the tokens of users who sign in here: an access token for a day and a refresh token for a month, HS256.
package struct Tokens: Sendable {
    /// `iss` of every token that is made here.
    static let issuer = "twin"
    /// In seconds.
    package static let accessLifetime = 86_400
    package static let refreshLifetime = 30 * 86_400
    /// The longest that a token may be asked for, in seconds: ten years, for a script.
    package static let maximumLifetime = 3650 * 86_400

    let database: Database
    let secret: TokenSecret
    let verifier: TokenVerifier
    let audience: String?

    /// A new pair for the user: `{access_token, refresh_token, expires_in, expires_at, token_type}`. Throws `TwinError`.
    package func session(for user: User, now: Timestamp = Clock.now) throws -> JSON {
        let access = try token(for: user, .access, lifetime: Self.accessLifetime, now: now)
        let refresh = try token(for: user, .refresh, lifetime: Self.refreshLifetime, now: now)
        // The places where tokens leave the program are here and in `twin token create`.
        return [
            "access_token": .string(access.reveal()), "refresh_token": .string(refresh.reveal()),
            "expires_in": .number(Self.accessLifetime), "expires_at": .int(now.milliseconds / 1000 + Int64(Self.accessLifetime)),
            "token_type": "bearer",
        ]
    }

    /// A new pair for the holder of a refresh token. Throws `TwinError` (`unauthenticated`) for any other token, and when the
    /// user is gone or has a new password since.
    package func refresh(_ text: Secret) throws -> JSON {
        let claims = try verifier.claims(of: text, for: .refresh)
        guard claims.isLocal, let user = try Users(database: database).find(claims.subject), !user.isDeleted,
            user.accepts(tokenIssuedAt: claims.issuedAt)
        else { throw JSONWebToken.refused }
        return try session(for: user)
    }

    /// An access token that lasts `lifetime` seconds.
    package func accessToken(for user: User, lifetime: Int = accessLifetime) throws -> Secret {
        guard (1...Self.maximumLifetime).contains(lifetime) else {
            throw TwinError(.invalid, "a token lasts at most \(Self.maximumLifetime / 86_400) days")
        }
        return try token(for: user, .access, lifetime: lifetime, now: Clock.now)
    }

    /// The claims of a good access token, for whoever wants to look into it. Throws `TwinError`.
    package func verify(_ text: Secret) throws -> JSONObject { try verifier.claims(of: text).object }

    private func token(for user: User, _ purpose: TokenClaims.Purpose, lifetime: Int, now: Timestamp) throws -> Secret {
        guard user.key != nil, !user.isDeleted else { throw TwinError(.notFound, "there is no such user") }
        // The password may have changed within this second, and older tokens are refused from the next one on.
        let issuedAt = max(now, user.tokensValidFrom ?? now).milliseconds / 1000
        var claims: JSONObject = [
            "iss": .string(Self.issuer), "sub": .string(user.id), "email": .string(user.email), "iat": .int(issuedAt),
            "exp": .int(now.milliseconds / 1000 + Int64(lifetime)), "token_type": .string(purpose.rawValue),
            // Two tokens of the same second differ.
            "jti": .string(Identifier.make()),
        ]
        if let audience { claims["aud"] = .string(audience) }
        return try JSONWebToken.sign(claims, secret: secret.currentOrMade())
    }
}

extension User {
    /// Whether a token of this age still counts: not when the password has changed since.
    func accepts(tokenIssuedAt time: Timestamp?) -> Bool {
        guard let tokensValidFrom else { return true }
        return time.map { $0 >= tokensValidFrom } ?? false
    }
}
