/// A message of a conversation with a model.
package struct ChatMessage: Sendable, Equatable {
    package enum Role: String, Sendable { case system, user, assistant }
    package var role: Role
    package var content: String

    package init(_ role: Role, _ content: String) {
        self.role = role
        self.content = content
    }
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

/// What a model answered.
package struct ChatCompletion: Sendable, Equatable {
    /// The whole text: the deltas, joined. Never only white space.
    package var text: String
    /// `stop`, `length`, or the server's own word.
    package var finishReason: String?
    package var usage: TokenUsage?
}

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
    package func complete(_ request: ChatRequest) throws -> ChatCompletion {
        try complete(request, isCancelled: { false }, onDelta: { _ in })
    }
}
