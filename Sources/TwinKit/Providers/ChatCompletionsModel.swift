import TwinHTTP
import TwinSupport

/// A language model behind `POST /chat/completions` of OpenAI's interface, streamed as server-sent events. A server that
/// answers with one JSON document instead is understood too.
package struct ChatCompletionsModel: LanguageModel {
    private let endpoint: ProviderEndpoint
    /// Whether the server is asked to count tokens at the end of the stream. A few older servers refuse the question.
    package var requestsUsage = true

    package var name: String { endpoint.configuration.model }

    package init(_ configuration: ProviderConfiguration) { endpoint = ProviderEndpoint(configuration) }

    /// `POST /chat/completions`, asked for as a stream. A server that answers with one JSON document is understood too.
    package func complete(
        _ request: ChatRequest, isCancelled: @escaping () -> Bool, onDelta: @escaping (String) throws -> Void
    ) throws -> ChatCompletion {
        let call = ProviderEndpoint.Call(
            path: "/chat/completions", contentType: "application/json", accept: "text/event-stream, application/json",
            body: JSONWriter.bytes(json(request)))
        let answer = Answer(endpoint: endpoint, onDelta: onDelta)
        do {
            try endpoint.stream(
                call, isCancelled: isCancelled, reset: { answer.reset() }, hasBegun: { answer.hasBegun },
                receive: { head, bytes in try answer.receive(head, bytes) })
            return try answer.finish()
        } catch {
            // What the caller's own callback threw is the caller's business and no fault of the model.
            throw answer.callerError ?? error
        }
    }

    private func json(_ request: ChatRequest) -> JSON {
        var object: JSONObject = [
            "model": .string(endpoint.configuration.model),
            "messages": .array(request.messages.map(Self.json)),
            "stream": true,
        ]
        if requestsUsage { object["stream_options"] = ["include_usage": true] }
        if let temperature = request.temperature { object["temperature"] = .double(temperature) }
        if let tokens = request.maximumTokens { object["max_tokens"] = .number(tokens) }
        if !request.stop.isEmpty { object["stop"] = .strings(request.stop.prefix(4)) }
        if let seed = request.seed { object["seed"] = .number(seed) }
        if !request.tools.isEmpty {
            object["tools"] = .array(
                request.tools.map {
                    [
                        "type": "function",
                        "function": [
                            "name": .string($0.name), "description": .string($0.description),
                            "parameters": .object($0.parameters),
                        ],
                    ]
                })
            object["tool_choice"] =
                switch request.toolChoice {
                case .automatic: "auto"
                case .none: "none"
                case .function(let name): ["type": "function", "function": ["name": .string(name)]]
                }
        }
        if let format = request.schema {
            object["response_format"] = [
                "type": "json_schema",
                "json_schema": ["name": .string(format.name), "strict": true, "schema": format.schema],
            ]
        }
        return .object(object)
    }

    private static func json(_ message: ChatMessage) -> JSON {
        var object: JSONObject = ["role": .string(message.role.rawValue), "content": .string(message.content)]
        if !message.toolCalls.isEmpty {
            object["tool_calls"] = .array(
                message.toolCalls.map {
                    [
                        "id": .string($0.id), "type": "function",
                        "function": ["name": .string($0.name), "arguments": .string($0.arguments)],
                    ]
                })
        }
        if let id = message.toolCallID { object["tool_call_id"] = .string(id) }
        return .object(object)
    }

    /// The answer as it grows. One call uses it on one thread.
    private final class Answer {
        private let endpoint: ProviderEndpoint
        private let onDelta: (String) throws -> Void
        private(set) var callerError: (any Error)?
        private(set) var hasBegun = false
        private var parser = EventStreamParser()
        private var isStream = false
        private var body: [UInt8] = []
        private var text = ""
        private var finishReason: String?
        private var usage: TokenUsage?
        private var calls: [Int: ToolRequest] = [:]
        private var isDone = false

        /// Calls in one answer at the most.
        private static let maximumCalls = 32

        init(endpoint: ProviderEndpoint, onDelta: @escaping (String) throws -> Void) {
            self.endpoint = endpoint
            self.onDelta = onDelta
        }

        /// Before each attempt.
        func reset() {
            parser = EventStreamParser()
            isStream = false
            body = []
            text = ""
            finishReason = nil
            usage = nil
            calls = [:]
            isDone = false
        }

        func receive(_ head: ClientResponse, _ bytes: UnsafeRawBufferPointer) throws {
            isStream = head.headers["Content-Type"]?.lowercased().hasPrefix("text/event-stream") ?? false
            guard isStream else {
                body.append(contentsOf: bytes)
                return
            }
            do {
                try parser.parse(bytes) { try receive($0) }
            } catch is EventStreamParser.TooLarge {
                throw ProviderError(.outputTooLarge, "the model server sent an event without end")
            }
        }

        private func receive(_ event: EventStreamParser.Event) throws {
            guard !isDone else { return }
            if event.data.elementsEqual("[DONE]".utf8) {
                isDone = true
                return
            }
            let json: JSON
            do { json = try JSONParser.parse(event.data) } catch {
                throw ProviderError(.malformedResponse, "the model server's stream is not JSON: \(error)")
            }
            try endpoint.checkForError(json)
            if let counted = ChatCompletionsModel.usage(json["usage"]) { usage = counted }
            // The last event of a stream with usage has no choices.
            guard let choices = json["choices"]?.arrayValue else {
                if json["usage"]?.objectValue != nil { return }
                throw ProviderError(.malformedResponse, "the model server's stream has an event without choices")
            }
            for choice in choices where (choice["index"]?.intValue ?? 0) == 0 {
                if let piece = choice["delta"]?["content"], !piece.isNull {
                    guard let words = piece.stringValue else {
                        throw ProviderError(.malformedResponse, "the model server's stream has content that is not text")
                    }
                    try append(words)
                }
                for call in choice["delta"]?["tool_calls"]?.arrayValue ?? [] { try add(call, at: call["index"]?.intValue ?? 0) }
                if let reason = choice["finish_reason"]?.stringValue { finishReason = reason }
            }
        }

        private func append(_ words: String) throws {
            guard !words.isEmpty else { return }
            guard text.utf8.count + words.utf8.count <= endpoint.configuration.limits.outputBytes else {
                throw ProviderError(
                    .outputTooLarge, "the model's answer is longer than \(endpoint.configuration.limits.outputBytes) bytes")
            }
            text += words
            hasBegun = true
            do { try onDelta(words) } catch {
                callerError = error
                throw error
            }
        }

        /// A part of a call: the name comes once, the arguments in pieces.
        private func add(_ part: JSON, at index: Int) throws {
            guard (0..<Self.maximumCalls).contains(index) else {
                throw ProviderError(.outputTooLarge, "the model asks for more than \(Self.maximumCalls) calls at once")
            }
            var call = calls[index] ?? ToolRequest(id: "", name: "", arguments: "")
            if let id = part["id"]?.stringValue, !id.isEmpty { call.id = id }
            let function = part["function"]
            if let name = function?["name"]?.stringValue { call.name += name }
            if let arguments = function?["arguments"] { call.arguments += arguments.stringValue ?? arguments.text }
            guard
                call.id.utf8.count + call.name.utf8.count + call.arguments.utf8.count <= endpoint.configuration.limits.outputBytes
            else { throw ProviderError(.outputTooLarge, "the model's arguments have no end") }
            calls[index] = call
            hasBegun = true
        }

        /// The whole answer, after the response has ended in good order.
        func finish() throws -> ChatCompletion {
            if !isStream { try readDocument() }
            // A stream that just ends, with neither its end mark nor a reason, has lost its rest.
            guard isDone || finishReason != nil else {
                throw ProviderError(.brokenStream, "the model server's stream ended before the answer did")
            }
            guard !calls.isEmpty || text.contains(where: { !$0.isWhitespace }) else {
                throw ProviderError(.emptyOutput, "the model gave an empty answer" + (finishReason.map { " (\($0))" } ?? ""))
            }
            return ChatCompletion(
                text: text, finishReason: finishReason, usage: usage, toolCalls: calls.sorted { $0.key < $1.key }.map(\.value))
        }

        private func readDocument() throws {
            let json = try endpoint.parse(body)
            guard let choice = json["choices"]?[0], let message = choice["message"], message.objectValue != nil else {
                throw ProviderError(.malformedResponse, "the model server's answer has no message")
            }
            let content = message["content"] ?? .null
            guard content.isNull || content.stringValue != nil else {
                throw ProviderError(.malformedResponse, "the model server's message is not text")
            }
            finishReason = choice["finish_reason"]?.stringValue
            usage = ChatCompletionsModel.usage(json["usage"])
            isDone = true
            for (index, call) in (message["tool_calls"]?.arrayValue ?? []).enumerated() { try add(call, at: index) }
            try append(content.stringValue ?? "")
        }
    }

    private static func usage(_ json: JSON?) -> TokenUsage? {
        guard let prompt = json?["prompt_tokens"]?.intValue, let completion = json?["completion_tokens"]?.intValue,
            prompt >= 0,
            completion >= 0
        else { return nil }
        return TokenUsage(promptTokens: prompt, completionTokens: completion)
    }
}
