import TestSupport

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// The tenant's desk, who comes to it, and who works there.
extension TenantFixture {
    /// A tenant with a desk.
    static func desk() throws -> TenantFixture {
        let fixture = try TenantFixture("desk")
        _ = try fixture.workspace.desks.initialize(fixture.tenantID, twin: nil, by: .localOperator)
        return fixture
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
