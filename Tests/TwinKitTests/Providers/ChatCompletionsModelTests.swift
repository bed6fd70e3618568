import Synchronization
import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

@Suite struct ChatCompletionsModelTests {
    private typealias Fixture = ProviderFixture

    /// When a question is cancelled; never, unless a test says otherwise.
    private struct Stop { var isDue: () -> Bool = { false } }

    /// The deltas, the completion or the error of one question to a server.
    private struct Result {
        var deltas: [String] = []
        var completion: ChatCompletion?
        var error: (any Error)?
        var providerError: ProviderError? { error as? ProviderError }
    }

    private func ask(
        _ server: ScriptedServer, _ request: ChatRequest = ChatRequest(messages: [ChatMessage(.user, "Hello?")]),
        cancelling stop: Stop = Stop(), _ change: (inout ProviderConfiguration) -> Void = { _ in }
    ) -> Result {
        var result = Result()
        do {
            result.completion = try ChatCompletionsModel(Fixture.configuration(server, change))
                .complete(request, isCancelled: stop.isDue) { result.deltas.append($0) }
        } catch {
            result.error = error
        }
        return result
    }

    /// What a server that streams `pieces` leads to.
    private func stream(_ pieces: [String], _ change: (inout ProviderConfiguration) -> Void = { _ in }) throws -> Result {
        let server = try ScriptedServer { _ in .events(pieces) }
        return ask(server, ChatRequest(messages: []), change)
    }

    @Test func `an answer is streamed and returned whole`() throws {
        let usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":3}}\n\n"
        let result = try stream([
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":null},\"finish_reason\":null}]}\n\n",
            Fixture.delta("Good "), Fixture.delta("mörning 😀"), Fixture.stop, usage, Fixture.done,
        ])
        #expect(result.error == nil)
        #expect(result.deltas == ["Good ", "mörning 😀"])
        #expect(
            result.completion
                == ChatCompletion(
                    text: "Good mörning 😀", finishReason: "stop", usage: TokenUsage(promptTokens: 12, completionTokens: 3)))
    }

    @Test func `the request says what the interface asks for`() throws {
        let server = try ScriptedServer { _ in .events([Fixture.delta("x"), Fixture.done]) }
        let request = ChatRequest(
            messages: [ChatMessage(.system, "Be \"brief\"."), ChatMessage(.user, "Why?\n")], temperature: 0.5,
            maximumTokens: 99,
            stop: ["\n\n", "END"], seed: 7)
        #expect(ask(server, request).error == nil)
        let seen = try #require(server.requests.first)
        #expect(seen.method == "POST")
        #expect(seen.target == "/v1/chat/completions")
        #expect(seen.header("Content-Type") == "application/json")
        #expect(seen.header("Authorization") == nil)
        let expected: JSON = [
            "model": "small",
            "messages": [["role": "system", "content": "Be \"brief\"."], ["role": "user", "content": "Why?\n"]],
            "stream": true, "stream_options": ["include_usage": true], "temperature": 0.5, "max_tokens": 99,
            "stop": ["\n\n", "END"],
            "seed": 7,
        ]
        #expect(try JSONParser.parse(seen.body) == expected)
    }

    @Test func `comments, CRLF, data of several lines and any cuts are understood`() throws {
        let first = "data: {\"choices\":[{\"delta\":\r\ndata: {\"content\":\"Hé\"}}]}\r\n\r\n"
        let text =
            ": keep-alive\r\n\r\n" + first + "event: message\r\n" + Fixture.delta("llo 😀") + Fixture.stop + Fixture.done
        let bytes = Array(text.utf8)
        for size in [1, 2, 3, 7, 64, bytes.count] {
            let server = try ScriptedServer { _ in
                var steps: [ScriptedServer.Step] = [
                    .text("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n\r\n")
                ]
                for start in stride(from: 0, to: bytes.count, by: size) {
                    steps.append(.send(Array(bytes[start..<min(bytes.count, start + size)])))
                }
                return .init(steps)
            }
            #expect(ask(server).completion?.text == "Héllo 😀", "pieces of \(size)")
        }
    }

    @Test func `a stream that breaks at any byte is an error or the whole answer`() throws {
        let text = Fixture.delta("One ") + Fixture.delta("two.") + Fixture.stop + Fixture.done
        let bytes = Array(text.utf8)
        let isReset = Atomic<Bool>(false)
        let length = Atomic<Int>(0)
        let server = try ScriptedServer { _ in
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: \(bytes.count)\r\n\r\n"
            let cut = length.load(ordering: .sequentiallyConsistent)
            return .init(
                [.text(head), .send(Array(bytes[..<cut]))]
                    + (isReset.load(ordering: .sequentiallyConsistent) ? [.pause(5), .reset] : []))
        }
        for cut in stride(from: 0, to: bytes.count, by: 5) {
            length.store(cut, ordering: .sequentiallyConsistent)
            isReset.store(cut % 2 == 0, ordering: .sequentiallyConsistent)
            let result = ask(server) { $0.retries.attempts = 1 }
            let error = try #require(result.providerError, "cut at \(cut)")
            #expect(error.kind == (result.deltas.isEmpty ? .unreachable : .brokenStream), "cut at \(cut)")
            #expect("One two.".hasPrefix(result.deltas.joined()))
        }
    }

    @Test func `a stream without framing that ends early is broken, and one with a reason is not`() throws {
        #expect(try stream([Fixture.delta("One ")]).providerError?.kind == .brokenStream)
        #expect(try stream([]).providerError?.kind == .emptyOutput)
        #expect(try stream([Fixture.delta("One"), Fixture.stop]).completion?.text == "One")
        #expect(try stream([Fixture.delta("One"), Fixture.done, Fixture.delta("more")]).completion?.text == "One")
    }

    @Test(arguments: [
        "data: {\n\n", "data: nonsense\n\n", "data: []\n\n", "data: {\"choices\":5}\n\n", "data: {}\n\n",
        "data: {\"choices\":[{\"delta\":{\"content\":5}}]}\n\n", "data: \"text\"\n\n",
    ])
    func `a stream of wrong JSON is malformed`(event: String) throws {
        let result = try stream([Fixture.delta("One "), event, Fixture.done])
        #expect(result.providerError?.kind == .malformedResponse)
        #expect(result.providerError?.reason == "malformed_response")
    }

    @Test func `bytes that are not UTF-8 are malformed`() throws {
        let server = try ScriptedServer { _ in
            .init([
                .text(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: {\"choices\":[{\"delta\":{\"content\":\""
                ),
                .send([0xFF, 0xFE]), .text("\"}}]}\n\ndata: [DONE]\n\n"),
            ])
        }
        #expect(ask(server).providerError?.kind == .malformedResponse)
    }

    @Test func `an error object is an error, in a stream and in place of one`() throws {
        let inStream = try stream(["data: {\"error\":{\"message\":\"out of\\nmemory\"}}\n\n"]) { $0.retries.attempts = 1 }
        #expect(inStream.providerError == ProviderError(.serverError, "the model server reports an error: out of memory"))
        let server = try ScriptedServer { _ in .json("{\"error\":\"no such thing\"}") }
        #expect(ask(server).providerError == ProviderError(.serverError, "the model server reports an error: no such thing"))
        let late = try stream([Fixture.delta("One "), "data: {\"error\":{}}\n\n"])
        #expect(late.providerError?.kind == .serverError)
        #expect(late.deltas == ["One "])
    }

    @Test(arguments: [[""], [" ", "\n"], []])
    func `an answer without words is empty`(words: [String]) throws {
        let result = try stream(words.map { Fixture.delta($0) } + [Fixture.stop, Fixture.done])
        #expect(result.providerError?.kind == .emptyOutput)
    }

    @Test func `an answer beyond the limit is stopped`() throws {
        let piece = Array(Fixture.delta(String(repeating: "word ", count: 20)).utf8)
        let server = try ScriptedServer { _ in
            .init([.text("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"), .endless(piece, pause: 0)])
        }
        let result = ask(server) { $0.limits.outputBytes = 1000 }
        #expect(result.providerError?.kind == .outputTooLarge)
        #expect(result.deltas.joined().utf8.count <= 1000)
        let noise = try ScriptedServer { _ in
            .init([
                .text("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"),
                .endless(Array(": noise\n\n".utf8), pause: 0),
            ])
        }
        #expect(ask(noise) { $0.limits.responseBytes = 10_000 }.providerError?.kind == .outputTooLarge)
    }

    @Test func `one JSON document in place of a stream is understood`() throws {
        let server = try ScriptedServer { _ in
            .json(
                "{\"choices\":[{\"message\":{\"content\":\"Whole.\"},\"finish_reason\":\"length\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}"
            )
        }
        let result = ask(server)
        #expect(result.deltas == ["Whole."])
        #expect(
            result.completion
                == ChatCompletion(
                    text: "Whole.", finishReason: "length", usage: TokenUsage(promptTokens: 1, completionTokens: 2)))
        for (body, kind): (String, ProviderError.Kind) in [
            ("{}", .malformedResponse), ("{\"choices\":[{\"message\":{\"content\":1}}]}", .malformedResponse),
            ("<html>", .malformedResponse),
            ("", .emptyOutput), ("{\"choices\":[{\"message\":{\"content\":null}}]}", .emptyOutput),
            ("[]", .malformedResponse),
        ] {
            let wrong = try ScriptedServer { _ in .json(body) }
            #expect(ask(wrong).providerError?.kind == kind, "\(body)")
        }
    }

    @Test func `a server that is busy is asked again, and only as often as allowed`() throws {
        let count = Atomic<Int>(0)
        let server = try ScriptedServer { _ in
            let call = count.add(1, ordering: .sequentiallyConsistent).newValue
            return switch call {
            case 1: .status(429, [("Retry-After", "3600")])
            case 2: .status(503)
            case 3: .init([.reset])
            default: .events([Fixture.delta("At last."), Fixture.done])
            }
        }
        #expect(ask(server).completion?.text == "At last.")
        #expect(server.requests.count == 4)
        for (status, kind): (Int, ProviderError.Kind) in [(429, .rateLimited), (500, .serverError), (502, .serverError)] {
            let always = try ScriptedServer { _ in .status(status, [("Retry-After", "0")]) }
            #expect(ask(always).providerError?.kind == kind)
            #expect(always.requests.count == 4)
        }
    }

    @Test(arguments: [
        (400, ProviderError.Kind.rejected), (401, .unauthorized), (403, .unauthorized), (404, .rejected), (422, .rejected),
        (302, .rejected),
    ])
    func `a refusal is final and says why`(status: Int, kind: ProviderError.Kind) throws {
        let server = try ScriptedServer { _ in
            .status(status, [("Location", "/x")], Array("{\"error\":{\"message\":\"because\"}}".utf8))
        }
        let result = ask(server)
        #expect(result.providerError?.kind == kind)
        #expect(result.providerError?.description.contains("status \(status)") == true)
        #expect(result.providerError?.description.hasSuffix(": because") == true)
        #expect(server.requests.count == 1)
    }

    @Test func `there is no second attempt after the first word`() throws {
        let server = try ScriptedServer { _ in
            .init([
                .text(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 5000\r\n\r\n"
                        + Fixture.delta("One "))
            ])
        }
        let result = ask(server)
        #expect(result.providerError?.kind == .brokenStream)
        #expect(result.deltas == ["One "])
        #expect(server.requests.count == 1)
    }

    @Test func `a wait beyond the deadline is not waited`() throws {
        let server = try ScriptedServer { _ in .status(429, [("Retry-After", "600")]) }
        let result = ask(server) {
            $0.retries.maximumDelay = 3_600_000
            $0.timeouts.total = 60_000
        }
        #expect(result.providerError?.kind == .rateLimited)
        #expect(server.requests.count == 1)
    }

    @Test func `silence, slowness and a closed port have their kinds`() throws {
        let silent = try ScriptedServer { _ in .init([.hang]) }
        #expect(
            ask(silent) {
                $0.timeouts.idle = 200
                $0.retries.attempts = 1
            }.providerError?.kind == .timedOut)
        let slow = try ScriptedServer { _ in
            .init([
                .text("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"),
                .endless(Array(": wait\n\n".utf8), pause: 10),
            ])
        }
        #expect(ask(slow) { $0.timeouts.total = 400 }.providerError?.kind == .timedOut)
        var configuration = ProviderConfiguration(baseURL: "", model: "small")
        do { configuration.baseURL = try ScriptedServer { _ in .ok("") }.url }
        configuration.retries.firstDelay = 1
        let closed = #expect(throws: ProviderError.self) {
            try ChatCompletionsModel(configuration).complete(ChatRequest(messages: []))
        }
        #expect(closed?.kind == .unreachable)
    }

    @Test func `a question is cancelled while it waits for an answer and between attempts`() throws {
        let calls = Atomic<Int>(0)
        let silent = try ScriptedServer { _ in .init([.hang]) }
        #expect(
            ask(silent, cancelling: Stop { calls.add(1, ordering: .relaxed).newValue > 2 }).providerError?.kind == .cancelled
        )
        let busy = try ScriptedServer { _ in .status(503) }
        let result = ask(busy, cancelling: Stop { !busy.requests.isEmpty }) {
            $0.retries.firstDelay = 60_000
            $0.retries.maximumDelay = 60_000
            $0.timeouts.total = 600_000
        }
        #expect(result.providerError?.kind == .cancelled)
    }

    @Test func `what the caller throws comes back as it is`() throws {
        struct Enough: Error {}
        let server = try ScriptedServer { _ in .events([Fixture.delta("One "), Fixture.delta("two"), Fixture.done]) }
        #expect(throws: Enough.self) {
            try ChatCompletionsModel(Fixture.configuration(server))
                .complete(ChatRequest(messages: []), isCancelled: { false }) { _ in throw Enough() }
        }
        #expect(server.requests.count == 1)
    }

    @Test func `the key is sent, and is in no error even when the server repeats it`() throws {
        let server = try ScriptedServer { request in
            .json("{\"error\":{\"message\":\"wrong key \(request.header("Authorization") ?? "")\"}}", status: 401)
        }
        // Any variable that is there on every machine will do as a key.
        let source = SecretSource.environment("PATH")
        let key = try source.read().reveal()
        let result = ask(server) { $0.keySource = source }
        #expect(server.requests.first?.header("Authorization") == "Bearer \(key)")
        #expect(result.providerError?.kind == .unauthorized)
        #expect(result.providerError?.description.contains(key) == false)
        #expect(result.providerError?.description.contains("[redacted]") == true)
    }

    @Test func `a missing key or a wrong address is a matter of configuration`() throws {
        let server = try ScriptedServer { _ in .ok("") }
        #expect(ask(server) { $0.keySource = .file("/nowhere/key") }.providerError?.kind == .notConfigured)
        #expect(ask(server) { $0.baseURL = "file:///etc" }.providerError?.kind == .notConfigured)
        #expect(ask(server) { $0.baseURL = "" }.providerError?.kind == .notConfigured)
        #expect(server.requests.isEmpty)
    }

    @Test func `a key that would go out unencrypted is warned of`() {
        let key = SecretSource.environment("KEY")
        #expect(ProviderConfiguration(baseURL: "http://example.org/v1", model: "m", keySource: key).warning != nil)
        #expect(ProviderConfiguration(baseURL: "https://example.org/v1", model: "m", keySource: key).warning == nil)
        #expect(ProviderConfiguration(baseURL: "http://127.0.0.1:8080", model: "m", keySource: key).warning == nil)
        #expect(ProviderConfiguration(baseURL: "http://example.org/v1", model: "m").warning == nil)
    }
}
