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
    package var archivedAt: Timestamp?
    /// Whether its share link answers.
    package var isPublic: Bool

    /// Of the table `twins` under its own name.
    static let columns = """
        key, id, tenant_id, slug, name, description, specialization, settings, created_at, updated_at, archived_at,
        coalesce((SELECT is_enabled FROM share_links WHERE share_links.twin_key = twins.key), 0)
        """

    init(_ row: Row) {
        key = row.int64(0)
        id = row.text(1)
        tenantID = row.text(2)
        slug = row.text(3)
        name = row.text(4)
        description = row.text(5)
        specialization = row.text(6)
        settings = TwinSettings(row.json(7).objectValue ?? JSONObject())
        createdAt = row.timestamp(8) ?? Timestamp(milliseconds: 0)
        updatedAt = row.timestamp(9) ?? createdAt
        archivedAt = row.timestamp(10)
        isPublic = row.bool(11)
    }
}

extension Twin: JSONRepresentable {
    /// The settings as the studio contract shows them: with what is kept beside them.
    private var shownSettings: JSONObject {
        var object = settings.object
        object["is_public"] = .bool(isPublic)
        object["widget_settings"] = ["public_share_enabled": .bool(isPublic)]
        if let archivedAt { object["deleted_at"] = .string(archivedAt.description) }
        return object
    }

    package var json: JSON {
        [
            "id": .string(id), "tenant_id": .string(tenantID), "slug": .string(slug), "name": .string(name),
            "description": .string(description), "specialization": .string(specialization),
            "settings": .object(shownSettings), "is_public": .bool(isPublic),
            // Nobody verifies twins yet: the contract has the words, but no way to ask for it.
            "is_verified": false, "verification_status": "unverified", "created_at": .string(createdAt.description),
            "updated_at": .string(updatedAt.description), "archived_at": .optional(archivedAt?.description),
        ]
    }
}
