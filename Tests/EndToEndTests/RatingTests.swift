import TestSupport
import Testing

@testable import TwinKit
@testable import TwinSupport

/// Rating answers on the command line, and evaluating with what was rated.
@Suite struct RatingTests {
    @Test func `rated answers become questions that an evaluation passes`() throws {
        let scene = try Scene()
        try scene.write("hives.md", "# Hives\n\nHives are opened in May, when the linden tree is in flower.\n")
        _ = try scene.twin("twins", "create", "amara", "--quiet")
        _ = try scene.twin("ingest", scene.path("hives.md"), "--quiet")
        let good = try scene.twin("chat", "When are hives opened?", "--json").json()
        let refused = try scene.twin("chat", "Who painted the ceiling?", "--json").json()
        let bad = try scene.twin("chat", "What is in flower in May?", "--json").json()
        func rate(_ answer: JSON, _ rating: String, comment: String? = nil) throws -> Int32 {
            let id = answer["message_id"]?.stringValue ?? ""
            guard let comment else { return try scene.twin("conversations", "rate", id, rating).code }
            return try scene.twin("conversations", "rate", id, rating, "--comment", comment).code
        }
        #expect(try rate(good, "up") == 0)
        #expect(try rate(refused, "up", comment: "honest") == 0)
        #expect(try rate(bad, "up") == 0)
        // The last word counts.
        #expect(try rate(bad, "down", comment: "say which tree") == 0)
        #expect(try rate(["message_id": "none"], "up") == 5)
        #expect(try rate(good, "sideways") == 2)
        let listed = try scene.twin("conversations", "ratings", "--rating", "down", "--json").json()
        #expect(listed[0]?["comment"] == "say which tree" && listed[1] == nil)

        let id = bad["message_id"]?.stringValue ?? ""
        #expect(try scene.twin("conversations", "case", id).code != 0)
        let mended = try scene.twin("conversations", "case", id, "--answer", "the linden tree")
        let all = try scene.twin("conversations", "case")
        let lines = (all.output + mended.output).split(separator: "\n")
        #expect(lines.count == 3)
        #expect(try JSONParser.parse(String(lines[2]))["answers"] == ["the linden tree"])
        try scene.write("questions.jsonl", lines.joined(separator: "\n") + "\n")
        let report = try scene.twin("eval", scene.path("questions.jsonl"), "--json")
        #expect(report.code == 0, "\(report)")
        #expect(try report.json()["questions"] == 3 && report.json()["unanswerable"] == 1, "\(report.output.prefix(600))")
    }
}
