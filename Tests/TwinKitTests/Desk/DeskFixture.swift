import TestSupport

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// A database in memory's place with one tenant, its desk and the twin that this answers from.
final class DeskFixture: Sendable {
    let workspace: Workspace
    let tenantID: String
    let owner: User

    init(_ variables: [String: String] = [:]) throws {
        workspace = try Workspace(
            scratch: Configuration(
                environment: ["HOME": "/nonexistent", "TWIN_CONFIG": "/nonexistent/c"].merging(variables) { $1 }))
        owner = try workspace.users.sync(id: Identifier.make(), email: "owner@desk.example", fullName: "Owner").user
        tenantID = owner.tenantID ?? ""
        _ = try workspace.desks.initialize(tenantID, twin: nil, by: .localOperator)
    }

    var principal: Principal { .user(owner) }

    func contact(_ name: String = "visitor") throws -> Contact {
        try workspace.contacts.add(
            email: "\(name)-\(Identifier.make())@visitors.example", name: name, department: nil, to: tenantID)
    }

    func session() throws -> DeskSession { try workspace.deskSessions.begin(for: contact()) }

    /// Somebody who is there and holds so many sessions.
    func supporter(_ maximum: Int = 5, isThere: Bool = true) throws -> User {
        let user = try workspace.users.add(
            email: "s\(Identifier.make())@desk.example", role: .supporter, password: nil, tenantID: tenantID)
        var presence = Staff.Presence()
        presence.maximumSessions = maximum
        _ = try workspace.staff.set(presence, of: user.id, in: tenantID)
        if isThere { _ = try workspace.staff.ping(user, of: tenantID) }
        return user
    }
}
