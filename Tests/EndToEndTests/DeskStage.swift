import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// A tenant with a desk and everybody who could come to it, made beside a server that serves the support contract.
final class DeskStage {
    let scene: Scene
    let tenant: StudioTenant
    let twin: Twin
    let supporter: User
    let server: RunningServer
    let client: WireClient

    init(
        marker: String = "harbour", _ words: String = "--contracts studio,support --jobs 0 --log none",
        environment: [String: String] = [:]
    ) throws {
        scene = try Scene()
        tenant = try StudioTenant(scene, marker: marker)
        (twin, supporter) = try Self.furnish(tenant)
        server = try RunningServer(scene, words, environment: environment)
        client = WireClient(port: try #require(server.url.split(separator: ":").last.flatMap { Int($0) }))
    }

    /// Gives a tenant a desk, a twin that knows when the harbour is open, and a supporter who is there.
    static func furnish(_ tenant: StudioTenant) throws -> (twin: Twin, supporter: User) {
        let twin = try tenant.twin()
        _ = try tenant.workspace.desks.initialize(tenant.tenantID, twin: twin, by: .localOperator)
        _ = try tenant.upload(
            "\(tenant.marker).md", "The gate of \(tenant.marker) is opened at six in the morning.\n", into: twin)
        let supporter = try tenant.user(role: .supporter)
        return (twin, supporter)
    }

    var workspace: Workspace { tenant.workspace }
    var path: String { "/api/\(tenant.tenantID)" }

    func token(_ pass: Tokens.Pass) throws -> String {
        "authorization: Bearer " + (try workspace.tokens.token(for: pass).reveal())
    }

    func contact() throws -> Contact {
        try workspace.contacts.add(
            email: "\(Identifier.make())@\(tenant.marker).example", name: tenant.name("contact"), department: nil,
            to: tenant.tenantID)
    }

    func send(_ method: String, _ path: String, _ body: JSON? = nil, as credential: String? = nil) throws -> WireClient.Reply {
        try client.send(
            method, path,
            headers: (credential.map { [$0] } ?? []) + (body == nil ? [] : ["content-type: application/json"]),
            body: body.map { JSONWriter.bytes($0) })
    }
}
