import TestSupport
import Testing

@testable import TwinKit
@testable import TwinSupport

@Suite struct `Answers worded by a model` {
    private let fixture: TwinFixture
    private var twin: Twin { fixture.twin }

    init() throws { fixture = try TwinFixture() }

    private func compose(_ model: SpeakingModel, show: @escaping (String) throws -> Void = { _ in }) throws
        -> ModelComposer.Outcome
    {
        let composer = ModelComposer(model: model, twin: twin, style: AnswerStyle(twin, group: nil))
        let prompt = composer.prompt(question: "How much?", evidence: ModelEvidence.evidence, views: [], history: [])
        return try composer.compose(prompt, isCancelled: { false }, show: show)
    }

    @Test func `what is shown piece by piece is the answer`() throws {
        var shown: [String] = []
        let outcome = try compose(SpeakingModel(pieces: ["Eighteen kilo", "grams [1]. Gua", "rds go on [2]", "."])) {
            shown.append($0)
        }
        #expect(outcome == .answered(text: "Eighteen kilograms [1]. Guards go on [2].", cited: [1, 2]))
        #expect(shown == ["Eighteen kilograms [1].", " Guards go on [2]."])
    }

    @Test func `a model that says so has no answer`() throws {
        #expect(try compose(SpeakingModel(pieces: ["NO_", "ANSWER"])) == .noAnswer)
        #expect(try compose(SpeakingModel(pieces: ["I am sorry. NO_ANSWER."])) == .noAnswer)
    }

    @Test func `claims without support are a failure and nothing is shown`() throws {
        var shown = ""
        let outcome = try compose(SpeakingModel(pieces: ["It needs nineteen kilograms [7]. Trust me."])) { shown += $0 }
        #expect(outcome == .failed(reason: "unsupported_claims", shown: ""))
        #expect(shown.isEmpty)
    }

    @Test func `a sentence without support is left out of the others`() throws {
        #expect(
            try compose(SpeakingModel(pieces: ["Honey [1]. Made up [9]. Guards [2]."]))
                == .answered(text: "Honey [1]. Guards [2].", cited: [1, 2]))
    }

    @Test(arguments: ProviderError.Kind.allCases) func `a failure has its reason, and what was shown stays`(
        kind: ProviderError.Kind
    ) throws {
        let failure = ProviderError(kind, "it failed")
        #expect(try compose(SpeakingModel(pieces: [], failure: failure)) == .failed(reason: kind.rawValue, shown: ""))
        #expect(
            try compose(SpeakingModel(pieces: ["Honey [1]. Guards go on [2]. And th"], failure: failure))
                == .failed(reason: kind.rawValue, shown: "Honey [1]. Guards go on [2]."))
    }

    @Test func `an answer that reached the limit of tokens ends with its last whole sentence`() throws {
        #expect(
            try compose(SpeakingModel(pieces: ["Honey [1]. Guards [2] go o"], finishReason: "length"))
                == .answered(text: "Honey [1].", cited: [1]))
    }

    @Test func `what showing throws is thrown`() throws {
        struct Closed: Error {}
        #expect(throws: Closed.self) { try compose(SpeakingModel(pieces: ["Honey [1]. Guards [2]."])) { _ in throw Closed() } }
    }
}
