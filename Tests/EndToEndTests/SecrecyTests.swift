import TestSupport
import Testing
import TwinHTTP
import TwinKit
import TwinSupport

/// What is secret stays so: wrapped where there is a master key, and in files that only their owner can read.
@Suite struct SecrecyTests {
    let scene: Scene

    init() throws {
        scene = try Scene()
        try scene.twin("twins", "create", "ada")
        _ = try scene.shell("for f in master next; do openssl rand -hex 32 | install -m 600 /dev/stdin $f.key; done")
    }

    private var withKey: [String: String] { ["TWIN_MASTER_KEY_FILE": scene.path("master.key")] }

    private func check(_ name: String, _ environment: [String: String] = [:]) throws -> JSON? {
        try scene.twin("doctor", "--quick", "--json", environment: environment).json()["checks"]?.arrayValue?
            .first { $0["check"]?.stringValue == name }
    }

    @Test func `secrets are wrapped, rotated and unwrapped, and the doctor says which it is`() throws {
        let key = try #require(
            try scene.twin("keys", "create", "site", "--scope", "read", "--json").json()["key"]?.stringValue)
        func code(_ environment: [String: String]) throws -> String {
            let server = try RunningServer(scene, environment: environment)
            defer { server.stop() }
            return String(try server.send("GET", "/twins", headers: ["x-twin-api-key: \(key)"]).status)
        }
        #expect(try check("secrets")?["result"] == "fine")
        #expect(try check("secrets")?["message"]?.stringValue?.contains("in the clear") == true)
        #expect(try scene.twin("config", "wrap-secrets").code == 3, "no key is named")
        #expect(try check("secrets", withKey)?["remedy"]?.stringValue == "twin config wrap-secrets")

        let wrapped = try scene.twin("config", "wrap-secrets", "--json", environment: withKey)
        #expect(try wrapped.code == 0 && wrapped.json()["changed"] == ["api_key_pepper"], "\(wrapped)")
        #expect(try check("secrets", withKey)?["message"]?.stringValue?.contains("wrapped with the master key") == true)
        #expect(try code(withKey) == "200")
        // A stolen copy: the server answers that it is not set up, and nobody gets in.
        #expect(try code([:]) == "500")
        let stolen = try #require(try check("secrets"))
        #expect(
            stolen["result"] == "finding" && stolen["message"]?.stringValue?.contains("API keys have to be created again") == true
        )
        #expect(try scene.twin("keys", "create", "more").code == 3)

        try scene.twin("config", "wrap-secrets", "--new-key", "next.key", environment: withKey)
        #expect(try check("secrets", withKey)?["result"] == "finding")
        let withNext = ["TWIN_MASTER_KEY_FILE": scene.path("next.key")]
        #expect(try code(withNext) == "200")
        #expect(try scene.twin("config", "wrap-secrets", "--undo", environment: withNext).code == 0)
        #expect(try code([:]) == "200")
        let both = try scene.twin("config", "wrap-secrets", "--undo", "--new-key", "next.key")
        #expect(both.code == 2)
    }

    @Test func `with the master key lost, the secrets are given up and made anew`() throws {
        try scene.twin("keys", "create", "old", environment: withKey)
        let without = try scene.twin("config", "wrap-secrets", "--undo")
        #expect(without.code == 3 && without.errors.contains("TWIN_MASTER_KEY_FILE"))
        let given = try scene.twin("config", "wrap-secrets", "--discard-lost", "--json")
        #expect(try given.json()["discarded"] == ["api_key_pepper"], "\(given)")
        #expect(try scene.twin("keys", "create", "new").code == 0)
        #expect(try check("secrets")?["result"] == "fine")
    }

    @Test func `a key file that is none is told by its name, not by its content`() throws {
        try scene.write("bad.key", "hunter2-hunter2")
        let result = try scene.twin(
            "keys", "create", "x", environment: ["TWIN_MASTER_KEY_FILE": scene.path("bad.key")])
        #expect(result.code == 3 && result.errors.contains("openssl rand -hex 32") && !result.errors.contains("hunter2"))
        let missing = try scene.twin(
            "keys", "create", "x", environment: ["TWIN_MASTER_KEY_FILE": scene.path("no.key")])
        #expect(missing.code == 3 && missing.errors.contains("no.key"))
        #expect(
            try scene.twin("twins", "list", environment: ["TWIN_MASTER_KEY_FILE": scene.path("no.key")]).code == 0,
            "what needs no secret needs no key")
    }

    @Test func `the doctor finds files that others may read, and mends them`() throws {
        _ = try scene.shell(
            """
            twin backup copy.db; twin config set ingest.jobs 2
            twin backup .hidden; printf 'SQLite format 3\\0 is not a database of twin' > other.db
            chmod 644 twin.db copy.db .hidden other.db master.key; chmod 666 config.json
            """)
        let environment = withKey
        let found = try scene.twin("doctor", "--quick", "--json", environment: environment)
        #expect(found.code == 1)
        let findings = try #require(try found.json()["findings"]?.arrayValue)
        #expect(findings.allSatisfy { $0["check"] == "permissions" && $0["remedy"] == "twin doctor --mend" }, "\(found)")
        let messages = findings.compactMap { $0["message"]?.stringValue }.joined(separator: "\n")
        for name in ["twin.db", "copy.db", ".hidden", "master.key", "config.json"] { #expect(messages.contains("/\(name),")) }
        #expect(!messages.contains("other.db"))
        let mended = try scene.twin("doctor", "--quick", "--mend", environment: environment)
        #expect(mended.code == 0, "\(mended)")
        let modes = try scene.shell("stat -c '%a' twin.db copy.db .hidden other.db config.json master.key").output
        #expect(modes == "600\n600\n600\n644\n644\n640\n")
    }
}
