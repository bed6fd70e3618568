import TwinDatabase
import TwinSupport

/// Somebody who works at a desk, and whether sessions can be given to them now.
package struct StaffMember: Sendable, Equatable {
    /// Only somebody `online` is given sessions.
    package enum Status: String, Sendable, CaseIterable { case online, busy, away, offline }

    package let user: User
    /// What they set by hand, else what their pings say.
    package let status: Status
    package let isSetByHand: Bool
    package let maximumSessions: Int
    package let currentSessions: Int
    /// Since when they have had nothing to do; of several who are free, the longest idle is given the next session.
    package let idleSince: Timestamp?

    package var isAvailable: Bool { status == .online && currentSessions < maximumSessions }
}

/// Who works at desks and whether they are there.
package struct Staff: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    /// Seconds after the last ping until somebody counts as gone.
    package static let patience = 90.0
    /// How many sessions somebody may hold at once.
    package static let maximumSessions = 1...100

    static let columns = """
        \(User.columns.split(separator: ",").map { "u." + String($0).trimmed }.joined(separator: ", ")),
        p.status, p.pinged_at, coalesce(p.maximum_sessions, 5), p.idle_since,
        (SELECT count(*) FROM desk_handovers h WHERE h.user_key = u.key AND h.status = 'assigned')
        """

    private static func member(_ row: Row, now: Timestamp) throws -> StaffMember {
        let set: StaffMember.Status? = try row.optionalValue(14)
        // A ping that lies ahead is of a clock that was set back.
        let isThere = try row.timestamp(15).map { abs(now.milliseconds - $0.milliseconds) <= Int64(patience * 1000) } ?? false
        return StaffMember(
            user: try User(row, allowsMore: true), status: set ?? (isThere ? .online : .offline), isSetByHand: set != nil,
            maximumSessions: row.int(16), currentSessions: row.int(18), idleSince: try row.timestamp(17))
    }

    /// The supporters of a tenant, those with the fewest sessions first, then those who have waited longest.
    package func list(of tenantID: String, now: Timestamp = Clock.now) throws -> [StaffMember] {
        try database.read { try Self.list(of: tenantID, now: now, on: $0) }
    }

    static func list(of tenantID: String, now: Timestamp = Clock.now, on connection: Connection) throws -> [StaffMember] {
        try connection.rows(
            """
            SELECT \(columns) FROM users u LEFT JOIN desk_staff p ON p.user_key = u.key
            WHERE u.tenant_id = ? AND u.role = 'supporter'
            """, tenantID
        ) { try member($0, now: now) }.sorted {
            ($0.currentSessions, $0.idleSince?.milliseconds ?? 0, $0.user.key ?? 0)
                < ($1.currentSessions, $1.idleSince?.milliseconds ?? 0, $1.user.key ?? 0)
        }
    }

    /// Whether a contact who asks for a person may expect one soon: somebody is there, be it with others.
    static func isAnybodyThere(at tenantID: String, now: Timestamp = Clock.now, on connection: Connection) throws -> Bool {
        try list(of: tenantID, now: now, on: connection).contains { $0.status == .online || $0.status == .busy }
    }

    /// A supporter of the tenant. Throws `TwinError` (`notFound`) for anybody else.
    package func find(_ userID: String, of tenantID: String) throws -> StaffMember {
        try database.read { try Self.find(userID, of: tenantID, on: $0) }
    }

    static func find(
        _ userID: String, of tenantID: String, now: Timestamp = Clock.now, on connection: Connection
    ) throws -> StaffMember {
        let found = try connection.first(
            """
            SELECT \(columns) FROM users u LEFT JOIN desk_staff p ON p.user_key = u.key
            WHERE u.tenant_id = ? AND u.id = ? AND u.role = 'supporter'
            """, tenantID, userID
        ) { try member($0, now: now) }
        guard let found else { throw TwinError(.notFound, "there is no such supporter in this tenant") }
        return found
    }

    /// Makes somebody a supporter of the tenant, with a password.
    package func add(
        email: String, name: String?, password: Secret, maximumSessions: Int?, to tenantID: String, by principal: Principal
    ) throws -> StaffMember {
        let user = try Users(database: database).create(
            email: email, role: .supporter, password: password, fullName: name, tenantID: tenantID, by: principal)
        if let maximumSessions {
            try database.write { connection in
                try connection.run(
                    """
                    INSERT INTO desk_staff (user_key, maximum_sessions) VALUES (?, ?)
                    ON CONFLICT DO UPDATE SET maximum_sessions = excluded.maximum_sessions
                    """, user.key, maximumSessions)
            }
        }
        return try find(user.id, of: tenantID)
    }

    // MARK: Presence

    /// What is changed of somebody's presence.
    package struct Presence: Sendable {
        /// Set by hand; `automatic` goes by pings again.
        package var status: StaffMember.Status?
        package var isAutomatic = false
        package var maximumSessions: Int?
        package init() {}
    }

    /// Notes that somebody is there. What waits is given to them when they have just come.
    package func ping(_ user: User, of tenantID: String, now: Timestamp = Clock.now) throws -> StaffMember {
        try change(user.id, of: tenantID, now: now) { connection in
            try connection.run(
                """
                INSERT INTO desk_staff (user_key, pinged_at, idle_since) VALUES (?1, ?2, ?2)
                ON CONFLICT DO UPDATE SET pinged_at = excluded.pinged_at
                """, user.key, now)
        }
    }

    /// Sets somebody's presence. Whoever becomes available by it is given what waits, in the same transaction. Throws `TwinError`
    /// (`notFound`) for who does not work there.
    package func set(_ presence: Presence, of userID: String, in tenantID: String, now: Timestamp = Clock.now) throws
        -> StaffMember
    {
        try change(userID, of: tenantID, now: now) { connection in
            let key = try Self.find(userID, of: tenantID, now: now, on: connection).user.key
            try connection.run("INSERT INTO desk_staff (user_key, idle_since) VALUES (?, ?) ON CONFLICT DO NOTHING", key, now)
            if presence.isAutomatic || presence.status != nil {
                try connection.run(
                    "UPDATE desk_staff SET status = ? WHERE user_key = ?", presence.isAutomatic ? nil : presence.status?.rawValue,
                    key)
            }
            if let maximum = presence.maximumSessions {
                try connection.run("UPDATE desk_staff SET maximum_sessions = ? WHERE user_key = ?", maximum, key)
            }
        }
    }

    private func change(
        _ userID: String, of tenantID: String, now: Timestamp, _ body: (Connection) throws -> Void
    ) throws -> StaffMember {
        try database.write { connection in
            let before = try Self.find(userID, of: tenantID, now: now, on: connection)
            try body(connection)
            var after = try Self.find(userID, of: tenantID, now: now, on: connection)
            if after.status != before.status {
                try DeskEvents.record(
                    .presence, of: tenantID, session: nil, subject: userID, ["status": .string(after.status.rawValue)],
                    on: connection)
            }
            if after.isAvailable, !before.isAvailable {
                try Handovers.drain(tenantID, now: now, on: connection)
                after = try Self.find(userID, of: tenantID, now: now, on: connection)
            }
            return after
        }
    }
}
