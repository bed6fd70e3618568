import TwinDatabase
import TwinSupport

/// Tokens by which somebody who reads a user's mail gives the user a new password: good once, for an hour. The database holds
/// their hashes.
package struct PasswordResets: Sendable {
    let database: Database
    let links: PageLinks

    package init(database: Database, links: PageLinks) {
        self.database = database
        self.links = links
    }

    static let schema = """
        CREATE TABLE password_resets (
            token_hash BLOB PRIMARY KEY,
            user_key INTEGER NOT NULL REFERENCES users (key) ON DELETE CASCADE,
            expires_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX password_resets_by_user ON password_resets (user_key);
        """

    /// In seconds.
    package static let lifetime = 3_600.0
    private static let tokenLength = 43

    /// Where a token is redeemed.
    package func url(token: Secret) -> String { links.passwordReset(token: token) }

    /// The user with this address who may have a new password by mail: somebody with a password, or whose address is proven.
    package func user(email: String) throws -> User? {
        guard let email = try? EmailAddress.checked(email) else { return nil }
        return try database.read { connection in
            guard let user = try Users.find(email: email, on: connection), !user.isDeleted else { return nil }
            let hasPassword = try connection.first("SELECT password IS NOT NULL FROM users WHERE id = ?", user.id) { $0.bool(0) }
            return user.isProven || hasPassword == true ? user : nil
        }
    }

    /// Makes a token for the user, to whom a letter takes it. None for somebody who is gone.
    func make(for userID: String, now: Timestamp = Clock.now) throws -> (user: User, token: Secret)? {
        let token = Secret(Base64.url.encode(Crypto.random(count: 32)))
        let hash = try SHA256.hash(token.reveal())
        return try database.write { connection in
            try connection.run("DELETE FROM password_resets WHERE expires_at <= ?", now)
            guard let user = try Users.find(userID, on: connection), let key = user.key, !user.isDeleted, !user.email.isEmpty
            else { return nil }
            try connection.run(
                "INSERT INTO password_resets (token_hash, user_key, expires_at) VALUES (?, ?, ?)", hash, key,
                now.adding(seconds: Self.lifetime))
            return (user, token)
        }
    }

    /// Gives the token's user this password. Every token of theirs ends, those for other new passwords included. Throws
    /// `TwinError`: `notFound` for a token that is unknown, used or too old.
    package func redeem(_ token: Secret, password: Secret, now: Timestamp = Clock.now) throws -> User {
        let refused = TwinError(.notFound, "this link was used already or is too old; ask for a new one")
        guard token.reveal().utf8.count == Self.tokenLength else { throw refused }
        let hash = try SHA256.hash(token.reveal())
        func owner(_ connection: Connection) throws -> (user: User, tenantID: String) {
            let id = try connection.first(
                """
                SELECT users.id FROM password_resets JOIN users ON users.key = password_resets.user_key
                WHERE token_hash = ? AND expires_at > ?
                """, hash, now
            ) { $0.text(0) }
            guard let id, let user = try Users.find(id, on: connection), !user.isDeleted, let tenant = user.tenantID else {
                throw refused
            }
            return (user, tenant)
        }
        // Only who has a token makes the server hash a password.
        _ = try database.read(owner)
        let password = try PasswordHash.make(password)
        return try database.write { connection in
            let (user, tenant) = try owner(connection)
            try Users.setPassword(of: user.id, password, on: connection)
            try AuditLog.append(
                .passwordReset, tenantID: tenant, actor: user.id, ["user_id": .string(user.id)], on: connection)
            return user
        }
    }
}
