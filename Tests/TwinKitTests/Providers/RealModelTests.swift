import Glibc
import Testing

@testable import TwinKit
@testable import TwinSupport

/// Against a real model, whose address `Tests/model/run.sh` gives in the environment. Without it these tests do not run.
@Suite(.enabled(if: getenv("TWIN_TEST_MODEL_URL") != nil), .serialized)
struct RealModelTests {
    private var configuration: ProviderConfiguration {
        func variable(_ name: String) -> String { getenv(name).map { String(cString: $0) } ?? "" }
        return ProviderConfiguration(baseURL: variable("TWIN_TEST_MODEL_URL"), model: variable("TWIN_TEST_MODEL"))
    }

    private let question = ChatRequest(
        messages: [
            ChatMessage(.system, "Answer in one short sentence."), ChatMessage(.user, "What is the capital of France?"),
        ],
        temperature: 0, maximumTokens: 40, seed: 1)

    @Test func `an answer is streamed in pieces that make up the whole`() throws {
        var deltas: [String] = []
        let answer = try ChatCompletionsModel(configuration).complete(question, isCancelled: { false }) { deltas.append($0) }
        #expect(deltas.count > 1)
        #expect(deltas.joined() == answer.text)
        #expect(answer.finishReason != nil)
    }

    @Test func `an answer stops where it is told to`() throws {
        var short = question
        short.maximumTokens = 3
        #expect(try ChatCompletionsModel(configuration).complete(short).finishReason == "length")
    }

    @Test func `an answer is cancelled in the middle`() throws {
        var count = 0
        struct Enough: Error {}
        #expect(throws: Enough.self) {
            try ChatCompletionsModel(configuration).complete(question, isCancelled: { false }) { _ in
                count += 1
                if count == 2 { throw Enough() }
            }
        }
    }
}
