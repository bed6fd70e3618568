import TestSupport
import Testing

@testable import TwinKit
@testable import TwinSupport

/// Signing in, staying in and signing out, over HTTP.
@Suite struct SignInSessionTests {
    let stage: ServedFixture
    let password = "correct horse"

    init() throws {
        stage = try ServedFixture()
        _ = try stage.workspace.users.add(
            email: "ada@homeland.example", role: .viewer, password: Secret(password), tenantID: stage.tenant.tenantID)
    }

    private func signIn(_ password: String, from address: String = "198.51.100.7", _ more: String...) throws -> WireClient.Reply {
        try stage.send(
            "POST", "/auth/login", ["email": "ada@homeland.example", "password": .string(password)],
            headers: ["x-forwarded-for: \(address)"] + more)
    }

    private func post(_ path: String, _ body: JSON? = nil, _ headers: String...) throws -> WireClient.Reply {
        try stage.send("POST", path, body, headers: headers)
    }

    private func status(_ session: JSON) throws -> Int {
        try stage.send(
            "GET", "/auth/me", nil, headers: ["authorization: Bearer \(session["access_token"]?.stringValue ?? "")"]
        ).status
    }

    @Test func `tokens rotate, a copy ends the sign-in, and signing out ends it too`() throws {
        let first = try signIn(password).json()
        let token: JSON = ["refresh_token": first["refresh_token"] ?? .null]
        let second = try post("/auth/refresh", token)
        let tab = try post("/auth/refresh", token)
        #expect(second.status == 200 && tab.status == 200)
        #expect(try second.json()["refresh_token"] != first["refresh_token"])
        // The half minute is over.
        try stage.workspace.database.write {
            try $0.run("UPDATE token_families SET rotated_at = ?", Clock.now.adding(seconds: -31))
        }
        #expect(try post("/auth/refresh", token).status == 401)
        #expect(try post("/auth/refresh", ["refresh_token": second.json()["refresh_token"] ?? .null]).status == 401)
        #expect(try status(second.json()) == 401)

        let other = try signIn(password).json()
        let access = "authorization: Bearer \(other["access_token"]?.stringValue ?? "")"
        #expect(try status(other) == 200)
        #expect(try post("/auth/logout", nil, access).status == 200)
        #expect(try status(other) == 401)
        #expect(try post("/auth/refresh", ["refresh_token": other["refresh_token"] ?? .null]).status == 401)
        #expect(try post("/auth/logout").status == 401)
        // By its refresh token alone, once the access token has expired.
        let third = try signIn(password).json()
        #expect(try post("/auth/logout", ["refresh_token": third["refresh_token"] ?? .null]).status == 200)
        #expect(try status(third) == 401)
        // Everywhere.
        let (fourth, fifth) = (try signIn(password).json(), try signIn(password).json())
        let reply = try post(
            "/auth/logout", ["everywhere": true], "authorization: Bearer \(fourth["access_token"]?.stringValue ?? "")")
        #expect(reply.status == 200)
        #expect(try status(fourth) == 401 && status(fifth) == 401)
    }

    @Test func `wrong passwords from elsewhere keep nobody out, and a known device passes`() throws {
        let first = try signIn(password)
        let cookie = try #require(first.field("set-cookie"))
        #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"))
        let wrong = String(repeating: "x", count: 1_000)
        var statuses: Set<Int> = []
        for machine in 1...4 {
            for _ in 0..<23 { statuses.insert(try signIn(wrong, from: "203.0.113.\(machine)").status) }
        }
        #expect(statuses == [401, 429])
        #expect(try signIn(password, from: "192.0.2.9").status == 200)
        // The place that guessed is shut, but not for the browser that was there before.
        for _ in 0..<23 { _ = try signIn(wrong, from: "203.0.113.77") }
        #expect(try signIn(password, from: "203.0.113.77").status == 429)
        let device = "cookie: other=1; " + (cookie.split(separator: ";").first.map(String.init) ?? "")
        #expect(try signIn(password, from: "203.0.113.77", device).status == 200)
    }

    @Test func `replies are private, and of two credentials of one kind none counts`() throws {
        for path in ["/auth/me", "/twins", "/twins/\(stage.twin.id)", "/api-keys", "/users", "/nowhere", "/twins/nowhere"] {
            #expect(try stage.send("GET", path).field("cache-control") == "private, no-store", "\(path)")
        }
        #expect(try stage.send("GET", "/auth/me", nil, headers: []).field("cache-control") == "private, no-store")
        #expect(try stage.send("GET", "/openapi.json", nil, headers: []).field("cache-control") == "public, no-cache")
        let stranger = "authorization: Bearer nonsense"
        for fields in [[stage.owner, stage.owner], [stage.owner, stranger], [stranger, stage.owner]] {
            #expect(try stage.send("GET", "/auth/me", nil, headers: fields).status == 400)
        }
        #expect(try stage.send("GET", "/auth/me", nil, headers: ["x-twin-api-key: a", "x-twin-api-key: b"]).status == 400)
    }

    @Test func `with a removed owner go their keys, unless they are to be kept`() throws {
        let workspace = stage.workspace
        for keeps in [false, true] {
            let owner = try stage.tenant.user(role: .owner)
            let token = try stage.tenant.token(owner)
            let made = try stage.send("POST", "/api-keys", ["name": "theirs"], headers: [token])
            #expect(try made.json()["scopes"] == ["chat"])
            #expect(try made.json()["warning"]?.stringValue?.contains("every site") == true)
            let key = try #require(try made.json()["id"]?.stringValue)
            let removed = try stage.send("DELETE", "/users/\(owner.id)\(keeps ? "?keep_keys=true" : "")")
            #expect(try removed.json()[keeps ? "kept_keys" : "revoked_keys"]?[0]?["id"]?.stringValue == key, "\(removed.body)")
            #expect(try workspace.keys.find(key).isActive == keeps)
        }
        let refused = try stage.send("POST", "/api-keys", ["name": "x", "allowed_domains": ["a, b"]])
        #expect(refused.status == 400, "\(refused.body)")
    }

    @Test func `a membership over HTTP is a user's, or held for an invited address`() throws {
        let group = try stage.workspace.groups.create("partners", of: stage.twin)
        func join(_ name: String) throws -> WireClient.Reply {
            try stage.send(
                "POST", "/twins/\(stage.twin.id)/group-memberships", ["user_id": .string(name), "group_id": .string(group.id)])
        }
        #expect(try join("anna").status == 404)
        #expect(try join("anna@homeland.example").status == 404)
        #expect(try join("ada@homeland.example").status == 200)
        _ = try stage.send("POST", "/users/invite", ["email": "anna@homeland.example", "role": "viewer"])
        #expect(try join("anna@homeland.example").status == 200)
        let members = try stage.send("GET", "/access-groups/\(group.id)/members").json().arrayValue ?? []
        #expect(members.map { $0["is_pending"] } == [false, true])
        #expect(try stage.send("DELETE", "/group-memberships/\(members[1]["id"]?.stringValue ?? "")").status == 200)
        #expect(try stage.send("GET", "/access-groups/\(group.id)/members").json().arrayValue?.count == 1)
    }
}
