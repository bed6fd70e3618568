import Glibc
import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// The persona contract over a socket with servers that draw and judge as a test says, badly too. The real ones are in
/// `Tests/personas.sh`.
@Suite struct PersonaContractTests {
    private static let picture =
        "iVBORw0KGgoAAAANSUhEUgAAAAYAAAAECAIAAAAiZtkUAAAAFElEQVR4nGM8wRXFgAqYGDAAcUIAWKIBNAPef54AAAAASUVORK5CYII="
    private static let drawn = ScriptedServer.Response.json(#"{"data":[{"b64_json":"\#(picture)"}],"images":["\#(picture)"]}"#)

    private func stage(_ environment: [String: String], _ options: String = "--jobs 0") throws -> ServedFixture {
        var environment = environment
        environment["TWIN_JOBS_RETRY_SECONDS"] = "0"
        return try ServedFixture("--contracts studio,persona --log none \(options)", environment: environment)
    }

    private func avatar(_ stage: ServedFixture) throws -> String {
        let made = try stage.send(
            "POST", "/api/v1/identities/avatars/with-lora?user_id=\(stage.tenant.owner.id)",
            [
                "name": "Mara", "niche": "hiking", "aesthetic_style": "natural",
                "lora_weights_url": "https://weights.example.org/a.safetensors",
            ])
        #expect(made.status == 200, "\(made.body)")
        return try #require(try made.json()["id"]?.stringValue)
    }

    private func fetch(_ stage: ServedFixture, _ url: String) throws -> WireClient.Reply {
        try stage.client.send("GET", "/" + url.split(separator: "/", maxSplits: 3).dropFirst(2).joined(separator: "/"))
    }

    @Test func `a face is drawn, made an avatar of, paid for once and fetched by its address`() throws {
        let drawer = try ScriptedServer { _ in Self.drawn }
        let stage = try stage(["TWIN_IMAGES_OPENAI_URL": drawer.url + "/v1", "TWIN_IMAGES_OPENAI_PRICE": "0.0375"])
        let owner = stage.tenant.owner.id
        let face: JSON = ["aesthetic_style": "natural", "age_range": "36-45", "provider": "dall_e_3"]
        let preview = try stage.send("POST", "/api/v1/identities/components/generate", face).json()
        #expect(preview["avatar_id"] == .null && preview["image_url"]?.stringValue?.hasPrefix("data:image/png;base64,") == true)
        let made = try stage.send(
            "POST", "/api/v1/identities/avatars?user_id=\(owner)",
            ["name": "Mara", "niche": "hiking", "aesthetic_style": "natural", "facial_generation": face]
        ).json()
        #expect(made["metadata"]?["age"] == 40 && made["metadata"]?["quality_score"] == .null && made["provider"] == "dall_e_3")
        let asked = try JSONParser.parse(try #require(drawer.requests.last?.body))
        #expect(asked["prompt"]?.stringValue?.contains("40 years old") == true)
        let id = try #require(made["avatar_id"]?.stringValue)
        let read = try stage.send("GET", "/api/v1/identities/avatars/\(id)").json()
        #expect(read["stage"] == "face_generated" && read["user_id"]?.stringValue == owner)
        // The address needs no other credential, is good for this picture only, and says what it is.
        let url = try #require(read["base_image_url"]?.stringValue)
        let bytes = try fetch(stage, url)
        #expect(bytes.status == 200 && bytes.field("content-type") == "image/png")
        #expect(try fetch(stage, url.replacing("expires=", with: "expires=1")).status == 404)
        let costs = try stage.send("GET", "/api/v1/identities/costs/\(id)").json()
        #expect(costs["total_cost_usd"] == 0.0375 && costs["breakdown"]?["facial_generation"] == 0.0375)
        #expect(costs["entries"]?.arrayValue?.count == 1 && costs["entries"]?[0]?["provider"] == "dall_e_3")
        let summary = try stage.send("GET", "/api/v1/identities/costs/summary?user_id=\(owner)&days=1").json()
        #expect(summary["total_avatars"] == 1 && summary["total_cost_usd"] == 0.04)
        #expect(try stage.send("GET", "/api/v1/identities/avatars?user_id=\(owner)").json().arrayValue?.count == 1)
        // Weights teach this model nothing, so it draws nobody who needs them.
        let refused = try stage.send(
            "POST", "/api/v1/content/generate", ["avatar_id": .string(try avatar(stage)), "custom_prompt": "on a hill"])
        #expect(refused.status == 502 && refused.body.contains("set images.cog.url"))
    }

    @Test func `content is drawn with weights, in tiers, and nothing that fails leaves a picture or a cost`() throws {
        let isBroken = SharedFlag()
        let drawer = try ScriptedServer { request in
            guard request.path == "/sdapi/v1/txt2img" else { return .status(404) }
            return isBroken.value ? .json(#"{"images":["bm8gcGljdHVyZQ=="]}"#) : Self.drawn
        }
        let stage = try stage(["TWIN_IMAGES_SDAPI_URL": drawer.url, "TWIN_IMAGES_SDAPI_PRICE": "0.000007"])
        let id = try avatar(stage)
        let drawn = try stage.send(
            "POST", "/api/v1/content/generate", ["avatar_id": .string(id), "template_id": "NAT-002", "tier": "capa2"]
        ).json()
        #expect(drawn["access_tier"] == "capa2" && drawn["safety_rating"] == "safe")
        let asked = try JSONParser.parse(try #require(drawer.requests.last?.body))
        #expect(asked["prompt"]?.stringValue?.contains("lavender") == true)
        #expect(asked["prompt"]?.stringValue?.contains("<lora:Mara:1>") == true)
        #expect(asked["negative_prompt"]?.stringValue?.contains("nudity") == true)
        isBroken.set(true)
        let generate = "/api/v1/content/generate"
        #expect(try stage.send("POST", generate, ["avatar_id": .string(id), "custom_prompt": "on a hill"]).status == 502)
        #expect(try stage.send("POST", generate, ["avatar_id": .string(id)]).status == 400)
        #expect(try stage.send("POST", generate, ["avatar_id": .string(id), "template_id": "XXX-001"]).status == 404)
        #expect(
            try stage.send("POST", generate, ["avatar_id": .string(id), "custom_prompt": "x", "tier": "capa9"]).status == 422)
        #expect(try stage.send("POST", generate, ["avatar_id": "no"]).status == 422)
        let before = drawer.requests.count
        #expect(try stage.send("POST", generate, ["avatar_id": .string(id), "custom_prompt": "nude portrait"]).status == 400)
        #expect(drawer.requests.count == before)
        let pieces = try stage.send("GET", "/api/v1/content/avatar/\(id)/content").json().arrayValue ?? []
        #expect(pieces.count == 1 && pieces[0]["id"] == drawn["id"])
        #expect(try stage.send("GET", "/api/v1/content/avatar/\(id)/content?tier=capa1").json() == [])
        let stats = try stage.send("GET", "/api/v1/content/stats/\(id)").json()
        #expect(stats["tier_distribution"]?["capa2"] == 1 && stats["has_lora_weights"] == true)
        #expect(try stage.send("GET", "/api/v1/identities/costs/\(id)").json()["total_cost_usd"] == 0.000007)
        let refusals = try stage.workspace.audit.list(tenantID: stage.tenant.tenantID, event: .safetyViolation)
        #expect(refusals.count == 1 && refusals[0].metadata["categories"] == ["sexual"])
        #expect(!"\(refusals[0].metadata)".contains("portrait"))
    }

    @Test func `a batch counts what it made, skips what failed, refuses what is not decent and books each once`() throws {
        let drawer = try ScriptedServer { request in
            String(decoding: request.body, as: UTF8.self).contains("waterfall") ? .status(422) : Self.drawn
        }
        let stage = try stage(["TWIN_IMAGES_SDAPI_URL": drawer.url, "TWIN_IMAGES_SDAPI_PRICE": "0.01"])
        let id = try avatar(stage)
        let batch: JSON = [
            "avatar_id": .string(id), "num_pieces": 20,
            "custom_prompts": ["by a waterfall", "in a library", "behind a waterfall"], "custom_tiers": ["capa1", "capa3"],
        ]
        let done = try stage.send("POST", "/api/v1/content/batch/sync", batch)
        #expect(done.status == 200, "\(done.body)")
        let json = try done.json()
        #expect(json["total_pieces"] == 18 && json["content_pieces"]?.arrayValue?.count == 18)
        #expect(json["statistics"]?["failed"] == 2 && json["statistics"]?["total_cost_usd"] == 0.18)
        #expect(json["statistics"]?["with_hooks"] == 18 && json["statistics"]?["uploaded_to_storage"] == 18)
        #expect(json["statistics"]?["safety_distribution"] == ["safe": 18])
        #expect(json["content_pieces"]?[0]?["access_tier"] == "capa3" && json["config"]?["num_pieces"] == 20)
        #expect(try stage.send("GET", "/api/v1/identities/costs/\(id)").json()["breakdown"]?["content_generation"] == 0.18)
        let unsafe: JSON = ["avatar_id": .string(id), "num_pieces": 5, "custom_prompts": ["a child"]]
        #expect(try stage.send("POST", "/api/v1/content/batch", unsafe).status == 400)
        #expect(try stage.send("POST", "/api/v1/content/batch", ["avatar_id": .string(id), "num_pieces": 101]).status == 422)
        let queued = try stage.send("POST", "/api/v1/content/batch", ["avatar_id": .string(id), "num_pieces": 5]).json()
        #expect(queued["success"] == true && queued["estimated_cost_usd"] == 0.05)
        let job = try #require(queued["task_id"]?.stringValue)
        #expect(try stage.workspace.jobs.find(job).status == .queued)
        let piece = try #require(json["content_pieces"]?[0]?["id"]?.stringValue)
        let moved = try stage.send("POST", "/api/v1/content/upload-batch?avatar_id=\(id)", [.string(piece), "x"]).json()
        #expect(moved["total_uploaded"] == 1 && moved["total_failed"] == 0)
        #expect(try stage.send("POST", "/api/v1/content/upload-batch?avatar_id=\(id)", ["x"]).status == 404)
    }

    @Test func `what is not judged is refused, and so is a picture that leads into this network`() throws {
        let answer = SharedText("{}")
        let judge = try ScriptedServer { _ in answer.value == "" ? .init([.reset]) : .json(answer.value) }
        let inside = try ScriptedServer { _ in
            .status(200, [("Content-Type", "image/png")], Base64.standard.decode(Self.picture) ?? [])
        }
        let stage = try stage(["TWIN_MODERATION_URL": judge.url + "/v1"])
        let picture: JSON = .string("data:image/png;base64,\(Self.picture)")
        func scores(_ sexual: Double, _ minors: Double = 0, _ violence: Double = 0) -> String {
            #"{"results":[{"category_scores":{"sexual":\#(sexual),"sexual/minors":\#(minors),"violence":\#(violence),"#
                + #""hate":0,"self-harm":0,"harassment":0}}]}"#
        }
        func check(_ body: JSON) throws -> JSON { try stage.send("POST", "/api/v1/content/safety-check", body).json() }
        let cases: [(String, String)] = [
            (scores(0.01), "safe"), (scores(0.2), "safe"), (scores(0.21), "rejected"), (scores(0, 0.06), "rejected"),
            (scores(0, 0, 0.15), "suggestive"), (scores(0, 0, 0.3), "rejected"), ("{}", "rejected"), ("no JSON", "rejected"),
            (#"{"results":[{"category_scores":{"sexual":0}}]}"#, "rejected"),
            (scores(0.01).replacing("0.01", with: "7"), "rejected"),
            ("", "rejected"),
        ]
        for (words, rating) in cases {
            answer.set(words)
            let judged = try check(["image_url": picture, "prompt": "a hill in spring"])
            #expect(
                judged["rating"]?.stringValue == rating && judged["safe"] == .bool(rating != "rejected"), "\(words): \(judged)")
            #expect((judged["access_tier"] == .null) == (rating == "rejected"))
        }
        answer.set(scores(0))
        #expect(try check(["image_url": picture])["safe"] == false)
        #expect(try check(["image_url": picture, "prompt": " "])["safe"] == false)
        #expect(try check(["image_url": picture, "prompt": "a nude"])["flagged_categories"] == ["sexual"])
        for url in [
            inside.url + "/a.png", "http://localhost:\(inside.port)/a.png", "http://169.254.169.254/", "file:///etc/passwd",
            "data:image/png;base64,AAAA", "data:text/html,hello", "nonsense", "http://[::1]/a.png",
        ] {
            let judged = try check(["image_url": .string(url), "prompt": "a hill in spring"])
            #expect(judged["safe"] == false, "\(url): \(judged)")
        }
        #expect(inside.connectionCount == 0)
        for address in [
            "http://127.0.0.1/a", "http://localhost/a", "http://10.0.0.1/a", "http://2130706433/a", "ftp://a.org/a", "x",
        ] {
            let model: JSON = ["name": "M", "lora_weights_url": .string(address)]
            let made = try stage.send("POST", "/api/v1/loras/models?user_id=\(stage.tenant.owner.id)", model)
            #expect(made.status == 422, "\(address)")
        }
    }

    @Test func `hooks keep to their platform, and a model that writes nothing usable is told so`() throws {
        let words = SharedText(
            "question: Where would you go?\n2. tip: Pack light.\nteaser: \(String(repeating: "x", count: 300))")
        let writer = try ModelServer { _ in .events([ModelServer.delta(words.value), ModelServer.end]) }
        let plain = try stage([:])
        let id = try avatar(plain)
        func body(_ platform: String, _ id: String) -> JSON {
            ["avatar_id": .string(id), "content_type": "image", "platform": .string(platform), "num_variations": 10]
        }
        for platform in Hook.Platform.allCases {
            let hooks =
                try plain.send("POST", "/api/v1/content/hooks", body(platform.rawValue, id)).json()["hooks"]?.arrayValue ?? []
            #expect(hooks.count == 10)
            for hook in hooks { #expect((hook["length"]?.intValue ?? 999) <= platform.maximumLength) }
        }
        #expect(try plain.send("POST", "/api/v1/content/hooks", body("myspace", id)).status == 400)
        let stage = try stage(["TWIN_MODEL_URL": writer.server.url + "/v1"])
        let other = try avatar(stage)
        let hooks = try stage.send("POST", "/api/v1/content/hooks", body("tiktok", other)).json()["hooks"]
        #expect(hooks?.arrayValue?.compactMap { $0["text"]?.stringValue } == ["Where would you go?", "Pack light."])
        #expect(hooks?[0]?["style"] == "question")
        words.set("tip: all nude")
        #expect(try stage.send("POST", "/api/v1/content/hooks", body("tiktok", other)).status == 503)
    }

    @Test func `weights are uploaded, found by their hash, and a pickle is refused`() throws {
        let stage = try stage([:])
        let owner = stage.tenant.owner.id
        func upload(_ bytes: [UInt8], _ filename: String, _ more: [(String, String)] = []) throws -> WireClient.Reply {
            var body: [UInt8] = []
            for (name, value) in [("user_id", owner), ("name", "Mara")] + more {
                body += Array("--b\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
            }
            body += Array("--b\r\nContent-Disposition: form-data; name=\"lora_file\"; filename=\"\(filename)\"\r\n\r\n".utf8)
            body += bytes + Array("\r\n--b--\r\n".utf8)
            return try stage.client.send(
                "POST", "/api/v1/loras/models/upload", headers: [stage.owner, "content-type: multipart/form-data; boundary=b"],
                body: body)
        }
        let header = Array(#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#.utf8)
        let weights = [UInt8(header.count), 0, 0, 0, 0, 0, 0, 0] + header + [1, 2, 3, 4]
        let made = try upload(weights, "mara.safetensors", [("tags", "a, b"), ("metadata_json", #"{"k":1}"#)])
        #expect(made.status == 200, "\(made.body)")
        let model = try made.json()
        #expect(model["tags"] == ["a", "b"] && model["meta_data"] == ["k": 1] && model["is_active"] == true)
        #expect(model["lora_weights_url"]?.stringValue?.contains(Hex.encode(try SHA256.hash(weights))) == true)
        #expect(try upload([0x80, 2] + Array("}q.           ".utf8), "mara.safetensors").status == 400)
        #expect(try upload(weights, "mara.pt").status == 400)
        #expect(try upload(weights, "mara.safetensors", [("metadata_json", "[]")]).status == 400)
        let id = try #require(model["id"]?.stringValue)
        let models = "/api/v1/loras/models"
        for _ in 0..<2 { #expect(try stage.send("DELETE", "\(models)/\(id)?user_id=\(owner)").status == 200) }
        #expect(try stage.send("GET", "\(models)?user_id=\(owner)").json() == [])
        #expect(try stage.send("GET", "\(models)?user_id=\(owner)&include_inactive=true").json().arrayValue?.count == 1)
        // One that is not active teaches nobody.
        let avatar = try stage.send(
            "POST", "/api/v1/identities/avatars/with-lora?user_id=\(owner)",
            ["name": "M", "niche": "n", "aesthetic_style": "s", "lora_model_id": .string(id)])
        #expect(avatar.status == 422)
    }

    @Test func `without credentials only callers on this machine are the user, and no page and no proxy`() throws {
        let stage = try stage(["TWIN_PERSONA_AUTH": "off", "TWIN_PERSONA_USER": "owner@homeland.example"])
        let path = "/api/v1/identities/avatars?user_id=\(stage.tenant.owner.id)"
        #expect(try stage.send("GET", path, headers: []).status == 200)
        for field in [
            "x-forwarded-for: 127.0.0.1", "forwarded: for=127.0.0.1", "origin: https://evil.example", "via: 1.1 proxy",
            "sec-fetch-site: cross-site",
        ] { #expect(try stage.send("GET", path, headers: [field]).status == 401, "\(field)") }
        let rebound = try stage.client.exchange(Array("GET \(path) HTTP/1.1\r\nHost: evil.example\r\n\r\n".utf8))
        #expect(rebound.status == 401)
        // Other contracts do not know of it.
        #expect(try stage.send("GET", "/twins", headers: []).status == 401)
        let outside = try stage.scene.twin(
            "serve", "--host", "0.0.0.0", "--port", "0", "--contracts", "persona",
            environment: ["TWIN_PERSONA_AUTH": "off", "TWIN_JWT_SECRET": "a secret of at least thirty-two characters"])
        #expect(outside.code != 0 && outside.errors.contains("persona.auth"))
    }
}

/// A word that a scripted server looks at while a test changes it.
private final class SharedText: Sendable {
    private let text: Monitor<String>
    init(_ text: String) { self.text = Monitor(text) }
    var value: String { text.withLock { $0 } }
    func set(_ value: String) { text.withLock { $0 = value } }
}

private final class SharedFlag: Sendable {
    private let flag = Monitor(false)
    var value: Bool { flag.withLock { $0 } }
    func set(_ value: Bool) { flag.withLock { $0 = value } }
}
