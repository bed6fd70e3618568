import TwinDatabase
import TwinSupport

/// Who can sign in: users as rows, each in one tenant. An e-mail address belongs to one user of the whole file, and to whoever
/// proved it before anybody who only claims it.
package struct Users: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    // MARK: Finding

    /// The user with this id; none when there is no row.
    package func find(_ id: String) throws -> User? { try database.read { try Self.find(id, on: $0) } }

    /// The user who has this address, proven or not.
    package func find(email: String) throws -> User? { try database.read { try Self.find(email: email, on: $0) } }

    /// The user with this id, e-mail address or full name. Throws `TwinError`: `notFound`, or `invalid` for a name that
    /// several have.
    package func resolve(_ name: String, tenantID: String? = nil) throws -> User {
        try database.read { try Self.resolve(name, tenantID: tenantID, on: $0) }
    }

    /// Ids before addresses before names: what a user chose to be called never hides another's id or address.
    static func resolve(_ name: String, tenantID: String?, on connection: Connection) throws -> User {
        func isMine(_ user: User) -> Bool { tenantID == nil || user.tenantID == tenantID }
        if name.contains("@"), let user = try find(email: name, on: connection), user.isProven, isMine(user) { return user }
        if let user = try find(name, on: connection), isMine(user) { return user }
        if let user = try find(email: name, on: connection), isMine(user) { return user }
        let named = try connection.rows(
            """
            SELECT \(User.columns) FROM users WHERE full_name = ?1 COLLATE NOCASE AND (?2 IS NULL OR tenant_id = ?2)
            ORDER BY key LIMIT 4
            """, name.trimmed, tenantID, map: User.init)
        guard named.count <= 1 else {
            let who = named.prefix(3).map { $0.email.isEmpty ? $0.id : $0.email }.joined(separator: ", ")
            throw TwinError(.invalid, "several users are called '\(name.shortened(to: 60))': \(who); give the address or the id")
        }
        guard let user = named.first else { throw notFound(name) }
        return user
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
    package func list(tenantID: String? = nil) throws -> [User] { try database.read { try Self.list(of: tenantID, on: $0) } }

    static func list(of tenantID: String?, on connection: Connection) throws -> [User] {
        try connection.rows(
            "SELECT \(User.columns) FROM users WHERE ?1 IS NULL OR tenant_id = ?1 ORDER BY key DESC", tenantID, map: User.init)
    }

    static func find(_ id: String, on connection: Connection) throws -> User? {
        try connection.first("SELECT \(User.columns) FROM users WHERE id = ?", id, map: User.init)
    }

    static func find(email: String, on connection: Connection) throws -> User? {
        try connection.first(
            "SELECT \(User.columns) FROM users WHERE email = ?", email.trimmed.lowercased(), map: User.init)
    }

    static let notFound = TwinError(.notFound, "there is no such user")

    static func notFound(_ name: String) -> TwinError {
        let name = name.shortened(to: 100)
        return TwinError(
            .notFound,
            (try? EmailAddress.checked(name)) == nil
                ? "there is no user '\(name)'; 'twin users list' shows them, 'twin users invite E-MAIL' invites somebody"
                : "there is no user '\(name)'; 'twin users invite \(name)' invites them")
    }

    // MARK: Adding

    /// Adds a user, whose address the operator vouches for; without a password it signs in with tokens only. Without a tenant
    /// it is the file's first. Throws `TwinError`.
    package func add(
        email: String, role: User.Role = .owner, isOperator: Bool = false, password: Secret?, tenantID: String? = nil,
        fullName: String? = nil
    ) throws -> User {
        let email = try EmailAddress.checked(email)
        let fullName = try Self.checkedName(fullName)
        // Deriving takes a while; nobody waits for the writer meanwhile.
        let hash = try password.map(PasswordHash.make)
        return try database.write { connection in
            let user = try Self.insert(
                id: Identifier.make(), tenantID: try tenantID ?? TwinStore.firstTenant(on: connection), email: email,
                isProven: true, role: role, fullName: fullName, password: hash, on: connection)
            guard isOperator else { return user }
            try connection.run("UPDATE users SET is_operator = 1 WHERE id = ?", user.id)
            return try Self.find(user.id, on: connection) ?? user
        }
    }

    /// Adds a user with a password to a tenant, as somebody of it: the address is only claimed, unless the operator vouches for
    /// it. Throws `TwinError` (`conflict`) for an address that somebody has.
    package func create(
        email: String, role: User.Role, password: Secret, fullName: String?, tenantID: String, by principal: Principal
    ) throws -> User {
        let email = try EmailAddress.checked(email)
        let fullName = try Self.checkedName(fullName)
        let hash = try PasswordHash.make(password)
        return try database.write { connection in
            try Self.create(
                email: email, role: role, passwordHash: hash, fullName: fullName, tenantID: tenantID,
                isProven: principal.isOperator, actor: principal.actorID, on: connection)
        }
    }

    /// Makes somebody the owner of a tenant of their own, as whoever registers is.
    package func register(
        email: String, password: Secret, fullName: String?, furnishing furnish: (String, Connection) throws -> Void
    ) throws -> User {
        let email = try EmailAddress.checked(email)
        let fullName = try Self.checkedName(fullName)
        let hash = try PasswordHash.make(password)
        return try database.write { connection in
            let tenant = try Self.makeTenant(for: fullName, email: email, on: connection)
            let user = try Self.create(
                email: email, role: .owner, passwordHash: hash, fullName: fullName, tenantID: tenant, isProven: false, actor: nil,
                on: connection)
            try furnish(tenant, connection)
            return user
        }
    }

    private static func create(
        email: String, role: User.Role, passwordHash: String, fullName: String?, tenantID: String, isProven: Bool,
        actor: String?, on connection: Connection
    ) throws -> User {
        guard try find(email: email, on: connection) == nil else {
            throw TwinError(.conflict, "there is already a user with the address \(email)")
        }
        let user = try insert(
            id: Identifier.make(), tenantID: tenantID, email: email, isProven: isProven, role: role, fullName: fullName,
            password: passwordHash, on: connection)
        try AuditLog.append(
            .userCreated, tenantID: tenantID, actor: actor ?? user.id,
            ["user_id": .string(user.id), "role": .string(role.rawValue)], on: connection)
        return user
    }

    /// Adds a row. A proven address is taken from whoever only claimed it, and what is kept for it is given to the user; a
    /// claimed one that somebody has claimed before is left out. Throws `TwinError` (`conflict`) when the address was proven by
    /// somebody else.
    static func insert(
        id: String, tenantID: String, email: String, isProven: Bool, role: User.Role, fullName: String?,
        avatarURL: String? = nil, password: String? = nil, invitationID: String? = nil, on connection: Connection
    ) throws -> User {
        let isFree = try vacate(email, isProven: isProven, on: connection)
        let now = Clock.now
        try connection.run(
            """
            INSERT INTO users (id, tenant_id, email, is_proven, role, full_name, avatar_url, password, invited_at, invitation_id,
                created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                id, tenantID, isFree ? email : String?.none, isProven && isFree, role.rawValue, fullName, avatarURL, password,
                invitationID.map { _ in now }, invitationID, now,
            ] as [any DatabaseConvertible])
        guard let user = try find(id, on: connection) else { throw notFound }
        if user.isProven { try GroupStore.takeHeldPlaces(user, on: connection) }
        return user
    }

    /// Makes room for somebody who proves or claims an address, and answers whether they can have it.
    private static func vacate(_ email: String, isProven: Bool, on connection: Connection) throws -> Bool {
        guard !email.isEmpty else { return false }
        guard let holder = try find(email: email, on: connection) else { return true }
        guard !holder.isProven else { throw TwinError(.conflict, "there is already a user with the address \(email)") }
        guard isProven else { return false }
        try connection.run("UPDATE users SET email = NULL WHERE id = ?", holder.id)
        try endPasswordResets(of: holder.id, on: connection)
        return true
    }

    /// Notes that a user's address is proven: taken from whoever else claims it, with what is kept for it. Proving it again
    /// changes nothing. Throws `TwinError` (`conflict`) when it was proven by somebody else.
    static func prove(_ user: User, address: String, on connection: Connection) throws {
        guard !user.isProven || user.email != address else { return }
        if user.email != address, try !vacate(address, isProven: true, on: connection) { return }
        try connection.run("UPDATE users SET email = ?, is_proven = 1 WHERE id = ?", address, user.id)
        if address != user.email { try endPasswordResets(of: user.id, on: connection) }
        if let proven = try find(user.id, on: connection) { try GroupStore.takeHeldPlaces(proven, on: connection) }
    }

    // MARK: Changing

    /// What the operator or an owner changes of a user; what is `nil` stays.
    package struct Change: Sendable, Equatable {
        package var role: User.Role?
        /// Makes the user an operator of the server, or takes that away.
        package var isOperator: Bool?
        /// Vouches for the address.
        package var proves = false

        package init(role: User.Role? = nil, isOperator: Bool? = nil, proves: Bool = false) {
            self.role = role
            self.isOperator = isOperator
            self.proves = proves
        }
    }

    /// Changes a user. Nobody but the operator makes operators. The last owner stays one. Throws `TwinError`.
    package func update(_ id: String, _ change: Change, by principal: Principal) throws -> User {
        guard change.isOperator == nil && !change.proves || principal.isOperator else {
            throw TwinError(.notPermitted, "only the server's operator can make somebody an operator or vouch for an address")
        }
        return try database.write { connection in
            guard let user = try Self.find(id, on: connection) else { throw Self.notFound }
            if let role = change.role, role != user.role {
                if user.role == .owner { try Self.checkOtherOwner(than: user, on: connection) }
                try connection.run("UPDATE users SET role = ? WHERE id = ?", role.rawValue, id)
            }
            if let isOperator = change.isOperator {
                try connection.run("UPDATE users SET is_operator = ? WHERE id = ?", isOperator, id)
            }
            if change.proves {
                guard !user.email.isEmpty else { throw TwinError(.invalid, "the user has no address to vouch for") }
                try Self.prove(user, address: user.email, on: connection)
            }
            guard let changed = try Self.find(id, on: connection) else { throw Self.notFound }
            if changed != user, let tenant = user.tenantID {
                try AuditLog.append(
                    .userUpdated, tenantID: tenant, actor: principal.actorID, about: id,
                    [
                        "user_id": .string(id), "role": .string(changed.role.rawValue), "is_operator": .bool(changed.isOperator),
                        "is_proven": .bool(changed.isProven),
                    ], on: connection)
            }
            return changed
        }
    }

    static func checkOtherOwner(than user: User, on connection: Connection) throws {
        let owners =
            try connection.first("SELECT count(*) FROM users WHERE tenant_id = ? AND role = 'owner'", user.tenantID) { $0.int(0) }
            ?? 0
        guard owners > 1 else {
            throw TwinError(.conflict, "\(user.email) is the last owner; add another owner first")
        }
    }

    // MARK: Removing

    /// What went with a user.
    package struct Removal: Sendable {
        package let user: User
        /// The keys that they had made and that still opened something: revoked, unless they were to be kept.
        package let keys: [KeyStore.Key]
        /// Whether those keys go on opening what they opened.
        package let keepsKeys: Bool
    }

    /// Removes a user with their memberships and the keys that they made, unless `keepingKeys`; the pending invitations that
    /// they sent expire. Nobody removes themselves, and a tenant keeps an owner. `tenantID` is the caller's; a user of another is
    /// not found.
    @discardableResult
    package func remove(
        _ id: String, tenantID: String? = nil, keepingKeys: Bool = false, by principal: Principal
    ) throws -> Removal {
        try database.write { connection in
            guard let user = try Self.find(id, on: connection), tenantID == nil || user.tenantID == tenantID else {
                throw Self.notFound
            }
            guard principal.userID != user.id else {
                throw TwinError(.invalid, "you cannot remove yourself; another owner can")
            }
            if user.role == .owner { try Self.checkOtherOwner(than: user, on: connection) }
            let keys = try KeyStore.usable(madeBy: user, on: connection)
            if !keepingKeys {
                for key in keys { try KeyStore.revoke(key, by: principal.actorID, on: connection) }
            }
            try connection.run(
                "UPDATE invitations SET status = 'expired' WHERE invited_by = ? AND status = 'pending'", user.id)
            try connection.run("DELETE FROM group_memberships WHERE user_id = ?", user.id)
            try connection.run("DELETE FROM users WHERE id = ?", user.id)
            if let tenant = user.tenantID {
                try AuditLog.append(
                    .userRemoved, tenantID: tenant, actor: principal.actorID,
                    [
                        "user_id": .string(user.id), "role": .string(user.role.rawValue),
                        keepingKeys ? "kept_keys" : "revoked_keys": .strings(keys.map(\.id)),
                    ], on: connection)
            }
            return Removal(
                user: user, keys: try keys.map { try KeyStore.find($0.id, on: connection) }, keepsKeys: keepingKeys)
        }
    }

    /// Takes a user out of the tables of who may come in: keys that they made open nothing any more, and what is kept for their
    /// address goes too.
    static func forget(_ user: User, by actor: String?, on connection: Connection) throws {
        for key in try KeyStore.usable(madeBy: user, on: connection) { try KeyStore.revoke(key, by: actor, on: connection) }
        try connection.run("DELETE FROM invitations WHERE invited_by = ? AND status = 'pending'", user.id)
        if !user.email.isEmpty {
            try connection.run("DELETE FROM invitations WHERE email = ?", user.email)
            try connection.run("DELETE FROM group_memberships WHERE email = ?", user.email)
        }
        try connection.run("DELETE FROM group_memberships WHERE user_id = ?", user.id)
        try RateLimit.forget([user.email, user.id], on: connection)
        try connection.run("DELETE FROM users WHERE id = ?", user.id)
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

    /// Whether it is time to note again that somebody is there. A time that lies ahead is of a clock that was set back.
    static func isStale(_ time: Timestamp?, now: Timestamp = Clock.now) -> Bool {
        time.map { abs(now.milliseconds - $0.milliseconds) >= activityInterval } ?? true
    }

    /// Notes that a user is there, at most every five minutes.
    package func touch(_ user: User) throws {
        guard Self.isStale(user.lastActiveAt) else { return }
        try database.write { try $0.run("UPDATE users SET last_active_at = ? WHERE id = ?", Clock.now, user.id) }
    }
}
