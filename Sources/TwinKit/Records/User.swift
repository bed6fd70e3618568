import TwinDatabase
import TwinSupport

/// Somebody who can sign in.
package struct User: Sendable, Equatable {
    package enum Role: String, Sendable, CaseIterable {
        /// May do everything in the tenant.
        case owner
        /// May read and ask.
        case viewer
    }

    /// None for somebody with a good token who has no row yet: `Users.sync` makes one.
    package let key: Int64?
    /// The subject of the user's tokens.
    package let id: String
    package let tenantID: String?
    /// In lower case.
    package let email: String
    package let role: Role
    package let fullName: String?
    package let avatarURL: String?
    package let invitedAt: Timestamp?
    package let createdAt: Timestamp
    package let lastActiveAt: Timestamp?
    /// Tokens issued before this instant are refused.
    let tokensValidFrom: Timestamp?

    static let columns =
        "key, id, tenant_id, email, role, full_name, avatar_url, invited_at, created_at, last_active_at, tokens_valid_from"

    init(_ row: Row) {
        key = row.int64(0)
        id = row.text(1)
        tenantID = row.optionalText(2)
        email = row.text(3)
        role = Role(rawValue: row.text(4)) ?? .viewer
        fullName = row.optionalText(5)
        avatarURL = row.optionalText(6)
        invitedAt = row.timestamp(7)
        createdAt = row.timestamp(8) ?? Timestamp(milliseconds: 0)
        lastActiveAt = row.timestamp(9)
        tokensValidFrom = row.timestamp(10)
    }

    /// Whether the account was deleted: its address is a mark that nobody can sign in with.
    var isDeleted: Bool { email.hasPrefix("deleted_") || email.hasSuffix("@deleted.local") }

    /// Somebody known from a token only. Without a row there is no tenant, and so nothing to open.
    init(id: String, email: String, fullName: String?, avatarURL: String?) {
        key = nil
        self.id = id
        tenantID = nil
        self.email = email
        role = .owner
        self.fullName = fullName
        self.avatarURL = avatarURL
        invitedAt = nil
        createdAt = Clock.now
        lastActiveAt = nil
        tokensValidFrom = nil
    }
}
