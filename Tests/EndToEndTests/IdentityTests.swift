import TestSupport
import Testing
import TwinHTTP
import TwinKit

@Suite struct IdentityTests {
    let scene: Scene

    init() throws {
        scene = try Scene()
        try scene.write("password", "correct horse\n")
    }

    @discardableResult
    private func add(_ email: String, _ more: String...) throws -> Scene.Result {
        try scene.run(Scene.binary, ["users", "add", email, "--password-file", "password"] + more)
    }

    private func token(_ more: String...) throws -> String {
        let result = try scene.run(Scene.binary, ["token", "create"] + more)
        #expect(result.code == 0, "\(result.errors)")
        return try #require(result.lines.first)
    }

    @Test func `the first user is added with a password from a file, without a database before`() throws {
        #expect(try add("Ada@Example.org", "--name", "Ada").code == 0)
        let users = try scene.twin("users", "list", "--json").json()
        #expect(users[0]?["email"] == "ada@example.org")
        #expect(users[0]?["role"] == "owner")
        #expect(users[0]?["full_name"] == "Ada")
        #expect(users[0]?["password"] == nil)
        #expect(try add("ada@example.org").code == 1)
        #expect(try add("not an address").code == 2)
    }

    @Test func `a password comes through a pipe but never as a word`() throws {
        let piped = try scene.twin("users", "add", "ada@example.org", "--password-file", "-", input: "correct horse\n")
        #expect(piped.code == 0)
        let asked = try scene.twin("users", "add", "grace@example.org", input: "correct horse\n")
        #expect(asked.code == 2)
        #expect(asked.errors.contains("--password-file"))
        #expect(try scene.twin("users", "add", "grace@example.org", "--password", "correct horse").code == 2)
        #expect(try scene.twin("users", "add", "grace@example.org", "--password-file", "-", input: "two\nlines of it").code != 0)
        #expect(try scene.twin("users", "list", "--json").json().arrayValue?.count == 1)
    }

    @Test func `on a terminal the password is asked for twice and not shown`() throws {
        let terminal = try Pseudoterminal(
            [Scene.binary, "users", "add", "ada@example.org"],
            environment: TwinBinary.environment([
                "HOME": scene.home, "TWIN_DB": scene.path("twin.db"), "TWIN_CONFIG": scene.path("config.json"),
            ]))
        _ = try terminal.expect("Password: ")
        terminal.send("correct horxe\u{7F}\u{7F}se\r")
        _ = try terminal.expect("Once more: ")
        terminal.send("correct horse\r")
        #expect(try terminal.end() == 0)
        #expect(!terminal.screen.contains("horse"))
        #expect(try scene.twin("users", "list", "--json").json()[0]?["email"] == "ada@example.org")
    }

    @Test func `a token that was made is good, and its user is shown`() throws {
        try add("ada@example.org")
        let token = try token()
        let shown = try scene.twin("token", "verify", "--json", input: token + "\n").json()
        #expect(shown["valid"] == true)
        #expect(shown["user"]?["email"] == "ada@example.org")
        #expect(shown["claims"]?["token_type"] == "access")
        try scene.write("token", token)
        #expect(try scene.twin("token", "verify", "token").code == 0)
        let changed = try scene.twin("token", "verify", input: token.dropLast(2) + "xx")
        #expect(changed.code == 4)
        #expect(!changed.errors.contains(token.prefix(20)))
    }

    @Test func `a token lasts as long as it was asked to`() throws {
        try add("ada@example.org")
        let made = try scene.twin("token", "create", "--expires-hours", "2", "--json").json()
        let text = try #require(made["access_token"]?.stringValue)
        let claims = try scene.twin("token", "verify", "--json", input: text).json()["claims"]
        let began = try #require(claims?["iat"]?.intValue)
        #expect(claims?["exp"]?.intValue == began + 7200)
        #expect(made["expires_in"] == 7200)
    }

    @Test func `a configured secret signs and checks, and another one does not`() throws {
        try add("ada@example.org")
        let secret = ["TWIN_JWT_SECRET": "0123456789abcdef0123456789abcdef"]
        let made = try scene.twin("token", "create", environment: secret).lines.first ?? ""
        #expect(try scene.twin("token", "verify", input: made, environment: secret).code == 0)
        #expect(
            try scene.twin("token", "verify", input: made, environment: ["TWIN_JWT_SECRET": "another0123456789abcdef0123456789"])
                .code == 4)
        try scene.write("secret", "0123456789abcdef0123456789abcdef\n")
        #expect(
            try scene.twin("token", "verify", input: made, environment: ["TWIN_JWT_SECRET_FILE": scene.path("secret")]).code == 0)
        let short = try scene.twin("token", "create", environment: ["TWIN_JWT_SECRET": "too short"])
        #expect(short.code == 3)
        let long = String(repeating: "0123456789abcdef", count: 2)
        let wrong = try scene.twin("token", "create", environment: ["TWIN_JWT_SECRET": "-----BEGIN PUBLIC KEY-----" + long])
        #expect(wrong.code == 3)
        #expect(!wrong.errors.contains(long))
    }

    @Test func `a token whose issuer has its keys in a file is checked with them`() throws {
        try scene.twin("twins", "create", "ada")
        let forged = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4IiwiZXhwIjo0MTAyNDQ0ODAwfQ."
        try scene.write("keys.json", "{\"keys\":[]}")
        #expect(try scene.twin("token", "verify", input: forged, environment: ["TWIN_JWKS": scene.path("keys.json")]).code == 4)
        #expect(try scene.twin("token", "verify", input: forged).code == 4)
    }

    @Test func `with several users a token needs a name, and without any there is none`() throws {
        try scene.twin("twins", "create", "ada")
        #expect(try scene.twin("token", "create").code == 3)
        try add("ada@example.org")
        try add("grace@example.org")
        #expect(try scene.twin("token", "create").code == 2)
        #expect(try scene.twin("token", "create", "--user", "nobody@example.org").code == 5)
        let token = try token("--user", "Grace@example.org")
        #expect(try scene.twin("token", "verify", "--json", input: token).json()["user"]?["email"] == "grace@example.org")
    }

    @Test func `a new password ends the tokens made before`() throws {
        try add("ada@example.org")
        let old = try token()
        try scene.write("password", "another horse\n")
        #expect(try scene.twin("users", "passwd", "ada@example.org", "--password-file", "password").code == 0)
        #expect(try scene.twin("token", "verify", input: old).code == 4)
        #expect(try scene.twin("token", "verify", input: token()).code == 0)
    }

    @Test func `an invitation prints a link once, and users go except the last owner`() throws {
        try add("ada@example.org")
        let first = try scene.twin("users", "invite", "grace@example.org", "--json").json()
        let second = try scene.twin(
            "users", "invite", "grace@example.org", "--role", "owner", "--json",
            environment: ["TWIN_FRONTEND_URL": "https://app.example.org/"]
        ).json()
        #expect(first["role"] == "viewer")
        #expect(first["id"] == second["id"])
        #expect(first["invitation_token"] != second["invitation_token"])
        let token = try #require(second["invitation_token"]?.stringValue)
        #expect(second["invitation_url"]?.stringValue == "https://app.example.org/auth/accept-invitation/\(token)")
        let listed = try scene.twin("users", "list", "--invitations", "--json")
        #expect(try listed.json().arrayValue?.count == 1)
        #expect(!listed.output.contains(token))
        #expect(try scene.twin("users", "invite", "ada@example.org").code != 0)

        try add("grace@example.org", "--role", "viewer")
        #expect(try scene.twin("users", "remove", "ada@example.org", "--yes").code == 1)
        #expect(try scene.twin("users", "remove", "grace@example.org").code == 2)
        #expect(try scene.twin("users", "remove", "grace@example.org", "--yes").code == 0)
        #expect(try scene.twin("users", "list", "--json").json().arrayValue?.count == 1)
    }

    @Test func `a share link is made, checked, replaced and switched off`() throws {
        try scene.twin("twins", "create", "ada")
        #expect(try scene.twin("share", "show", "--json").json()["share_token"]?.isNull == true)
        let on = try scene.twin("share", "on", "--json").json()
        let url = try #require(on["share_url"]?.stringValue)
        #expect(on["public_share_enabled"] == true)
        #expect(try scene.twin("share", "validate", url).code == 0)
        #expect(try scene.twin("share", "validate", url + "0").code == 5)
        let renewed = try scene.twin("share", "rotate", "--json").json()
        #expect(try scene.twin("share", "validate", url).code == 5)
        let token = try #require(renewed["share_token"]?.stringValue)
        #expect(try scene.twin("share", "validate", token, "--json").json()["twin_name"] == "ada")
        #expect(try scene.twin("share", "off", "--json").json()["share_token"]?.stringValue == token)
        let off = try scene.twin("share", "validate", token)
        #expect(off.code == 5)
        #expect(off.errors.contains("sharing is off"))
    }

    @Test func `a key is used from a file or a variable as by its id`() throws {
        try scene.write("docs/oil.md", "# Gearbox\n\nThe gearbox takes three litres of mineral oil.\n")
        try scene.twin("ingest", "docs")
        let made = try scene.twin("keys", "create", "site", "--scope", "chat", "--json").json()
        let key = try #require(made["key"]?.stringValue)
        try scene.write("key", key + "\n")
        for (word, environment) in [("@" + scene.path("key"), [:]), ("env:SITE_KEY", ["SITE_KEY": key])] {
            let answer = try scene.twin(
                "chat", "What does the gearbox take?", "--as-key", word, "--json", environment: environment)
            #expect(try answer.json()["status"] == "grounded")
            #expect(try scene.twin("search", "gearbox", "--as-key", word, environment: environment).code == 4)
        }
        let wrong = try scene.twin(
            "chat", "What does the gearbox take?", "--as-key", "env:SITE_KEY", environment: ["SITE_KEY": key + "x"])
        #expect(wrong.code == 4)
        #expect(!wrong.errors.contains(key))
    }
}
