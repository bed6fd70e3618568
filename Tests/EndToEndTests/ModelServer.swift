import Synchronization
import TestSupport
import TwinHTTP
import TwinKit
import TwinSupport

/// A chat completions endpoint that says what a test tells it to, in good order or not.
final class ModelServer: Sendable {
    let server: ScriptedServer

    init(_ answer: @escaping @Sendable (ScriptedServer.Request) -> ScriptedServer.Response) throws {
        server = try ScriptedServer { request in
            request.path == "/v1/chat/completions" ? answer(request) : .status(404)
        }
    }

    /// One that streams these pieces.
    convenience init(says pieces: String..., end: String = ModelServer.end) throws {
        let events = pieces.map(Self.delta) + [end]
        try self.init { _ in .events(events) }
    }

    var environment: [String: String] {
        ["TWIN_MODEL_URL": server.url + "/v1", "TWIN_MODEL": "scripted", "TWIN_MODEL_TIMEOUT": "2"]
    }

    /// The messages of the last request, each as its text.
    var lastMessages: [JSON] {
        server.requests.last.flatMap { try? JSONParser.parse($0.bodyText) }?["messages"]?.arrayValue ?? []
    }

    static func delta(_ text: String) -> String {
        let json: JSON = ["choices": [["index": 0, "delta": ["content": .string(text)], "finish_reason": nil]]]
        return "data: \(json.text)\n\n"
    }

    static let end = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"
    static let streamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
}

/// Counts calls from several threads.
final class Counter: Sendable {
    private let value = Atomic<Int>(0)
    func next() -> Int { value.add(1, ordering: .sequentiallyConsistent).newValue }
}
