@testable import TwinDatabase
@testable import TwinKit
@testable import TwinSupport

/// Evidence that the tests of model answers have in common.
enum ModelEvidence {
    static func citation(_ number: Int, _ quote: String, title: String = "Bees") -> Citation {
        Citation(
            number: number, sourceID: "s\(number)", sourceTitle: title, locator: "/bees.md", version: 1,
            range: 0..<quote.utf8.count, headings: [], quote: quote)
    }

    static let evidence = [
        citation(1, "A colony needs eighteen kilograms of honey to come through the winter."),
        citation(2, "Mouse guards go on when the nights are colder than eight degrees."),
        citation(3, "Dr. Weiss said: “Drones are thrown out in August.” The workers stop feeding them first."),
    ]
}

/// A model that says `pieces`, and then fails if it is told to.
struct SpeakingModel: LanguageModel {
    var name: String { "scripted" }
    var pieces: [String]
    var failure: ProviderError?
    var finishReason: String? = "stop"

    func complete(
        _ request: ChatRequest, isCancelled: @escaping () -> Bool, onDelta: @escaping (String) throws -> Void
    ) throws -> ChatCompletion {
        for piece in pieces { try onDelta(piece) }
        if let failure { throw failure }
        return ChatCompletion(text: pieces.joined(), finishReason: finishReason)
    }
}
