import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// Every route of OpenAI's contract, called by everybody who could call it. What each is answered stands in
/// `Contract/openai.tsv`, which is written by hand: another tenant finds nothing, a file and a response are their creator's.
@Suite struct OpenAIAccessTests {
    private static let marker = "vermiculite"

    @Test func `everybody is answered what the table of the contract says, and strangers not a word of the tenant`() throws {
        let table = try StudioTable("openai")
        let stage = try Stage()
        #expect(try stage.routes() == Set(table.rows.map(\.name)))
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
                    let error = try JSONParser.parse(reply.body)["error"]
                    #expect(error?["message"]?.stringValue != nil && error?["type"]?.stringValue != nil, "\(row.name)")
                }
            }
        }
        #expect(stage.toldOwner > 8)
        // What nobody was allowed to do was not done.
        #expect(try stage.isWhole())
    }

    private final class Stage {
        private let scene: Scene
        private let server: RunningServer
        private let client: WireClient
        private let tenant: TenantFixture
        private let things: TenantFixture.Things
        private let shared: [String: String]
        private var headers: [StudioTable.Caller: [String]] = [:]
        private(set) var toldOwner = 0

        init() throws {
            scene = try Scene()
            tenant = try TenantFixture(scene, marker: OpenAIAccessTests.marker)
            let other = try TenantFixture(scene, marker: "obsidianite")
            things = try tenant.things()
            server = try RunningServer(scene, "--jobs 0 --log none")
            client = try server.client()
            headers = try tenant.callers(beside: other, share: things.shareToken)
            shared = [
                "model": things.twin.id, "store_id": "vs_" + things.twin.id, "source": "file-" + things.source.id,
                "response_id": try Self.made(client, "/v1/responses", headers[.owner], Self.question(things.twin)),
                "upload": try Self.uploaded(client, headers[.owner], tenant.marker),
            ]
        }

        /// What the server says that it serves of this contract.
        func routes() throws -> Set<String> {
            let paths = try client.send("GET", "/openapi.json").json()["paths"]?.objectValue?.members ?? []
            return Set(
                paths.filter { $0.key.hasPrefix("/v1/") }.flatMap { path in
                    (path.value.objectValue?.keys ?? []).map { "\($0.uppercased()) \(path.key)" }
                })
        }

        func isWhole() throws -> Bool {
            let workspace = tenant.workspace
            let holder = try workspace.authorizer.fileHolder(as: .user(tenant.owner))
            let file = String((shared["upload"] ?? "").dropFirst(5))
            return try workspace.sources.find(id: things.source.id, twin: things.twin, grantedTo: nil).status == .live
                && workspace.clientFiles().find(file, of: holder).id == file
                && client.send("GET", "/v1/responses/\(shared["response_id"] ?? "")", headers: headers[.owner] ?? []).status
                    == 200
        }

        private static func question(_ twin: Twin) -> JSON {
            ["model": .string(twin.id), "input": .string("Which oil is it?")]
        }

        private static func made(_ client: WireClient, _ path: String, _ headers: [String]?, _ body: JSON) throws -> String {
            let reply = try client.send(
                "POST", path, headers: (headers ?? []) + ["content-type: application/json"], body: JSONWriter.bytes(body))
            return try #require(try reply.json()["id"]?.stringValue, "\(reply.body)")
        }

        private static func uploaded(_ client: WireClient, _ headers: [String]?, _ word: String) throws -> String {
            let reply = try client.send(
                "POST", "/v1/files", headers: (headers ?? []) + [OpenAIForm.header],
                body: OpenAIForm.body("\(Identifier.make()).md", "Notes about \(word).", ("purpose", "assistants")))
            return try #require(try reply.json()["id"]?.stringValue, "\(reply.body)")
        }

        func call(_ row: StudioTable.Row, _ caller: StudioTable.Caller, works: Bool) throws -> WireClient.Reply {
            var target = shared
            if works, row.method == "DELETE" {
                // Something to lose, so that the next caller finds the rest as it was.
                target["upload"] = try Self.uploaded(client, headers[.owner], tenant.marker)
                target["source"] =
                    "file-" + (try tenant.upload("\(Identifier.make()).md", "Lost \(tenant.marker).", into: things.twin).id)
                target["response_id"] = try Self.made(client, "/v1/responses", headers[.owner], Self.question(things.twin))
            }
            target["file_id"] = row.path.hasPrefix("/v1/files") ? target["upload"] : target["source"]
            var path = row.path
            for (name, value) in target { path = path.replacing("{\(name)}", with: value) }
            var fields = headers[caller] ?? []
            var body: [UInt8]?
            if row.method == "POST", row.path == "/v1/files" {
                fields.append(OpenAIForm.header)
                body = OpenAIForm.body("new.md", "New.", ("purpose", "user_data"))
            } else if row.method == "POST" {
                fields.append("content-type: application/json")
                body = JSONWriter.bytes(try content(row, caller, works: works))
            }
            let reply = try client.send(row.method, path, headers: fields, body: body)
            if caller == .owner, reply.body.contains(OpenAIAccessTests.marker) { toldOwner += 1 }
            return reply
        }

        private func content(_ row: StudioTable.Row, _ caller: StudioTable.Caller, works: Bool) throws -> JSON {
            switch row.path.split(separator: "/").last {
            case "completions":
                ["model": .string(things.twin.id), "messages": [["role": "user", "content": "Which oil is it?"]]]
            case "responses": Self.question(things.twin)
            case "embeddings": ["model": "none", "input": "text"]
            case "search": ["query": "oil"]
            // A caller's own, where there is one; else the owner's, which is not theirs.
            default:
                ["file_id": .string(works ? try Self.uploaded(client, headers[caller], tenant.marker) : shared["upload"] ?? "")]
            }
        }
    }
}
