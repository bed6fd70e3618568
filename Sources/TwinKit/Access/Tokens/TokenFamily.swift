import TwinDatabase
import TwinSupport

/// The tokens of one sign-in: which refresh token is good now, and which was before it.
struct TokenFamily: Sendable, Equatable {
    let id: String
    /// `jti` of the refresh token that may be exchanged.
    let current: String

    /// Seconds in which the token before the current one is taken for another tab's, and not for a thief's.
    static let grace = 30.0
    /// Sign-ins of a user that count at a time; the oldest end.
    static let maximumPerUser = 100

    static func begin(
        for user: User, id: String = Identifier.make(), previous: String? = nil, now: Timestamp, on connection: Connection
    ) throws -> TokenFamily {
        guard let key = user.key else { throw Users.notFound }
        let family = TokenFamily(id: id, current: Identifier.make())
        try connection.run(
            """
            INSERT INTO token_families (id, user_key, current, previous, rotated_at, created_at, last_used_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?5)
            """, id, key, family.current, previous, now)
        try connection.run(
            """
            DELETE FROM token_families WHERE user_key = ?1 AND id NOT IN (
                SELECT id FROM token_families WHERE user_key = ?1 ORDER BY ended_at IS NULL DESC, last_used_at DESC, id DESC LIMIT ?2)
            """, key, maximumPerUser)
        return family
    }

    /// Exchanges a refresh token; none when it is good for nothing, and then a copy of an old one has ended the family.
    /// `isNumbered` is false for tokens of versions that knew no families: the first exchange of one begins its family.
    static func exchange(
        _ token: String, of id: String, isNumbered: Bool, user: User, now: Timestamp, on connection: Connection
    ) throws -> TokenFamily? {
        let found = try connection.first(
            "SELECT current, previous, rotated_at, ended_at IS NOT NULL FROM token_families WHERE id = ? AND user_key = ?", id,
            user.key
        ) { (current: $0.text(0), previous: $0.optionalText(1), rotatedAt: try $0.timestamp(2), isEnded: $0.bool(3)) }
        guard let found else {
            return isNumbered ? nil : try begin(for: user, id: id, previous: token, now: now, on: connection)
        }
        guard !found.isEnded else { return nil }
        if token == found.current {
            let family = TokenFamily(id: id, current: Identifier.make())
            try connection.run(
                "UPDATE token_families SET current = ?2, previous = ?3, rotated_at = ?4, last_used_at = ?4 WHERE id = ?1", id,
                family.current, token, now)
            return family
        }
        if token == found.previous, let rotatedAt = found.rotatedAt,
            abs(now.milliseconds - rotatedAt.milliseconds) <= Int64(grace * 1000)
        {
            return TokenFamily(id: id, current: found.current)
        }
        try connection.run("UPDATE token_families SET ended_at = ? WHERE id = ?", now, id)
        if let tenant = user.tenantID {
            try AuditLog.append(
                .refreshTokenReused, tenantID: tenant, actor: user.id, ["session_id": .string(id)], on: connection)
        }
        return nil
    }

    /// Whether this is the refresh token of a sign-in that has not ended.
    static func isCurrent(_ token: String, of id: String, user: User, on connection: Connection) throws -> Bool {
        try connection.first(
            "SELECT 1 FROM token_families WHERE id = ? AND user_key = ? AND current = ? AND ended_at IS NULL", id, user.key,
            token, map: { _ in true }) ?? false
    }

    /// Ends a family of a user. Answers whether it had not ended yet.
    static func end(_ id: String, of userID: String, now: Timestamp, on connection: Connection) throws -> Bool {
        try connection.run(
            """
            UPDATE token_families SET ended_at = ? WHERE id = ? AND ended_at IS NULL
                AND user_key = (SELECT key FROM users WHERE id = ?)
            """, now, id, userID)
        return connection.changes > 0
    }

    static func endAll(of userID: String, now: Timestamp, on connection: Connection) throws {
        try connection.run(
            """
            UPDATE token_families SET ended_at = ? WHERE ended_at IS NULL AND user_key = (SELECT key FROM users WHERE id = ?)
            """, now, userID)
    }

    /// Whether the access tokens of a family still let anybody in.
    static func isOpen(_ id: String, of user: User, on connection: Connection) throws -> Bool {
        try connection.first(
            "SELECT ended_at IS NULL FROM token_families WHERE id = ? AND user_key = ?", id, user.key, map: { $0.bool(0) })
            ?? false
    }
}
