import Foundation
import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

@Suite struct QuestionFilesTests {
    private func questions(_ text: String) throws -> [EvaluationQuestion] {
        try QuestionFile.read(Array(text.utf8), name: "q.jsonl")
    }

    private func message(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch let error as TwinError {
            return error.message
        } catch {
            return "another error: \(error)"
        }
    }

    @Test func `a question file gives questions, sources, spans and what is unanswerable`() throws {
        let read = try questions(
            """
            \u{FEFF}{"question": "Who signs?", "expected_sources": ["travel.md", "rules.md"], "answers": ["the lead"]}

            {"id": 7, "question": "Where?", "answer": "Oslo", "expected_sources": {"a": 3, "b": 0}, "label": "places", "more": [1]}\r
            {"_id": "x", "text": "What is the dog called?", "unanswerable": true}
            """)
        #expect(
            read == [
                EvaluationQuestion(id: "1", text: "Who signs?", grades: ["travel.md": 1, "rules.md": 1], answers: ["the lead"]),
                EvaluationQuestion(id: "7", text: "Where?", grades: ["a": 3, "b": 0], answers: ["Oslo"], label: "places"),
                EvaluationQuestion(id: "x", text: "What is the dog called?", isUnanswerable: true),
            ])
    }

    @Test func `a question written as a line is read back as it was`() throws {
        let written = [
            EvaluationQuestion(id: "1", text: "Who \"signs\"?\n", grades: ["b": 1, "a": 1], answers: ["x", "y"]),
            EvaluationQuestion(id: "2", text: "Where?", grades: ["a": 3, "b": -1], label: "places"),
            EvaluationQuestion(id: "3", text: "Why?", isUnanswerable: true, label: "near-miss"),
        ]
        #expect(try questions(written.map(\.json.text).joined(separator: "\n")) == written)
    }

    @Test(arguments: [
        (#"{"question": "a"}"# + "\n" + #"{"question": }"#, "line 2"),
        ("[1]", "line 1"),
        (#"{"question": "  "}"#, #""question""#),
        (#"{"question": "a", "unanswerable": "yes"}"#, #""unanswerable""#),
        (#"{"question": "a", "answers": [1]}"#, #""answers""#),
        (#"{"question": "a", "answers": 5}"#, #""answers""#),
        (#"{"question": "a", "expected_sources": {"x": "high"}}"#, "grade"),
        (#"{"question": "a", "unanswerable": true, "answers": ["b"]}"#, "keep one"),
        (#"{"id": "1", "question": "a"}"# + "\n" + #"{"id": "1", "question": "b"}"#, "repeats"),
        (#"{"id": {}, "question": "a"}"#, "identifier"),
        ("", "no questions"),
    ])
    func `what is wrong with a question file is said with its place`(text: String, part: String) {
        let said = message { _ = try questions(text) }
        #expect(said?.contains(part) == true, "\(said ?? "no error")")
    }

    @Test func `judgements are read with three columns and a header, or with four`() throws {
        let beir = try Qrels.read(Array("query-id\tcorpus-id\tscore\n1\ta\t2\n1\tb\t0\n2\ta\t1\r\n".utf8), name: "q")
        #expect(beir.grades == ["1": ["a": 2, "b": 0], "2": ["a": 1]])
        let trec = try Qrels.read(Array("1 0 a 2\n1 0 b -1\n".utf8), name: "q")
        #expect(trec.grades == ["1": ["a": 2, "b": -1]])
    }

    @Test(arguments: [
        "1\ta\n", "1\ta\t1\n1\tb\tx\n", "1\ta\t1\n1 0 b 1\n", "query-id\tcorpus-id\tscore\n", "1\ta\t99999999\n1\ta\t1.5",
    ])
    func `judgements that cannot be read are refused`(text: String) {
        #expect(throws: TwinError.self) { try Qrels.read(Array(text.utf8), name: "q") }
    }

    private let squad = """
        {"version": "v2.0", "data": [{"title": "Duke_Rollo", "paragraphs": [
          {"context": "Rollo signed in 911.", "qas": [
            {"id": "q1", "question": "When?", "is_impossible": false, "answers": [{"text": "911", "answer_start": 16}, {"text": "911", "answer_start": 16}]},
            {"id": "q2", "question": "Why?", "is_impossible": true, "plausible_answers": [{"text": "signed", "answer_start": 6}], "answers": []}]},
          {"context": "He walked.", "qas": []}]},
         {"title": "Oil", "paragraphs": [{"context": "Oil rose.", "qas": [{"id": "q3", "question": "What rose?", "answers": [{"text": "Oil", "answer_start": 0}]}]}]}]}
        """

    @Test func `a SQuAD file gives a document for each paragraph`() throws {
        let set = try SQuADFile.read(Array(squad.utf8), name: "dir/dev.json")
        #expect(set.name == "dev.json")
        #expect(set.documents.map(\.id) == ["Duke_Rollo/0", "Duke_Rollo/1", "Oil/0"])
        #expect(set.documents[1] == EvaluationDocument(id: "Duke_Rollo/1", title: "Duke Rollo", text: "He walked."))
        #expect(set.questions[0] == EvaluationQuestion(id: "q1", text: "When?", grades: ["Duke_Rollo/0": 1], answers: ["911"]))
        #expect(set.questions[1].isUnanswerable)
        #expect(set.questions[1].answers.isEmpty)
        #expect(set.questions[1].label == "near-miss")
    }

    @Test func `or a document for each article`() throws {
        let set = try SQuADFile.read(Array(squad.utf8), name: "dev.json", granularity: .article)
        #expect(set.documents.map(\.id) == ["Duke_Rollo", "Oil"])
        #expect(set.documents[0].text == "Rollo signed in 911.\n\nHe walked.")
        #expect(set.questions[2].grades == ["Oil": 1])
    }

    @Test func `leaving an article out makes the questions about it unanswerable`() throws {
        let set = try SQuADFile.read(Array(squad.utf8), name: "dev.json").leavingOut(titles: ["Duke Rollo"])
        #expect(set.documents.map(\.id) == ["Oil/0"])
        #expect(set.questions.map(\.isUnanswerable) == [true, true, false])
        #expect(set.questions.map(\.label) == ["left-out", "left-out", nil])
        #expect(set.questions[0].answers.isEmpty)
    }

    @Test(arguments: [
        "{", "{}", #"{"data": 1}"#, #"{"data": []}"#, #"{"data": [{"title": "x"}]}"#,
        #"{"data": [{"paragraphs": [{"qas": []}]}]}"#,
        #"{"data": [{"paragraphs": [{"context": "c", "qas": [{"id": "1"}]}]}]}"#,
        #"{"data": [{"paragraphs": [{"context": "c", "qas": [{"question": "q", "answers": [{}]}]}]}]}"#,
    ])
    func `a file that only resembles SQuAD is refused`(text: String) {
        #expect(throws: TwinError.self) { try SQuADFile.read(Array(text.utf8), name: "s.json") }
    }

    @Test func `loading recognises a BEIR folder, a SQuAD file and a question file`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("evaluation-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder + "/set/qrels", withIntermediateDirectories: true)
        func write(_ text: String, _ name: String) throws {
            try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
        }
        try write("{\"_id\": \"d1\", \"title\": \"T\", \"text\": \"one\"}\n{\"_id\": 2, \"text\": \"two\"}", "set/corpus.jsonl")
        try write("{\"_id\": \"q1\", \"text\": \"first?\"}\n{\"_id\": \"q2\", \"text\": \"second?\"}\n", "set/queries.jsonl")
        try write("query-id\tcorpus-id\tscore\nq2\td1\t1\n", "set/qrels/test.tsv")
        try write("q1 0 2 3\n", "other.qrels")
        try write(squad, "squad.json")
        try write("{\"question\": \"why?\"}", "plain.jsonl")

        let set = try QuestionSet.load(path: folder + "/set")
        #expect(set.name == "set")
        #expect(set.questions == [EvaluationQuestion(id: "q2", text: "second?", grades: ["d1": 1])])
        #expect(
            set.documents == [
                EvaluationDocument(id: "d1", title: "T", text: "one"), EvaluationDocument(id: "2", title: "", text: "two"),
            ])
        let regraded = try QuestionSet.load(path: folder + "/set", qrels: folder + "/other.qrels")
        #expect(regraded.questions == [EvaluationQuestion(id: "q1", text: "first?", grades: ["2": 3])])
        #expect(try QuestionSet.load(path: folder + "/squad.json").documents.count == 3)
        #expect(try QuestionSet.load(path: folder + "/plain.jsonl").questions.count == 1)

        let said = message { _ = try QuestionSet.load(path: folder + "/nothing") }
        #expect(said?.contains("there is no file") == true)
        #expect(
            message { _ = try QuestionSet.load(path: folder + "/set", qrels: nil, split: "dev") }?.contains("dev.tsv") == true)
        #expect(message { _ = try QuestionSet.load(path: folder + "/set", qrels: nil, split: "../x") }?.contains("split") == true)
        #expect(message { _ = try QuestionSet.load(path: folder) }?.contains("not a BEIR folder") == true)
        #expect(
            message { _ = try EvaluationFile(path: folder + "/squad.json", limit: 10) }?.contains("more than 10 bytes") == true)
    }

    @Test func `damaged files give an error or a set, never a crash`() throws {
        var generator = MMIX(state: TestRandom.seed)
        let seed = generator.state
        let line = #"{"id": "1", "question": "a", "expected_sources": {"x": 1}, "answers": ["b"], "unanswerable": false}"#
        for _ in 0..<600 {
            for original in [squad, line, "1\ta\t1\n2\tb\t0\n"] {
                var bytes = Array(original.utf8)
                for _ in 0...generator.next() % 3 {
                    let place = Int(generator.next()) % bytes.count
                    if generator.next() % 2 == 0 { bytes[place] = UInt8(generator.next() % 256) } else { bytes.remove(at: place) }
                }
                for read in [
                    { _ = try SQuADFile.read(bytes, name: "s") }, { _ = try QuestionFile.read(bytes, name: "q") },
                    { _ = try Qrels.read(bytes, name: "r") },
                ] {
                    do { try read() } catch { #expect(error is TwinError, "seed \(seed): \(error)") }
                }
            }
        }
    }

    @Test func `sources are turned back into documents, each at its best place`() {
        var keys = SourceKeys()
        keys.add(source: "s1", key: "a")
        keys.add(source: "s2", key: "a")
        keys.add(source: "s3", key: "b")
        #expect(keys.documents(for: ["s2", "s9", "s1", "s3", "s9"]) == ["a", "s9", "b"])
    }
}
