import TwinDatabase
import TwinSupport

/// Somebody who asks at a desk and has no account.
package struct Contact: Sendable, Equatable {
    let key: Int64
    package let id: String
    package let tenantID: String
    /// In lower case.
    package let email: String?
    package let name: String
    package let department: String?
    /// Whether staff made it or a user is it; anybody can claim an address publicly.
    package let isProven: Bool
    package let createdAt: Timestamp
    package let lastActiveAt: Timestamp

    static let columns = "key, id, tenant_id, email, name, department, is_proven, created_at, last_active_at"

    init(_ row: Row) throws {
        key = row.int64(0)
        id = row.text(1)
        tenantID = row.text(2)
        email = row.optionalText(3)
        name = row.text(4)
        department = row.optionalText(5)
        isProven = row.bool(6)
        createdAt = try row.requiredTimestamp(7)
        lastActiveAt = try row.requiredTimestamp(8)
    }
}

/// Contacts as rows.
package struct Contacts: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    package static let notFound = TwinError(.notFound, "there is no such contact; make one with POST /api/{tenant_id}/chat-users")

    /// The contact with this id. Throws `TwinError` (`notFound`), also for one of another tenant.
    package func find(_ id: String, of tenantID: String) throws -> Contact {
        try database.read { try Self.find(id, of: tenantID, on: $0) }
    }

    static func find(_ id: String, of tenantID: String, on connection: Connection) throws -> Contact {
        let contact = try connection.first(
            "SELECT \(Contact.columns) FROM desk_contacts WHERE id = ? AND tenant_id = ?", id, tenantID, map: Contact.init)
        guard let contact else { throw notFound }
        return contact
    }

    /// Those of a tenant, newest first; with an address those that state it.
    package func list(of tenantID: String, email: String? = nil, limit: Int, offset: Int) throws -> [Contact] {
        try database.read { connection in
            try connection.rows(
                """
                SELECT \(Contact.columns) FROM desk_contacts WHERE tenant_id = ?1 AND (?2 IS NULL OR email = ?2)
                ORDER BY key DESC LIMIT ?3 OFFSET ?4
                """, tenantID, email?.trimmed.lowercased(), limit, offset, map: Contact.init)
        }
    }

    /// Makes a contact whose address staff vouch for, or answers the one that has it.
    package func add(email: String, name: String, department: String?, to tenantID: String) throws -> Contact {
        let email = try EmailAddress.checked(email)
        return try database.write { connection in
            if let known = try Self.proven(email, of: tenantID, on: connection) { return known }
            return try Self.insert(
                email: email, name: name, department: department, isProven: true, tenantID: tenantID, on: connection)
        }
    }

    /// Makes a contact of somebody whom nobody knows. It is a new one every time: who only claims an address gets nothing of
    /// whoever has it.
    package func claim(email: String, name: String, department: String?, at tenantID: String) throws -> Contact {
        let email = try EmailAddress.checked(email)
        return try database.write { connection in
            _ = try Desks.open(tenantID, on: connection)
            return try Self.insert(
                email: email, name: name, department: department, isProven: false, tenantID: tenantID, on: connection)
        }
    }

    /// The contact that a user of the tenant is.
    package func contact(for user: User) throws -> Contact {
        guard let tenant = user.tenantID else { throw Authorizer.noTenant }
        return try database.write { connection in
            guard user.isProven, !user.email.isEmpty else {
                // Of its own, under the user's id, since its address says nothing.
                let id = user.id
                if let known = try connection.first(
                    "SELECT \(Contact.columns) FROM desk_contacts WHERE id = ? AND tenant_id = ?", id, tenant, map: Contact.init)
                {
                    return known
                }
                return try Self.insert(
                    id: id, email: nil, name: user.fullName ?? "", department: nil, isProven: false, tenantID: tenant,
                    on: connection)
            }
            if let known = try Self.proven(user.email, of: tenant, on: connection) { return known }
            return try Self.insert(
                email: user.email, name: user.fullName ?? user.email, department: nil, isProven: true, tenantID: tenant,
                on: connection)
        }
    }

    /// Forgets a user as a contact: what they asked at their tenant's desk, and their address where others claimed it. In a
    /// transaction of `overwriting`.
    static func forget(_ user: User, on connection: Connection) throws {
        guard let tenant = user.tenantID else { return }
        let contacts = try connection.rows(
            "SELECT \(Contact.columns) FROM desk_contacts WHERE tenant_id = ?1 AND (id = ?2 OR email = ?3)", tenant, user.id,
            user.email, map: Contact.init
        ).filter { isSame($0, as: user) }
        for contact in contacts {
            let sessions = try connection.rows("SELECT id FROM desk_sessions WHERE contact_key = ?", contact.key) { $0.text(0) }
            let conversations = try connection.rows(
                """
                SELECT c.key FROM conversations c JOIN desk_sessions s ON s.id = c.session_id WHERE s.contact_key = ?
                """, contact.key
            ) { $0.int64(0) }
            _ = try ConversationRemoval.remove(conversations, on: connection)
            for session in sessions { try Sessions.forget(session, on: connection) }
            try connection.run("DELETE FROM desk_contacts WHERE key = ?", contact.key)
        }
        if !user.email.isEmpty {
            try connection.run("UPDATE desk_contacts SET email = NULL WHERE tenant_id = ? AND email = ?", tenant, user.email)
        }
    }

    /// Makes two contacts one, as staff do who know that they are: the sessions of the first become those of the second. What a proven
    /// contact has is not taken from it. Throws `TwinError`.
    package func merge(_ id: String, into other: String, of tenantID: String, by actor: String?) throws -> Contact {
        try database.write { connection in
            let (from, target) = (
                try Self.find(id, of: tenantID, on: connection), try Self.find(other, of: tenantID, on: connection)
            )
            guard from.key != target.key else { throw TwinError(.invalid, "name two different contacts") }
            guard !from.isProven else {
                throw TwinError(.conflict, "a contact whose address is proven stays; merge the other one into it")
            }
            try connection.run("UPDATE desk_sessions SET contact_key = ? WHERE contact_key = ?", target.key, from.key)
            try connection.run("DELETE FROM desk_contacts WHERE key = ?", from.key)
            try AuditLog.append(
                .contactsMerged, tenantID: tenantID, actor: actor,
                ["contact_id": .string(from.id), "into": .string(target.id)], on: connection)
            return target
        }
    }

    /// Whether a contact is this user: their proven address is its proven address.
    package static func isSame(_ contact: Contact, as user: User) -> Bool {
        guard contact.tenantID == user.tenantID else { return false }
        return contact.id == user.id || contact.isProven && user.isProven && !user.email.isEmpty && contact.email == user.email
    }

    /// Somebody of whom nothing is known, in the caller's transaction.
    static func anonymous(at tenantID: String, on connection: Connection) throws -> Contact {
        try insert(email: nil, name: "", department: nil, isProven: false, tenantID: tenantID, on: connection)
    }

    /// Notes the address that a contact without a proven one gives.
    static func note(_ email: String, of contact: Contact, on connection: Connection) throws {
        guard !contact.isProven else { return }
        try connection.run("UPDATE desk_contacts SET email = ? WHERE key = ?", EmailAddress.checked(email), contact.key)
    }

    private static func proven(_ email: String, of tenantID: String, on connection: Connection) throws -> Contact? {
        try connection.first(
            "SELECT \(Contact.columns) FROM desk_contacts WHERE tenant_id = ? AND email = ? AND is_proven", tenantID, email,
            map: Contact.init)
    }

    private static func insert(
        id: String = Identifier.make(), email: String?, name: String, department: String?, isProven: Bool, tenantID: String,
        on connection: Connection
    ) throws -> Contact {
        try connection.run(
            """
            INSERT INTO desk_contacts (id, tenant_id, email, name, department, is_proven, created_at, last_active_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)
            """, id, tenantID, email, try Users.checkedName(name) ?? "", try Users.checkedName(department), isProven, Clock.now)
        return try find(id, of: tenantID, on: connection)
    }
}
