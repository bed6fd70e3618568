import TwinSupport

/// A twin as the studio contract shows it.
package struct StudioTwin: JSONRepresentable {
    let twin: Twin

    package init(_ twin: Twin) { self.twin = twin }

    package var json: JSON {
        [
            "id": .string(twin.id), "tenant_id": .string(twin.tenantID), "slug": .string(twin.slug), "name": .string(twin.name),
            "description": .string(twin.description), "specialization": .string(twin.specialization),
            "settings": .object(shownSettings), "is_public": .bool(twin.isPublic),
            // Nobody verifies twins yet: the contract has the words, but no way to ask for it.
            "is_verified": false, "verification_status": "unverified", "created_at": .string(twin.createdAt.description),
            "updated_at": .string(twin.updatedAt.description), "archived_at": .optional(twin.archivedAt?.description),
        ]
    }

    /// The settings with what is kept beside them.
    private var shownSettings: JSONObject {
        var object = twin.settings.object
        object["is_public"] = .bool(twin.isPublic)
        object["widget_settings"] = ["public_share_enabled": .bool(twin.isPublic)]
        if let archivedAt = twin.archivedAt { object["deleted_at"] = .string(archivedAt.description) }
        return object
    }
}
