import TwinDatabase
import TwinSupport

/// A visitor of a widget or a share link, from the first question to a day after the last.
package struct Session: Sendable, Equatable {
    package let key: Int64
    package let id: String
    package let tenantID: String
    package let twinKey: Int64
    /// The group that the visitor asks as.
    package let groupKey: Int64?
    package let userID: String?
    /// The door that its visitor came through, as `Sessions.Origin` writes it.
    package let origin: String
    package let createdAt: Timestamp
    /// When it last asked; `expiresAt` moves with it.
    package let lastActiveAt: Timestamp
    /// From then on it is ended, and the visitor begins another.
    package let expiresAt: Timestamp

    /// The same visitor in another group.
    func withGroup(_ key: Int64) -> Session {
        Session(copying: self, groupKey: key)
    }

    private init(copying other: Session, groupKey: Int64) {
        key = other.key
        id = other.id
        tenantID = other.tenantID
        twinKey = other.twinKey
        self.groupKey = groupKey
        userID = other.userID
        origin = other.origin
        createdAt = other.createdAt
        lastActiveAt = other.lastActiveAt
        expiresAt = other.expiresAt
    }

    static let columns = "key, id, tenant_id, twin_key, group_key, user_id, created_at, last_active_at, expires_at, origin"

    init(_ row: Row) throws {
        try row.check(columns: 10)
        key = row.int64(0)
        id = row.text(1)
        tenantID = row.text(2)
        twinKey = row.int64(3)
        groupKey = row.optionalInt(4).map(Int64.init)
        userID = row.optionalText(5)
        createdAt = try row.requiredTimestamp(6)
        lastActiveAt = try row.requiredTimestamp(7)
        expiresAt = try row.requiredTimestamp(8)
        origin = row.text(9)
    }
}
