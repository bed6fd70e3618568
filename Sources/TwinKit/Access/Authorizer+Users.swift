import TwinDatabase
import TwinSupport

/// What belongs to one user: for that user, for owners of the user's workspace and for the operator. To everybody else it does
/// not exist.
extension Authorizer {
    /// The user with this id, for who may see and change what is theirs. Throws `TwinError`: `unauthenticated`, `notPermitted` for
    /// keys, `notFound`.
    package func user(_ id: String, as principal: Principal) throws -> User {
        try database.read { try user(id, as: principal, on: $0) }
    }

    func user(_ id: String, as principal: Principal, on connection: Connection) throws -> User {
        try Self.requirePerson(principal)
        guard let user = try Users.find(id, on: connection), Self.mayActFor(user, principal) else { throw Users.notFound }
        return user
    }

    /// The user that something belongs to, found by the thing's id.
    func user(
        owning id: String, in table: OwnedTable<OwnedByUser>, as principal: Principal, on connection: Connection
    ) throws -> User {
        try Self.requirePerson(principal)
        let user = try connection.first(
            "SELECT \(User.columns) FROM users WHERE key = (SELECT user_key FROM \(table.name) WHERE id = ?)", id, map: User.init)
        guard let user, Self.mayActFor(user, principal) else { throw table.notFound }
        return user
    }

    /// An entry of the audit log, for whom it is about or who did it, and for who looks after its workspace or the server.
    package func logEntry(_ id: String, as principal: Principal) throws -> AuditLog.Entry {
        try Self.requirePerson(principal)
        guard let entry = try AuditLog(database: database).find(id),
            principal.isOperator || principal.isOwner(of: entry.tenantID)
                || principal.userID.map({ $0 == entry.userID ?? entry.actorID }) ?? false
        else { throw OwnedTable<OwnedByTenant>.audit.notFound }
        return entry
    }

    private static func mayActFor(_ user: User, _ principal: Principal) -> Bool {
        principal.speaksForUsers || principal.userID == user.id || user.tenantID.map { principal.isOwner(of: $0) } ?? false
    }

    private static func requirePerson(_ principal: Principal) throws {
        switch principal {
        case .localOperator, .frontEnd, .user: return
        case .apiKey, .visitor: throw TwinError(.notPermitted, "this needs a signed-in user; an API key is not enough")
        case .nobody: throw unauthenticated
        }
    }
}
