import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// Which of two templates answers a request that both can match, over everything that is served and everything that the
/// contracts state.
@Suite struct RoutePrecedenceTests {
    private struct Template {
        let method: HTTPMethod
        let pattern: RoutePattern

        var name: String { "\(method.rawValue) \(pattern.text)" }
    }

    private static let uuid = "01890000-0000-7000-8000-0000000000ab"

    /// A path that both match; none when there is none.
    private static func common(_ left: RoutePattern, _ right: RoutePattern) -> String? {
        guard left.segments.count == right.segments.count else { return nil }
        var path = ""
        for pair in zip(left.segments, right.segments) {
            switch pair {
            case (.rest, _), (_, .rest): return nil
            case (.literal(let one), .literal(let other)):
                guard one == other else { return nil }
                path += "/" + one
            case (.literal(let word), .uuid), (.uuid, .literal(let word)):
                guard Identifier.isValid(word) else { return nil }
                path += "/" + word
            case (.literal(let word), .parameter), (.parameter, .literal(let word)): path += "/" + word
            case (.uuid, _), (_, .uuid): path += "/" + uuid
            case (.parameter, .parameter): path += "/x"
            }
        }
        return path.isEmpty ? "/" : path
    }

    private func templates() throws -> [Template] {
        var options = TwinAPI.Options()
        options.contracts = Contracts.all
        let workspace = try Workspace(scratch: Configuration(environment: ["HOME": "/nowhere"]))
        let served = try TwinAPI.router(workspace, options).routes.map { Template(method: $0.method, pattern: $0.pattern) }
        var taken = Set(served.map { "\($0.method) \(Self.shape($0.pattern))" })
        let stated = try ContractTemplates.all.compactMap { row -> Template? in
            let template = Template(
                method: try #require(HTTPMethod(rawValue: row.method)), pattern: try RoutePattern(row.path))
            return taken.insert("\(template.method) \(Self.shape(template.pattern))").inserted ? template : nil
        }
        return served + stated
    }

    /// Whose a path is, of contracts that are served and that are still to come. Two have one area between them.
    private static let owners: [(contract: String, prefixes: [String])] = [
        ("studio", ["/"]), ("brain", ["/api", "/api/auth/me"]),
        ("support", ["/api/admin", "/api/public", "/api/auth", "/api/{tenant_id:uuid}"]), ("persona", ["/api/v1"]),
        ("journal", ["/api/v1"]), ("openai", ["/v1"]), ("mcp", ["/mcp"]), ("console", ["/console"]),
    ]

    /// A path that a pattern matches.
    private static func sample(_ pattern: RoutePattern) -> String {
        common(pattern, pattern) ?? pattern.text
    }

    @Test func `every route stands among the paths of its contract`() throws {
        var table = PathTable<String>()
        for owner in Self.owners { for prefix in owner.prefixes { try table.insert(prefix, owner.contract) } }
        func isOwn(_ path: String, _ contract: String) -> Bool {
            let owner = table[path]
            return owner == contract || owner == "persona" && contract == "journal"
        }
        for row in ContractTemplates.all where row.path != "/health" {
            #expect(isOwn(Self.sample(try RoutePattern(row.path)), row.contract), "\(row)")
        }
        let workspace = try Workspace(scratch: Configuration(environment: ["HOME": "/nowhere"]))
        func paths(_ contracts: [any Contract]) throws -> [RoutePattern] {
            var options = TwinAPI.Options()
            options.contracts = contracts
            return try TwinAPI.router(workspace, options).routes.map(\.pattern)
        }
        let server = Set(try paths([]).map(\.text))
        for contract in Contracts.all {
            let expected = try #require(Self.owners.first { $0.contract == contract.name }, "whose paths are \(contract.name)'s?")
            #expect(Set(contract.prefixes) == Set(expected.prefixes), "\(contract.name)")
            for pattern in try paths([contract]) where !server.contains(pattern.text) {
                // Brain's, which support answers where brain is not served.
                if contract.name == "support", pattern.text == "/api/auth/me" { continue }
                #expect(isOwn(Self.sample(pattern), contract.name), "\(pattern.text)")
            }
        }
    }

    /// The pattern without its names.
    private static func shape(_ pattern: RoutePattern) -> [RoutePattern.Segment] {
        pattern.segments.map {
            switch $0 {
            case .literal: $0
            case .uuid: .uuid("")
            case .parameter: .parameter("")
            case .rest: .rest("")
            }
        }
    }

    @Test func `of two templates that match one request the one that stands here answers`() throws {
        let templates = try templates()
        var group = RouteGroup()
        for template in templates {
            // By its segments: the text has no notation for UUIDs.
            let path = template.pattern.segments.map { segment in
                switch segment {
                case .literal(let text): "/" + text
                case .uuid(let name): "/{\(name):uuid}"
                case .parameter(let name): "/{\(name)}"
                case .rest(let name): "/{\(name)...}"
                }
            }.joined()
            try group.on(template.method, path.isEmpty ? "/" : path) { _ in .text(template.name) }
        }
        let router = try Router(group)
        var found: [String] = []
        for (index, left) in templates.enumerated() {
            for right in templates[(index + 1)...] where left.pattern.text != right.pattern.text {
                guard let path = Self.common(left.pattern, right.pattern) else { continue }
                for method in Set([left.method, right.method]) {
                    let response = try router.respond(to: Request(method, path)).collect()
                    let winner = response.status == .ok ? String(response.text.drop { $0 != " " }.dropFirst()) : "405"
                    let pair = [left.pattern.text, right.pattern.text].sorted().joined(separator: " ")
                    found.append("\(method.rawValue) \(pair) -> \(winner)")
                }
            }
        }
        let list = Set(found).sorted()
        #expect(list == Self.expected, "\(list.joined(separator: "\n"))")
    }

    /// A method, two templates that can match a request with it, and who answers: `405` where the better path has other
    /// methods only, which is meant, so that `DELETE /users/invite` never removes a user named `invite`.
    private static let expected = """
        DELETE /api/twins/{twin_id}/documents/upload /api/twins/{twin_id}/documents/{document_id} -> 405
        DELETE /api/v1/loras/models/upload /api/v1/loras/models/{lora_model_id} -> 405
        DELETE /sources/{source_id}/health /sources/{twin_id}/{source_id} -> 405
        DELETE /sources/{source_id}/logs /sources/{twin_id}/{source_id} -> 405
        DELETE /sources/{source_id}/re-extract /sources/{twin_id}/{source_id} -> 405
        DELETE /users/invite /users/{user_id} -> 405
        GET /api/admin/agents/output-formats /api/admin/agents/{agent_id} -> /api/admin/agents/output-formats
        GET /api/admin/tools/base /api/admin/tools/{tool_id} -> /api/admin/tools/base
        GET /api/twins/{twin_id}/documents/upload /api/twins/{twin_id}/documents/{document_id} -> 405
        GET /api/v1/conversations/ab-tests /api/v1/conversations/{conversation_id} -> 405
        GET /api/v1/conversations/upsell-events /api/v1/conversations/{conversation_id} -> 405
        GET /api/v1/identities/avatars/with-lora /api/v1/identities/avatars/{avatar_id} -> 405
        GET /api/v1/identities/costs/estimate /api/v1/identities/costs/{avatar_id} -> /api/v1/identities/costs/estimate
        GET /api/v1/identities/costs/summary /api/v1/identities/costs/{avatar_id} -> /api/v1/identities/costs/summary
        GET /api/v1/internal/users/by-clerk-id/{account_id} /api/v1/internal/users/{user_id}/quota -> /api/v1/internal/users/by-clerk-id/{account_id}
        GET /api/v1/internal/users/by-clerk-id/{account_id} /api/v1/internal/users/{user_id}/sessions -> /api/v1/internal/users/by-clerk-id/{account_id}
        GET /api/v1/internal/users/by-clerk-id/{account_id} /api/v1/internal/users/{user_id}/user-prompts -> /api/v1/internal/users/by-clerk-id/{account_id}
        GET /api/v1/video/costs/estimate /api/v1/video/costs/{avatar_id} -> 405
        GET /sources/{source_id}/health /sources/{twin_id}/{source_id} -> /sources/{source_id}/health
        GET /sources/{source_id}/logs /sources/{twin_id}/{source_id} -> /sources/{source_id}/logs
        GET /sources/{source_id}/re-extract /sources/{twin_id}/{source_id} -> 405
        GET /widget/desk/{tenant_id} /widget/{twin_id}/{token} -> /widget/desk/{tenant_id}
        POST /api/admin/agents/reload-cache /api/admin/agents/{agent_id} -> /api/admin/agents/reload-cache
        POST /api/admin/escalation/staff/{user_id} /api/admin/escalation/{session_id}/assign -> 405
        POST /api/admin/escalation/staff/{user_id} /api/admin/escalation/{session_id}/escalate -> 405
        POST /api/admin/escalation/staff/{user_id} /api/admin/escalation/{session_id}/resolve -> 405
        POST /api/twins/{twin_id}/documents/upload /api/twins/{twin_id}/documents/{document_id} -> /api/twins/{twin_id}/documents/upload
        POST /api/v1/conversations/ab-tests /api/v1/conversations/{conversation_id} -> /api/v1/conversations/ab-tests
        POST /api/v1/conversations/upsell-events /api/v1/conversations/{conversation_id} -> /api/v1/conversations/upsell-events
        POST /api/v1/identities/avatars/with-lora /api/v1/identities/avatars/{avatar_id} -> /api/v1/identities/avatars/with-lora
        POST /api/v1/loras/models/upload /api/v1/loras/models/{lora_model_id} -> /api/v1/loras/models/upload
        POST /api/v1/video/costs/estimate /api/v1/video/costs/{avatar_id} -> /api/v1/video/costs/estimate
        POST /sources/{source_id}/re-extract /sources/{twin_id}/{source_id} -> /sources/{source_id}/re-extract
        POST /users/invite /users/{user_id} -> /users/invite
        PUT /api/admin/agents/output-formats /api/admin/agents/{agent_id} -> 405
        PUT /api/admin/agents/reload-cache /api/admin/agents/{agent_id} -> 405
        PUT /api/admin/escalation/staff/{user_id} /api/admin/escalation/{session_id}/assign -> /api/admin/escalation/staff/{user_id}
        PUT /api/admin/escalation/staff/{user_id} /api/admin/escalation/{session_id}/escalate -> /api/admin/escalation/staff/{user_id}
        PUT /api/admin/escalation/staff/{user_id} /api/admin/escalation/{session_id}/resolve -> /api/admin/escalation/staff/{user_id}
        PUT /api/admin/tools/base /api/admin/tools/{tool_id} -> 405
        PUT /api/v1/internal/users/by-clerk-id/{account_id} /api/v1/internal/users/{user_id}/quota -> 405
        """.split(separator: "\n").map(String.init)
}
