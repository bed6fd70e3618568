import TwinHTTP
import TwinSupport

/// A message of a conversation with a model.
package struct ChatMessage: Sendable, Equatable {
    /// Who speaks, as the interface calls them; `tool` is what a call came to.
    package enum Role: String, Sendable { case system, user, assistant, tool }
    package var role: Role
    package var content: String
    /// What an assistant asked to be called.
    package var toolCalls: [ToolRequest] = []
    /// Which of those calls a message of a tool is the result of.
    package var toolCallID: String?

    package init(_ role: Role, _ content: String) {
        self.role = role
        self.content = content
    }
}

/// A function that a model may ask to be called.
package struct ToolDescription: Sendable, Equatable {
    /// Letters, digits, `_` and `-`, at most 64.
    package var name: String
    package var description: String
    /// JSON Schema of its arguments.
    package var parameters: JSONObject

    package init(name: String, description: String, parameters: JSONObject) {
        self.name = name
        self.description = description
        self.parameters = parameters
    }
}

/// A call that a model asks for. Nothing of it is checked.
package struct ToolRequest: Sendable, Equatable {
    package var id: String
    package var name: String
    /// JSON, as the model wrote it.
    package var arguments: String

    package init(id: String, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}

/// Whether a model may ask for calls.
package enum ToolChoice: Sendable, Equatable {
    case automatic
    case none
    /// It has to ask for this one.
    case function(String)
}

/// What a model is asked.
package struct ChatRequest: Sendable, Equatable {
    package var messages: [ChatMessage]
    /// 0 to 2; none leaves it to the server.
    package var temperature: Double?
    /// Tokens of the answer at the most; none leaves it to the server.
    package var maximumTokens: Int?
    /// Texts before which the model stops; at most four.
    package var stop: [String]
    /// Makes the answer repeatable on servers that support it.
    package var seed: Int?
    package var tools: [ToolDescription] = []
    package var toolChoice = ToolChoice.automatic
    /// What the answer has to be, as a JSON schema; servers that do not know it answer as they like.
    package var schema: JSONSchemaFormat?

    package init(
        messages: [ChatMessage], temperature: Double? = nil, maximumTokens: Int? = nil, stop: [String] = [], seed: Int? = nil
    ) {
        self.messages = messages
        self.temperature = temperature
        self.maximumTokens = maximumTokens
        self.stop = stop
        self.seed = seed
    }
}

/// A form of answers that the model is held to.
package struct JSONSchemaFormat: Sendable, Equatable {
    package var name: String
    package var schema: JSON

    package init(_ name: String, _ schema: JSON) {
        self.name = name
        self.schema = schema
    }
}

/// What a model answered.
package struct ChatCompletion: Sendable, Equatable {
    /// The whole text: the deltas, joined. Never only white space.
    package var text: String
    /// `stop`, `length`, or the server's own word.
    package var finishReason: String?
    /// Nil where the server did not say.
    package var usage: TokenUsage?
    /// What it asks to be called; the text may be empty then.
    package var toolCalls: [ToolRequest] = []
}

/// What an answer cost, in tokens as the server counted them.
package struct TokenUsage: Sendable, Equatable {
    package var promptTokens: Int
    package var completionTokens: Int
}

/// A model that continues a conversation.
package protocol LanguageModel: Sendable {
    /// What the model is called, for records.
    var name: String { get }

    /// Answers, giving each piece of the text to `onDelta` as it comes; what that throws ends the answer and is thrown
    /// as it is. `isCancelled` is asked about ten times a second. Throws `ProviderError`; by then `onDelta` may have
    /// been given the beginning of an answer that will not be finished.
    func complete(
        _ request: ChatRequest, isCancelled: @escaping () -> Bool, onDelta: @escaping (String) throws -> Void
    ) throws -> ChatCompletion
}

extension LanguageModel {
    /// The whole answer at once, without a way to stop it but the configured timeouts. Throws `ProviderError`.
    package func complete(_ request: ChatRequest) throws -> ChatCompletion {
        try complete(request, isCancelled: { false }, onDelta: { _ in })
    }
}
