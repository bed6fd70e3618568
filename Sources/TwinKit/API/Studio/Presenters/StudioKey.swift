import TwinSupport

// An API key as the studio contract shows it, without its text. The command line prints the same.

extension KeyStore.Key: JSONRepresentable {
    package var json: JSON {
        [
            "id": .string(id), "key_prefix": .string(prefix + "..."), "name": .string(name),
            "allowed_domains": .strings(allowedDomains), "is_active": .bool(isActive),
            "created_at": .string(createdAt.description), "last_used_at": .optional(lastUsedAt?.description),
            "expires_at": .optional(expiresAt?.description), "allowed_twin_ids": .strings(allowedTwinIDs),
            "scopes": .strings(scopes.map(\.rawValue)), "group_id": .optional(groupID), "created_by": .optional(createdBy),
        ]
    }
}
