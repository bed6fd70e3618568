import FoundationEssentials
import Synchronization
import TestSupport
import Testing

@testable import TwinKit
@testable import TwinSupport

/// What a caller may not see is not quoted, counted, suggested or named, whichever way it asks. Each secret is a word that stands
/// nowhere else, and no question holds it, so that a reply in which it appears was made from what is hidden.
@Suite struct LeakTests {
    /// A word for each thing that is hidden.
    private enum Secret {
        static let title = "quokkatitle", file = "quokkafile", text = "quokkatext", question = "quokkaquestion",
            answer = "quokkaanswer"
        static let all = [title, file, text, question, answer]
    }

    private static let sent = Atomic<Int>(0)

    /// The field of a request from an address that none before came from: what is limited by address is no matter here.
    private static func fromElsewhere() -> String {
        let number = sent.add(1, ordering: .relaxed).newValue
        return "x-forwarded-for: 198.\(18 + number / 62_500 % 2).\(number / 250 % 250).\(number % 250 + 1)"
    }

    private static let plain =
        "Hives are opened in May, when the linden tree is in flower and the nights are no longer cold at all.\n"
    private static let hidden = """
        # The \(Secret.title) of the northern hangar

        The vault code of the northern hangar is \(Secret.text), and it is changed each spring by the keeper of the keys.

        """

    /// A tenant with one twin that everybody may ask about hives, a stranger's tenant, and everybody's credentials.
    private final class Stage {
        let scene: Scene
        let server: RunningServer
        let client: WireClient
        let tenant: TenantFixture
        let stranger: TenantFixture
        let twin: Twin
        let strangersTwin: Twin
        let open: Source
        let openAnswer: VerifiedAnswer
        let fallback: AccessGroup
        let partners: AccessGroup
        let share: String
        let chatKey: String
        let readKeyID: String
        /// Credentials of those who may see what the default group may, no more.
        var outsiders: [(name: String, headers: [String])] = []
        var strangers: [(name: String, headers: [String])] = []
        let ownerHeaders: [String]
        let partnerHeaders: [String]

        init() throws {
            scene = try Scene()
            tenant = try TenantFixture(scene, marker: "homeland")
            stranger = try TenantFixture(scene, marker: "elsewhere")
            twin = try tenant.twin()
            strangersTwin = try stranger.twin()
            open = try tenant.upload("hives.md", LeakTests.plain, into: twin)
            _ = try stranger.upload("hives.md", LeakTests.plain, into: strangersTwin)
            openAnswer = try tenant.workspace.verifiedAnswers.add(
                .init(question: "When are hives opened?", answer: "In May."), to: twin, by: tenant.owner.id)
            fallback = try #require(try tenant.workspace.groups.list(of: twin).first { $0.isDefault })
            partners = try tenant.workspace.groups.create("partners", of: twin, by: tenant.owner.id)
            _ = try tenant.workspace.shareLinks.setEnabled(twin, true, by: tenant.owner.id)
            share = try tenant.workspace.shareLinks.rotate(twin, by: tenant.owner.id).token ?? ""
            let viewer = try tenant.user(role: .viewer)
            let partner = try tenant.user(role: .viewer)
            try tenant.workspace.groups.add(partner.id, to: partners, by: tenant.owner.id)
            let readKey = try tenant.workspace.keys.create("reader", tenantID: tenant.tenantID, scopes: [.read, .chat])
            readKeyID = readKey.key.id
            chatKey = try tenant.key(.chat)
            ownerHeaders = [try tenant.token(tenant.owner)]
            partnerHeaders = [try tenant.token(partner)]
            outsiders = [
                ("viewer", [try tenant.token(viewer)]), ("read key", ["x-twin-api-key: \(readKey.text.reveal())"]),
                ("full key", ["x-twin-api-key: \(try tenant.key())"]),
            ]
            strangers = [
                ("stranger", [try stranger.token(stranger.owner)]), ("stranger's key", ["x-twin-api-key: \(try stranger.key())"]),
            ]
            server = try RunningServer(scene, "--jobs", "0", "--log", "none")
            client = try server.client()
        }

        /// Paths of all that can be read without naming a hidden thing.
        func readable(_ twin: Twin, _ source: Source, _ answer: VerifiedAnswer) -> [String] {
            [
                "/auth/me", "/auth/whoami", "/auth/my-twins", "/twins", "/twins/\(twin.id)", "/sources/\(twin.id)",
                "/sources/\(twin.id)?status=live", "/sources/\(twin.id)/\(source.id)", "/sources/\(source.id)/logs",
                "/sources/\(source.id)/health", "/twins/\(twin.id)/knowledge-profile", "/twins/\(twin.id)/verified-qna",
                "/twins/\(twin.id)/verified-qna?visibility=private", "/verified-qna/\(answer.id)",
                "/twins/\(twin.id)/access-groups",
                "/access-groups/\(partners.id)", "/access-groups/\(partners.id)/members",
                "/access-groups/\(partners.id)/permissions",
                "/twins/\(twin.id)/owner-memory", "/twins/\(twin.id)/clarifications", "/twins/\(twin.id)/share-link",
                "/public/validate-share/\(twin.id)/\(share)", "/conversations/\(twin.id)", "/metrics/dashboard/\(twin.id)",
                "/metrics/top-questions/\(twin.id)?limit=20", "/metrics/daily/\(twin.id)",
                "/metrics/activity/\(twin.id)?limit=50",
                "/metrics/usage/\(twin.id)", "/audience/\(twin.id)", "/governance/audit-logs",
                "/governance/audit-logs?twin_id=\(twin.id)",
                "/metrics/health", "/api-keys", "/users", "/jobs", "/jobs?twin_id=\(twin.id)",
            ]
        }

        func get(_ path: String, _ headers: [String]) throws -> WireClient.Reply {
            try client.send("GET", path, headers: headers)
        }

        /// Every reply that somebody gets to what can be read, without what tells the time.
        func look(_ headers: [String]) throws -> [String: String] {
            // The token's public limits count the address.
            try Dictionary(
                uniqueKeysWithValues: readable(twin, open, openAnswer).map { path in
                    let reply = try get(path, headers + [LeakTests.fromElsewhere()])
                    return (path, "\(reply.status) " + Self.withoutTime(try JSONParser.parse(reply.body)).text)
                })
        }

        private static func withoutTime(_ json: JSON) -> JSON {
            switch json {
            case .object(let object):
                .object(
                    JSONObject(
                        object.members.filter {
                            !["timestamp", "last_active_at", "last_used_at", "response_ms"].contains($0.key)
                        }
                        .map { (key: $0.key, value: withoutTime($0.value)) }))
            case .array(let items): .array(items.map(withoutTime))
            default: json
            }
        }

        /// Asks through every door that somebody without the secret has, and tells what came back.
        func ask(_ question: String) throws -> [(door: String, reply: String)] {
            let content = ["content-type: application/json"]
            var replies: [(door: String, reply: String)] = []
            for (name, headers) in outsiders {
                for accept in ["application/x-ndjson", "text/event-stream", "application/json"] {
                    let reply = try client.send(
                        "POST", "/chat/\(twin.id)", headers: headers + content + ["accept: \(accept)"],
                        body: JSONWriter.bytes(["query": .string(question)]))
                    #expect(reply.status == 200, "\(name): \(reply.body)")
                    replies.append(("\(name), \(accept)", reply.body))
                }
            }
            let widget = try client.send(
                "POST", "/chat-widget/\(twin.id)", headers: content,
                body: JSONWriter.bytes(["api_key": .string(chatKey), "query": .string(question)]))
            #expect(widget.status == 200)
            replies.append(("widget", widget.body))
            let shared = try client.send(
                "POST", "/public/chat/\(twin.id)/\(share)",
                headers: content + [LeakTests.fromElsewhere()],
                body: JSONWriter.bytes(["message": .string(question)]))
            #expect(shared.status == 200 || shared.status == 429)
            replies.append(("share link", shared.body))
            let foreign = try client.send(
                "POST", "/chat/\(strangersTwin.id)", headers: strangers[0].headers + content,
                body: JSONWriter.bytes(["query": .string(question)]))
            #expect(foreign.status == 200)
            replies.append(("stranger", foreign.body))
            for command in [
                ["chat", question, "--as-group", fallback.id], ["chat", question, "--as-key", readKeyID],
                ["search", question, "--as-group", fallback.id], ["search", question, "--as-key", readKeyID],
            ] {
                let told = try scene.run(Scene.binary, command + ["--twin", twin.id, "--json"])
                #expect(told.code == 0, "\(command): \(told.errors)")
                replies.append((command.joined(separator: " "), told.output + told.errors))
            }
            return replies
        }

        func expectNothing(_ replies: [(door: String, reply: String)], _ words: [String] = Secret.all) {
            for (door, reply) in replies {
                for word in words { #expect(!reply.lowercased().contains(word), "\(door) tells \(word): \(reply.prefix(600))") }
            }
        }
    }

    private static let questions = [
        "What is the vault code of the northern hangar?", "vault code northern hangar keeper keys",
        "Which colour does the door of the northern hangar have?", "Which color has the door of the northern hangar",
        "What are you not allowed to tell me?",
    ]

    private static func plant(_ stage: Stage) throws -> (source: Source, answer: VerifiedAnswer) {
        let source = try stage.tenant.upload("\(Secret.file).md", hidden, into: stage.twin)
        let answer = try stage.tenant.workspace.verifiedAnswers.add(
            .init(
                question: "Which colour does the \(Secret.question) door of the northern hangar have?",
                answer: "It is painted \(Secret.answer).", citations: [source.id]),
            to: stage.twin, by: stage.tenant.owner.id)
        return (source, answer)
    }

    private static func expectNothing(_ stage: Stage, named hidden: (source: Source, answer: VerifiedAnswer)) throws {
        for (name, headers) in stage.outsiders + stage.strangers + [("nobody", [])] {
            for path in [
                "/sources/\(stage.twin.id)/\(hidden.source.id)", "/sources/\(hidden.source.id)/logs",
                "/sources/\(hidden.source.id)/health", "/verified-qna/\(hidden.answer.id)",
            ] {
                let reply = try stage.get(path, headers)
                #expect(reply.status == (headers.isEmpty ? 401 : 404), "\(name) \(path): \(reply.body)")
                stage.expectNothing([("\(name) \(path)", reply.body)])
            }
        }
        for question in questions { stage.expectNothing(try stage.ask(question)) }
    }

    @Test func `what is behind a group is not there for anybody outside it`() throws {
        let stage = try Stage()
        let before = try (stage.outsiders + stage.strangers).map { try stage.look($0.headers) }
        let hidden = try Self.plant(stage)
        let workspace = stage.tenant.workspace
        for (type, id) in [(ContentPermissions.ContentType.source, hidden.source.id), (.verifiedAnswer, hidden.answer.id)] {
            _ = try workspace.permissions.grant(type, [id], to: stage.partners, by: nil)
            _ = try workspace.permissions.revoke(type, [id], from: stage.fallback, by: nil)
        }
        // The owner talks about it, and a client of the partners does.
        let content = ["content-type: application/json", "accept: application/json"]
        for (headers, word) in [(stage.ownerHeaders, Secret.text), (stage.partnerHeaders, Secret.text)] {
            var body: JSONObject = ["query": "What is the vault code of the northern hangar?"]
            if headers == stage.ownerHeaders { body["group_id"] = .string(stage.partners.id) }
            let reply = try stage.client.send(
                "POST", "/chat/\(stage.twin.id)", headers: headers + content, body: JSONWriter.bytes(.object(body)))
            #expect(reply.body.contains(word), "those who may see it are told: \(reply.body)")
        }
        let searched = try stage.scene.twin(
            "search", "vault", "code", "--as-group", "partners", "--twin", stage.twin.id, "--json")
        #expect(searched.output.contains(Secret.text))
        // Not one reply has changed: nothing is counted, listed or named.
        for (index, (name, headers)) in (stage.outsiders + stage.strangers).enumerated() {
            let after = try stage.look(headers)
            for (path, reply) in after where !path.hasPrefix("/metrics/usage") {
                #expect(reply == before[index][path], "\(name) \(path)")
            }
            stage.expectNothing(after.map { ("\(name) \($0.key)", $0.value) })
        }
        try Self.expectNothing(stage, named: hidden)
    }

    @Test func `what was deleted is not there for anybody, and for the owner in the log only`() throws {
        let stage = try Stage()
        let everybody = stage.outsiders + stage.strangers + [("owner", stage.ownerHeaders)]
        let before = try everybody.map { try stage.look($0.headers) }
        let hidden = try Self.plant(stage)
        #expect(try stage.get("/sources/\(stage.twin.id)", stage.outsiders[0].headers).body.contains(Secret.file))
        try stage.tenant.workspace.sources.remove([hidden.source], by: nil)
        try stage.tenant.workspace.verifiedAnswers.remove(hidden.answer.id, by: nil)
        for (index, (name, headers)) in everybody.enumerated() {
            let after = try stage.look(headers)
            for (path, reply) in after where name != "owner" || !path.hasPrefix("/governance") {
                #expect(reply == before[index][path], "\(name) \(path)")
                stage.expectNothing([("\(name) \(path)", reply)])
            }
        }
        try Self.expectNothing(stage, named: hidden)
        #expect(try stage.get("/sources/\(stage.twin.id)/\(hidden.source.id)", stage.ownerHeaders).status == 404)
        for word in ["vault code", "northern hangar door colour"] {
            for command in [
                ["chat", word], ["search", word], ["sources", "list"], ["qna", "list"], ["metrics", "knowledge"],
            ] {
                let told = try stage.scene.run(Scene.binary, command + ["--twin", stage.twin.id, "--json"])
                stage.expectNothing([(command.joined(separator: " "), told.output + told.errors)])
            }
        }
    }

    @Test func `what was replaced is not there any more, whoever asks`() throws {
        let stage = try Stage()
        let hidden = try Self.plant(stage)
        let source = try stage.tenant.upload(
            "\(Secret.file).md", "# The hangar\n\nThe northern hangar is closed.\n", into: stage.twin)
        #expect(source.id == hidden.source.id)
        _ = try stage.tenant.workspace.verifiedAnswers.edit(
            hidden.answer.id, answer: "It has none.", reason: "repainted", by: nil)
        let words = [Secret.title, Secret.text, Secret.answer]
        for (name, headers) in stage.outsiders + stage.strangers + [("owner", stage.ownerHeaders)] {
            for path in stage.readable(stage.twin, source, hidden.answer) {
                let reply = try stage.get(path, headers + [LeakTests.fromElsewhere()])
                // The owner alone has the history of an answer.
                if name == "owner", path.hasPrefix("/verified-qna/") {
                    #expect(reply.body.contains(Secret.answer))
                } else {
                    stage.expectNothing([("\(name) \(path)", reply.body)], words)
                }
            }
        }
        for question in Self.questions { stage.expectNothing(try stage.ask(question), words) }
        for command in [
            ["search", "vault code"], ["chat", "What is the vault code of the northern hangar?"], ["sources", "show", source.id],
        ] {
            let told = try stage.scene.run(
                Scene.binary, command + (command[0] == "sources" ? [] : ["--twin", stage.twin.id]) + ["--json"])
            stage.expectNothing([(command.joined(separator: " "), told.output + told.errors)], words)
        }
    }

    @Test func `an archived twin answers nobody and is in no list`() throws {
        let stage = try Stage()
        let hidden = try Self.plant(stage)
        _ = try stage.tenant.workspace.twins.archive(stage.twin)
        let content = ["content-type: application/json"]
        for (name, headers) in stage.outsiders + [("owner", stage.ownerHeaders)] {
            for path in ["/twins", "/auth/my-twins"] {
                #expect(!(try stage.get(path, headers).body.contains(stage.twin.id)), "\(name) \(path)")
            }
            let chat = try stage.client.send(
                "POST", "/chat/\(stage.twin.id)", headers: headers + content,
                body: JSONWriter.bytes(["query": .string(Self.questions[0])]))
            #expect(chat.status == 410 && !chat.body.contains(Secret.text), "\(name): \(chat.status)")
        }
        #expect(try stage.get("/conversations/\(stage.twin.id)", stage.ownerHeaders).status == 410)
        let widget = try stage.client.send(
            "POST", "/chat-widget/\(stage.twin.id)", headers: content,
            body: JSONWriter.bytes(["api_key": .string(stage.chatKey), "query": .string(Self.questions[0])]))
        #expect(widget.status == 410)
        let shared = try stage.client.send(
            "POST", "/public/chat/\(stage.twin.id)/\(stage.share)", headers: content,
            body: JSONWriter.bytes(["message": .string(Self.questions[0])]))
        #expect(shared.status == 410 && !shared.body.contains("homeland"))
        let validated = try stage.get("/public/validate-share/\(stage.twin.id)/\(stage.share)", [])
        #expect(validated.status == 404 && !validated.body.contains("homeland"))
        for (name, headers) in stage.strangers {
            for path in stage.readable(stage.twin, hidden.source, hidden.answer) {
                stage.expectNothing([("\(name) \(path)", try stage.get(path, headers).body)], Secret.all + ["homeland"])
            }
        }
        for command in [["chat", Self.questions[0]], ["search", "vault"]] {
            for more in [[], ["--as-group", stage.fallback.id], ["--as-key", stage.readKeyID]] {
                let told = try stage.scene.run(Scene.binary, command + more + ["--twin", stage.twin.id, "--json"])
                #expect(told.code != 0 || !told.output.contains(Secret.text), "\(command + more): \(told.output)")
            }
        }
    }

    @Test func `the folders of this machine are named to nobody but those who look after everything`() throws {
        let stage = try Stage()
        let path = try stage.scene.write(
            "private-folder/engine.md", "# Engine\n\nThe engine runs on steam from the old boiler.\n")
        let broken = try stage.scene.write("private-folder/broken.pdf", "%PDF-1.7 nothing of it")
        let ingested = try stage.scene.twin("ingest", path, broken, "--twin", stage.twin.id, "--json")
        #expect(ingested.code == 9 || ingested.code == 0, "\(ingested)")
        let sources = try JSONParser.parse(try stage.get("/sources/\(stage.twin.id)", stage.ownerHeaders).body).arrayValue ?? []
        let files = sources.filter { $0["kind"] == "file" }
        #expect(files.contains { $0["locator"]?.stringValue == path })
        for (name, headers) in stage.outsiders {
            var paths = stage.readable(stage.twin, stage.open, stage.openAnswer)
            for id in sources.compactMap({ $0["id"]?.stringValue }) {
                paths += ["/sources/\(stage.twin.id)/\(id)", "/sources/\(id)/logs", "/sources/\(id)/health"]
            }
            for path in paths {
                let reply = try stage.get(path, headers)
                #expect(!reply.body.contains("private-folder"), "\(name) \(path): \(reply.body)")
            }
        }
        let listed = try stage.get("/sources/\(stage.twin.id)", stage.outsiders[0].headers)
        #expect(listed.body.contains("\"locator\":\"engine.md\""))
        for (door, reply) in try stage.ask("What does the engine run on?") {
            #expect(door == "stranger" || reply.contains("steam"), "\(door): \(reply)")
            #expect(!reply.contains("private-folder"), "\(door): \(reply)")
        }
    }

    @Test func `errors name nothing that the caller could not see`() throws {
        let stage = try Stage()
        let hidden = try Self.plant(stage)
        _ = try stage.tenant.workspace.permissions.revoke(.source, [hidden.source.id], from: stage.fallback, by: nil)
        _ = try stage.tenant.workspace.permissions.revoke(.verifiedAnswer, [hidden.answer.id], from: stage.fallback, by: nil)
        let secretGroup = try stage.tenant.workspace.groups.create("group \(Secret.title)", of: stage.twin)
        let content = ["content-type: application/json"]
        func post(_ path: String, _ headers: [String], _ body: JSON) throws -> WireClient.Reply {
            try stage.client.send("POST", path, headers: headers + content, body: JSONWriter.bytes(body))
        }
        let viewer = stage.outsiders[0].headers
        let asked = try post("/chat/\(stage.twin.id)", viewer, ["query": "hives?", "group_id": .string(secretGroup.id)])
        #expect(asked.status == 403 && !asked.body.contains(Secret.title))
        // A copy of a hidden text does not tell that there is another, by name.
        let copy = try stage.tenant.upload("copy.md", Self.hidden.replacing(Secret.title, with: "plan"), into: stage.twin)
        let twice = try stage.tenant.upload("twice.md", Self.hidden.replacing(Secret.title, with: "plan"), into: stage.twin)
        for source in [copy, twice] {
            #expect(!(try stage.get("/sources/\(source.id)/logs", viewer).body.contains(Secret.file)))
        }
        #expect(!(try stage.get("/sources/\(twice.id)/health", viewer).body.contains("copy.md")))
        // A stranger's owner names what is not theirs.
        let own = try stage.stranger.workspace.groups.list(of: stage.strangersTwin)[0]
        let headers = stage.strangers[0].headers
        for (path, body) in [
            (
                "/access-groups/\(own.id)/permissions",
                ["content_type": "source", "content_ids": [.string(hidden.source.id)]] as JSON
            ),
            (
                "/twins/\(stage.strangersTwin.id)/verified-qna",
                ["question": "Q?", "answer": "A.", "citations": [.string(hidden.source.id)]]
            ),
            ("/api-keys", ["name": "k", "allowed_twin_ids": [.string(stage.twin.id)]]),
            ("/twins/\(stage.strangersTwin.id)/group-memberships", ["user_id": "x", "group_id": .string(secretGroup.id)]),
        ] {
            let reply = try post(path, headers, body)
            #expect((400...404).contains(reply.status), "\(path): \(reply.status)")
            stage.expectNothing([(path, reply.body)], Secret.all + ["homeland"])
        }
        // Two things of two twins in one path do not go together.
        let other = try stage.tenant.twin()
        for path in ["/sources/\(other.id)/\(hidden.source.id)", "/sources/\(stage.strangersTwin.id)/\(hidden.source.id)"] {
            let reply = try stage.get(path, stage.ownerHeaders)
            #expect(reply.status == 404)
            stage.expectNothing([(path, reply.body)])
        }
    }
}
