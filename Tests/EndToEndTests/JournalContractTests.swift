import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// The journal contract over a socket: coming in, sessions that a twin answers, the log, and the front end's own door.
@Suite struct JournalContractTests {
    private static let contracts = "--contracts studio,journal --jobs 0 --log none"

    private func register(_ stage: ServedFixture, _ email: String, _ more: JSONObject = [:]) throws -> WireClient.Reply {
        let body: JSONObject = ["name": "Ada Lovelace", "email": .string(email), "password": "correct horse"]
        return try stage.send("POST", "/api/v1/auth/register", .object(body.merging(more)), headers: [])
    }

    private func login(_ stage: ServedFixture, _ form: String) throws -> WireClient.Reply {
        try stage.client.send(
            "POST", "/api/v1/auth/login/", headers: ["content-type: application/x-www-form-urlencoded"], body: Array(form.utf8))
    }

    /// A registered user's id, and the field that says who they are.
    private func user(_ stage: ServedFixture, _ email: String = "ada@example.org") throws -> (id: String, headers: [String]) {
        let id = try #require(try register(stage, email).json()["user_id"]?.stringValue)
        let form = "grant_type=password&username=\(email.replacing("@", with: "%40"))&password=correct+horse"
        let token = try #require(try login(stage, form).json()["access_token"]?.stringValue)
        return (id, ["authorization: Bearer \(token)"])
    }

    @Test func `people register, sign in with a form, and are told what is wrong`() throws {
        let stage = try ServedFixture(Self.contracts)
        let made = try register(stage, "Ada@Example.org", ["role": "admin"])
        #expect(made.status == 201)
        let profile = try made.json()
        #expect(profile["email"] == "ada@example.org" && profile["role"] == "user" && profile["name"] == "Ada Lovelace")
        #expect(try register(stage, "ada@example.org").status == 400)
        for (change, field) in [
            (["email": "nobody"], "email"), (["password": "short"], "password"), (["name": ""], "name"), (["name": 3], "name"),
        ] as [(JSONObject, String)] {
            let wrong = try register(stage, "new@example.org", change)
            #expect(wrong.status == 422)
            #expect(try wrong.json()["detail"]?[0]?["loc"] == ["body", .string(field)], "\(wrong.body)")
        }
        let signed = try login(stage, "username=ADA%40example.org&password=correct+horse")
        #expect(signed.status == 200 && signed.field("cache-control")?.contains("no-store") == true)
        #expect(try signed.json()["token_type"] == "bearer")
        let token = try #require(try signed.json()["access_token"]?.stringValue)
        // One user for all contracts, in a workspace of their own.
        let other = try stage.send("GET", "/auth/whoami", nil, headers: ["authorization: Bearer \(token)"]).json()
        #expect(other["user_id"] == profile["user_id"] && other["tenant_id"]?.stringValue != stage.tenant.tenantID)
        for form in [
            "username=ada%40example.org&password=wrong", "username=eve%40example.org&password=wrong", "username=x&password=y",
        ] {
            let refused = try login(stage, form)
            #expect(refused.status == 401 && refused.field("www-authenticate") == "Bearer", "\(form)")
            #expect(refused.field("cache-control")?.contains("no-store") == true)
        }
        for form in ["username=ada%40example.org", "password=x", "grant_type=client_credentials&username=a&password=b"] {
            #expect(try login(stage, form).status == 422, "\(form)")
        }
        #expect(try stage.send("POST", "/api/v1/auth/login", ["username": "a", "password": "b"], headers: []).status == 415)
        // A slow machine may reach the next minute once, and not twice.
        var tries = 0
        var last = try login(stage, "username=grace%40example.org&password=guess")
        while last.status == 401, tries < 40 {
            tries += 1
            last = try login(stage, "username=grace%40example.org&password=guess")
        }
        #expect(last.status == 429 && last.field("retry-after") != nil && (10...20).contains(tries), "\(tries)")
    }

    @Test func `who closes registration lets in only whom the operator adds`() throws {
        let stage = try ServedFixture(Self.contracts, environment: ["TWIN_JOURNAL_REGISTRATION": "closed"])
        #expect(try register(stage, "ada@example.org").status == 403)
        #expect(try stage.workspace.users.find(email: "ada@example.org") == nil)
    }

    @Test func `a twin answers the prompts of a session, one after the other, and what it may not tell any more is not told`()
        throws
    {
        let stage = try ServedFixture(Self.contracts, environment: ["TWIN_JOURNAL_TWIN": "twin-homeland-1"])
        #expect(stage.twin.slug == "twin-homeland-1")
        let (id, headers) = try user(stage)
        func prompt(_ session: String, _ text: String, _ more: JSONObject = [:]) throws -> WireClient.Reply {
            let body: JSONObject = ["user_id": .string(id), "session_id": .string(session), "prompt_text": .string(text)]
            return try stage.send("POST", "/api/v1/prompts/", .object(body.merging(more)), headers: headers)
        }
        let made = try stage.send("POST", "/api/v1/chat_sessions/", ["user_id": .string(id), "title": "Bees"], headers: headers)
        #expect(made.status == 201)
        let session = try #require(try made.json()["session_id"]?.stringValue)
        let first = try prompt(session, "When are hives opened?")
        #expect(first.status == 201)
        #expect(try first.json()["llm_responses"]?[0]?.stringValue?.contains("May") == true, "\(first.body)")
        _ = try prompt(session, "When is honey taken?", ["llm_responses": ["I say: in July.", "In August."]])
        let third = try prompt(session, "And when is wax melted?")
        #expect(try third.json()["llm_responses"]?[0]?.stringValue?.contains("winter") == true)
        let quota = try stage.send("GET", "/api/v1/users/\(id)/quota", nil, headers: headers).json()
        #expect(quota["daily_limit"] == 10_000 && (quota["used_today"]?.intValue ?? 0) > 40)
        let listed = try stage.send("GET", "/api/v1/prompts/session/\(session)", nil, headers: headers).json().arrayValue ?? []
        #expect(listed.map { $0["prompt_text"]?.stringValue?.prefix(8) } == ["When are", "When is ", "And when"])
        #expect(listed[1]["llm_responses"] == ["I say: in July.", "In August."])
        #expect(try stage.workspace.conversations.list(twin: stage.twin).map(\.messageCount) == [4])

        // Nobody puts their own twin in the place of the operator's.
        let (otherID, others) = try user(stage, "eve@example.org")
        let impostor = try stage.send("POST", "/twins", ["name": .string(stage.twin.name)], headers: others)
        #expect(impostor.status == 200, "\(impostor.body)")
        #expect(try stage.workspace.twins.list().map(\.slug) == [stage.twin.slug, stage.twin.slug])
        let theirs =
            try stage.send(
                "POST", "/api/v1/chat_sessions", ["user_id": .string(otherID), "title": "Bees"], headers: others
            ).json()["session_id"] ?? .null
        let asked: JSON = ["user_id": .string(otherID), "session_id": theirs, "prompt_text": "When are hives opened?"]
        let told = try stage.send("POST", "/api/v1/prompts", asked, headers: others)
        #expect(told.status == 201 && told.body.contains("May"), "\(told.body)")

        // The twin belongs to somebody else: its user sees what its visitors see, and another's twin by name not at all.
        #expect(try stage.send("GET", "/twins/\(stage.twin.id)", nil, headers: headers).status == 404)
        #expect(
            try stage.send(
                "POST", "/api/v1/chat_sessions", ["user_id": .string(id), "title": "x", "twin_id": .string(stage.twin.id)],
                headers: headers
            ).status == 404)
        let group = try #require(try stage.workspace.groups.list(of: stage.twin).first)
        try stage.workspace.permissions.revokeAll(from: group, by: nil)
        let withdrawn = try stage.send("GET", "/api/v1/prompts/session/\(session)", nil, headers: headers).json()
        #expect(withdrawn[0]?["llm_responses"]?[0]?.stringValue?.contains("May") == false, "\(withdrawn)")

        _ = try stage.workspace.quotas.set(
            try #require(try stage.workspace.users.find(id)), .init(dailyLimit: 1), by: .localOperator)
        let refused = try prompt(session, "When is honey taken?")
        #expect(refused.status == 429 && refused.field("retry-after") != nil)
        #expect(
            try stage.send("GET", "/api/v1/prompts/session/\(session)?limit=2&offset=1", nil, headers: headers).json().arrayValue?
                .count == 2)
        #expect(try stage.send("DELETE", "/api/v1/chat_sessions/\(session)", nil, headers: headers).json()["message"] != nil)
        #expect(try stage.send("GET", "/api/v1/chat_sessions/\(session)", nil, headers: headers).status == 404)
        // The other user's is there still.
        #expect(try stage.workspace.conversations.count(twin: stage.twin) == 1)
    }

    @Test func `what is sent to the log stays, in the name of whoever sent it`() throws {
        let stage = try ServedFixture(Self.contracts)
        let (id, headers) = try user(stage)
        let body: JSONObject = [
            "user_id": .string(id), "action": "TWIN_DELETED", "details": ["a": ["b": 1]], "actor_id": "local",
        ]
        let made = try stage.send("POST", "/api/v1/audit_logs", .object(body), headers: headers)
        #expect(made.status == 201)
        let entry = try made.json()
        #expect(entry["action"] == "TWIN_DELETED" && entry["external"] == true && entry["actor_id"]?.stringValue == id)
        #expect(entry["details"] == ["a": ["b": 1]])
        let log = try #require(entry["log_id"]?.stringValue)
        for method in ["PUT", "DELETE", "PATCH"] {
            #expect(try stage.send(method, "/api/v1/audit_logs/\(log)", ["action": "X"], headers: headers).status == 405)
        }
        let listed = try stage.send("GET", "/api/v1/audit_logs/user/\(id)", nil, headers: headers).json().arrayValue
        #expect(listed?.map { $0["action"]?.stringValue } == ["TWIN_DELETED", "USER_REGISTERED"])
        let large = body.merging(["details": ["x": .string(String(repeating: "a", count: 16_385))]])
        #expect(try stage.send("POST", "/api/v1/audit_logs", .object(large), headers: headers).status == 413)
        // The minute may end once meanwhile; two hold 120 of them at the most.
        var last = 0
        for _ in 0..<121 where last != 429 {
            last = try stage.send("POST", "/api/v1/audit_logs", .object(body), headers: headers).status
        }
        #expect(last == 429)
        // The same log for studio's owner and the command line, and it verifies.
        let studio = try stage.send("GET", "/governance/audit-logs").json().arrayValue ?? []
        #expect(studio.isEmpty == false && studio.allSatisfy { $0["tenant_id"]?.stringValue == stage.tenant.tenantID })
        #expect(try stage.scene.twin("audit", "verify").code == 0)
        let erased = try stage.send("DELETE", "/api/v1/users/\(id)", nil, headers: headers)
        #expect(try erased.json()["message"] == "User deleted successfully")
        #expect(try stage.send("GET", "/api/v1/users/\(id)", nil, headers: headers).status == 401)
        #expect(try stage.scene.twin("audit", "verify").code == 0)
        #expect(try stage.scene.twin("audit", "list", "--event", "EXTERNAL", "--json").output.contains(id) == false)
    }

    @Test func `a front end speaks for its users with a key, and nobody does without it`() throws {
        let key = "0123456789abcdef0123456789abcdef"
        let stage = try ServedFixture(Self.contracts, environment: ["TWIN_JOURNAL_INTERNAL_KEY": key])
        let base = "/api/v1/internal"
        let headers = ["x-internal-api-key: \(key)"]
        for wrong in [[], ["x-internal-api-key: \(key)0"], ["x-internal-api-key:"], headers + headers, [stage.owner]] {
            #expect(try stage.send("GET", "\(base)/users/by-clerk-id/a", nil, headers: wrong).status == 401, "\(wrong)")
        }
        let path = "\(base)/users/by-clerk-id/user_2abc?clerk_email=ada%40example.org&clerk_name=Ada"
        let made = try stage.send("GET", path, nil, headers: headers)
        #expect(made.status == 200)
        let id = try #require(try made.json()["user_id"]?.stringValue)
        #expect(try made.json()["email"] == "ada@example.org" && made.json()["name"] == "Ada")
        #expect(try stage.send("GET", path, nil, headers: headers).json()["user_id"]?.stringValue == id)
        // Without an address, and with one that somebody has proven, they are somebody all the same.
        let taken = "\(base)/users/by-clerk-id/user_3?clerk_email=\(stage.tenant.owner.email.replacing("@", with: "%40"))"
        _ = try stage.workspace.users.update(stage.tenant.owner.id, .init(proves: true), by: .localOperator)
        for path in ["\(base)/users/by-clerk-id/user_4", taken] {
            let placeholder = try stage.send("GET", path, nil, headers: headers)
            #expect(placeholder.status == 200 && placeholder.body.contains("placeholder.invalid"), "\(placeholder.body)")
        }
        let session = try #require(
            try stage.send("POST", "\(base)/sessions", ["user_id": .string(id), "title": "Bees"], headers: headers).json()[
                "session_id"]?
                .stringValue)
        let prompt: JSON = [
            "user_id": .string(id), "session_id": .string(session), "prompt_text": "When?", "llm_responses": ["In May."],
        ]
        #expect(try stage.send("POST", "\(base)/prompts", prompt, headers: headers).status == 200)
        #expect(try stage.send("GET", "\(base)/sessions/\(session)/prompts", nil, headers: headers).json().arrayValue?.count == 1)
        #expect(try stage.send("GET", "\(base)/users/\(id)/sessions", nil, headers: headers).json().arrayValue?.count == 1)
        #expect(
            try stage.send("PUT", "\(base)/users/\(id)/quota", ["daily_limit": 3], headers: headers).json()["daily_limit"] == 3)
        #expect(try stage.send("POST", "\(base)/prompts", prompt, headers: headers).status == 429)
        let own = try stage.send(
            "POST", "\(base)/user-prompts", ["user_id": .string(id), "prompt_text": "Be brief."], headers: headers
        ).json()["prompt_id"]?.stringValue
        #expect(try stage.send("GET", "\(base)/users/\(id)/user-prompts", nil, headers: headers).json().arrayValue?.count == 1)
        #expect(try stage.send("DELETE", "\(base)/user-prompts/\(own ?? "")", nil, headers: headers).status == 200)
        #expect(try stage.send("GET", "\(base)/system-prompts", nil, headers: headers).json() == [])
        #expect(try stage.send("PUT", "\(base)/sessions/\(session)", ["title": "Wax"], headers: headers).json()["title"] == "Wax")
        #expect(try stage.send("DELETE", "\(base)/sessions/\(session)", nil, headers: headers).status == 200)
        // A server that was given no key has no such door.
        let closed = try ServedFixture(Self.contracts)
        #expect(try closed.send("GET", path, nil, headers: headers).status == 401)
    }
}
