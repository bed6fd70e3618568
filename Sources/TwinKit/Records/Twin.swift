import TwinDatabase
import TwinHTTP
import TwinSupport

/// A digital twin: one expert's sources, answers and settings, owned by a tenant.
package struct Twin: Sendable, Equatable {
    package let key: Int64
    package let id: String
    package let tenantID: String
    /// The name on the command line: lower-case letters, digits and hyphens, unique in the file.
    package var slug: String
    package var name: String
    package var description: String
    package var specialization: String
    package var settings: TwinSettings
    package let createdAt: Timestamp
    package var updatedAt: Timestamp
    /// Since when it does not answer; nil for one that does.
    package var archivedAt: Timestamp?
    /// Whether its share link answers.
    package var isPublic: Bool

    /// Of the table `twins` under its own name.
    static let columns = """
        key, id, tenant_id, slug, name, description, specialization, settings, created_at, updated_at, archived_at,
        coalesce((SELECT is_enabled FROM share_links WHERE share_links.twin_key = twins.key), 0)
        """

    init(_ row: Row) throws {
        try row.check(columns: 12)
        key = row.int64(0)
        id = row.text(1)
        tenantID = row.text(2)
        slug = row.text(3)
        name = row.text(4)
        description = row.text(5)
        specialization = row.text(6)
        settings = TwinSettings(try row.object(7))
        createdAt = try row.requiredTimestamp(8)
        updatedAt = try row.requiredTimestamp(9)
        archivedAt = try row.timestamp(10)
        isPublic = row.bool(11)
    }
}
