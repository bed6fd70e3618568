import TwinSupport

/// What is configured of tokens: the part of the settings that authentication needs. `Configuration` makes it.
package struct TokenSettings: Sendable {
    /// The shared secret of HS256; none for one that is made here and kept in the database.
    package var secret: Secret?
    /// Where the key set of a foreign issuer is: a path or a URL (RFC 7517).
    package var keySetLocation: String?
    /// The only foreign issuer that is believed; none for whoever has the keys.
    package var issuer: String?
    /// Whom tokens are for; none for anybody.
    package var audience: String?

    package init(
        secret: Secret? = nil, keySetLocation: String? = nil, issuer: String? = nil, audience: String? = nil
    ) {
        self.secret = secret
        self.keySetLocation = keySetLocation
        self.issuer = issuer
        self.audience = audience
    }
}
