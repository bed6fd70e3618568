import TwinDatabase
import TwinSupport

/// Who can sign in: users as rows, each in at most one tenant.
package struct Users: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    // MARK: Finding

    /// The user with this id; none when there is no row.
    package func find(_ id: String) throws -> User? { try database.read { try Self.find(id, on: $0) } }

    package func find(email: String) throws -> User? { try database.read { try Self.find(email: email, on: $0) } }

    /// The user with this id or e-mail address. Throws `TwinError` (`notFound`).
    package func resolve(_ name: String, tenantID: String? = nil) throws -> User {
        try database.read { connection in
            guard let user = try Self.find(name, on: connection) ?? Self.find(email: name, on: connection),
                tenantID == nil || user.tenantID == tenantID
            else { throw Self.notFound }
            return user
        }
    }

    /// Whether nobody has an account yet.
    package var isEmpty: Bool {
        get throws { try database.read { try $0.first("SELECT 1 FROM users LIMIT 1") { _ in true } == nil } }
    }

    /// Whether the user's tenant has a twin.
    package func hasTwin(_ user: User) throws -> Bool {
        guard let tenant = user.tenantID else { return false }
        return try database.read { try $0.first("SELECT 1 FROM twins WHERE tenant_id = ? LIMIT 1", tenant) { _ in true } == true }
    }

    /// Newest first.
    package func list(tenantID: String? = nil) throws -> [User] {
        try database.read { connection in
            try connection.rows(
                "SELECT \(User.columns) FROM users WHERE ?1 IS NULL OR tenant_id = ?1 ORDER BY key DESC", tenantID, map: User.init
            )
        }
    }

    static func find(_ id: String, on connection: Connection) throws -> User? {
        try connection.first("SELECT \(User.columns) FROM users WHERE id = ?", id, map: User.init)
    }

    static func find(email: String, on connection: Connection) throws -> User? {
        try connection.first(
            "SELECT \(User.columns) FROM users WHERE email = ?", email.trimmed.lowercased(), map: User.init)
    }

    static let notFound = TwinError(.notFound, "there is no such user")

    // MARK: Adding and removing

    /// Adds a user; without a password it signs in with tokens only. Without a tenant it is the file's first. Throws `TwinError`.
    package func add(
        email: String, role: User.Role = .owner, password: Secret?, tenantID: String? = nil, fullName: String? = nil
    ) throws -> User {
        let email = try EmailAddress.checked(email)
        let fullName = try Self.checkedName(fullName)
        // Deriving takes a while; nobody waits for the writer meanwhile.
        let hash = try password.map(PasswordHash.make)
        return try database.write { connection in
            try Self.insert(
                id: Identifier.make(), tenantID: try tenantID ?? TwinStore.firstTenant(on: connection), email: email, role: role,
                fullName: fullName, password: hash, on: connection)
        }
    }

    /// Throws `TwinError` (`conflict`) when the address is taken.
    static func insert(
        id: String, tenantID: String, email: String, role: User.Role, fullName: String?, avatarURL: String? = nil,
        password: String? = nil, invitationID: String? = nil, on connection: Connection
    ) throws -> User {
        guard try find(email: email, on: connection) == nil else {
            throw TwinError(.conflict, "there is already a user with the address \(email)")
        }
        let now = Clock.now
        try connection.run(
            """
            INSERT INTO users (id, tenant_id, email, role, full_name, avatar_url, password, invited_at, invitation_id, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                id, tenantID, email, role.rawValue, fullName, avatarURL, password, invitationID.map { _ in now }, invitationID,
                now,
            ] as [any DatabaseConvertible])
        guard let user = try find(id, on: connection) else { throw notFound }
        return user
    }

    /// Removes a user, with their memberships; the pending invitations that they sent expire. Nobody removes themselves, and
    /// a tenant keeps an owner. `tenantID` is the caller's; a user of another is not found.
    package func remove(_ id: String, tenantID: String? = nil, by principal: Principal) throws {
        try database.write { connection in
            guard let user = try Self.find(id, on: connection), tenantID == nil || user.tenantID == tenantID else {
                throw Self.notFound
            }
            guard principal.userID != user.id else {
                throw TwinError(.invalid, "you cannot remove yourself; another owner can")
            }
            let owners =
                try connection.first(
                    "SELECT count(*) FROM users WHERE tenant_id = ? AND role = 'owner'", user.tenantID
                ) { $0.int(0) } ?? 0
            guard user.role != .owner || user.tenantID == nil || owners > 1 else {
                throw TwinError(.conflict, "\(user.email) is the last owner; add another owner first")
            }
            try connection.run(
                "UPDATE invitations SET status = 'expired' WHERE invited_by = ? AND status = 'pending'", user.id)
            try connection.run("DELETE FROM group_memberships WHERE user_id = ?", user.id)
            try connection.run("DELETE FROM users WHERE id = ?", user.id)
            guard let tenant = user.tenantID else { return }
            try AuditLog.append(
                .userRemoved, tenantID: tenant, actor: principal.actorID,
                ["user_id": .string(user.id), "role": .string(user.role.rawValue)], on: connection)
        }
    }

    /// A person's name as it may be stored: none when blank. Throws `TwinError` (`invalid`).
    static func checkedName(_ name: String?) throws -> String? {
        guard let name = name?.trimmed, !name.isEmpty else { return nil }
        guard name.utf8.count <= 200, !name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw TwinError(.invalid, "a name has at most 200 bytes and no control characters")
        }
        return name
    }

    // MARK: Activity

    /// In milliseconds.
    private static let activityInterval: Int64 = 300_000

    /// Whether it is time to note again that somebody is there.
    static func isStale(_ time: Timestamp?, now: Timestamp = Clock.now) -> Bool {
        time.map { now.milliseconds - $0.milliseconds >= activityInterval } ?? true
    }

    /// Notes that a user is there, at most every five minutes.
    package func touch(_ user: User) throws {
        guard Self.isStale(user.lastActiveAt) else { return }
        try database.write { try $0.run("UPDATE users SET last_active_at = ? WHERE id = ?", Clock.now, user.id) }
    }
}
