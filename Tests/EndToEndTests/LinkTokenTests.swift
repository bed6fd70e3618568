import FoundationEssentials
import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// Tokens of invitations and share links, guessed, replayed, late and out of place.
@Suite struct LinkTokenTests {
    let stage: ServedFixture
    init() throws { stage = try ServedFixture() }

    private func accept(_ token: String, _ password: String = "correct horse") throws -> WireClient.Reply {
        try stage.send("POST", "/auth/accept-invitation", ["token": .string(token), "password": .string(password)], headers: [])
    }

    private func invite(_ email: String) throws -> String {
        let reply = try stage.send("POST", "/users/invite", ["email": .string(email), "role": "viewer"])
        return try #require(try reply.json()["invitation_token"]?.stringValue)
    }

    @Test func `an invitation is good once, for whom it was made, until it ends`() throws {
        let token = try invite("ada@new.example")
        // Guesses, however near, tell nothing.
        for guess in [
            String(token.dropLast()) + (token.hasSuffix("A") ? "B" : "A"), token.uppercased(), token + "A",
            String(token.dropLast()), "%00", "..", "'--",
        ] {
            let path = "/auth/invitation/" + (guess == "'--" ? "'--" : guess)
            #expect(try stage.send("GET", path, nil, headers: []).status >= 400, "\(guess)")
            let reply = try accept(guess)
            #expect(reply.status == 404 && !reply.body.contains("ada@"), "\(guess): \(reply.body)")
        }
        // What the client says of role, address and tenant does not count.
        let reply = try stage.send(
            "POST", "/auth/accept-invitation",
            [
                "token": .string(token), "password": "correct horse", "role": "owner", "email": "eve@new.example",
                "tenant_id": "x",
            ],
            headers: [])
        #expect(
            try reply.status == 200 && reply.json()["user"]?["role"] == "viewer"
                && reply.json()["user"]?["email"] == "ada@new.example")
        #expect(reply.field("cache-control") == "private, no-store")
        // Replayed.
        #expect(try accept(token).status == 409)
        #expect(try stage.send("GET", "/auth/invitation/\(token)", nil, headers: []).status == 409)
        // Invited again, the first link is dead.
        let first = try invite("grace@new.example")
        let second = try invite("grace@new.example")
        #expect(try accept(first).status == 404)
        #expect(try stage.send("GET", "/auth/invitation/\(second)", nil, headers: []).status == 200)
        // Late.
        try stage.workspace.database.write {
            try $0.run("UPDATE invitations SET expires_at = ? WHERE status = 'pending'", Clock.now.adding(seconds: -1))
        }
        #expect(try accept(second).status == 410)
        #expect(try stage.send("GET", "/auth/invitation/\(second)", nil, headers: []).status == 410)
        #expect(try stage.workspace.users.find(email: "grace@new.example") == nil)
    }

    @Test func `a share link opens its twin alone, while it is on, current and not over`() throws {
        let twin = stage.twin.id
        let other = try stage.tenant.twin()
        func open(_ twin: String, _ token: String) throws -> (validated: WireClient.Reply, asked: WireClient.Reply) {
            (
                try stage.send("GET", "/public/validate-share/\(twin)/\(token)", nil, headers: []),
                try stage.send("POST", "/public/chat/\(twin)/\(token)", ["message": "When are hives opened?"], headers: [])
            )
        }
        var refusals = Set<String>()
        func expectClosed(_ twin: String, _ token: String, _ why: String) throws {
            let (validated, asked) = try open(twin, token)
            #expect(validated.status == 404 && asked.status == 403, "\(why): \(validated.status) \(asked.status)")
            refusals.insert(try validated.json()["detail"]?.stringValue ?? "")
            refusals.insert(try asked.json()["detail"]?.stringValue ?? "")
        }
        let first = try #require(try stage.send("POST", "/twins/\(twin)/share-link").json()["share_token"]?.stringValue)
        try expectClosed(twin, first, "sharing is off until it is switched on")
        #expect(try stage.send("PATCH", "/twins/\(twin)/sharing", ["is_public": true]).status == 200)
        let (validated, asked) = try open(twin, first)
        #expect(validated.status == 200 && asked.status == 200)
        try expectClosed(twin, String(first.dropLast()) + (first.hasSuffix("0") ? "1" : "0"), "guessed")
        try expectClosed(twin, first.uppercased() + "X", "another spelling")
        try expectClosed(other.id, first, "another twin")
        try expectClosed(stage.twin.slug, first, "a slug can be guessed")
        try expectClosed("01900000-0000-7000-8000-000000000000", first, "no such twin")
        let second = try #require(try stage.send("POST", "/twins/\(twin)/share-link").json()["share_token"]?.stringValue)
        try expectClosed(twin, first, "replaced")
        #expect(try open(twin, second).validated.status == 200)
        _ = try stage.workspace.shareLinks.setExpiry(stage.twin, Clock.now.adding(seconds: -1))
        try expectClosed(twin, second, "over")
        _ = try stage.workspace.shareLinks.setExpiry(stage.twin, nil)
        #expect(try stage.send("PATCH", "/twins/\(twin)/sharing", ["is_public": false]).status == 200)
        try expectClosed(twin, second, "switched off")
        _ = try stage.workspace.shareLinks.setEnabled(stage.twin, true)
        _ = try stage.send("POST", "/twins/\(twin)/archive")
        // Only this is said, as every chat of an archived twin says it.
        let (validated404, gone) = try open(twin, second)
        #expect(validated404.status == 404 && gone.status == 410)
        // Whoever tries is not told why.
        #expect(refusals.count == 1)
        let log = try stage.send("GET", "/governance/audit-logs?event_type=SECURITY").body
        #expect(log.contains("token_mismatch") && log.contains("SHARE_TOKEN_EXPIRED") && log.contains("sharing_disabled"))
        #expect(!log.contains(first) && !log.contains(second))
    }

    @Test func `a session or a conversation of somebody else cannot be taken over`() throws {
        let key = try stage.tenant.key(.chat)
        let otherKey = try stage.tenant.key(.chat)
        func ask(_ key: String, _ session: String?) throws -> (session: String?, conversation: String?) {
            let reply = try stage.send(
                "POST", "/chat-widget/\(stage.twin.id)",
                ["api_key": .string(key), "query": "When are hives opened?", "session_id": .optional(session)], headers: [])
            #expect(reply.status == 200, "\(reply.body)")
            let events = try reply.body.split(separator: "\n").map { try JSONParser.parse(String($0)) }
            let metadata = try #require(events.first { $0["conversation_id"] != nil })
            return (metadata["session_id"]?.stringValue, metadata["conversation_id"]?.stringValue)
        }
        let first = try ask(key, nil)
        let again = try ask(key, first.session)
        #expect(again.session == first.session && again.conversation == first.conversation)
        for guess in ["", "nonsense", "01900000-0000-7000-8000-000000000000", "' OR 1=1 --"] {
            #expect(try ask(key, guess).session != first.session)
        }
        // Through another door the session is not there.
        let moved = try ask(otherKey, first.session)
        #expect(moved.session != first.session && moved.conversation != first.conversation)
        try stage.workspace.database.write { try $0.run("UPDATE sessions SET expires_at = ?", Clock.now.adding(seconds: -1)) }
        #expect(try ask(key, first.session).session != first.session)
        // Nor can a user or a key go on with the visitor's conversation, unless it is the owner.
        let viewer = try stage.tenant.token(stage.tenant.user(role: .viewer))
        let body: JSON = ["query": "When are hives opened?", "conversation_id": .optional(first.conversation)]
        #expect(try stage.send("POST", "/chat/\(stage.twin.id)", body, headers: [viewer]).status == 404)
        #expect(
            [403, 404].contains(
                try stage.send("POST", "/chat/\(stage.twin.id)", body, headers: ["x-twin-api-key: \(key)"]).status))
        #expect(
            try stage.send("GET", "/conversations/\(first.conversation ?? "")/messages", nil, headers: [viewer]).status == 404)
    }
}
