import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// Every route of the brain contract, called by everybody who could call it. What each is answered stands in
/// `Contract/brain.tsv`, which is written by hand and says the same as studio's: another tenant finds nothing, a key manages
/// nothing, a viewer changes nothing.
@Suite struct BrainAccessTests {
    private static let marker = "vermiculite"

    @Test func `everybody is answered what the table of the contract says, and strangers not a word of the tenant`() throws {
        let table = try StudioTable("brain")
        let stage = try Stage()
        for row in table.rows {
            for caller in StudioTable.Caller.allCases {
                let expected = try #require(row.statuses[caller])
                let reply = try stage.call(row, caller, works: expected < 300)
                #expect(reply.status == expected, "\(row.name) as \(caller.rawValue): \(reply.status) \(reply.body.prefix(300))")
                if reply.status >= 400 || caller.isStranger {
                    #expect(
                        !reply.body.lowercased().contains(Self.marker),
                        "\(row.name) tells \(caller.rawValue): \(reply.body.prefix(300))")
                }
                if reply.status >= 400 {
                    #expect(
                        try JSONParser.parse(reply.body)["error"]?["code"]?.stringValue != nil,
                        "\(row.name) as \(caller.rawValue)")
                }
            }
        }
        #expect(stage.toldOwner > 8)
    }

    private final class Stage {
        private let scene: Scene
        private let server: RunningServer
        private let client: WireClient
        private let tenant: TenantFixture
        private let shared: [String: String]
        private var headers: [StudioTable.Caller: [String]] = [:]
        private(set) var toldOwner = 0

        init() throws {
            scene = try Scene()
            tenant = try TenantFixture(scene, marker: BrainAccessTests.marker)
            let other = try TenantFixture(scene, marker: "obsidianite")
            shared = try Self.parameters(tenant)
            headers = try tenant.callers(beside: other, share: tenant.things().shareToken)
            // As it is served by itself: what is new here opens nothing to the public.
            server = try RunningServer(scene, "--jobs 0 --log none")
            client = try server.client()
        }

        /// A twin with one of everything that a path can name.
        private static func parameters(_ tenant: TenantFixture) throws -> [String: String] {
            let things = try tenant.things()
            let workspace = tenant.workspace
            let twin = try workspace.twins.update(things.twin, by: tenant.owner.id) { twin in
                var settings = twin.settings
                try settings.set("escalation.enabled", true)
                return TwinStore.Change(settings: settings)
            }
            _ = try tenant.upload(
                "notes.md", "I prefer \(tenant.marker) to wood. Linda Brandt of \(tenant.marker) met Peter Holm in Hamburg.\n",
                into: twin)
            try workspace.learn(twin)
            _ = try workspace.ask.answer(
                Ask.Question("Who painted the ceiling of the chapel?", of: twin.id), as: Ask.Reader(atFile: .user(tenant.owner)))
            var parameters = things.parameters
            parameters["twin_id"] = twin.id
            parameters["document_id"] = things.source.id
            parameters["candidate_id"] =
                try workspace.candidates.list(of: twin, for: .everything, status: .pending).candidates.first?.id
            parameters["escalation_id"] = try workspace.escalations.list(of: twin).first?.id
            let nodes = try workspace.graph.nodes(of: twin, for: .everything).filter { $0.type == "person" }
            parameters["node_id"] = nodes.first?.id
            parameters["other_node"] = nodes.last?.id
            let asked = try workspace.ask.answer(
                Ask.Question("Which oil is it?", of: twin.id), as: Ask.Reader(atFile: .user(tenant.owner)))
            parameters["conversation_id"] = asked.metadata.conversationID
            return parameters
        }

        func call(_ row: StudioTable.Row, _ caller: StudioTable.Caller, works: Bool) throws -> WireClient.Reply {
            let changes = row.method != "GET" && !row.path.hasSuffix("chat") && row.path.contains("{")
            let target = works && changes ? try Self.parameters(tenant) : shared
            var path = row.path
            for (name, value) in target { path = path.replacing("{\(name)}", with: value) }
            if row.method == "PUT" { path += "?expires=1&max=1&nonce=a&signature=a" }
            // What is no credential is no credential of a public route either.
            var fields = row.security == .public && caller == .share ? [] : headers[caller] ?? []
            var body: [UInt8]?
            if row.method == "POST" || row.method == "PATCH" || row.method == "PUT" {
                fields.append("content-type: application/json")
                body = JSONWriter.bytes(.object(content(row, target)))
            }
            let reply = try client.send(row.method, path, headers: fields, body: body)
            if caller == .owner, reply.body.contains(BrainAccessTests.marker) { toldOwner += 1 }
            return reply
        }

        private func content(_ row: StudioTable.Row, _ target: [String: String]) -> JSONObject {
            switch row.path.split(separator: "/").last {
            case "twins": ["name": .string("Made \(Identifier.make())")]
            case "{twin_id}": ["personality": ["tone": "calm"]]
            case "chat": ["message": "Which oil is it?"]
            case "upload":
                ["filename": .string(tenant.name("file").replacing(" ", with: "-") + ".md"), "content_type": "text/markdown"]
            case "respond": ["response": "Nobody knows.", "add_to_brain": true]
            case "merge": ["into": .optional(target["other_node"])]
            default: [:]
            }
        }
    }
}
