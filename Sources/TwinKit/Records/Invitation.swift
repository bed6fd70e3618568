import TwinDatabase
import TwinSupport

/// A place in a tenant that is held for an e-mail address until it is taken or a week has passed.
package struct Invitation: Sendable, Equatable {
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
    package let acceptedAt: Timestamp?

    static let columns = "id, tenant_id, email, role, status, invited_by, created_at, expires_at, accepted_at"

    /// Throws `TwinError` (`failed`) for a role or a state that this version does not know.
    init(_ row: Row) throws {
        id = row.text(0)
        tenantID = row.text(1)
        email = row.text(2)
        role = try User.Role(stored: row.text(3))
        guard let status = Status(rawValue: row.text(4)) else {
            throw TwinError(.failed, "the database has an invitation in the unknown state '\(row.text(4))'")
        }
        self.status = status
        invitedBy = row.optionalText(5)
        createdAt = row.timestamp(6) ?? Timestamp(milliseconds: 0)
        expiresAt = row.timestamp(7) ?? createdAt
        acceptedAt = row.timestamp(8)
    }
}
