import TestSupport

@testable import TwinKit
@testable import TwinSupport

/// A tenant with a twin, a server that serves it as a process of its own, and a client: what a test of the doors begins with.
final class ServedFixture {
    let scene: Scene
    let tenant: TenantFixture
    let twin: Twin
    let server: RunningServer
    let client: WireClient
    /// The owner's field `authorization`.
    let owner: String

    /// `furnish` makes the twin before the server starts; `options` are of `twin serve`.
    init(
        _ marker: String, _ options: String, environment: [String: String], furnish: (TenantFixture) throws -> Twin
    ) throws {
        scene = try Scene()
        tenant = try TenantFixture(scene, marker: marker)
        twin = try furnish(tenant)
        owner = try tenant.token(tenant.owner)
        server = try RunningServer(scene, options, environment: environment)
        client = try server.client()
    }

    /// With a twin that knows about hives, and the contracts that are served by default.
    convenience init(_ words: String..., environment: [String: String] = [:]) throws {
        let options = (words.isEmpty ? ["--jobs", "0", "--log", "none"] : words).joined(separator: " ")
        try self.init("homeland", options, environment: environment) { tenant in
            let twin = try tenant.twin()
            _ = try tenant.upload(
                "hives.md",
                """
                Hives are opened in May, when the linden tree is in flower.

                Honey is taken in July, before the heather begins to bloom.

                Wax is melted in winter, when there is time for it.
                """, into: twin)
            return twin
        }
    }

    /// Another connection to the server.
    func connection() throws -> WireClient { try server.client() }

    var workspace: Workspace { tenant.workspace }

    /// A request with the owner's credentials.
    func send(_ method: String, _ path: String, _ body: JSON? = nil, _ more: String...) throws -> WireClient.Reply {
        try send(method, path, body, headers: [owner] + more)
    }

    func send(_ method: String, _ path: String, _ body: JSON? = nil, headers: [String]) throws -> WireClient.Reply {
        try client.send(
            method, path, headers: headers + (body == nil ? [] : ["content-type: application/json"]),
            body: body.map { JSONWriter.bytes($0) })
    }
}

extension WireClient.Reply {
    func json() throws -> JSON { try JSONParser.parse(body) }
}
