import TwinDatabase
import TwinSearch
import TwinSupport

/// Passwords: setting them, signing in with them, and the end of tokens that were made before.
extension Users {
    /// Tries an address may see a minute: guessing is slow, and so is the work it causes.
    static let signInsPerMinute = 10

    static let wrongPassword = TwinError(.unauthenticated, "the e-mail address or the password is wrong")

    /// The user with this address and password. Throws `TwinError`: `unauthenticated` whatever is wrong, after the same work
    /// for an address that nobody has; `RateLimit.Exceeded` after ten tries in a minute.
    package func signIn(email: String, password: Secret) throws -> User {
        guard let email = try? EmailAddress.checked(email) else { throw Self.wrongPassword }
        let (user, stored) = try database.write { connection in
            try RateLimit.count([RateLimit("sign-in:\(email)", Self.signInsPerMinute, per: .minute)], on: connection)
            let stored = try connection.first("SELECT password FROM users WHERE email = ?", email) { $0.optionalText(0) }
            return (try Self.find(email: email, on: connection), stored ?? nil)
        }
        let isRight = try PasswordHash.verify(password, against: stored)
        guard isRight, let user, !user.isDeleted else { throw Self.wrongPassword }
        return user
    }

    /// Gives a user a new password. Every token made before is refused from now on.
    package func setPassword(_ user: User, _ password: Secret) throws {
        let hash = try PasswordHash.make(password)
        try database.write { connection in
            try connection.run("UPDATE users SET password = ? WHERE id = ?", hash, user.id)
            guard connection.changes == 1 else { throw Self.notFound }
            try Self.invalidateTokens(of: user.id, on: connection)
        }
    }

    /// Refuses every token that was made for the user until now.
    package func invalidateTokens(of user: User) throws {
        try database.write { try Self.invalidateTokens(of: user.id, on: $0) }
    }

    private static func invalidateTokens(of id: String, on connection: Connection) throws {
        // Tokens count whole seconds: those of this second go too, and new ones are dated to the next.
        let next = Timestamp(milliseconds: (Clock.now.milliseconds / 1000 + 1) * 1000)
        try connection.run("UPDATE users SET tokens_valid_from = ? WHERE id = ?", next, id)
    }
}
