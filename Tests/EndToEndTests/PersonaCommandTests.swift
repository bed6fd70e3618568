import FoundationEssentials
import TestSupport
import Testing

@testable import TwinKit
@testable import TwinSupport

/// The commands of personas as an operator uses them, while nobody draws; what needs somebody who draws is looked at by
/// `Tests/personas/run.sh` with a real server.
@Suite struct PersonaCommandTests {
    let scene: Scene

    init() throws {
        scene = try Scene()
        try scene.twin("users", "add", "ada@example.org", "--no-password")
        try scene.twin("users", "add", "grace@example.org", "--no-password")
    }

    private static let weights: [UInt8] = {
        let header = Array(#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#.utf8)
        return [UInt8(header.count), 0, 0, 0, 0, 0, 0, 0] + header + [1, 2, 3, 4]
    }()

    private func files() throws -> [String] {
        try scene.shell("find twin.db.storage -type f | sort").lines
    }

    @Test func `weights and personas are named by their names and ids, and are whose they are said to be`() throws {
        try scene.write("mara.safetensors", Data(Self.weights))
        let model = try scene.twin("loras", "add", "Mara", "mara.safetensors", "--tag", "portrait", "--json").json()
        #expect(model["name"] == "Mara" && model["tags"] == ["portrait"] && model["is_active"] == true)
        #expect(try files().count == 1)
        let id = try #require(model["id"]?.stringValue)
        for name in ["Mara", id] {
            let made = try scene.twin("personas", "create", "Lin of \(name.count)", "--lora", name, "--niche", "trams", "--json")
            #expect(try made.json()["lora_model_id"] == .string(id) && made.json()["stage"] == "lora_ready")
        }
        let of = try scene.twin(
            "personas", "create", "Rosa", "--weights", "https://example.org/a.safetensors", "--user", "grace@example.org",
            "--json")
        let rosa = try #require(try of.json()["id"]?.stringValue)
        let users = try scene.twin("users", "list", "--json").json().arrayValue ?? []
        let grace = users.first { $0["email"] == "grace@example.org" }
        #expect(try of.json()["user_id"] == grace?["id"])
        #expect(try scene.twin("personas", "stage", "Rosa", "published", "--json").json()["stage"] == "published")
        #expect(try scene.twin("personas", "show", rosa, "--json").json()["stage"] == "published")
        let shown = try scene.twin("personas", "show", "Rosa")
        #expect(shown.code == 0 && shown.output.contains("published") && shown.output.contains("0 pictures"))
        #expect(try scene.twin("personas", "list", "--json").json().arrayValue?.count == 3)
        #expect(try scene.twin("personas", "list", "--limit", "1", "--offset", "1").lines.count == 1)
        #expect(try scene.twin("content", "list", "Rosa", "--json").json() == [])
        #expect(try scene.twin("content", "templates", "--json").json().arrayValue?.count == 50)
        #expect(try scene.twin("content", "templates", "--category", "nature").lines.count == 5)
        let costs = try scene.twin("costs", "Rosa", "--json").json()
        #expect(costs["total_usd"] == .double(0) && costs["avatar_id"] == .string(rosa))
        #expect(try scene.twin("costs", "--json").json()["personas"] == 3)
        #expect(try scene.twin("costs").output.contains("$0"))

        // Taken out of use, and still the weights of those who have them.
        #expect(try scene.twin("loras", "remove", "Mara").output.contains("removed"))
        #expect(try scene.twin("loras", "list", "--json").json() == [])
        #expect(try scene.twin("loras", "list", "--all", "--json").json().arrayValue?.count == 1)
        #expect(try scene.twin("loras", "remove", "Mara").code == 5)
        #expect(try scene.twin("doctor", "--quick").output.contains("1 stored files are there"))
        let backup = try scene.twin("backup", "copy.db", "--json")
        #expect(try backup.json()["files_beside"] == 1)
        #expect(backup.errors.contains("twin.db.storage"))
        for name in ["Lin of 4", "Lin of 36"] {
            #expect(try scene.twin("personas", "remove", name).code == 2, "it asks first")
            #expect(try scene.twin("personas", "remove", name, "--yes", "--json").json()["name"] == .string(name))
        }
        #expect(try scene.twin("personas", "list", "--json").json().arrayValue?.count == 1)
        let entry = try scene.twin("audit", "--limit", "1", "--json").json()[0]
        #expect(entry?["action"] == "PERSONA_REMOVED" && entry?["actor_id"] == "local")

        _ = try scene.shell("rm -r twin.db.storage")
        let missing = try scene.twin("doctor", "--quick")
        #expect(missing.code == 1 && missing.output.contains("missing"))
    }

    @Test func `what cannot be is told in a sentence, with its exit code`() throws {
        try scene.write("pickle.safetensors", Data([0x80, 0x02] + [UInt8](repeating: 0, count: 60)))
        try scene.write("good.safetensors", Data(Self.weights))
        for _ in 0..<2 {
            try scene.twin("personas", "create", "Twice", "--weights", "https://example.org/a.safetensors")
            try scene.twin("loras", "add", "Twice", "https://example.org/b.safetensors")
        }
        for (line, code, word) in [
            ("personas create Mara", 3, "images."), ("personas create Mara --model openai", 3, "images."),
            ("personas create 'nude model' --weights https://example.org/a.safetensors", 2, "refused"),
            ("personas create Kid --look '12 years old'", 2, "under 18"), ("personas create Mara --age 12-17", 2, "--age"),
            ("personas create Mara --lora none", 5, "loras list"), ("personas create Mara --lora Twice", 2, "several"),
            ("personas create Mara --weights file:///etc/passwd", 2, "http"),
            ("personas create Mara --weights http://127.0.0.1/a.safetensors", 2, "public Internet"),
            ("personas create Mara --weights https://example.org/a --user nobody@example.org", 5, "nobody@example.org"),
            ("personas create", 2, "NAME"), ("personas show nobody", 5, "personas list"), ("personas show Twice", 2, "several"),
            ("personas stage nobody x", 5, "personas list"), ("personas list --limit 0", 2, "--limit"),
            ("personas remove nobody --yes", 5, "personas list"),
            ("loras add Mara pickle.safetensors", 2, "pickle"), ("loras add Mara none.safetensors", 5, "no such file"),
            ("loras add 'child nude' good.safetensors", 2, "refused"), ("loras remove none", 5, "loras list"),
            ("loras remove Twice", 2, "several"), ("loras remove", 2, "MODEL"),
            ("content generate Twice --prompt x", 2, "several"), ("content generate nobody --prompt x", 5, "personas list"),
            ("content generate nobody --batch 101", 2, "--batch"), ("content list nobody", 5, "personas list"),
            ("content list nobody --tier capa9", 2, "--tier"), ("content templates --category none", 2, "--category"),
            ("costs nobody", 5, "personas list"), ("costs --days 0", 2, "--days"),
            ("purge --pictures", 2, "either"), ("purge --pictures --older-than 0", 2, "--older-than"),
        ] as [(String, Int32, String)] {
            let result = try scene.shell("twin " + line)
            #expect(result.code == code, "\(line): \(result.code) \(result.errors)")
            #expect(result.errors.hasPrefix("twin: ") && result.errors.contains(word), "\(line): \(result.errors)")
            #expect(result.output.isEmpty, "\(line)")
        }
        try scene.twin("personas", "create", "Mara", "--weights", "https://example.org/a.safetensors")
        for (line, code) in [
            ("content generate Mara --prompt 'a hill'", 3), ("content generate Mara --template NAT-001", 3),
            ("content generate Mara --template NONE", 5), ("content generate Mara", 2), ("content generate Mara --batch 3", 3),
            ("content generate Mara --batch 3 --prompt x", 2), ("content generate Mara --prompt x --queue", 2),
            ("content generate Mara --prompt x --template NAT-001", 2), ("content generate Mara --prompt 'a nude'", 2),
            ("purge --pictures --older-than 1 --yes", 0),
        ] as [(String, Int32)] {
            let result = try scene.shell("twin " + line)
            #expect(result.code == code, "\(line): \(result.code) \(result.errors)")
        }
        #expect(try scene.twin("jobs", "list", "--json").json() == [], "nothing was queued that nobody can do")
        #expect(try scene.twin("costs", "--json").json()["total_usd"] == .double(0))
        #expect(try scene.twin("audit", "--event", "SAFETY_VIOLATION", "--json").json().arrayValue?.count == 4)
    }
}
