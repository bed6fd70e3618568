import TwinSupport

/// What a verified token says of its user.
struct TokenClaims: Sendable {
    enum Purpose: String, Sendable {
        /// Lets its holder in.
        case access
        /// Is only good for new tokens.
        case refresh
    }

    /// All of them, as they were signed.
    let object: JSONObject
    /// `sub`: the user's id.
    let subject: String
    let email: String
    let fullName: String?
    let avatarURL: String?
    let purpose: Purpose
    let issuedAt: Timestamp?
    /// Made by this program, for a user who must have a row here.
    let isLocal: Bool

    static let maximumSubjectLength = 200

    /// Throws `TwinError` (`unauthenticated`) without a usable subject.
    init(_ token: JSONWebToken) throws {
        let object = token.claims
        self.object = object
        guard let subject = object["sub"]?.stringValue, !subject.isEmpty, subject.utf8.count <= Self.maximumSubjectLength,
            subject.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        else { throw JSONWebToken.refused }
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
        isLocal = token.header.algorithm == .hs256 && object["iss"] == .string(Tokens.issuer)
    }
}
