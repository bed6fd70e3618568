/// The link under which anybody may ask a twin, without an account.
public struct ShareLink: Sendable, Equatable {
    public let twinID: String
    /// None until one is made.
    public let token: String?
    public let isEnabled: Bool
    public let expiresAt: Timestamp?
    /// None without a token; shown also while sharing is off.
    public let url: String?
}

extension ShareLink: JSONRepresentable {
    public var json: JSON {
        [
            "twin_id": .string(twinID), "share_token": .optional(token), "share_url": .optional(url),
            "public_share_enabled": .bool(isEnabled), "share_token_expires_at": .optional(expiresAt?.description),
        ]
    }
}
