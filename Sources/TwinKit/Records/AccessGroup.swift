import TwinDatabase
import TwinHTTP
import TwinSupport

/// A set of callers with what they may read of one twin.
package struct AccessGroup: Sendable, Equatable {
    /// The row's key, which joins use; `id` is what people and contracts see.
    package let key: Int64
    package let id: String
    package let tenantID: String
    package let twinKey: Int64
    package let twinID: String
    package var name: String
    package var description: String?
    /// New sources and verified answers are granted to it, and callers without a group get it.
    package let isDefault: Bool
    /// Visitors of a share link get it.
    package let isPublic: Bool
    package var settings: JSONObject
    package let createdAt: Timestamp
    package var updatedAt: Timestamp

    static let columns = """
        key, id, tenant_id, twin_key, name, description, is_default, is_public, settings, created_at, updated_at,
        (SELECT t.id FROM twins t WHERE t.key = twin_key)
        """

    init(_ row: Row) throws {
        try row.check(columns: 12)
        key = row.int64(0)
        id = row.text(1)
        tenantID = row.text(2)
        twinKey = row.int64(3)
        name = row.text(4)
        description = row.optionalText(5)
        isDefault = row.bool(6)
        isPublic = row.bool(7)
        settings = try row.object(8)
        createdAt = try row.requiredTimestamp(9)
        updatedAt = try row.requiredTimestamp(10)
        twinID = row.text(11)
    }
}
