import TestSupport
import Testing

@testable import TwinKit
@testable import TwinSupport

/// A tenant with one twin that knows about hives, and a server that serves it.
final class StudioStage {
    let scene: Scene
    let tenant: StudioTenant
    let twin: Twin
    let server: RunningServer
    let client: WireClient
    /// The owner's field `authorization`.
    let owner: String

    init(_ words: String..., environment: [String: String] = [:]) throws {
        scene = try Scene()
        tenant = try StudioTenant(scene, marker: "homeland")
        twin = try tenant.twin()
        _ = try tenant.upload(
            "hives.md",
            """
            Hives are opened in May, when the linden tree is in flower.

            Honey is taken in July, before the heather begins to bloom.

            Wax is melted in winter, when there is time for it.
            """, into: twin)
        owner = try tenant.token(tenant.owner)
        let options = (words.isEmpty ? ["--jobs", "0", "--log", "none"] : words).joined(separator: " ")
        server = try RunningServer(scene, options, environment: environment)
        client = WireClient(port: try Self.port(server))
    }

    static func port(_ server: RunningServer) throws -> Int {
        try #require(server.url.split(separator: ":").last.flatMap { Int($0) })
    }

    /// Another connection to the server.
    func connection() throws -> WireClient { WireClient(port: try Self.port(server)) }

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
