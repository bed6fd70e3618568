import TestSupport
import Testing

@testable import TwinKit
@testable import TwinReaders

@Suite struct CaptionTrackTests {
    private func timed(_ text: String) throws -> [String] {
        try FetchFixture.timed(CaptionTrack.read(Array(text.utf8))).map { "\($0.start)-\($0.end) \($0.text)" }
    }

    @Test func `every form of captions gives the same words and times`() throws {
        let expected = ["1500-3500 Tea & biscuits, 2 < 3.", "4000-5000 Second line."]
        #expect(
            try timed(
                "WEBVTT\n\n00:01.500 --> 00:03.500\nTea &amp; biscuits, 2 &lt; 3.\n\n00:04.000 --> 00:05.000\nSecond line.\n"
            ) == expected)
        #expect(
            try timed(
                "1\n00:00:01,500 --> 00:00:03,500\nTea & biscuits, 2 < 3.\n\n2\n00:00:04,000 --> 00:00:05,000\nSecond line.\n"
            ) == expected)
        #expect(
            try timed(
                """
                {"wireMagic":"pb3","events":[{"tStartMs":0,"wpWinPosId":1},{"tStartMs":1500,"dDurationMs":2000,"segs":[{"utf8":"Tea & biscuits,"},
                {"utf8":" 2 < 3.","tOffsetMs":500}]},{"tStartMs":3000,"aAppend":1,"segs":[{"utf8":"\\n"}]},
                {"tStartMs":4000,"dDurationMs":1000,"segs":[{"utf8":"Second\\nline."}]}]}
                """) == expected)
        #expect(
            try timed(
                """
                <?xml version="1.0" encoding="utf-8" ?><transcript><text start="1.5" dur="2">Tea &amp;amp; biscuits, 2 &amp;lt; 3.</text>
                <text start="4" dur="1">Second line.</text></transcript>
                """) == expected)
        #expect(
            try timed(
                """
                <timedtext format="3"><head><pen id="1"/></head><body><p t="1500" d="2000"><s>Tea &amp; biscuits,</s><s t="500"> 2 &lt; 3.</s></p>
                <p t="4000" d="1000">Second line.</p></body></timedtext>
                """) == expected)
        #expect(
            try timed(
                """
                {"version":"1.0.0","segments":[{"startTime":1.5,"endTime":3.5,"body":"Tea & biscuits, 2 < 3."},
                {"startTime":4,"endTime":5.0,"body":"Second line."}]}
                """) == expected)
    }

    @Test func `speakers of a transcript are named`() throws {
        let text = """
            {"segments":[{"speaker":"Ada","startTime":0,"endTime":1,"body":"Hello."},{"speaker":"Ada","startTime":1,"endTime":2,"body":"Well?"},
            {"speaker":"Bob <x>","startTime":2,"endTime":3,"body":"Hi."}]}
            """
        let document = try CaptionTrack.read(Array(text.utf8))
        #expect(document.text.contains("Ada: Hello. Well?"))
        #expect(document.text.contains("Hi."))
    }

    @Test(arguments: [
        "", "{}", "[]", "{\"events\":[]}", "{\"events\":5}", "<html><body>Not found</body></html>", "<transcript/>",
        "<p t=\"1\">", "plain words",
        "{\"events\":[{\"tStartMs\":-5,\"segs\":[{\"utf8\":\"x\"}]}]}",
        "{\"events\":[{\"tStartMs\":1,\"segs\":[{\"utf8\":\" \\n\"}]}]}",
        "{\"events\":[{\"tStartMs\":99999999999999,\"segs\":[{\"utf8\":\"x\"}]}]}",
        "{\"segments\":[{\"startTime\":1e300,\"body\":\"x\"}]}",
    ])
    func `what holds no captions is refused`(text: String) {
        #expect(throws: ReadFailure.self) { try CaptionTrack.read(Array(text.utf8)) }
    }

    @Test func `changed bytes never do harm`() throws {
        let originals = [
            "{\"events\":[{\"tStartMs\":1500,\"dDurationMs\":2000,\"segs\":[{\"utf8\":\"Tea --> <v x> & biscuits\"}]}]}",
            "<timedtext><body><p t=\"1500\" d=\"2000\"><s>Tea</s> &amp; x</p></body></timedtext>",
        ].map { Array($0.utf8) }
        let seed = TestRandom.seed
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<3000 {
            var bytes = originals[Int.random(in: 0..<originals.count, using: &generator)]
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: index)
                default: bytes.insert(UInt8.random(in: 0x20...0x7E, using: &generator), at: index)
                }
            }
            guard let document = try? CaptionTrack.read(bytes) else { continue }
            #expect(document.marks.allSatisfy { $0.offset <= document.text.utf8.count }, "seed \(seed)")
            #expect(!document.text.isEmpty, "seed \(seed)")
        }
    }
}
