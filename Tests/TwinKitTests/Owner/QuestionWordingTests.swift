import FoundationEssentials
import TestSupport
import Testing
import TwinSearch
import TwinSupport

@testable import TwinKit

@Suite struct QuestionWordingTests {
    private static func difference(_ asked: String, _ stored: String, known: Set<String> = []) -> WordingDifference? {
        WordingDifference.between(
            QuestionWording(folded: QuestionText.folded(asked)), and: QuestionWording(folded: QuestionText.folded(stored)),
            kinds: QuestionWording.Kinds(.english), analyzer: Analyzer(language: .english),
            names: QuestionWording.names(in: stored)
        ) { word, meant in !known.contains(word) && WordSlip.isSlip(word, of: meant, isName: false) }
    }

    @Test(arguments: [
        ("hi, could you tell me how do i get a refnd please?", "How do I get a refund?"),
        ("I'd like to know whether the workshop opens on Sundays, thanks a lot", "Does the workshop open on Sundays?"),
        ("what's your return policy", "What is your return policy?"), ("what is the price", "What are the prices?"),
        ("On Fridays, when do you close?", "At what time do you close on Fridays?"),
        ("how to log in", "How do I login?"), ("Können Sie mir sagen, wann Hunde erlaubt sind? Danke", "Wann Hunde erlaubt sind"),
        ("when does teh shop opne", "When does the shop open?"), ("how do i the lock", "How do I open the lock?"),
        ("may I ask for a refund", "Can I ask for a refund?"),
    ])
    func `courtesies, slips, endings and words without weight make no other question`(asked: String, stored: String) {
        #expect(Self.difference(asked, stored) != nil)
    }

    @Test(arguments: [
        ("is 5w30 safe for the north workshop", "is 5w40 safe for the north workshop"),
        ("may i eat before the long examination", "may i eat after the long examination"),
        ("does the red valve feed the blue valve", "does the blue valve feed the red valve"),
        ("how can you reach me", "how can I reach you"), ("must I pay in advance", "can I pay in advance"),
        ("when did the office open", "when does the office open"), ("can I not pay in cash", "can I pay in cash"),
        ("how do I hire a driver", "how do I fire a driver"), ("who pays the employee", "who pays the employer"),
        ("trains from Rome to Paris", "trains from Paris to Rome"), ("how is the warranty", "how long is the warranty"),
        ("where is the pool", "where is the pool ladder"), ("what is the rate", "what is the lowest rate"),
        ("does it go through fifteen", "does it go through fifty"), ("how do I get a refund abroad", "how do I get a refund"),
        ("Is delivery to free?", "Is delivery to Norway free?"), ("", "who are you"), ("could you please tell me", "who are you"),
    ])
    func `another word, number, name, order, person, time or duty makes another question`(asked: String, stored: String) {
        #expect(Self.difference(asked, stored) == nil)
    }

    @Test func `a word that the texts have is no slip, nor is one of two that both fit`() throws {
        #expect(Self.difference("where is the kiosque", "where is the kiosk") == nil)
        #expect(Self.difference("where is the kiosck", "where is the kiosk") != nil)
        #expect(Self.difference("where is the kiosck", "where is the kiosk", known: ["kiosck"]) == nil)
        let fixture = try TwinFixture()
        for (question, answer) in [("How do I charge the battery?", "a"), ("How do I replace the battery?", "b")] {
            _ = try fixture.workspace.verifiedAnswers.add(.init(question: question, answer: answer), to: fixture.twin)
        }
        let match = try fixture.workspace.database.read {
            try VerifiedAnswerMatch.find("How do I the battery?", twin: fixture.twin, clearance: .everything, on: $0)
        }
        #expect(match.automatic == nil)
        #expect(match.suggestions.count == 2)
    }

    @Test func `words without end are compared in time and leave no trap`() {
        let long = Array(repeating: "word", count: 4_000).joined(separator: " ")
        #expect(Self.difference(long, long) == nil)
        for text in ["", "a", "please", "hi hi hi", "who", "i i i i", "from to", "id", "id like"] {
            _ = Self.difference(text, "how do I get there")
            _ = Self.difference("how do I get there", text)
        }
    }

    /// `Tests/sets/rewordings.jsonl`, as `Tests/rewordings.py` asks it through the program.
    @Test func `rewordings get the answer that they ask for, and other questions none`() throws {
        let file = #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/sets/rewordings.jsonl"
        let lines = try String(contentsOfFile: "/" + file, encoding: .utf8).split(separator: "\n").map {
            try JSONParser.parse(String($0))
        }
        let fixture = try TwinFixture()
        let stored = try #require(lines.first?["stored"]?.arrayValue).map { $0["question"]?.stringValue ?? "" }
        for question in stored {
            _ = try fixture.workspace.verifiedAnswers.add(.init(question: question, answer: "yes"), to: fixture.twin)
        }
        var counts: [String: Int] = [:]
        var served: [String: Int] = [:]
        var wrong: [String] = []
        var unserved = 0
        var suggested = 0
        var elsewhere = 0
        for line in lines.dropFirst() {
            let kind = line["kind"]?.stringValue ?? ""
            let asked = line["asked"]?.stringValue ?? ""
            let wanted = line["stored"]?.intValue.map { stored[$0] }
            let match = try fixture.workspace.database.read {
                try VerifiedAnswerMatch.find(asked, twin: fixture.twin, clearance: .everything, on: $0)
            }
            counts[kind, default: 0] += 1
            if let given = match.automatic {
                let isRight = given.answer.question == wanted && kind != "other"
                if isRight { served[kind, default: 0] += 1 } else { wrong.append(asked) }
            } else if kind == "elsewhere" {
                elsewhere += match.suggestions.isEmpty ? 0 : 1
            } else if kind != "other" {
                unserved += 1
                suggested += match.suggestions.contains { $0.answer.question == wanted } ? 1 : 0
            }
        }
        func share(_ kind: String) -> Double { Double(served[kind] ?? 0) / Double(max(counts[kind] ?? 0, 1)) }
        #expect(lines.count == 381)
        #expect(wrong == [])
        #expect(share("frame") >= 0.97)
        #expect(share("typo") >= 0.92)
        #expect(share("dropped") >= 0.60)
        #expect(Double(suggested) >= 0.55 * Double(unserved))
        #expect(Double(elsewhere) <= 0.10 * Double(counts["elsewhere"] ?? 0))
    }
}
