import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// What rests on documents that a caller may not read is not there for them through the brain contract: no node, no relation,
/// no candidate, no highlight, and no number that has changed for it.
@Suite struct BrainLeakTests {
    private static let secrets = ["quokka", "wombat", "numbat", "dunnart"]
    private static let open = "Linda Brandt met Peter Holm in Hamburg. I prefer short letters.\n"
    private static let hidden = """
        Linda Brandt, chief executive of Quokka Timber Ltd., met Wanda Wombat. I can't stand numbat soup.

        Linda Brandt was born on 3 May 1971. Peter Holm, director of Quokka Timber Ltd., lives in Dunnart City.

        """

    private final class Stage {
        let scene: Scene
        let tenant: TenantFixture
        let twin: Twin
        let document: Source
        let server: RunningServer
        let client: WireClient
        let fallback: AccessGroup
        let partners: AccessGroup
        var outsiders: [(name: String, headers: [String])] = []
        let partner: [String]
        let owner: [String]

        init() throws {
            scene = try Scene()
            tenant = try TenantFixture(scene, marker: "homeland")
            twin = try tenant.twin()
            document = try tenant.upload("open.md", BrainLeakTests.open, into: twin)
            fallback = try #require(try tenant.workspace.groups.list(of: twin).first { $0.isDefault })
            partners = try tenant.workspace.groups.create("partners", of: twin, by: tenant.owner.id)
            let insider = try tenant.user(role: .viewer)
            try tenant.workspace.groups.add(insider.id, to: partners, by: tenant.owner.id)
            partner = [try tenant.token(insider)]
            owner = [try tenant.token(tenant.owner)]
            outsiders = [
                ("viewer", [try tenant.token(tenant.user(role: .viewer))]),
                ("read key", ["x-twin-api-key: \(try tenant.key(.read))"]),
                ("full key", ["x-twin-api-key: \(try tenant.key(.read, .write, .chat))"]),
            ]
            server = try RunningServer(scene, "--jobs 0 --log none")
            client = try server.client()
        }

        func get(_ path: String, _ headers: [String]) throws -> WireClient.Reply {
            try client.send("GET", "/api/twins/\(twin.id)" + path, headers: headers)
        }

        /// Every reply to what can be read without naming a hidden thing.
        func look(_ headers: [String], _ nodes: [GraphNode]) throws -> [String: String] {
            var paths = [
                "", "/documents", "/documents/\(document.id)", "/memory-candidates", "/memory-candidates?status=approved",
                "/memory-candidates?status=rejected", "/graph", "/graph/nodes", "/graph/nodes?type=company",
                "/graph/nodes?limit=1&offset=1", "/graph/nodes?type=fact", "/digest", "/digest?tz=%2B05:30", "/graph/export",
                "/metrics", "/escalations",
            ]
            paths += nodes.map { "/graph/nodes/\($0.id)" }
            return try Dictionary(
                uniqueKeysWithValues: paths.map { path in
                    let reply = try get(path, headers)
                    return (path, "\(reply.status) \(reply.body)")
                })
        }
    }

    private static func expectNothing(_ replies: [String: String], _ name: String) {
        for (path, reply) in replies {
            for word in secrets { #expect(!reply.lowercased().contains(word), "\(name) \(path) tells \(word): \(reply)") }
        }
    }

    @Test func `what rests on a hidden document is neither shown nor counted, and comes and goes with the grant`() throws {
        let stage = try Stage()
        let workspace = stage.tenant.workspace
        try workspace.learn(stage.twin)
        let nodes = try workspace.graph.nodes(of: stage.twin, for: .everything)
        let before = try stage.outsiders.map { try stage.look($0.headers, nodes) }
        #expect(before[0]["/graph/nodes"]?.contains("Linda Brandt") == true)

        let hidden = try stage.tenant.upload("hidden.md", Self.hidden, into: stage.twin)
        _ = try workspace.permissions.grant(.source, [hidden.id], to: stage.partners, by: nil)
        _ = try workspace.permissions.revoke(.source, [hidden.id], from: stage.fallback, by: nil)
        try workspace.learn(stage.twin)
        // The owner works with it: merges, approves.
        let all = try workspace.candidates.list(of: stage.twin, for: .everything, status: .pending).candidates
        let numbat = try #require(all.first { $0.content.contains("numbat") })
        _ = try workspace.candidates.approve(numbat.id, of: stage.twin, by: stage.tenant.owner.id)
        let secretNodes = try workspace.graph.nodes(of: stage.twin, for: .everything).filter { node in
            !nodes.contains { $0.id == node.id }
        }
        #expect(secretNodes.count >= 4)
        for (index, (name, headers)) in stage.outsiders.enumerated() {
            let after = try stage.look(headers, nodes)
            for (path, reply) in after { #expect(reply == before[index][path], "\(name) \(path)") }
            Self.expectNothing(after, name)
            for node in secretNodes {
                #expect(try stage.get("/graph/nodes/\(node.id)", headers).status == 404, "\(name) \(node.name)")
            }
            #expect(try stage.get("/documents/\(hidden.id)", headers).status == 404)
        }
        // Who may read it sees it, with its numbers.
        let seen = try stage.get("/graph/nodes?type=company", stage.partner)
        #expect(seen.body.contains("Quokka Timber Ltd."))
        #expect(try stage.get("/graph", stage.owner).json()["edges_count"]?.intValue ?? 0 > 0)
        // Granted, it is there; withdrawn, it is not.
        _ = try workspace.permissions.grant(.source, [hidden.id], to: stage.fallback, by: nil)
        #expect(try stage.get("/graph", stage.outsiders[0].headers).body.contains("Quokka"))
        _ = try workspace.permissions.revoke(.source, [hidden.id], from: stage.fallback, by: nil)
        for (index, (name, headers)) in stage.outsiders.enumerated() {
            for (path, reply) in try stage.look(headers, nodes) { #expect(reply == before[index][path], "\(name) \(path)") }
        }
    }

    @Test func `a merge with a hidden node shows nothing of it to whoever may not read it`() throws {
        let stage = try Stage()
        let workspace = stage.tenant.workspace
        let hidden = try stage.tenant.upload("hidden.md", Self.hidden, into: stage.twin)
        _ = try workspace.permissions.revoke(.source, [hidden.id], from: stage.fallback, by: nil)
        try workspace.learn(stage.twin)
        _ = try workspace.graphEditing.merge("Wanda Wombat", into: "Linda Brandt", of: stage.twin, by: nil)
        for (name, headers) in stage.outsiders {
            let reply = try stage.get("/graph/nodes?type=person", headers)
            Self.expectNothing(["/graph/nodes": reply.body], name)
            let linda = try #require(
                try reply.json()["nodes"]?.arrayValue?.first { $0["name"] == "Linda Brandt" }, "\(name): \(reply.body)")
            #expect(linda["mention_count"] == 1 && linda["source_count"] == 1 && linda["degree"] == 0)
            let id = try #require(linda["id"]?.stringValue)
            Self.expectNothing(["node": try stage.get("/graph/nodes/\(id)", headers).body], name)
        }
    }
}
