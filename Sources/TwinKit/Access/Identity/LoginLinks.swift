import TwinDatabase
import TwinSupport

/// Links by which the operator, who can read the file anyway, comes into the console without a password: good once, for a
/// minute, and from this machine only. The database holds hashes of their tokens.
package struct LoginLinks: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    static let schema = """
        CREATE TABLE login_links (
            token_hash BLOB PRIMARY KEY,
            user_key INTEGER NOT NULL REFERENCES users (key) ON DELETE CASCADE,
            expires_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX login_links_by_user ON login_links (user_key);
        """

    /// In seconds.
    package static let lifetime = 60.0
    private static let tokenLength = 43

    /// Makes the token of a link for this user.
    package func make(for user: User, now: Timestamp = Clock.now) throws -> Secret {
        guard let key = user.key, !user.isDeleted else { throw Users.notFound }
        let token = Secret(Base64.url.encode(Crypto.random(count: 32)))
        let hash = try SHA256.hash(token.reveal())
        try database.write { connection in
            try connection.run("DELETE FROM login_links WHERE expires_at <= ?", now)
            try connection.run(
                "INSERT INTO login_links (token_hash, user_key, expires_at) VALUES (?, ?, ?)", hash, key,
                now.adding(seconds: Self.lifetime))
        }
        return token
    }

    /// The user whom a token lets in, which is good for nothing afterwards. Throws `TwinError` (`unauthenticated`) for any other.
    package func redeem(_ token: Secret, now: Timestamp = Clock.now) throws -> User {
        let refused = TwinError(.unauthenticated, "this link has been used or has expired; 'twin console' makes a new one")
        guard token.reveal().utf8.count == Self.tokenLength else { throw refused }
        let hash = try SHA256.hash(token.reveal())
        let user = try database.write { connection -> User? in
            let id = try connection.first(
                """
                SELECT users.id FROM login_links JOIN users ON users.key = login_links.user_key
                WHERE token_hash = ? AND expires_at > ?
                """, hash, now
            ) { $0.text(0) }
            try connection.run("DELETE FROM login_links WHERE token_hash = ?", hash)
            return try id.flatMap { try Users.find($0, on: connection) }
        }
        guard let user, !user.isDeleted else { throw refused }
        return user
    }
}
