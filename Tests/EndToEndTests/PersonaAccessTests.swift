import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// Every route of the persona contract, called by everybody who could call it, while nobody draws and nobody trains. What each
/// is answered stands in `Contract/persona.tsv`, which is written by hand: what is somebody else's is not there, whether they
/// are named in the query, in the form or in the body.
@Suite struct PersonaAccessTests {
    private static let marker = "vermiculite"

    @Test func `everybody is answered what the table of the contract says, and strangers not a word of the tenant`() throws {
        let table = try StudioTable("persona")
        let stage = try Stage()
        for row in table.rows {
            for caller in StudioTable.Caller.allCases {
                let expected = try #require(row.statuses[caller])
                let reply = try stage.call(row, caller)
                #expect(reply.status == expected, "\(row.name) as \(caller.rawValue): \(reply.status) \(reply.body.prefix(300))")
                if caller != .owner {
                    #expect(
                        !reply.body.lowercased().contains(Self.marker),
                        "\(row.name) tells \(caller.rawValue): \(reply.body.prefix(300))")
                }
                if reply.status >= 400 {
                    let detail = try JSONParser.parse(reply.body)["detail"]
                    #expect(detail?.isNull == false, "\(row.name) as \(caller.rawValue)")
                    // A provider that is missing is named by the setting that would bring it.
                    if reply.status >= 500 {
                        let words = detail?.stringValue ?? ""
                        #expect(words.contains("set images.") || words.contains("set training."), "\(row.name): \(words)")
                    }
                }
            }
        }
        // What was told to the owner shows that there was something to tell.
        #expect(stage.toldOwner > 5)
    }

    private final class Stage {
        private let scene: Scene
        private let server: RunningServer
        private let client: WireClient
        private let tenant: TenantFixture
        private let personas: Personas
        private let person: Person
        private let parameters: [String: String]
        private let weights: [UInt8]
        private var headers: [StudioTable.Caller: [String]] = [:]
        private(set) var toldOwner = 0

        init() throws {
            scene = try Scene()
            tenant = try TenantFixture(scene, marker: PersonaAccessTests.marker)
            let other = try TenantFixture(scene, marker: "obsidianite")
            personas = try tenant.workspace.personas()
            let (person, owner) = (Person(tenantID: tenant.tenantID, userID: tenant.owner.id), tenant.owner.id)
            self.person = person
            let avatar = try personas.create(
                "Mara \(tenant.marker)", niche: "hiking", style: tenant.marker, loraModelID: nil,
                weightsURL: "https://weights.example.org/a.safetensors", imageURL: nil, bio: nil, for: person, by: tenant.owner.id
            )
            let job = try tenant.workspace.database.write { connection in
                try JobQueue.enqueue(
                    .persona(.training, avatarID: avatar.id, TrainingRequest(datasetID: "dataset_0").json),
                    tenantID: person.tenantID, createdBy: owner, on: connection)
            }
            let path = try scene.write("made.safetensors", "")
            weights = Self.weights
            try AtomicFile.write(weights, to: path)
            parameters = [
                "owner": tenant.owner.id, "avatar_id": avatar.id, "training_job_id": job.id, "batch_id": "dataset_0",
                "object": StoredName(digest: try SHA256.hash(weights), kind: .safetensors).description, "weights": path,
            ]
            headers = try tenant.callers(beside: other, share: tenant.things().shareToken)
            server = try RunningServer(scene, "--contracts studio,persona --jobs 0 --log none")
            client = try server.client()
        }

        private static let weights: [UInt8] = {
            let header = Array(#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#.utf8)
            return [UInt8(header.count), 0, 0, 0, 0, 0, 0, 0] + header + [1, 2, 3, 4]
        }()

        func call(_ row: StudioTable.Row, _ caller: StudioTable.Caller) throws -> WireClient.Reply {
            var path = row.path
            if row.path.contains("{lora_model_id}") {
                let model = try personas.addLoRA(
                    .init(name: "Made"), at: "https://weights.example.org/b.safetensors", for: person, by: tenant.owner.id)
                path = path.replacing("{lora_model_id}", with: model.id)
            }
            for (name, value) in parameters { path = path.replacing("{\(name)}", with: value) }
            var fields = row.security == .public && caller == .share ? [] : headers[caller] ?? []
            var body: [UInt8]?
            if row.path.hasSuffix("/upload") {
                fields.append("content-type: multipart/form-data; boundary=frontier")
                body = form()
            } else if row.method == "POST" {
                fields.append("content-type: application/json")
                body = JSONWriter.bytes(content(row))
            }
            let reply = try client.send(row.method, path, headers: fields, body: body)
            if caller == .owner, reply.body.contains(PersonaAccessTests.marker) { toldOwner += 1 }
            return reply
        }

        private func form() -> [UInt8] {
            func part(_ name: String, _ more: String = "") -> [UInt8] {
                Array("--frontier\r\nContent-Disposition: form-data; name=\"\(name)\"\(more)\r\n\r\n".utf8)
            }
            return part("user_id") + Array((parameters["owner"] ?? "").utf8) + Array("\r\n".utf8) + part("name")
                + Array("Made of \(PersonaAccessTests.marker)\r\n".utf8) + part("lora_file", "; filename=\"a.safetensors\"")
                + weights + Array("\r\n--frontier--\r\n".utf8)
        }

        private func content(_ row: StudioTable.Row) -> JSON {
            let avatar: JSON = .optional(parameters["avatar_id"])
            let path = row.path.prefix { $0 != "?" }
            return switch path.split(separator: "/").last {
            case "generate" where path.hasSuffix("components/generate"): ["aesthetic_style": "natural"]
            case "generate" where path.hasSuffix("content/generate"): ["avatar_id": avatar, "template_id": "FIT-001"]
            case "avatars":
                [
                    "name": "Mara", "niche": "hiking", "aesthetic_style": "natural",
                    "facial_generation": ["aesthetic_style": "natural"],
                ]
            case "with-lora":
                [
                    "name": .string("Mara of \(PersonaAccessTests.marker)"), "niche": "hiking", "aesthetic_style": "natural",
                    "lora_weights_url": "https://weights.example.org/a.safetensors",
                ]
            case "hooks": ["avatar_id": avatar, "content_type": "picture", "platform": "instagram"]
            case "safety-check": ["image_url": "data:image/png;base64,AAAA", "prompt": "a hill"]
            case "upload-batch": [.string(Identifier.make())]
            case "models":
                [
                    "name": .string("Made of \(PersonaAccessTests.marker)"),
                    "lora_weights_url": "https://weights.example.org/a.safetensors",
                ]
            case "start": ["avatar_id": avatar, "dataset_batch_id": "dataset_0"]
            default: ["avatar_id": avatar]
            }
        }
    }
}
