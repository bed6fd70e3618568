import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// The Model Context Protocol through the program and over HTTP.
@Suite struct MCPTests {
    private static func ask(_ question: String) -> JSON {
        [
            "jsonrpc": "2.0", "id": 1, "method": "tools/call",
            "params": ["name": "ask", "arguments": ["question": .string(question)]],
        ]
    }

    @Test func `standard output holds JSON-RPC and nothing else, line for line`() throws {
        let scene = try Scene()
        try scene.write("oil.md", "The gear oil is changed every 500 hours.\n")
        try scene.twin("ingest", "oil.md")
        let lines = [
            #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{}}}"#,
            #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#, "", "not JSON", "   ",
            "{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"ping\",\"x\":\"" + String(repeating: "a", count: 5 << 20) + "\"}",
            Self.ask("How often is the gear oil changed?").text, #"{"jsonrpc":"2.0","id":3,"method":"ping"}"#,
        ]
        // The last line comes without its end, as from a client that was killed.
        let result = try scene.twin("mcp", input: lines.joined(separator: "\n"))
        #expect(result.code == 0 && result.errors == "")
        let replies = try result.lines.map { try JSONParser.parse($0) }
        #expect(replies.count == 5)
        #expect(replies.map { $0["id"] } == [0, .null, .null, 1, 3])
        #expect(replies[1]["error"]?["code"] == -32700 && replies[2]["error"]?["code"] == -32600)
        #expect(replies[3]["result"]?["structuredContent"]?["status"] == "grounded")
    }

    @Test func `with a key it shows what the key may see, until the key is revoked`() throws {
        let stage = try ServedFixture()
        let key = try stage.tenant.key(.read, .chat)
        let message = Self.ask("When are hives opened?")
        func post(_ headers: [String], _ json: JSON) throws -> WireClient.Reply {
            try stage.send("POST", "/mcp", json, headers: headers)
        }
        #expect(try post([], message).status == 401)
        #expect(try post([], message).json()["error"]?["code"] == -32600)
        #expect(try post(["authorization: Bearer tenant_wrong"], message).status == 401)
        let answer = try post(["authorization: Bearer \(key)"], message)
        #expect(answer.status == 200 && answer.field("cache-control")?.contains("no-store") == true)
        #expect(try answer.json()["result"]?["structuredContent"]?["answer"]?.stringValue?.contains("linden") == true)
        let teach: JSON = [
            "jsonrpc": "2.0", "id": 1, "method": "tools/call",
            "params": ["name": "add_verified_answer", "arguments": ["question": "a?", "answer": "b"]],
        ]
        #expect(try post(["authorization: Bearer \(key)"], teach).json()["error"]?["code"] == -32602)
        #expect(try post([stage.owner], teach).json()["result"]?["isError"] == false)
        #expect(try post([stage.owner, "origin: https://evil.example"], message).status == 403)
        for method in ["GET", "DELETE"] { #expect(try stage.send(method, "/mcp", nil, headers: [stage.owner]).status == 405) }
    }
}
