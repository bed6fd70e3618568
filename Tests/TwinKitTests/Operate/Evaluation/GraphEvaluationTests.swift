import TestSupport
import Testing
import TwinSupport

@testable import TwinKit

/// Measuring the extraction with sets in the layouts in which they are given out.
struct GraphEvaluationTests {
    private static let sets = String(#filePath.split(separator: "/").dropLast(4).map { "/" + $0 }.joined()) + "/sets"

    @Test func `the set of stated preferences is reached`() throws {
        let measured = GraphEvaluation(try GraphSet.load(path: Self.sets + "/stated-preferences.jsonl"))
        #expect(measured.documentCount == 300)
        #expect(measured.statements.recall >= 0.94)
        #expect(measured.falseAlarms <= 3)
    }

    private func load(_ text: String) throws -> GraphSet {
        let folder = try TemporaryFolder()
        return try GraphSet.load(path: try folder.write("set", text))
    }

    @Test func `labelled tokens are put together as a writer would have written them`() throws {
        let set = try load(
            "Mr.\tO\nJ\tB-person\n.\tI-person\nSmith\tI-person\n(\tO\nParis\tB-location\n)\tO\n\nHe\tO\nleft\tO\n.\tO\n")
        #expect(set.documents.map(\.text) == ["Mr. J. Smith (Paris)", "He left."])
        #expect(set.documents[0].names.map(\.type) == [.person, .place])
    }

    @Test func `relations are counted among the names of the set`() throws {
        let set = try load(
            """
            #doc 1
            0\tLinda\tB-Peop\t['N']\t[0]
            1\tBrandt\tI-Peop\t['Work_For']\t[5]
            2\tof\tO\t['N']\t[2]
            3\tthe\tO\t['N']\t[3]
            4\tForest\tB-Org\t['N']\t[4]
            5\tService\tI-Org\t['N']\t[5]
            6\tspoke\tO\t['N']\t[6]
            7\tfirst\tO\t['N']\t[7]
            """)
        let measured = GraphEvaluation(set)
        #expect(measured.relations == GraphEvaluation.Count(right: 1, found: 1, known: 1))
        #expect(measured.names == GraphEvaluation.Count(right: 2, found: 2, known: 2))
    }

    @Test func `names that differ only in case or article are no aliases of each other`() throws {
        let set = try load(
            #"""
            [{"sents": [["The", "Hub", "and", "Hub", "met", "Sarah", "Chen", "and", "Chen", "in", "1999"]],
              "vertexSet": [[{"name": "The Hub", "sent_id": 0, "pos": [0, 2], "type": "ORG"}, {"name": "Hub", "sent_id": 0, "pos": [3, 4], "type": "ORG"}],
                [{"name": "Sarah Chen", "sent_id": 0, "pos": [5, 7], "type": "PER"}, {"name": "Chen", "sent_id": 0, "pos": [8, 9], "type": "PER"}],
                [{"name": "1999", "sent_id": 0, "pos": [10, 11], "type": "TIME"}]]}]
            """#)
        let measured = GraphEvaluation(set)
        #expect(measured.aliases == GraphEvaluation.Count(right: 1, found: 1, known: 1))
        #expect(measured.names.known == 4)
    }

    @Test(arguments: ["", "one two\n", "{\"text\": \"x\"}\n", "[{\"sents\": 1}]", "#doc\nno fields\n"])
    func `what is no set is refused with its reason`(_ text: String) throws {
        #expect(throws: TwinError.self) { try load(text) }
    }
}
