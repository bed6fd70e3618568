import FoundationEssentials
import Testing
import TwinHTTP
import TwinKit
import TwinSupport

/// `twin eval` through the binary: what it measures, what it refuses, and that it leaves nothing behind.
@Suite struct EvalTests {
    let scene: Scene

    init() throws { scene = try Scene() }

    private func writeTwin() throws {
        try scene.write(
            "docs/hives.md",
            "# Winter\n\nA colony needs fifteen kilograms of honey to survive the winter. Weigh the hive in October.\n")
        try scene.write(
            "docs/mites.md",
            "# Mites\n\nVarroa mites are counted with a sugar roll of three hundred bees. Treat above three mites per hundred bees.\n"
        )
        try scene.twin("ingest", "docs")
        try scene.write(
            "questions.jsonl",
            """
            {"question": "How much honey does a colony need to survive the winter?", "expected_sources": ["hives.md"], "answers": ["fifteen kilograms"]}
            {"question": "How are varroa mites counted?", "expected_sources": ["docs/mites.md"], "answers": ["sugar roll"]}
            {"question": "Who won the football championship in Brazil?", "unanswerable": true}

            """)
    }

    @Test func `the way of a chat is measured, and a page names what failed`() throws {
        try writeTwin()
        try scene.twin("qna", "add", "Who keeps the key of the shed?", "Maja keeps it.")
        try scene.write(
            "asked.jsonl",
            """
            {"question": "hi, could you tell me who keeps the key of the shed please", "answers": ["Maja"]}
            {"question": "and when is it weighed?", "after": ["What must happen to the hive before winter?"], "answers": ["October"]}
            {"question": "How are <varroa> mites counted?", "answers": ["by hand"]}
            {"question": "thanks", "unanswerable": true}
            {"question": "What do you think of formic acid?", "unanswerable": true}

            """)
        let run = try scene.twin("eval", "asked.jsonl", "--html", "report.html", "--jsonl")
        let lines = try run.output.split(separator: "\n").map { try JSONParser.parse(String($0)) }
        #expect(lines[0]["path"] == "owner")
        #expect(lines[0]["truthfulness"] == 1)
        #expect(lines[1]["truthfulness"] == 1, "\(lines[1])")
        #expect(lines[2]["truthfulness"] == -1)
        #expect(lines[3]["path"] == "courtesy")
        #expect(lines[4]["path"] == "held")
        let page = try String(contentsOfFile: scene.path("report.html"), encoding: .utf8)
        #expect(page.contains("1 failed") && page.contains("How are &lt;varroa&gt; mites counted?") && page.contains("by hand"))
        #expect(page.contains("sugar roll") && page.contains("Mites") && !page.contains("keeps the key"))
        try scene.twin("eval", "asked.jsonl", "--html", "again.html")
        #expect(try String(contentsOfFile: scene.path("again.html"), encoding: .utf8) == page)
    }

    private func writeFolder() throws {
        try scene.write(
            "beir/corpus.jsonl",
            """
            {"_id": "d1", "title": "Bees", "text": "The queen lays two thousand eggs a day in June."}
            {"_id": "d2", "title": "Clocks", "text": "A pendulum clock loses time when the room is warm."}
            {"_id": "d3", "title": "Bread", "text": "Sourdough rises slowly in a cold kitchen."}
            {"_id": "d4", "title": "", "text": ""}

            """)
        try scene.write(
            "beir/queries.jsonl",
            """
            {"_id": "q1", "text": "how many eggs does the queen lay"}
            {"_id": "q2", "text": "why does a pendulum clock lose time"}

            """)
        try scene.write("beir/qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td2\t1\n")
    }

    private func writeArticles() throws {
        func paragraph(_ text: String, _ questions: [(String, String?)]) -> JSON {
            let items = questions.map { question, answer -> JSON in
                [
                    "question": .string(question), "id": .string(question), "is_impossible": .bool(answer == nil),
                    "answers": .array(answer.map { [["text": .string($0), "answer_start": 0]] } ?? []),
                ]
            }
            return ["context": .string(text), "qas": .array(items)]
        }
        let root: JSON = [
            "version": "v2.0",
            "data": [
                [
                    "title": "Lighthouses",
                    "paragraphs": [
                        paragraph(
                            "The lighthouse of Skarvik was built in 1844 by Ingrid Holm. Its lamp burned rapeseed oil until 1902.",
                            [
                                ("Who built the lighthouse of Skarvik?", "Ingrid Holm"),
                                ("Who painted the lighthouse of Odden?", nil),
                            ])
                    ],
                ],
                [
                    "title": "Cheese",
                    "paragraphs": [
                        paragraph(
                            "Blue cheese from Almdal ripens for nine weeks in limestone caves above the river Serra.",
                            [("How long does blue cheese from Almdal ripen?", "nine weeks")])
                    ],
                ],
            ],
        ]
        try scene.write("squad.json", root.text)
    }

    /// What an evaluation leaves in the folder for temporary files.
    private func evaluate(_ words: String...) throws -> Scene.Result {
        try FileManager.default.createDirectory(atPath: scene.path("tmp"), withIntermediateDirectories: true)
        let result = try scene.run(Scene.binary, ["eval"] + words, environment: ["TMPDIR": scene.path("tmp")])
        #expect(try FileManager.default.contentsOfDirectory(atPath: scene.path("tmp")).isEmpty, "the temporary twin is removed")
        return result
    }

    @Test func `questions of one's own are asked of a twin, and nothing is stored in it`() throws {
        try writeTwin()
        let result = try evaluate("questions.jsonl", "--json")
        #expect(result.code == 0, "\(result)")
        let report = try result.json()
        #expect(report["questions"] == 3)
        #expect(report["unanswerable"] == 1)
        #expect(report["failures"] == 0)
        #expect(report["metrics"]?["mrr@10"]?.doubleValue == 1)
        #expect(report["metrics"]?["containment"]?.doubleValue == 1)
        #expect(report["metrics"]?["refusal_recall"]?.doubleValue == 1)
        #expect(report["metrics"]?["truthfulness"]?.doubleValue.map { abs($0 - 2.0 / 3) < 1e-9 } == true)
        #expect(try scene.twin("conversations", "list", "--json").json() == .array([]))
    }

    @Test func `JSON Lines tell of each question, and end with the report`() throws {
        try writeTwin()
        let lines = try evaluate("questions.jsonl", "--jsonl").jsonLines()
        #expect(lines.map { $0["type"]?.stringValue } == ["question", "question", "question", "report"])
        #expect(lines[0]["retrieved"]?[0] == "hives.md", "a source is named as the question names it")
        #expect(lines[1]["retrieved"]?[0] == "docs/mites.md")
        #expect(lines[2]["refused"] == true)
        #expect(lines[2]["answer"] == "")
    }

    @Test func `a threshold may be tried without setting it`() throws {
        try writeTwin()
        let strict = try evaluate("questions.jsonl", "--threshold", "1", "--json").json()
        #expect(strict["metrics"]?["truthfulness"]?.doubleValue == 0, "everything is refused")
        #expect(try evaluate("questions.jsonl", "--json").json()["metrics"]?["containment"]?.doubleValue == 1)
    }

    @Test func `a source that the twin does not have is named and counts as not found`() throws {
        try writeTwin()
        try scene.write("other.jsonl", #"{"question": "How much honey does a colony need?", "expected_sources": ["lost.md"]}"#)
        let result = try evaluate("other.jsonl", "--json")
        #expect(result.code == 0)
        #expect(result.errors.contains("lost.md"))
        #expect(try result.json()["metrics"]?["recall@100"]?.doubleValue == 0)
    }

    @Test func `a BEIR folder brings its documents and needs no database`() throws {
        try writeFolder()
        let result = try evaluate("beir", "--json")
        #expect(result.code == 0, "\(result)")
        let report = try result.json()
        #expect(report["questions"] == 2)
        #expect(report["metrics"]?["ndcg@10"]?.doubleValue == 1)
        #expect(report["metrics"]?["recall@1"]?.doubleValue == 1)
        #expect(!FileManager.default.fileExists(atPath: scene.path("twin.db")))
        let text = try evaluate("beir")
        #expect(text.output.contains("ndcg@10"))
        #expect(text.output.contains("1.0000"))
    }

    @Test func `judgements and their split may be chosen`() throws {
        try writeFolder()
        try scene.write("beir/qrels/dev.tsv", "q1\td3\t1\n")
        #expect(try evaluate("beir", "--split", "dev", "--json").json()["questions"] == 1)
        #expect(try evaluate("beir", "--qrels", "beir/qrels/dev.tsv", "--json").json()["metrics"]?["recall@1"]?.doubleValue == 0)
    }

    @Test func `a SQuAD file is measured, and each article left out once when asked`() throws {
        try writeArticles()
        let report = try evaluate("squad.json", "--json").json()
        #expect(report["questions"] == 3)
        #expect(report["unanswerable"] == 1)
        #expect(report["metrics"]?["containment"]?.doubleValue == 1)
        #expect(report["metrics"]?["containment_best"]?.doubleValue == 1)

        let lines = try evaluate("squad.json", "--leave-out", "--jsonl").jsonLines()
        let leftOut = lines.filter { $0["label"] == "left-out" }
        #expect(leftOut.count == 2)
        for line in leftOut {
            #expect(line["unanswerable"] == true)
            let answer = line["answer"]?.stringValue ?? ""
            #expect(!answer.contains("Ingrid") && !answer.contains("nine weeks"), "the article is not there to answer")
        }
        let areas = try #require(lines.last?["auroc_by_label"]?.objectValue)
        #expect(Set(areas.keys) == ["left-out", "near-miss"])
    }

    @Test func `a measure that falls short ends with exit code 1 and its name, after the report`() throws {
        try writeFolder()
        #expect(try evaluate("beir", "--min", "ndcg@10=0.9", "--max", "latency_p95_ms=60000").code == 0)
        let short = try evaluate("beir", "--max", "latency_p95_ms=0", "--min", "recall@5=1")
        #expect(short.code == 1)
        #expect(short.output.contains("ndcg@10"))
        #expect(short.errors.contains("latency_p95_ms is"))
        #expect(!short.errors.contains("recall@5"))
        let missing = try evaluate("beir", "--min", "containment=0.5", "--json")
        #expect(missing.code == 1)
        #expect(try JSONParser.parse(missing.errors)["error"]?["exit_code"] == 1)
        #expect(missing.errors.contains("containment was not measured"))
    }

    @Test func `what is wrong with the files or the words is one sentence`() throws {
        try writeFolder()
        try scene.write("broken.jsonl", "{\"question\": \"fine?\"}\n{\"question\": \n")
        try scene.write("empty.jsonl", "\n")
        try scene.write("half.json", "{\"data\": [{\"title\": \"A\", \"paragraphs\": [{}]}]}")
        let cases: [(words: [String], code: Int32, says: String)] = [
            (["broken.jsonl"], 2, "line 2"), (["empty.jsonl"], 2, "no questions"), (["half.json"], 2, "context"),
            (["nowhere.jsonl"], 5, "nowhere.jsonl"), (["beir", "--split", "train"], 5, "train.tsv"),
            (["beir", "--min", "goodness=1"], 2, "no measure goodness"), (["beir", "--min", "latency_p95_ms=1"], 2, "--max"),
            (["beir", "--min", "recall@5"], 2, "recall@5"), (["beir", "--twin", "ada"], 2, "--no-ingest"),
            (["beir", "--no-ingest"], 3, "no database"),
        ]
        for example in cases {
            let result = try scene.run(Scene.binary, ["eval"] + example.words)
            #expect(result.code == example.code, "\(example.words): \(result)")
            #expect(result.errors.contains(example.says), "\(example.words): \(result.errors)")
            #expect(result.errors.split(separator: "\n").filter { $0.hasPrefix("twin:") }.count == 1)
            #expect(result.output == "")
        }
    }
}
