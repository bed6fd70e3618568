import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

@Suite struct EmbeddingsEndpointTests {
    private typealias Fixture = ProviderFixture

    /// A server that gives each text the vector (its length, its position), last text first.
    private func honest() throws -> ScriptedServer {
        try ScriptedServer { request in
            let inputs = (try? JSONParser.parse(request.body))?["input"]?.arrayValue ?? []
            let items = inputs.enumerated().map { position, text -> JSON in
                ["index": .number(position), "embedding": [.double(Double(text.stringValue?.utf8.count ?? 0)), .double(1)]]
            }
            return .json((["data": .array(items.reversed())] as JSON).text)
        }
    }

    private func error(_ body: String, texts: [String] = ["a", "b"], dimension: Int? = nil) throws -> ProviderError? {
        let server = try ScriptedServer { _ in .json(body) }
        let model = EmbeddingsEndpoint(Fixture.configuration(server), dimension: dimension)
        return #expect(throws: ProviderError.self) { try model.embed(texts) }
    }

    @Test func `vectors come in the order of the texts, whatever the server's`() throws {
        let server = try honest()
        let vectors = try EmbeddingsEndpoint(Fixture.configuration(server)).embed(["a", "", "ccc", "dddd"])
        #expect(vectors == [[1, 1], [1, 1], [3, 1], [4, 1]])
        #expect(server.requests.count == 1)
        #expect(server.requests.first?.target == "/v1/embeddings")
    }

    @Test func `texts are sent in batches of limited count and size`() throws {
        let server = try honest()
        let texts = (1...10).map { String(repeating: "x", count: $0) }
        let model = EmbeddingsEndpoint(
            Fixture.configuration(server) {
                $0.limits.batchCount = 4
                $0.limits.batchBytes = 12
            })
        #expect(try model.embed(texts).map { Int($0[0]) } == Array(1...10))
        let sizes = try server.requests.map {
            try JSONParser.parse($0.body)["input"]?.arrayValue?.map { $0.stringValue?.count ?? 0 } ?? []
        }
        #expect(sizes == [[1, 2, 3, 4], [5, 6], [7], [8], [9], [10]])
        #expect(try model.embed([]).isEmpty)
    }

    @Test func `batches cover all texts in order and keep to the limits`() {
        var generator = TestRandom()
        for _ in 0..<500 {
            let sizes = (0..<Int.random(in: 0...40, using: &generator)).map { _ in Int.random(in: 0...30, using: &generator) }
            var limits = ProviderConfiguration.Limits()
            limits.batchCount = Int.random(in: 1...6, using: &generator)
            limits.batchBytes = Int.random(in: 1...40, using: &generator)
            let ranges = EmbeddingsEndpoint.batches(sizes, limits)
            #expect(ranges.flatMap { Array($0) } == Array(sizes.indices))
            for range in ranges {
                #expect(range.count <= limits.batchCount)
                #expect(range.count == 1 || sizes[range].reduce(0, +) <= limits.batchBytes)
            }
        }
    }

    @Test func `base 64 and numbers give the same vectors`() throws {
        let numbers: [Float] = [0.5, -1.25, 3.4028235e38, 1e-30]
        var bytes: [UInt8] = []
        for number in numbers { withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes += $0 } }
        let coded = Base64.standard.encode(bytes)
        let server = try ScriptedServer { request in
            let asked = (try? JSONParser.parse(request.body))?["encoding_format"]?.stringValue
            let vector = asked == "base64" ? "\"\(coded)\"" : "[0.5,-1.25,3.4028235e38,1e-30]"
            return .json("{\"data\":[{\"embedding\":\(vector)}]}")
        }
        var model = EmbeddingsEndpoint(Fixture.configuration(server), dimension: 4)
        #expect(try model.embed(["x"]) == [numbers])
        model.encoding = .base64
        #expect(try model.embed(["x"]) == [numbers])
    }

    @Test(arguments: [
        "{}", "{\"data\":{}}", "{\"data\":[]}", "{\"data\":[{\"embedding\":[1]}]}",
        "{\"data\":[{\"embedding\":[1]},{\"embedding\":[1,2]}]}",
        "{\"data\":[{\"index\":0,\"embedding\":[1]},{\"index\":0,\"embedding\":[1]}]}",
        "{\"data\":[{\"index\":-1,\"embedding\":[1]},{\"index\":0,\"embedding\":[1]}]}",
        "{\"data\":[{\"index\":5,\"embedding\":[1]},{\"embedding\":[1]}]}",
        "{\"data\":[{\"embedding\":[]},{\"embedding\":[]}]}", "{\"data\":[{\"embedding\":[\"1\"]},{\"embedding\":[1]}]}",
        "{\"data\":[{\"embedding\":[0]},{\"embedding\":[1]}]}", "{\"data\":[{\"embedding\":[1e60]},{\"embedding\":[1]}]}",
        "{\"data\":[{\"embedding\":\"AAA\"},{\"embedding\":[1]}]}",
        "{\"data\":[{\"embedding\":\"AACAPw\"},{\"embedding\":[1]}]}",
        "{\"data\":[{\"embedding\":\"AADAfw==\"},{\"embedding\":[1]}]}",
        "{\"data\":[{\"embedding\":null},{\"embedding\":[1]}]}", "[1]", "not json",
    ])
    func `an answer that is not what was asked for is malformed`(body: String) throws {
        #expect(try error(body)?.kind == .malformedResponse)
    }

    @Test func `a dimension other than the expected one is refused, also between batches`() throws {
        #expect(try error("{\"data\":[{\"embedding\":[1,2,3]}]}", texts: ["a"], dimension: 4)?.kind == .malformedResponse)
        let server = try ScriptedServer { request in
            .json(
                request.bodyText.contains("first")
                    ? "{\"data\":[{\"embedding\":[1,2]}]}" : "{\"data\":[{\"embedding\":[1,2,3]}]}")
        }
        let model = EmbeddingsEndpoint(Fixture.configuration(server) { $0.limits.batchCount = 1 })
        let failure = #expect(throws: ProviderError.self) { try model.embed(["first", "second"]) }
        #expect(failure?.kind == .malformedResponse)
    }

    @Test func `a huge vector and a huge answer are refused`() throws {
        let huge = "{\"data\":[{\"embedding\":[" + String(repeating: "1,", count: 20_000) + "1]}]}"
        #expect(try error(huge, texts: ["a"])?.kind == .malformedResponse)
        let server = try ScriptedServer { _ in
            .init([.text("HTTP/1.1 200 OK\r\n\r\n"), .endless(Array("1,".utf8), pause: 0)])
        }
        let model = EmbeddingsEndpoint(Fixture.configuration(server) { $0.limits.responseBytes = 10_000 })
        let failure = #expect(throws: ProviderError.self) { try model.embed(["a"]) }
        #expect(failure?.kind == .outputTooLarge)
    }

    @Test func `an error object and an empty answer have their kinds`() throws {
        #expect(try error("{\"error\":{\"message\":\"no\"},\"data\":[]}")?.kind == .serverError)
        #expect(try error("")?.kind == .emptyOutput)
    }
}
