import TwinDatabase
import TwinSupport

/// Who is in a group. A place in it is a user's, or is held for an invited address until somebody proves it.
extension GroupStore {
    /// One place in a group.
    package struct Membership: Sendable, Equatable {
        package let id: String
        package let groupID: String
        package let twinID: String
        /// None while the place is held for an address.
        package let userID: String?
        package let createdAt: Timestamp
        /// The user's address and role, or the address that the place is held for; none for an id that no user of the tenant has.
        package let user: (email: String, role: User.Role?)?

        package var isPending: Bool { userID == nil }

        /// Every field, written out because tuples are not `Equatable`.
        package static func == (left: Self, right: Self) -> Bool {
            (left.id, left.groupID, left.twinID, left.userID, left.createdAt)
                == (right.id, right.groupID, right.twinID, right.userID, right.createdAt)
                && left.user?.email == right.user?.email && left.user?.role == right.user?.role
        }
    }

    /// The members, oldest first, with the places that are held.
    package func members(of group: AccessGroup) throws -> [Membership] {
        try database.read { connection in
            try connection.rows(
                """
                SELECT m.id, m.user_id, m.created_at, coalesce(u.email, m.email), u.role
                FROM group_memberships m LEFT JOIN users u ON u.id = m.user_id AND u.tenant_id = ?
                WHERE m.group_key = ? AND m.is_active ORDER BY m.key
                """, group.tenantID, group.key
            ) { row in
                let role = try row.optionalValue(4, as: User.Role.self)
                return Membership(
                    id: row.text(0), groupID: group.id, twinID: group.twinID, userID: row.optionalText(1),
                    createdAt: try row.requiredTimestamp(2), user: row.optionalText(3).map { ($0, role) })
            }
        }
    }

    /// How the files of a twin name the members of a group: by proven address where there is one, which means the same in another
    /// database, else by id.
    static func memberNames(of group: AccessGroup, on connection: Connection) throws -> [String] {
        try connection.rows(
            """
            SELECT coalesce(u.email, m.user_id, m.email) FROM group_memberships m
            LEFT JOIN users u ON u.id = m.user_id AND u.tenant_id = ? AND u.is_proven
            WHERE m.group_key = ? AND m.is_active ORDER BY 1
            """, group.tenantID, group.key
        ) { $0.text(0) }
    }

    /// The members as `member` has them.
    static func memberSet(of group: AccessGroup, on connection: Connection) throws -> Set<Member> {
        Set(
            try connection.rows("SELECT user_id, email FROM group_memberships WHERE group_key = ? AND is_active", group.key) {
                row in
                row.optionalText(0).map { .user(id: $0) } ?? .invited(email: row.text(1))
            })
    }

    // MARK: Whom a name means

    /// Whom an owner means by an id, an address or a name.
    enum Member: Hashable, Sendable {
        case user(id: String)
        /// Somebody who was invited into the tenant and has not come yet.
        case invited(email: String)
    }

    /// Throws `TwinError` (`notFound`) for a stranger. An address means a user who proved it, never one who only claims it; with
    /// `holdsAnyAddress` one that nobody has proven is somebody who is still to be invited.
    static func member(
        _ name: String, of group: AccessGroup, holdsAnyAddress: Bool = false, now: Timestamp = Clock.now,
        on connection: Connection
    ) throws -> Member {
        let name = name.trimmed
        guard !name.isEmpty, name.utf8.count <= 254 else {
            throw TwinError(.invalid, "name a user by an id, an e-mail address or a full name")
        }
        do {
            let user = try Users.resolve(name, tenantID: group.tenantID, on: connection)
            // The holder of an unproven address is meant by their id or name only.
            if user.isProven || user.email != name.lowercased() { return .user(id: user.id) }
        } catch let error as TwinError where error.kind == .notFound {}
        if let email = try? EmailAddress.checked(name) {
            if try holdsAnyAddress || Invitations.isPending(email, tenantID: group.tenantID, now: now, on: connection) {
                return .invited(email: email)
            }
        }
        throw Users.notFound(name)
    }

    // MARK: Coming and going

    /// Puts somebody into a group and thereby out of the twin's other groups: a user is in one group a twin. `name` is a user's
    /// id, proven address or full name, or an invited address, for which the place is held. Throws `TwinError` (`notFound`) for a
    /// stranger.
    package func add(_ name: String, to group: AccessGroup, by actor: String?) throws {
        try database.write { try Self.add(name, to: group, by: actor, on: $0) }
    }

    static func add(_ name: String, to group: AccessGroup, by actor: String?, on connection: Connection) throws {
        try add(member(name, of: group, on: connection), to: group, by: actor, on: connection)
    }

    static func add(_ member: Member, to group: AccessGroup, by actor: String?, on connection: Connection) throws {
        let (column, value) = member.column
        try connection.run(
            """
            INSERT INTO group_memberships (id, group_key, twin_key, \(column), is_active, created_at) VALUES (?, ?, ?, ?, 1, ?)
            ON CONFLICT (twin_key, \(column)) DO UPDATE SET group_key = excluded.group_key, is_active = 1
                WHERE group_key <> excluded.group_key OR NOT is_active
            """, Identifier.make(), group.key, group.twinKey, value, Clock.now)
        guard connection.changes > 0 else { return }
        try AuditLog.append(.memberAdded, of: group, actor: actor, [column: .string(value)], on: connection)
    }

    /// Takes somebody out of a group, named as `add` has it. Answers whether they were in it.
    @discardableResult
    package func remove(_ name: String, from group: AccessGroup, by actor: String?) throws -> Bool {
        try database.write { try Self.remove(name, from: group, by: actor, on: $0) }
    }

    @discardableResult
    static func remove(
        _ name: String, from group: AccessGroup, by actor: String?, on connection: Connection
    ) throws -> Bool {
        // Who was removed or whose invitation has expired can still be taken out by what stands in the list.
        var members: Set<Member> = [.user(id: name.trimmed), .invited(email: name.trimmed.lowercased())]
        if let member = try? member(name, of: group, on: connection) { members.insert(member) }
        return try members.reduce(false) { try remove($1, from: group, by: actor, on: connection) || $0 }
    }

    static func remove(
        _ member: Member, from group: AccessGroup, by actor: String?, on connection: Connection
    ) throws -> Bool {
        let (column, value) = member.column
        try connection.run(
            "UPDATE group_memberships SET is_active = 0 WHERE group_key = ? AND \(column) = ? AND is_active", group.key, value)
        guard connection.changes > 0 else { return false }
        try AuditLog.append(.memberRemoved, of: group, actor: actor, [column: .string(value)], on: connection)
        return true
    }

    /// Ends a membership, named by id. Ending it again changes nothing.
    package func remove(membership id: String, of twin: Twin, by actor: String?) throws {
        try database.write { connection in
            try connection.run(
                "UPDATE group_memberships SET is_active = 0 WHERE id = ? AND twin_key = ? AND is_active", id, twin.key)
            guard connection.changes > 0 else { return }
            try AuditLog.append(.memberRemoved, of: twin, actor: actor, ["membership_id": .string(id)], on: connection)
        }
    }

    /// Gives a user who proved an address the places that are held for it in the groups of their tenant. Where they have one of
    /// the twin already, that one counts.
    static func takeHeldPlaces(_ user: User, on connection: Connection) throws {
        guard user.isProven, !user.email.isEmpty, let tenant = user.tenantID else { return }
        let held = "email = ?1 AND group_key IN (SELECT key FROM access_groups WHERE tenant_id = ?2)"
        try connection.run(
            "UPDATE OR IGNORE group_memberships SET user_id = ?3, email = NULL WHERE \(held)", user.email, tenant, user.id)
        try connection.run("DELETE FROM group_memberships WHERE \(held)", user.email, tenant)
    }

    /// The group that a caller of this twin gets: the one that `userID` is in, else for visitors the public one, else the
    /// default one. None means that the caller sees nothing.
    package func group(forUser userID: String?, isVisitor: Bool, of twin: Twin) throws -> AccessGroup? {
        try database.read { try Self.group(forUser: userID, isVisitor: isVisitor, of: twin, on: $0) }
    }

    static func group(
        forUser userID: String?, isVisitor: Bool, of twin: Twin, on connection: Connection
    ) throws -> AccessGroup? {
        try connection.first(
            """
            SELECT \(AccessGroup.columns) FROM access_groups g WHERE twin_key = ?1
                AND (is_default OR (?3 AND is_public) OR EXISTS (SELECT 1 FROM group_memberships m
                    WHERE m.group_key = g.key AND m.user_id = ?2 AND m.is_active))
            ORDER BY EXISTS (SELECT 1 FROM group_memberships m WHERE m.group_key = g.key AND m.user_id = ?2 AND m.is_active) DESC,
                (?3 AND is_public) DESC, is_default DESC LIMIT 1
            """, twin.key, userID, isVisitor, map: AccessGroup.init)
    }
}

extension GroupStore.Member {
    /// The column of `group_memberships` that names them, and what it holds.
    fileprivate var column: (String, String) {
        switch self {
        case .user(let id): ("user_id", id)
        case .invited(let email): ("email", email)
        }
    }
}
