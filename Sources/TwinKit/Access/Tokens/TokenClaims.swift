import TwinSupport

/// What a verified token says of its user.
struct TokenClaims: Sendable {
    enum Purpose: String, Sendable {
        /// Lets its holder in.
        case access
        /// Is only good for new tokens.
        case refresh
        /// Asks one twin from the page of a widget.
        case page
        /// Lets a contact of a support desk chat and read its own sessions, and nothing else.
        case contact
        /// Lets whoever uses a widget go on with one session, and nothing else.
        case widget
    }

    /// All of them, as they were signed.
    let object: JSONObject
    /// `sub`: the user's id, or the name that a foreign issuer has for them.
    let subject: String
    let email: String
    let fullName: String?
    let avatarURL: String?
    let purpose: Purpose
    let issuedAt: Timestamp?
    /// Made by this program, for a user who must have a row here.
    let isLocal: Bool
    /// `iss` of a token that was not made here; none where it names nobody and only the shared secret vouches for it.
    let issuer: String?
    /// `tenant_id`, which an issuer may give: where it wants the user. Never of `user_metadata`, which users write themselves.
    let tenantID: String?
    /// `email_verified`: the issuer has seen to it that the address is the user's.
    let provesAddress: Bool
    /// `jti`.
    let tokenID: String?
    /// `sid`: the sign-in that a token of this program belongs to.
    let sessionID: String?
    /// `gen`: how often all tokens of the user had ended when a token of this program was made.
    let generation: Int?

    static let maximumSubjectLength = 200

    /// Throws `TwinError` (`unauthenticated`) without a usable subject.
    init(_ token: JSONWebToken, isLocal: Bool) throws {
        let object = token.claims
        self.object = object
        func name(_ claim: String) throws -> String? {
            guard let value = object[claim], !value.isNull else { return nil }
            guard let text = value.stringValue, text.utf8.count <= Self.maximumSubjectLength,
                text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
            else { throw JSONWebToken.refused }
            return text
        }
        guard let subject = try name("sub"), !subject.isEmpty else { throw JSONWebToken.refused }
        self.subject = subject
        email = (object["email"]?.stringValue ?? "").lowercased()
        let metadata = object["user_metadata"]
        func text(_ names: String...) -> String? {
            for name in names {
                if let text = (metadata?[name] ?? object[name])?.stringValue?.trimmed, !text.isEmpty { return text }
            }
            return nil
        }
        fullName = text("full_name", "name")
        avatarURL = text("avatar_url", "picture")
        if let type = object["token_type"] {
            guard let purpose = type.stringValue.flatMap(Purpose.init) else { throw JSONWebToken.refused }
            self.purpose = purpose
        } else {
            purpose = .access
        }
        // Times in a token are seconds with a fraction perhaps; one that no instant has was refused before.
        issuedAt = object["iat"]?.doubleValue.map { Timestamp(milliseconds: Int64(max(-1e15, min(1e15, $0 * 1000)))) }
        let issuer = try name("iss")
        let isShared = token.header.algorithm == .hs256
        self.isLocal = isLocal
        // A key set's token without an issuer is nobody's of the shared secret.
        self.issuer = issuer ?? (isShared ? nil : "")
        tenantID = try name("tenant_id")
        provesAddress = object["email_verified"] == true
        tokenID = try name("jti")
        sessionID = isLocal ? try name("sid") : nil
        generation = isLocal ? object["gen"]?.intValue : nil
    }

    /// The account that a token of another issuer is for.
    var account: User.IssuedAccount {
        User.IssuedAccount(issuer: issuer, subject: subject, provesAddress: provesAddress, tenantID: tenantID)
    }
}

extension User {
    /// Whether a token of this user still counts: not when all tokens have ended since it was made.
    func accepts(_ claims: TokenClaims, now: Timestamp = Clock.now) -> Bool {
        if let generation = claims.generation { return generation == tokenGeneration }
        // Of an issuer, or of a version that did not number them. An instant that lies ahead is of a clock that was set back.
        guard let tokensValidFrom, tokensValidFrom <= now.adding(seconds: 60) else { return true }
        return claims.issuedAt.map { $0 >= tokensValidFrom } ?? false
    }
}
