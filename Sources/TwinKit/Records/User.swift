import TwinDatabase
import TwinSupport

/// Somebody who can sign in.
package struct User: Sendable, Equatable {
    /// What a user may do in the tenant; the words are those of the table.
    package enum Role: String, Sendable, CaseIterable {
        /// May do everything in the tenant.
        case owner
        /// May read and ask, and talks with those who ask.
        case supporter
        /// May read and ask.
        case viewer
    }

    /// None for somebody with a good token who has no row yet: `Users.sync` makes one.
    package let key: Int64?
    /// The subject of the user's tokens.
    package let id: String
    /// Every user with a row has one.
    package let tenantID: String?
    /// In lower case; empty for somebody who has none, because another user proved to be its holder.
    package let email: String
    /// Whether the address is known to be theirs: by an invitation's token, by an issuer that says so, or by the operator.
    /// Nothing that is kept for an address is given to somebody who only claims it.
    package let isProven: Bool
    package let role: Role
    /// Whether the operator of the server made this user one too.
    package let isOperator: Bool
    package let fullName: String?
    package let avatarURL: String?
    /// Nil for somebody who was not invited.
    package let invitedAt: Timestamp?
    package let createdAt: Timestamp
    /// To within five minutes; nil before the first sign-in.
    package let lastActiveAt: Timestamp?
    /// Rises when all tokens of the user end. A token names the one that it was made in, so that no clock decides.
    let tokenGeneration: Int
    /// Tokens without a generation, made by earlier versions, are refused when they were issued before this instant.
    let tokensValidFrom: Timestamp?
    /// What the token of somebody without a row says: how the row is made.
    package let account: IssuedAccount?

    /// An account that an issuer of tokens keeps.
    package struct IssuedAccount: Sendable, Equatable {
        /// `iss`; none for a token that names no issuer.
        package var issuer: String?
        /// `sub`.
        package var subject: String
        /// `email_verified`: the issuer has seen to it that the address is theirs.
        package var provesAddress: Bool
        /// `tenant_id`: where the issuer wants them.
        package var tenantID: String?

        package init(issuer: String?, subject: String, provesAddress: Bool = false, tenantID: String? = nil) {
            self.issuer = issuer
            self.subject = subject
            self.provesAddress = provesAddress
            self.tenantID = tenantID
        }
    }

    static let columns = """
        key, id, tenant_id, email, is_proven, role, is_operator, full_name, avatar_url, invited_at, created_at, last_active_at,
        token_generation, tokens_valid_from
        """

    init(_ row: Row) throws { try self.init(row, allowsMore: false) }

    /// With `allowsMore`, of the first columns of a wider row.
    init(_ row: Row, allowsMore: Bool) throws {
        try row.check(columns: 14, allowsMore: allowsMore)
        key = row.int64(0)
        id = row.text(1)
        tenantID = row.text(2)
        email = row.optionalText(3) ?? ""
        isProven = row.bool(4)
        role = try row.value(5)
        isOperator = row.bool(6)
        fullName = row.optionalText(7)
        avatarURL = row.optionalText(8)
        invitedAt = try row.timestamp(9)
        createdAt = try row.requiredTimestamp(10)
        lastActiveAt = try row.timestamp(11)
        tokenGeneration = row.int(12)
        tokensValidFrom = try row.timestamp(13)
        account = nil
    }

    /// Whether the account was deleted: its address is a mark that nobody can sign in with.
    var isDeleted: Bool { email.hasPrefix("deleted_") || email.hasSuffix("@deleted.local") }

    /// Somebody known from a token only. Without a row there is no tenant, and so nothing to open.
    init(id: String, email: String, fullName: String?, avatarURL: String?, account: IssuedAccount) {
        key = nil
        self.id = id
        tenantID = nil
        self.email = email
        isProven = false
        role = .owner
        isOperator = false
        self.fullName = fullName
        self.avatarURL = avatarURL
        invitedAt = nil
        createdAt = Clock.now
        lastActiveAt = nil
        tokenGeneration = 0
        tokensValidFrom = nil
        self.account = account
    }
}
