import TwinSupport

/// The name of a kept response: the conversation and the question in it, so that it is known before the answer is.
struct ResponseID {
    let conversationID: String
    let questionID: String

    private static let prefix = "resp_"

    init?(_ turn: ChatService.Turn) {
        guard let conversation = turn.conversationID, let question = turn.questionID else { return nil }
        conversationID = conversation
        questionID = question
    }

    /// None for what is no such name.
    init?(_ text: String) {
        let digits = Array(text.utf8.dropFirst(Self.prefix.utf8.count))
        guard text.hasPrefix(Self.prefix), digits.count == 64, digits.allSatisfy({ $0.hexValue != nil && !$0.isUpper }) else {
            return nil
        }
        conversationID = Self.uuid(digits[..<32])
        questionID = Self.uuid(digits[32...])
    }

    var text: String { Self.prefix + Self.digits(conversationID) + Self.digits(questionID) }

    /// A name for a response that nobody can ask for again.
    static func unkept() -> String { prefix + digits(Identifier.make()) }

    static func digits(_ uuid: String) -> String { uuid.filter { $0 != "-" } }

    private static func uuid(_ digits: ArraySlice<UInt8>) -> String {
        var result = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { result += "-" }
            result.unicodeScalars.append(Unicode.Scalar(digit))
        }
        return result
    }
}

/// A response of `/v1/responses`, which every reply and half of the events of a stream show.
struct ResponseShape: Sendable {
    let id: String
    let created: Int
    let model: String
    let previous: String?
    let instructions: String?
    let isStored: Bool
    let prompt: String
    let listsSources: Bool

    var messageID: String { "msg_" + id.dropFirst(5) }

    func told(_ answer: ChatAnswer, escalationID: String?) -> OpenAIAnswer {
        OpenAIAnswer(answer, listsSources: listsSources, prompt: prompt, escalationID: escalationID)
    }

    func completed(_ told: OpenAIAnswer) -> JSON {
        .object(
            object("completed", output: [message("completed", part(told.text, told.annotations))]).merging([
                "usage": usage(told.promptTokens, told.completionTokens), "twin": told.twin,
            ]))
    }

    /// One that was kept, as its message is stored.
    func stored(_ message: Message, twinID: String) -> JSON {
        .object(
            object("completed", output: [self.message("completed", part(message.content, []))]).merging([
                "usage": usage(GroupLimits.tokens(prompt), GroupLimits.tokens(message.content)),
                "twin": [
                    "status": .optional(message.status?.rawValue), "confidence": .optional(message.confidence),
                    "citations": .array(message.citations.map(\.json)), "conversation_id": .string(message.conversationID),
                ],
            ]))
    }

    /// Without usage, as long as it is not known: the published description knows no null there.
    func unfinished() -> JSON { .object(object("in_progress", output: [])) }

    func message(_ status: String, _ part: JSON?) -> JSON {
        [
            "type": "message", "id": .string(messageID), "status": .string(status), "role": "assistant",
            "content": .array(part.map { [$0] } ?? []),
        ]
    }

    func part(_ text: String, _ annotations: [JSON]) -> JSON {
        ["type": "output_text", "text": .string(text), "annotations": .array(annotations), "logprobs": []]
    }

    private func object(_ status: String, output: [JSON]) -> JSONObject {
        [
            "id": .string(id), "object": "response", "created_at": .number(created), "status": .string(status), "error": nil,
            "incomplete_details": nil, "instructions": .optional(instructions), "max_output_tokens": nil,
            "model": .string(model), "output": .array(output), "parallel_tool_calls": true,
            "previous_response_id": .optional(previous), "reasoning": ["effort": nil, "summary": nil],
            "store": .bool(isStored), "temperature": 1.0, "text": ["format": ["type": "text"]], "tool_choice": "auto",
            "tools": [], "top_p": 1.0, "truncation": "disabled", "metadata": [:],
        ]
    }

    private func usage(_ input: Int, _ output: Int) -> JSON {
        [
            "input_tokens": .number(input), "input_tokens_details": ["cached_tokens": 0, "cache_write_tokens": 0],
            "output_tokens": .number(output),
            "output_tokens_details": ["reasoning_tokens": 0], "total_tokens": .number(input + output),
        ]
    }
}

/// The events of a streamed response, numbered, in the order that clients rely on.
struct ResponseEvents {
    let shape: ResponseShape
    let stream: OpenAIStream
    private var number = 0
    private var text = ""

    init(shape: ResponseShape, stream: OpenAIStream) {
        self.shape = shape
        self.stream = stream
    }

    mutating func begin() throws {
        try send("response.created", ["response": shape.unfinished()])
        try send("response.in_progress", ["response": shape.unfinished()])
        try send("response.output_item.added", ["output_index": 0, "item": shape.message("in_progress", nil)])
        try send("response.content_part.added", place.merging(["part": shape.part("", [])]))
    }

    mutating func delta(_ piece: String) throws {
        guard !piece.isEmpty else { return }
        text += piece
        try send("response.output_text.delta", place.merging(["delta": .string(piece), "logprobs": []]))
    }

    mutating func end(_ told: OpenAIAnswer) throws {
        // What was told beside the events: a list of sources, or a question for the owner.
        if told.text.hasPrefix(text) { try delta(String(told.text.dropFirst(text.count))) }
        for (index, annotation) in told.annotations.enumerated() {
            try send(
                "response.output_text.annotation.added",
                place.merging(["annotation_index": .number(index), "annotation": annotation]))
        }
        let part = shape.part(text, told.annotations)
        try send("response.output_text.done", place.merging(["text": .string(text), "logprobs": []]))
        try send("response.content_part.done", place.merging(["part": part]))
        try send("response.output_item.done", ["output_index": 0, "item": shape.message("completed", part)])
        try send("response.completed", ["response": shape.completed(told)])
    }

    /// Ends the stream with an error, in the form of the events and in that of every other error.
    mutating func fail(_ error: any Error) throws {
        let json = OpenAIError.event(error)
        try send(
            "error",
            [
                "code": json["error"]?["code"] ?? nil, "message": json["error"]?["message"] ?? "", "param": nil,
                "error": json["error"] ?? [:],
            ])
        stream.finish()
    }

    private var place: JSONObject { ["item_id": .string(shape.messageID), "output_index": 0, "content_index": 0] }

    private mutating func send(_ type: String, _ fields: JSONObject) throws {
        let head: JSONObject = ["type": .string(type), "sequence_number": .number(number)]
        try stream.send(.object(head.merging(fields)), name: type)
        number += 1
    }
}
