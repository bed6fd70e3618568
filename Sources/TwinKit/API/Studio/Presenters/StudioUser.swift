import TwinSupport

/// A user as the studio contract shows it.
package struct StudioUser: JSONRepresentable {
    let user: User

    package init(_ user: User) { self.user = user }

    package var json: JSON {
        [
            "id": .string(user.id), "tenant_id": .optional(user.tenantID), "email": .string(user.email),
            "role": .string(user.role.rawValue),
            "full_name": .optional(user.fullName), "avatar_url": .optional(user.avatarURL),
            "invited_at": .optional(user.invitedAt?.description), "created_at": .string(user.createdAt.description),
            "last_active_at": .optional(user.lastActiveAt?.description), "is_proven": .bool(user.isProven),
            "is_operator": .bool(user.isOperator),
        ]
    }
}

/// What went with a user who was removed, as the studio contract shows it.
package struct StudioRemoval: JSONRepresentable {
    let removal: Users.Removal

    package init(_ removal: Users.Removal) { self.removal = removal }

    /// The keys that the user had made: revoked, or kept.
    var keys: JSONObject { [removal.keepsKeys ? "kept_keys" : "revoked_keys": .array(removal.keys.map(\.json))] }

    package var json: JSON { .object((StudioUser(removal.user).json.objectValue ?? JSONObject()).merging(keys)) }
}

/// An invitation as the studio contract shows it; its token is shown once, beside it.
package struct StudioInvitation: JSONRepresentable {
    let invitation: Invitation

    package init(_ invitation: Invitation) { self.invitation = invitation }

    package var json: JSON {
        [
            "id": .string(invitation.id), "tenant_id": .string(invitation.tenantID), "email": .string(invitation.email),
            "role": .string(invitation.role.rawValue),
            "status": .string(invitation.status.rawValue), "invited_by": .optional(invitation.invitedBy),
            "created_at": .string(invitation.createdAt.description),
            "expires_at": .string(invitation.expiresAt.description), "accepted_at": .optional(invitation.acceptedAt?.description),
        ]
    }

    /// The answer to whoever invites: with the token and its link, which are shown this once.
    package func json(token: Secret, url: String) -> JSON {
        .object(
            (json.objectValue ?? JSONObject()).merging([
                "invitation_token": .string(token.reveal()), "invitation_url": .string(url),
            ]))
    }
}
