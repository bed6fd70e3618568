import TwinSupport

/// Scores of what a text is about, 0 to 1, by OpenAI's words for it (`sexual`, `sexual/minors`, `violence`, `hate`,
/// `self-harm`, `harassment`).
package protocol ModerationModel: Sendable {
    var name: String { get }
    /// Throws `ProviderError`; also where a score is missing.
    func scores(of text: String, isCancelled: @escaping () -> Bool) throws(ProviderError) -> [String: Double]
}

/// `POST /moderations` of OpenAI's interface.
package struct ModerationsEndpoint: ModerationModel {
    private let endpoint: ProviderEndpoint

    package var name: String { endpoint.configuration.model }

    package init(_ configuration: ProviderConfiguration) { endpoint = ProviderEndpoint(configuration) }

    /// Without each of these an answer says too little.
    private static let needed = ["sexual", "violence", "hate", "self-harm", "harassment", "sexual/minors"]

    /// The server's scores by category, each 0 to 1; other categories than the needed ones are kept. Throws `ProviderError`, also
    /// where one of those is missing.
    package func scores(of text: String, isCancelled: @escaping () -> Bool) throws(ProviderError) -> [String: Double] {
        let answer = try endpoint.post(
            "/moderations", ["model": .string(endpoint.configuration.model), "input": .string(text)], isCancelled: isCancelled)
        guard let given = answer["results"]?[0]?["category_scores"]?.objectValue else {
            throw ProviderError(.malformedResponse, "the moderation server's answer has no scores")
        }
        var scores: [String: Double] = [:]
        for (name, value) in given.members {
            guard let score = value.doubleValue, (0...1).contains(score) else {
                throw ProviderError(.malformedResponse, "the moderation server's answer has a score that is not from 0 to 1")
            }
            scores[name] = score
        }
        guard Self.needed.allSatisfy({ scores[$0] != nil }) else {
            throw ProviderError(.malformedResponse, "the moderation server's answer lacks scores")
        }
        return scores
    }
}
