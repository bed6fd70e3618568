import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// A served tenant with a desk and everybody who could come to it, under the support contract. Requests are nobody's unless they
/// say whose.
final class ServedDesk {
    private let served: ServedFixture
    /// Somebody who works at the desk.
    let supporter: User

    init(
        marker: String = "harbour", _ options: String = "--contracts studio,support --jobs 0 --log none",
        environment: [String: String] = [:]
    ) throws {
        var supporter: User?
        served = try ServedFixture(marker, options, environment: environment) { tenant in
            let furnished = try Self.furnish(tenant)
            supporter = furnished.supporter
            return furnished.twin
        }
        self.supporter = try #require(supporter)
    }

    var scene: Scene { served.scene }
    var tenant: TenantFixture { served.tenant }
    var twin: Twin { served.twin }
    var server: RunningServer { served.server }
    var client: WireClient { served.client }
    var workspace: Workspace { served.workspace }

    /// Gives a tenant a desk, a twin that knows when the harbour is open, and a supporter who is there.
    static func furnish(_ tenant: TenantFixture) throws -> (twin: Twin, supporter: User) {
        let twin = try tenant.twin()
        _ = try tenant.workspace.desks.initialize(tenant.tenantID, twin: twin, by: .localOperator)
        _ = try tenant.upload(
            "\(tenant.marker).md", "The gate of \(tenant.marker) is opened at six in the morning.\n", into: twin)
        let supporter = try tenant.user(role: .supporter)
        return (twin, supporter)
    }

    var path: String { "/api/\(tenant.tenantID)" }

    func token(_ pass: Tokens.Pass) throws -> String {
        "authorization: Bearer " + (try workspace.tokens.token(for: pass).reveal())
    }

    func contact() throws -> Contact {
        try workspace.contacts.add(
            email: "\(Identifier.make())@\(tenant.marker).example", name: tenant.name("contact"), department: nil,
            to: tenant.tenantID)
    }

    /// A request with this credential, or with none.
    func send(_ method: String, _ path: String, _ body: JSON? = nil, as credential: String? = nil) throws -> WireClient.Reply {
        try served.send(method, path, body, headers: credential.map { [$0] } ?? [])
    }
}
