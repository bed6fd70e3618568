import TwinSupport

/// Where links to pages lead: to the pages that twin serves itself, or to a front end's in their place.
package struct PageLinks: Sendable, Equatable {
    /// What every link begins with, without a slash at its end.
    package let base: String

    package init(base: String) {
        var base = base
        while base.hasSuffix("/") { base.removeLast() }
        self.base = base
    }

    /// The page on which anybody who has the token may ask the twin.
    package func share(twinID: String, token: String) -> String { "\(base)/share/\(twinID)/\(token)" }

    /// The page on which the invited person accepts.
    package func invitation(token: Secret) -> String { "\(base)/auth/accept-invitation/\(token.reveal())" }

    /// The page on which somebody who has the token chooses a new password.
    package func passwordReset(token: Secret) -> String { "\(base)/auth/reset-password/\(token.reveal())" }
}
