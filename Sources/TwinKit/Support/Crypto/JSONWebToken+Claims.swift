/// The claims that every token is held to (RFC 7519 section 4.1).
extension JSONWebToken {
    /// What a token's claims must be. `exp` must always be there and lie ahead.
    package struct Rules: Sendable, Equatable {
        /// The issuers that are accepted; none accepts every one.
        package var issuers: [String]?
        /// What the token must be meant for; none accepts every audience.
        package var audience: String?
        /// How far the issuer's clock may be from ours, in seconds.
        package var leeway: Double
        /// Whether `nbf` and `iat` may lie ahead: for tokens of this machine, whose clock may have been set back since.
        package var permitsFuture: Bool

        package init(
            issuers: [String]? = nil, audience: String? = nil, leeway: Double = 60, permitsFuture: Bool = false
        ) {
            self.permitsFuture = permitsFuture
            self.issuers = issuers
            self.audience = audience
            self.leeway = leeway
        }
    }

    /// Checks times, issuer and audience. `exp` must be there; `nbf` and `iat`, where they are, must not lie in the
    /// future, unless the rules permit it. Throws `TwinError` (`unauthenticated`).
    package func checkClaims(_ rules: Rules, now: Timestamp = Clock.now) throws {
        try Self.checkTimes(claims, rules, now: now)
        if let issuers = rules.issuers {
            guard let issuer = claims["iss"]?.stringValue, issuers.contains(issuer) else { throw Self.refused }
        }
        if let audience = rules.audience {
            let stated = claims["aud"]
            guard stated?.stringValue == audience || stated?.arrayValue?.contains(.string(audience)) == true else {
                throw Self.refused
            }
        }
    }

    /// Throws `TwinError` when a token has expired, is not good yet, or names no expiry (RFC 7519 section 4.1.4), with some leeway
    /// for clocks that differ.
    package static func checkTimes(_ claims: JSONObject, _ rules: Rules, now: Timestamp) throws {
        let now = Double(now.milliseconds) / 1000
        guard let expiry = claims["exp"]?.doubleValue, now < expiry + rules.leeway else { throw refused }
        for name in ["nbf", "iat"] {
            guard let claim = claims[name] else { continue }
            guard let time = claim.doubleValue, rules.permitsFuture || time <= now + rules.leeway else { throw refused }
        }
    }
}
