import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit

@Suite struct TranscriptionsEndpointTests {
    private typealias Fixture = ProviderFixture

    private func transcribe(_ body: String) throws -> Transcription {
        let server = try ScriptedServer { _ in .json(body) }
        return try TranscriptionsEndpoint(Fixture.configuration(server)).transcribe(
            [1], fileName: "a.mp3", mediaType: "audio/mpeg")
    }

    @Test func `segments keep their times, in order and without empty ones`() throws {
        let found = try transcribe(
            """
            {"text":"x","language":"english","segments":[{"start":2.5,"end":4.25,"text":" second "},{"start":0,"end":2.4996,"text":"first"},
            {"start":5,"end":6,"text":"  "},{"start":9,"end":8,"text":"odd"}]}
            """)
        #expect(
            found
                == Transcription(
                    segments: [
                        .init(start: 0, end: 2500, text: "first"), .init(start: 2500, end: 4250, text: "second"),
                        .init(start: 9000, end: 9000, text: "odd"),
                    ], hasTimes: true, language: "english"))
    }

    @Test func `text without segments is one segment without times`() throws {
        #expect(
            try transcribe("{\"text\":\" hello there\\n\"}")
                == Transcription(segments: [.init(start: 0, end: 0, text: "hello there")], hasTimes: false, language: nil))
    }

    @Test(arguments: [
        ("{}", ProviderError.Kind.malformedResponse), ("{\"text\":5}", .malformedResponse),
        ("{\"text\":\" \"}", .emptyOutput),
        ("{\"segments\":[{\"text\":\" \",\"start\":0,\"end\":1}]}", .emptyOutput),
        ("{\"segments\":[{\"text\":\"x\",\"start\":-1,\"end\":1}]}", .malformedResponse),
        ("{\"segments\":[{\"text\":\"x\",\"start\":0,\"end\":1e30}]}", .malformedResponse),
        ("{\"segments\":[{\"text\":\"x\",\"start\":\"0\",\"end\":1}]}", .malformedResponse),
        ("{\"segments\":[5]}", .malformedResponse), ("{\"error\":\"bad audio\"}", .serverError),
        ("plain text", .malformedResponse),
    ])
    func `an answer that is no transcription has its kind`(body: String, kind: ProviderError.Kind) throws {
        let error = #expect(throws: ProviderError.self) { try transcribe(body) }
        #expect(error?.kind == kind)
    }

    @Test func `the form carries the file whole and a hostile name harmlessly`() throws {
        let server = try ScriptedServer { _ in .json("{\"text\":\"fine\"}") }
        let audio = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 13) }
        _ = try TranscriptionsEndpoint(Fixture.configuration(server))
            .transcribe(audio, fileName: "a\"\r\nX: y.mp3", mediaType: "audio/mpeg", language: "en")
        let request = try #require(server.requests.first)
        let type = try #require(request.header("Content-Type"))
        let boundary = try #require(type.split(separator: "boundary=").last.map(String.init))
        #expect(type.hasPrefix("multipart/form-data; boundary=twin-"))
        var expected = ""
        for (name, value) in [("model", "small"), ("response_format", "verbose_json"), ("language", "en")] {
            expected += "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
        }
        expected +=
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a%22%0D%0AX: y.mp3\"\r\nContent-Type: audio/mpeg\r\n\r\n"
        #expect(request.body == Array(expected.utf8) + audio + Array("\r\n--\(boundary)--\r\n".utf8))
    }
}
