import TwinSupport

/// The link under which anybody may ask a twin, without an account.
package struct ShareLink: Sendable, Equatable {
    package let twinID: String
    /// None until one is made.
    package let token: String?
    /// Whether the twin answers there at all, whatever the link.
    package let isEnabled: Bool
    /// Nil where it does not expire.
    package let expiresAt: Timestamp?
    /// None without a token; shown also while sharing is off.
    package let url: String?
}
