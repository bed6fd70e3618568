import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// The Model Context Protocol, message by message.
@Suite struct MCPServerTests {
    private let fixture: TwinFixture
    private var workspace: Workspace { fixture.workspace }
    private let server: MCPServer

    init() throws {
        fixture = try TwinFixture()
        let path = try fixture.folder.write("oil.md", "# Oil\n\nThe gear oil is changed every 500 hours.\n")
        _ = try fixture.workspace.upload(path, filename: "oil.md", into: fixture.twin, actor: nil)
        server = MCPServer(fixture.workspace, offersWriting: true)
    }

    private func send(_ text: String, as reader: Ask.Reader = .localOperator, headers: HeaderFields? = nil) -> MCPServer.Reply {
        server.reply(to: Array(text.utf8), as: reader, headers: headers)
    }

    private func request(_ method: String, _ params: JSONObject = [:], stateless: Bool = false) -> JSON? {
        var params = params
        if stateless {
            params["_meta"] = [
                "io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": [:],
            ]
        }
        let message: JSON = ["jsonrpc": "2.0", "id": 7, "method": .string(method), "params": .object(params)]
        return send(message.text).message
    }

    private func call(_ tool: String, _ arguments: JSONObject) -> JSON? {
        request("tools/call", ["name": .string(tool), "arguments": .object(arguments)])?["result"]
    }

    private static func field(_ line: String) -> HeaderField {
        let parts = line.split(separator: ": ", maxSplits: 1).map(String.init)
        return HeaderField(parts[0], parts[1])
    }

    @Test(arguments: ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2030-01-01"])
    func `a client that shakes hands gets its revision, or the latest that there is`(_ version: String) throws {
        let result = request("initialize", ["protocolVersion": .string(version), "capabilities": [:], "clientInfo": [:]])?[
            "result"]
        #expect(result?["protocolVersion"]?.stringValue == (version == "2030-01-01" ? "2025-11-25" : version))
        #expect(result?["serverInfo"]?["name"] == "twin")
        #expect(result?["resultType"] == nil, "older clients know nothing of it")
    }

    @Test func `the stateless revision says of each result what it is and who may keep it`() throws {
        let found = request("server/discover", stateless: true)?["result"]
        #expect(found?["supportedVersions"] == ["2026-07-28"])
        for method in ["tools/list", "resources/list", "resources/templates/list", "prompts/list"] {
            let result = request(method, stateless: true)?["result"]
            #expect(
                result?["resultType"] == "complete" && result?["cacheScope"] == "private" && result?["ttlMs"] == 0, "\(method)")
        }
        #expect(request("initialize", stateless: true)?["error"]?["code"] == -32601)
    }

    @Test func `a version that nobody knows is refused, and a request that contradicts its fields`() throws {
        let meta =
            #""_meta":{"io.modelcontextprotocol/protocolVersion":"2027-01-01","io.modelcontextprotocol/clientCapabilities":{}}"#
        let unknown = send(#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{\#(meta)}}"#)
        #expect(unknown.message?["error"]?["code"] == -32022 && unknown.status == .badRequest)
        let good = meta.replacing("2027-01-01", with: "2026-07-28")
        let text = #"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{\#(good)}}"#
        #expect(send(text).status == .ok)
        for fields in [["mcp-protocol-version: 2026-07-28", "mcp-method: tools/call"], ["mcp-method: tools/list"], []] {
            let request = try Request(.post, "/mcp", headers: fields.map(Self.field))
            let reply = send(text, headers: request.headers)
            #expect(reply.message?["error"]?["code"] == -32020 && reply.status == .badRequest, "\(fields)")
        }
    }

    @Test func `ask answers with the same JSON as every other door, and words beside it`() throws {
        let result = call("ask", ["question": "How often is the gear oil changed?"])
        #expect(result?["isError"] == false)
        let structured = result?["structuredContent"]
        #expect(structured?["status"] == "grounded" && structured?["citations"]?[0]?["title"] != nil)
        #expect(result?["content"]?[0]?["text"]?.stringValue?.contains("500 hours") == true)
        #expect(structured?["conversation_id"]?.stringValue != nil)
    }

    @Test func `what search finds can be fetched, and what a citation names be read`() throws {
        let found = call("search", ["query": "gear oil"])?["structuredContent"]?["results"]?[0]
        let id = try #require(found?["id"]?.stringValue)
        #expect(call("fetch", ["id": .string(id)])?["structuredContent"]?["text"] == found?["text"])
        let citation = call("ask", ["question": "How often is the gear oil changed?"])?["structuredContent"]?["citations"]?[0]
        let read = call(
            "get_citation",
            [
                "source_id": citation?["source_id"] ?? .null, "start": citation?["start"] ?? .null,
                "end": citation?["end"] ?? .null,
            ])
        #expect(read?["structuredContent"]?["quote"] == citation?["quote"])
    }

    @Test(
        arguments: [
            ("ask", "{}"), ("ask", #"{"question":7}"#), ("ask", #"{"question":"a","twin":"nobody"}"#), ("fetch", #"{"id":"x"}"#),
            ("fetch", #"{"id":"amara/x#1-2"}"#), ("search", #"{"query":"a","limit":0}"#), ("search", #"{"query":"a","more":1}"#),
            ("get_citation", #"{"source_id":"x","start":9,"end":1}"#), ("ingest_text", #"{"name":"..","text":"a"}"#),
        ])
    func `what is wrong with a call is told to the model that made it`(_ tool: String, _ arguments: String) throws {
        let object = try #require(try JSONParser.parse(arguments).objectValue)
        let result = call(tool, object)
        #expect(result?["isError"] == true)
        #expect(result?["content"]?[0]?["text"]?.stringValue?.isEmpty == false)
    }

    @Test func `tools that change something are for those who may, where they are offered`() throws {
        let twin = try #require(try workspace.twins.list().first)
        func names(_ server: MCPServer, _ principal: Principal) -> [String] {
            let message = #"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#
            let reply = server.reply(to: Array(message.utf8), as: Ask.Reader(atFile: principal))
            return reply.message?["result"]?["tools"]?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? []
        }
        let reader = try workspace.keys.create(
            "reader", tenantID: twin.tenantID, scopes: [.read, .chat], by: nil
        ).key
        #expect(names(server, .localOperator).contains("ingest_text"))
        #expect(!names(MCPServer(workspace, offersWriting: false), .localOperator).contains("ingest_text"))
        #expect(!names(server, .apiKey(reader)).contains("ingest_text"))
        let call =
            #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"ingest_text","arguments":{"name":"a.md","text":"b"}}}"#
        #expect(send(call, as: Ask.Reader(atFile: .apiKey(reader))).message?["error"]?["code"] == -32602)
        #expect(try workspace.sources.list(twin: twin).count == 1)
    }

    @Test func `notifications and answers get no reply, and what is no message gets an error`() throws {
        #expect(send(#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#).message == nil)
        #expect(send(#"{"jsonrpc":"2.0","id":3,"result":{}}"#).message == nil)
        for (text, code) in [
            ("", -32700), ("{", -32700), ("[]", -32600), ("1", -32600), (#"{"id":1,"method":"ping"}"#, -32600),
            (#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#, -32600), (#"{"jsonrpc":"2.0","id":1,"method":"nothing"}"#, -32601),
            (#"{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}"#, -32602),
            (#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"nothing"}}"#, -32602),
            (#"{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"file:///etc/passwd"}}"#, -32002),
        ] { #expect(send(text).message?["error"]?["code"]?.intValue == code, "\(text)") }
    }

    @Test func `frames that were damaged at random are answered with JSON-RPC or not at all`() throws {
        let frames = [
            #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{}}}"#,
            #"{"jsonrpc":"2.0","id":"a","method":"tools/call","params":{"name":"search","arguments":{"query":"gear oil","limit":3}}}"#,
            #"{"jsonrpc":"2.0","id":2,"method":"resources/list","params":{"cursor":"0"}}"#,
            #"{"jsonrpc":"2.0","id":3,"method":"completion/complete","params":{"argument":{"name":"twin","value":"a"}}}"#,
            #"{"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"fetch","arguments":{"id":"amara/x#1-2"}}}"#,
        ].map { Array($0.utf8) }
        var generator = TestRandom()
        for round in 0..<10_000 {
            var frame = frames[round % frames.count]
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let place = Int.random(in: 0..<frame.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: frame[place] = UInt8.random(in: 0...255, using: &generator)
                case 1: frame.remove(at: place)
                case 2: frame.insert(frame[Int.random(in: 0..<frame.count, using: &generator)], at: place)
                default: frame.swapAt(place, Int.random(in: 0..<frame.count, using: &generator))
                }
                if frame.isEmpty { frame = [0x7B] }
            }
            guard let message = server.reply(to: frame, as: .localOperator).message else { continue }
            #expect(message["jsonrpc"] == "2.0" && (message["result"] != nil) != (message["error"] != nil))
        }
    }
}
