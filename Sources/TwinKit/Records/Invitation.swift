import TwinDatabase
import TwinSupport

/// A place in a tenant that is held for an e-mail address until it is taken or a week has passed.
package struct Invitation: Sendable, Equatable {
    /// A row may stay `pending` past `expiresAt` until somebody comes with it: both have to be looked at.
    package enum Status: String, Sendable, CaseIterable { case pending, accepted, expired }

    package let id: String
    package let tenantID: String
    /// In lower case.
    package let email: String
    package let role: User.Role
    package let status: Status
    /// The id of the user who sent it, or `local` for the command line.
    package let invitedBy: String?
    package let createdAt: Timestamp
    package let expiresAt: Timestamp
    /// Nil until it is.
    package let acceptedAt: Timestamp?

    static let columns = "id, tenant_id, email, role, status, invited_by, created_at, expires_at, accepted_at"

    init(_ row: Row) throws {
        try row.check(columns: 9)
        id = row.text(0)
        tenantID = row.text(1)
        email = row.text(2)
        role = try row.value(3)
        status = try row.value(4)
        invitedBy = row.optionalText(5)
        createdAt = try row.requiredTimestamp(6)
        expiresAt = try row.requiredTimestamp(7)
        acceptedAt = try row.timestamp(8)
    }
}
