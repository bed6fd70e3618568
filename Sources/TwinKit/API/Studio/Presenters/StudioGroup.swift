import TwinSupport

// Access groups, their members and what they may read, as the studio contract shows them. The command line prints the same.

extension AccessGroup: JSONRepresentable {
    package var json: JSON {
        [
            "id": .string(id), "twin_id": .string(twinID), "name": .string(name), "description": .optional(description),
            "is_default": .bool(isDefault), "is_public": .bool(isPublic), "settings": .object(settings),
            "created_at": .string(createdAt.description),
            "updated_at": .string(updatedAt.description),
        ]
    }
}

extension GroupStore.Membership: JSONRepresentable {
    package var json: JSON {
        [
            "id": .string(id), "group_id": .string(groupID), "user_id": .optional(userID), "twin_id": .string(twinID),
            "is_active": .bool(!isPending), "created_at": .string(createdAt.description),
            "users": user.map {
                ["id": .optional(userID), "email": .string($0.email), "role": .optional($0.role?.rawValue)]
            } ?? .null,
            "is_pending": .bool(isPending),
        ]
    }
}

extension ContentPermissions.Permission: JSONRepresentable {
    package var json: JSON {
        [
            "id": .string("\(groupID):\(type.rawValue):\(contentID)"), "group_id": .string(groupID),
            "twin_id": .string(twinID), "content_type": .string(type.rawValue), "content_id": .string(contentID),
            "title": .string(title), "created_at": .string(createdAt.description),
        ]
    }
}
