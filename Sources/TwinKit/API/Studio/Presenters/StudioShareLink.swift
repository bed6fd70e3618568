import TwinSupport

/// A share link as the studio contract shows it.
package struct StudioShareLink: JSONRepresentable {
    let link: ShareLink

    package init(_ link: ShareLink) { self.link = link }

    package var json: JSON {
        [
            "twin_id": .string(link.twinID), "share_token": .optional(link.token), "share_url": .optional(link.url),
            "public_share_enabled": .bool(link.isEnabled), "share_token_expires_at": .optional(link.expiresAt?.description),
        ]
    }
}
