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
}
