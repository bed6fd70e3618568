/// A set of callers with what they may read of one twin.
public struct AccessGroup: Sendable, Equatable {
    public let key: Int64
    public let id: String
    public let tenantID: String
    public let twinKey: Int64
    public let twinID: String
    public var name: String
    public var description: String?
    /// New sources and verified answers are granted to it, and callers without a group get it.
    public let isDefault: Bool
    /// Visitors of a share link get it.
    public let isPublic: Bool
    public var settings: JSONObject
    public let createdAt: Timestamp
    public var updatedAt: Timestamp

    static let columns = """
        key, id, tenant_id, twin_key, name, description, is_default, is_public, settings, created_at, updated_at,
        (SELECT t.id FROM twins t WHERE t.key = twin_key)
        """

    init(_ row: Row) {
        key = row.int64(0)
        id = row.text(1)
        tenantID = row.text(2)
        twinKey = row.int64(3)
        name = row.text(4)
        description = row.optionalText(5)
        isDefault = row.bool(6)
        isPublic = row.bool(7)
        settings = row.json(8).objectValue ?? JSONObject()
        createdAt = row.timestamp(9) ?? Timestamp(milliseconds: 0)
        updatedAt = row.timestamp(10) ?? createdAt
        twinID = row.text(11)
    }
}
