import FoundationEssentials
import TestSupport
import TwinHTTP
import TwinKit
import TwinSupport

/// An embedding endpoint that knows a few synonyms: a text is the bag of its words, each under the name of its meaning.
final class EmbeddingServer: Sendable {
    let server: ScriptedServer

    private static let meanings: [String: String] = [
        "automobile": "car", "vehicle": "car", "car": "car", "repair": "mend", "fix": "mend", "mend": "mend", "mending": "mend",
        "physician": "doctor", "doctor": "doctor", "infant": "baby", "baby": "baby",
    ]

    /// The vectors have `dimension` numbers. `intercept` may answer a request in another way.
    init(dimension: Int = 64, intercept: @escaping @Sendable (ScriptedServer.Request) -> ScriptedServer.Response? = { _ in nil })
        throws
    {
        server = try ScriptedServer { request in
            if let response = intercept(request) { return response }
            guard request.path == "/v1/embeddings", let body = try? JSONParser.parse(request.bodyText) else {
                return .status(404)
            }
            let texts = body["input"]?.arrayValue ?? []
            let data = texts.enumerated().map { index, text -> JSON in
                let numbers = Self.vector(text.stringValue ?? "", dimension).map { JSON.double($0) }
                return ["index": .number(index), "embedding": .array(numbers)]
            }
            return .json(JSON.object(["data": .array(data)]).text)
        }
    }

    var environment: [String: String] { ["TWIN_EMBEDDING_URL": server.url + "/v1", "TWIN_EMBEDDING_MODEL": "synonyms"] }

    /// The texts that were sent to be embedded.
    var texts: [String] {
        server.requests.flatMap { (try? JSONParser.parse($0.bodyText))?["input"]?.arrayValue ?? [] }.compactMap(\.stringValue)
    }

    private static func vector(_ text: String, _ dimension: Int) -> [Double] {
        var numbers = [Double](repeating: 0.001, count: dimension)
        for word in text.lowercased().split(whereSeparator: { !$0.isLetter }) {
            let name = meanings[String(word)]
            // Words without a known meaning count little.
            let hash = (name ?? String(word)).utf8.reduce(5381) { ($0 &* 33 &+ Int($1)) & 0xFFFF_FFFF }
            numbers[hash % dimension] += name == nil ? 0.05 : 1
        }
        return numbers
    }
}
