import TwinDatabase
import TwinSupport

/// Makes the tokens of users who sign in here: an access token for a day and a refresh token for a month, HS256. A sign-in is
/// one family of tokens; each refresh token is good for one exchange, so that one that was stolen is found out.
package struct Tokens: Sendable {
    /// `iss` of every token that is made here.
    static let issuer = "twin"
    /// In seconds.
    package static let accessLifetime = 86_400
    /// In seconds.
    package static let refreshLifetime = 30 * 86_400
    /// The longest that a token may be asked for, in seconds: ten years, for a script.
    package static let maximumLifetime = 3650 * 86_400

    let database: Database
    let secret: TokenSecret
    let verifier: TokenVerifier
    /// Sign what others check.
    package let keys: SigningKeys
    let audience: String?

    /// How a token is signed.
    package enum Signing: Sendable {
        /// With the shared secret: HS256.
        case secret
        /// With a key whose public half is published: RS256. `claims` are added to those that every token has.
        case published(claims: JSONObject)
    }

    // MARK: Signing in and out

    /// A new pair for the user, who has signed in: `{access_token, refresh_token, expires_in, expires_at, token_type}`. Throws
    /// `TwinError`.
    package func session(for user: User, now: Timestamp = Clock.now) throws -> JSON {
        let family = try database.write { try TokenFamily.begin(for: user, now: now, on: $0) }
        return try pair(for: user, family, now: now)
    }

    /// A new pair for the holder of a refresh token, which is good for nothing else afterwards. Whoever comes with the one
    /// before within half a minute is another tab, and gets the same successor; later it is a copy, and the whole sign-in ends.
    /// Throws `TwinError` (`unauthenticated`) for any other token, and when the user is gone or has a new password since.
    package func refresh(_ text: Secret, now: Timestamp = Clock.now) throws -> JSON {
        let claims = try verifier.claims(of: text, for: .refresh, now: now)
        guard claims.isLocal, let tokenID = claims.tokenID else { throw JSONWebToken.refused }
        let (user, family) = try database.write { connection -> (User, TokenFamily?) in
            guard let user = try Users.find(claims.subject, on: connection), !user.isDeleted, user.accepts(claims, now: now)
            else {
                throw JSONWebToken.refused
            }
            // That a family has ended is kept, so that it is told after the transaction.
            return (
                user,
                try TokenFamily.exchange(
                    tokenID, of: claims.sessionID ?? tokenID, isNumbered: claims.sessionID != nil, user: user,
                    now: now, on: connection)
            )
        }
        guard let family else { throw JSONWebToken.refused }
        return try pair(for: user, family, now: now)
    }

    /// Ends the sign-in that one of these tokens belongs to: its access and refresh tokens are worth nothing from now on.
    /// Answers whether there was one. A token that is bad ends nothing.
    @discardableResult
    package func signOut(_ tokens: Secret?..., now: Timestamp = Clock.now) throws -> Bool {
        var ended = false
        for text in tokens.compactMap(\.self) {
            let claims =
                (try? verifier.claims(of: text, for: .refresh, now: now))
                ?? (try? verifier.claims(of: text, for: .access, now: now))
            guard let claims, claims.isLocal, let family = claims.sessionID ?? (claims.purpose == .refresh ? claims.tokenID : nil)
            else { continue }
            let subject = claims.subject
            ended = try database.write { try TokenFamily.end(family, of: subject, now: now, on: $0) } || ended
        }
        return ended
    }

    /// A new pair whose access token others can check: RS256, with these claims beside the usual ones.
    package func publishedSession(
        for user: User, claims: JSONObject, now: Timestamp = Clock.now
    ) throws -> (access: Secret, refresh: Secret) {
        let family = try database.write { try TokenFamily.begin(for: user, now: now, on: $0) }
        return (
            try token(
                for: user, .access, lifetime: Self.accessLifetime, sessionID: family.id, signing: .published(claims: claims),
                now: now),
            try token(
                for: user, .refresh, lifetime: Self.refreshLifetime, sessionID: family.id, tokenID: family.current,
                signing: .published(claims: claims), now: now)
        )
    }

    /// A new access token for the holder of a refresh token of `publishedSession`, which stays good: clients of that kind read
    /// nothing but the access token. `claims` gives those of the user. Throws `TwinError` (`unauthenticated`) for any other token.
    package func renewPublished(
        _ text: Secret, now: Timestamp = Clock.now, claims: (User) -> JSONObject
    ) throws -> Secret {
        let known = try verifier.claims(of: text, for: .refresh, now: now)
        guard known.isLocal, let family = known.sessionID, let tokenID = known.tokenID else { throw JSONWebToken.refused }
        let user = try database.read { connection -> User in
            guard let user = try Users.find(known.subject, on: connection), !user.isDeleted, user.accepts(known, now: now),
                try TokenFamily.isCurrent(tokenID, of: family, user: user, on: connection)
            else { throw JSONWebToken.refused }
            return user
        }
        return try token(
            for: user, .access, lifetime: Self.accessLifetime, sessionID: family, signing: .published(claims: claims(user)),
            now: now)
    }

    // MARK: Passes

    /// What lets somebody without an account go on with what is theirs.
    package struct Pass: Sendable, Equatable {
        /// How much a pass opens.
        package enum Kind: Sendable, Equatable {
            /// All sessions of the contact.
            case contact
            /// One session.
            case widget
        }

        package var kind: Kind
        package var contactID: String
        package var tenantID: String
        /// The one session that it is for; none where it is for all of the contact's.
        package var sessionID: String?
        /// Until when the token is good that it was read from; none for one that is still to be made.
        package var expiresAt: Timestamp?

        package init(
            _ kind: Kind, contactID: String, tenantID: String, sessionID: String? = nil, expiresAt: Timestamp? = nil
        ) {
            self.expiresAt = expiresAt
            self.kind = kind
            self.contactID = contactID
            self.tenantID = tenantID
            self.sessionID = sessionID
        }
    }

    /// Seconds that passes last.
    package static let contactLifetime = 86_400
    /// In seconds.
    package static let widgetLifetime = 3_600

    /// A token for a pass.
    package func token(for pass: Pass, now: Timestamp = Clock.now) throws -> Secret {
        let issuedAt = now.milliseconds / 1000
        let lifetime = pass.kind == .contact ? Self.contactLifetime : Self.widgetLifetime
        var claims: JSONObject = [
            "iss": .string(Self.issuer), "sub": .string(pass.contactID), "user_id": .string(pass.contactID),
            "tenant_id": .string(pass.tenantID), "iat": .int(issuedAt), "exp": .int(issuedAt + Int64(lifetime)),
            "token_type": .string((pass.kind == .contact ? TokenClaims.Purpose.contact : .widget).rawValue),
            "jti": .string(Identifier.make()),
        ]
        if let session = pass.sessionID { claims["session_id"] = .string(session) }
        if let audience { claims["aud"] = .string(audience) }
        return try keys.sign(claims)
    }

    /// The pass that a token is for; none for a good token of another kind. Throws `TwinError` for a bad one.
    package func pass(_ text: Secret, now: Timestamp = Clock.now) throws -> Pass? {
        for (purpose, kind) in [(TokenClaims.Purpose.contact, Pass.Kind.contact), (.widget, .widget)] {
            guard let claims = try? verifier.claims(of: text, for: purpose, now: now) else { continue }
            guard claims.isLocal, let tenant = claims.tenantID else { throw JSONWebToken.refused }
            let session = claims.object["session_id"]?.stringValue
            guard kind == .contact || session != nil else { throw JSONWebToken.refused }
            let expiry = claims.object["exp"]?.intValue.map { Timestamp(milliseconds: Int64($0) * 1000) }
            return Pass(kind, contactID: claims.subject, tenantID: tenant, sessionID: session, expiresAt: expiry)
        }
        return nil
    }

    // MARK: Making

    private func pair(for user: User, _ family: TokenFamily, now: Timestamp) throws -> JSON {
        let access = try token(for: user, .access, lifetime: Self.accessLifetime, sessionID: family.id, now: now)
        let refresh = try token(
            for: user, .refresh, lifetime: Self.refreshLifetime, sessionID: family.id, tokenID: family.current, now: now)
        // The places where tokens leave the program are here and in `twin token create`.
        return [
            "access_token": .string(access.reveal()), "refresh_token": .string(refresh.reveal()),
            "expires_in": .number(Self.accessLifetime), "expires_at": .int(now.milliseconds / 1000 + Int64(Self.accessLifetime)),
            "token_type": "bearer",
        ]
    }

    /// An access token that lasts `lifetime` seconds, of no sign-in.
    package func accessToken(for user: User, lifetime: Int = accessLifetime, now: Timestamp = Clock.now) throws -> Secret {
        guard (1...Self.maximumLifetime).contains(lifetime) else {
            throw TwinError(.invalid, "a token lasts at most \(Self.maximumLifetime / 86_400) days")
        }
        return try token(for: user, .access, lifetime: lifetime, now: now)
    }

    /// The claims of a good access token, for whoever wants to look into it. Throws `TwinError`.
    package func verify(_ text: Secret) throws -> JSONObject { try verifier.claims(of: text).object }

    private func token(
        for user: User, _ purpose: TokenClaims.Purpose, lifetime: Int, sessionID: String? = nil,
        tokenID: String = Identifier.make(), signing: Signing = .secret, now: Timestamp
    ) throws -> Secret {
        guard user.key != nil, !user.isDeleted else { throw TwinError(.notFound, "there is no such user") }
        let issuedAt = now.milliseconds / 1000
        var claims: JSONObject = [
            "iss": .string(Self.issuer), "sub": .string(user.id), "email": .string(user.email), "iat": .int(issuedAt),
            "exp": .int(issuedAt + Int64(lifetime)), "token_type": .string(purpose.rawValue),
            // Two tokens of the same second differ.
            "jti": .string(tokenID), "gen": .number(user.tokenGeneration),
        ]
        if let sessionID { claims["sid"] = .string(sessionID) }
        if let audience { claims["aud"] = .string(audience) }
        switch signing {
        case .secret: return try JSONWebToken.sign(claims, secret: secret.currentOrMade())
        case .published(let more): return try keys.sign(more.merging(claims))
        }
    }
}
