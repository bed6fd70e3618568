import TestSupport

@testable import TwinKit
@testable import TwinSupport

/// Configurations whose waits are short enough for tests.
enum ProviderFixture {
    static func configuration(
        _ server: ScriptedServer, _ change: (inout ProviderConfiguration) -> Void = { _ in }
    ) -> ProviderConfiguration {
        var configuration = ProviderConfiguration(baseURL: server.url + "/v1/", model: "small")
        configuration.retries.firstDelay = 2
        configuration.retries.maximumDelay = 20
        configuration.timeouts.total = 240_000
        change(&configuration)
        return configuration
    }

    /// One event of a stream of answers.
    static func delta(_ text: String) -> String {
        let json: JSON = ["choices": [["index": 0, "delta": ["content": .string(text)], "finish_reason": nil]]]
        return "data: \(json.text)\n\n"
    }

    static let stop = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
    static let done = "data: [DONE]\n\n"
}
