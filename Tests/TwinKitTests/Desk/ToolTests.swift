import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// What tools may reach and be given.
@Suite struct ToolTests {
    private func call(_ url: String, policy: AddressPolicy = .public, _ arguments: JSONObject = [:]) throws -> ToolOutcome {
        try HTTPTool(["url": .string(url), "timeout_ms": 2_000]).call(
            .get, arguments, secret: nil, policy: policy, isCancelled: { false })
    }

    @Test func `no form of a private address is reached`() throws {
        let server = try ScriptedServer { _ in .ok("secret") }
        let port = server.port
        let hosts = [
            "127.0.0.1", "127.1", "127.0.1", "127.255.255.254", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1",
            "017700000001", "0x7f.1", "127.0x0.0.1", "0", "0.0.0.0", "localhost", "LOCALHOST", "localhost.", "127.0.0.1.",
            "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]",
            "[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1]", "[fc00::1]", "[fd12:3456::1]",
            "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "169.254.169.254", "100.64.0.1",
            "192.0.0.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "192.0.2.1", "203.0.113.7", "[2001:db8::1]", "[ff02::1]",
            "①②⑦.0.0.1", "127。0。0。1",
        ]
        #expect(hosts.count >= 40)
        for host in hosts {
            // One that is no address at all is refused when the tool is made.
            guard let outcome = try? call("http://\(host):\(port)/") else { continue }
            #expect(outcome.error != nil, "\(host): \(outcome.output)")
            #expect(!outcome.output.text.contains("secret"), "\(host)")
        }
        #expect(server.requests.isEmpty)
        // The server is there for whom it is listed.
        let listed = AddressPolicy(allowsPrivate: false, exceptions: [try #require(IPAddress("127.0.0.1"))])
        #expect(try call("http://127.0.0.1:\(port)/", policy: listed).error == nil)
    }

    @Test func `a redirect is an answer and is not followed`() throws {
        let server = try ScriptedServer { request in
            request.path == "/a" ? .redirect(to: "http://127.0.0.1:1/b") : .ok("never")
        }
        let listed = AddressPolicy(allowsPrivate: false, exceptions: [try #require(IPAddress("127.0.0.1"))])
        let outcome = try call("http://127.0.0.1:\(server.port)/a", policy: listed)
        #expect(outcome.error == "http_302")
        #expect(server.requests.count == 1)
    }

    @Test func `an argument stays inside its place in the address`() throws {
        let server = try ScriptedServer { .ok($0.target) }
        let listed = AddressPolicy(allowsPrivate: false, exceptions: [try #require(IPAddress("127.0.0.1"))])
        let url = "http://127.0.0.1:\(server.port)/orders/{id}"
        for (value, target) in [
            ("7", "/orders/7"), ("../admin", "/orders/..%2Fadmin"), ("a?b=c&d", "/orders/a%3Fb%3Dc%26d"),
            ("x#y", "/orders/x%23y"),
            ("@evil.example", "/orders/%40evil.example"), ("%2e%2e", "/orders/%252e%252e"),
        ] {
            let outcome = try call(url, policy: listed, ["id": .string(value)])
            #expect(outcome.output["body"]?.stringValue == target)
        }
        #expect(try call(url, policy: listed, ["id": ".."]).error == "invalid_address")
        #expect(try call(url, policy: listed, [:]).error == "invalid_address")
        for bad in [
            "http://{host}/x", "{scheme}://a.example/", "ftp://a.example/", "http://user:p@a.example/", "http:///x",
            "http://a.example{x}.evil.example/", "file:///etc/passwd",
        ] {
            #expect(throws: TwinError.self, "\(bad)") { try HTTPTool(["url": .string(bad)]) }
        }
        for field in ["Host", "Content-Length", "Transfer-Encoding", "A\r\nB"] {
            #expect(throws: TwinError.self) { try HTTPTool(["url": "http://a.example/", "headers": [field: "x"]]) }
        }
        #expect(throws: TwinError.self) {
            try HTTPTool(["url": "http://a.example/", "allowed_hosts": ["b.example"]])
        }
    }

    @Test func `a GET is tried again where that can help, a POST never`() throws {
        let listed = AddressPolicy(allowsPrivate: false, exceptions: [try #require(IPAddress("127.0.0.1"))])
        for (status, tries) in [(200, 1), (404, 1), (500, 1), (429, 3), (502, 3), (503, 3), (504, 3)] {
            let server = try ScriptedServer { _ in .status(status) }
            _ = try call("http://127.0.0.1:\(server.port)/", policy: listed)
            #expect(server.requests.count == tries, "\(status)")
        }
        let server = try ScriptedServer { _ in .status(503) }
        _ = try HTTPTool(["url": .string(server.url + "/")]).call(.post, [:], secret: nil, policy: listed, isCancelled: { false })
        #expect(server.requests.count == 1)
        let large = try ScriptedServer { _ in .ok(String(repeating: "x", count: 300 << 10)) }
        #expect(try call(large.url + "/", policy: listed).error == "too_large")
    }

    @Test func `a query reads its file and does nothing else`() throws {
        let folder = try ScratchFolder()
        let path = folder.path + "/shop.db"
        let database = try Database(path: path, create: true)
        try database.write { connection in
            try connection.execute(
                """
                CREATE TABLE orders (id TEXT PRIMARY KEY, state TEXT);
                INSERT INTO orders VALUES ('ORD-1', 'sent'), ('ORD-2', 'lost');
                """)
        }
        func run(_ sql: String, _ arguments: JSONObject = [:]) throws -> ToolOutcome {
            try QueryTool(["database": .string(path), "query": .string(sql)])
                .call(arguments, own: folder.path + "/own.db", isCancelled: { false })
        }
        let found = try run("SELECT state FROM orders WHERE id = :id", ["id": "ORD-1"])
        #expect(found.output["rows"]?[0]?["state"] == "sent")
        // A value is a value, whatever stands in it.
        #expect(try run("SELECT state FROM orders WHERE id = :id", ["id": "' OR 1=1 --"]).output["rows"]?.arrayValue == [])
        for sql in [
            "DELETE FROM orders", "UPDATE orders SET state = 'x'", "INSERT INTO orders VALUES ('a', 'b')", "DROP TABLE orders",
            "ATTACH '\(path)' AS other", "PRAGMA writable_schema = 1", "PRAGMA table_info(orders)", "VACUUM INTO '\(path).copy'",
            "SELECT load_extension('x')", "SELECT 1; DELETE FROM orders", "CREATE TABLE t (a)", "BEGIN", "SELECT * FROM missing",
            "SELECT writefile('\(path)', 'x')", "WITH x AS (SELECT 1) DELETE FROM orders",
        ] {
            let outcome = try run(sql)
            // A second statement is not run at all.
            if sql.hasPrefix("SELECT 1;") { continue }
            #expect(outcome.error != nil, "\(sql): \(outcome.output)")
        }
        #expect(try run("SELECT count(*) AS n FROM orders").output["rows"]?[0]?["n"] == 2)
        let endless = try run("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT sum(x) FROM n")
        #expect(endless.error == "query_failed")
        let many = try run("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 5000) SELECT x FROM n")
        #expect(many.output["rows"]?.arrayValue?.count == 1_000 && many.output["truncated"] == true)
        let own = try QueryTool(["database": .string(path), "query": "SELECT 1"]).call(
            [:], own: path, isCancelled: { false })
        #expect(own.error == "not_permitted")
    }

    @Test func `arguments are found by their patterns and held to their schema`() throws {
        for (pattern, text, found) in [
            ("ORD-####", "where is ord-1234?", "ord-1234"), ("ORD-####", "XORD-1234", nil), ("ORD-####", "ORD-12345", nil),
            ("#+", "I paid 12 euros", "12"), ("@@-#+", "flight LH-400 today", "LH-400"), ("#+@", "5k", "5k"),
        ] as [(String, String, String?)] {
            #expect(ArgumentPattern(pattern)?.find(in: text) == found, "\(pattern) in \(text)")
        }
        for bad in ["", "x", "abc", String(repeating: "#", count: 101)] { #expect(ArgumentPattern(bad) == nil) }
        let schema: JSONObject = [
            "type": "object",
            "properties": [
                "id": ["type": "string", "maxLength": 8], "count": ["type": "integer", "minimum": 1, "maximum": 5],
                "kind": ["type": "string", "enum": ["a", "b"]],
            ], "required": ["id"],
        ]
        try ArgumentSchema.check(schema)
        let cases: [(JSON, Bool)] = [
            (["id": "x"], true), (["id": "x", "count": 5, "kind": "a"], true), ([:], false), (["id": 5], false),
            (["id": "123456789"], false), (["id": "x", "count": 0], false), (["id": "x", "count": 1.5], false),
            (["id": "x", "kind": "c"], false), (["id": "x", "other": 1], false), ([], false), ("x", false), (nil, false),
        ]
        for (arguments, fits) in cases {
            #expect((ArgumentSchema.problem(arguments, schema) == nil) == fits, "\(arguments)")
        }
        for bad: JSONObject in [
            ["type": "string"], ["type": "object", "properties": ["a": "b"]], ["type": "object", "anyOf": []],
            ["type": "object", "properties": ["a": ["type": "text"]]], ["type": "object", "required": "a"],
        ] {
            #expect(throws: TwinError.self) { try ArgumentSchema.check(bad) }
        }
    }
}
