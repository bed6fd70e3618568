import TwinSupport

/// Tokens of pages inside a widget's frame. One stands for the key of the widget and is good for asking one twin, for an hour:
/// the page's calls come from twin's own origin, so that the sites which a key names were looked at when the page was opened.
extension Tokens {
    /// In seconds.
    static let pageLifetime = 3_600

    /// Read by visitors, who have signed in nowhere.
    private static let pageIsOver = TwinError(
        .unauthenticated, "this chat is no longer available here; load the page again")

    /// Signs a token, good for an hour, with which the widget's page asks this twin as the key would. Throws `TwinError` where
    /// the secret cannot be read or made.
    package func pageToken(for key: KeyStore.Key, _ twin: Twin, now: Timestamp = Clock.now) throws -> Secret {
        let issuedAt = now.milliseconds / 1000
        var claims: JSONObject = [
            "iss": .string(Self.issuer), "sub": .string(key.id), "twin": .string(twin.id), "iat": .int(issuedAt),
            "exp": .int(issuedAt + Int64(Self.pageLifetime)), "token_type": .string(TokenClaims.Purpose.page.rawValue),
            "jti": .string(Identifier.make()),
        ]
        if let audience { claims["aud"] = .string(audience) }
        return try JSONWebToken.sign(claims, secret: secret.currentOrMade())
    }

    /// The key that a page was opened with, if the page is this twin's. Throws `TwinError` (`unauthenticated`) for a token that
    /// has expired or is another's, and once the key is gone.
    package func key(ofPage text: Secret, twin: String, now: Timestamp = Clock.now) throws -> KeyStore.Key {
        let claims: TokenClaims
        do {
            claims = try verifier.claims(of: text, for: .page, now: now)
        } catch let error as TwinError where error.kind == .unauthenticated {
            throw Self.pageIsOver
        }
        guard claims.isLocal, claims.object["twin"] == .string(twin),
            let key = try? KeyStore(database: database).find(claims.subject), key.isActive, !key.isExpired
        else { throw Self.pageIsOver }
        return key
    }
}
