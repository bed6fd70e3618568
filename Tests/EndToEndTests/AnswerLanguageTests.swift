import FoundationEssentials
import Testing
import TwinSupport

/// Questions in seventeen languages to a twin that is set to none of them in particular (`Tests/sets/languages.jsonl`).
@Suite struct AnswerLanguageTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var language: String
        var documents: [String]
        var questions: [(question: String, answer: String)]
        var unanswerable: String
        var testDescription: String { language }

        init?(_ line: JSON) {
            guard let language = line["language"]?.stringValue, let unanswerable = line["unanswerable"]?.stringValue else {
                return nil
            }
            self.language = language
            self.unanswerable = unanswerable
            documents = line["documents"]?.arrayValue?.compactMap(\.stringValue) ?? []
            questions =
                line["questions"]?.arrayValue?.compactMap { pair in
                    guard let question = pair[0]?.stringValue, let answer = pair[1]?.stringValue else { return nil }
                    return (question, answer)
                } ?? []
        }

        static let all: [Case] = {
            let path = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
            let text = (try? String(contentsOfFile: "/\(path)/sets/languages.jsonl", encoding: .utf8)) ?? ""
            return text.split(separator: "\n").compactMap { line in (try? JSONParser.parse(String(line))).flatMap { Case($0) } }
        }()
    }

    @Test func `the set is there`() {
        #expect(Case.all.count == 17)
        #expect(Case.all.allSatisfy { $0.documents.count == 5 && $0.questions.count == 5 })
    }

    @Test(arguments: Case.all) func `a question is answered in its own language, or refused`(test: Case) throws {
        let scene = try Scene()
        try scene.twin("twins", "create", "house")
        for (place, text) in test.documents.enumerated() { try scene.write("docs/\(place).txt", text + "\n") }
        try scene.twin("ingest", "docs")
        for (question, answer) in test.questions {
            let found = try scene.twin("chat", question, "--json").json()
            #expect(found["citations"]?[0]?["quote"]?.stringValue?.contains(answer) == true, "\(question)")
        }
        #expect(try scene.twin("chat", test.unanswerable, "--json").json()["status"] == "unanswerable")
    }
}
