/// A visitor of a widget or a share link, from the first question to a day after the last.
public struct Session: Sendable, Equatable {
    public let key: Int64
    public let id: String
    public let tenantID: String
    public let twinKey: Int64
    public let groupKey: Int64?
    public let userID: String?
    public let createdAt: Timestamp
    public let lastActiveAt: Timestamp
    public let expiresAt: Timestamp

    static let columns = "key, id, tenant_id, twin_key, group_key, user_id, created_at, last_active_at, expires_at"

    init(_ row: Row) {
        key = row.int64(0)
        id = row.text(1)
        tenantID = row.text(2)
        twinKey = row.int64(3)
        groupKey = row.optionalInt(4).map(Int64.init)
        userID = row.optionalText(5)
        createdAt = row.timestamp(6) ?? Timestamp(milliseconds: 0)
        lastActiveAt = row.timestamp(7) ?? createdAt
        expiresAt = row.timestamp(8) ?? createdAt
    }
}
