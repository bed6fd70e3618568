import TwinDatabase
import TwinSupport

/// The rows of tenants, of which every other row that belongs to somebody carries the id.
enum Tenant {
    /// Makes a tenant in the caller's transaction and answers its id.
    static func create(_ name: String, on connection: Connection) throws -> String {
        let id = Identifier.make()
        try connection.run("INSERT INTO tenants (id, name, created_at) VALUES (?, ?, ?)", id, name, Clock.now)
        return id
    }

    /// What becomes of a workspace whose user was erased: it goes with the last, and does not bear the name of one who is gone.
    static func leave(_ tenantID: String, _ user: User, isAlone: Bool, on connection: Connection) throws {
        if isAlone {
            try connection.run("DELETE FROM tenants WHERE id = ?", tenantID)
            return
        }
        for name in [user.fullName, user.email.split(separator: "@").first.map(String.init)].compactMap({ $0 }) {
            try connection.run(
                "UPDATE tenants SET name = 'Workspace' WHERE id = ? AND name = ?", tenantID, "\(name)'s Workspace")
        }
    }

    /// What a tenant is called. Throws `TwinError` (`notFound`) where there is none.
    static func name(of id: String, on connection: Connection) throws -> String {
        guard let name = try connection.first("SELECT name FROM tenants WHERE id = ?", id, map: { $0.text(0) }) else {
            throw TwinError(.notFound, "there is no such workspace")
        }
        return name
    }

    /// Calls a tenant something else.
    static func rename(_ id: String, _ name: String, on connection: Connection) throws {
        try connection.run("UPDATE tenants SET name = ? WHERE id = ?", name, id)
    }
}
