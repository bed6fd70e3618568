import TestSupport
import Testing
import TwinHTTP
import TwinKit
import TwinSupport

/// A language model that reads documents into the graph: what it adds, and that no fault of it is more than what rules find.
@Suite struct GraphModelTests {
    let scene: Scene

    private static let text = """
        # Notes

        Linda Brandt, chief executive of Nordlund Timber Ltd., spoke in Hamburg. The doors of Nordlund Timber Ltd. hang in Peter \
        Holm's house, and Peter Holm pays no rent to Acme Foundation.

        """

    init() throws {
        scene = try Scene()
        try scene.write("docs/one.md", Self.text)
        try scene.twin("ingest", "docs")
        try scene.twin("twins", "set", "default", "--setting", "graph.reader=model")
    }

    private func exported(_ environment: [String: String] = [:]) throws -> (graph: JSON, errors: String) {
        let result = try scene.run(
            Scene.binary, ["graph", "export", "--canonical", "--json"], environment: environment)
        #expect(result.code == 0, "\(result.errors)")
        return (try result.json(), result.errors)
    }

    private static func fact(
        _ subject: String, _ predicate: String, _ object: String, quote: String, polarity: String = "positive"
    ) -> JSON {
        [
            "subject": .string(subject), "subject_type": "person", "predicate": .string(predicate), "object": .string(object),
            "object_type": "organization", "quote": .string(quote), "polarity": .string(polarity), "valid_from": "2026-11",
        ]
    }

    private static let said = "The doors of Nordlund Timber Ltd. hang in Peter Holm's house"
    private static let right = fact("Peter Holm", "works_for", "Nordlund Timber Ltd.", quote: said)

    private static func relations(_ graph: JSON) -> [String] {
        (graph["edges"]?.arrayValue ?? []).map {
            "\($0["from"]?["key"]?.stringValue ?? "") \($0["relationship_type"]?.stringValue ?? "") \($0["to"]?["key"]?.stringValue ?? "")"
        }
    }

    @Test func `a fact counts when the text has its quotation and the quotation both names`() throws {
        let wrong = [
            Self.fact("Peter Holm", "works_for", "Acme Foundation", quote: "Peter Holm works for Acme Foundation"),
            Self.fact("Linda Brandt", "works_for", "Acme Foundation", quote: Self.said),
            Self.fact("Peter Holm", "worships", "Nordlund Timber Ltd.", quote: Self.said),
            Self.fact(
                "Peter Holm", "works_for", "Acme Foundation", quote: "Peter Holm pays no rent to Acme Foundation",
                polarity: "negative"),
        ]
        let facts: JSON = ["facts": .array(wrong + [Self.right])]
        let server = try ModelServer(says: "```json\n", facts.text, "\n```")
        let (graph, errors) = try exported(server.environment)
        #expect(
            Set(Self.relations(graph)) == [
                "linda brandt works_for nordlund timber ltd", "peter holm works_for nordlund timber ltd",
            ])
        #expect(errors == "")
        let request = try JSONParser.parse(try #require(server.server.requests.first).bodyText)
        #expect(request["response_format"]?["json_schema"]?["schema"]?["properties"]?["facts"]?["maxItems"] == 20)
        #expect(request["messages"]?[1]?["content"]?.stringValue?.contains("[2] Linda Brandt, chief executive") == true)
        // It has read this text: it is not asked again, and without it the graph stays.
        let count = server.server.requests.count
        #expect(try exported(server.environment).graph == graph)
        #expect(server.server.requests.count == count)
        #expect(try exported().graph == graph)
    }

    enum Fault: String, CaseIterable, Sendable {
        case rubbish, halfJSON, cutShort, wrongShape, inventedQuotations, flood, enormous, silent, serverError, notThere

        func response() -> ScriptedServer.Response {
            func said(_ text: String, end: String = ModelServer.end) -> ScriptedServer.Response {
                .events([ModelServer.delta(text), end])
            }
            let facts: JSON = ["facts": [GraphModelTests.right]]
            return switch self {
            case .rubbish: said("I could not find any facts, sorry!")
            case .halfJSON: said(String(facts.text.dropLast(20)))
            case .cutShort: said(facts.text, end: ModelServer.end.replacing("\"stop\"", with: "\"length\""))
            case .wrongShape: said(#"{"facts": [{"subject": 7, "object": ["x"]}]}"#)
            case .inventedQuotations:
                said(
                    JSON.object([
                        "facts": [
                            GraphModelTests.fact(
                                "Peter Holm", "works_for", "Acme Foundation", quote: "Peter Holm works for Acme Foundation.")
                        ]
                    ]).text)
            case .flood: said(JSON.object(["facts": .array(Array(repeating: GraphModelTests.right, count: 30_000))]).text)
            case .enormous:
                ScriptedServer.Response([
                    .text(ModelServer.streamHead), .endless(Array(ModelServer.delta("x ").utf8), pause: 0),
                ])
            case .silent: ScriptedServer.Response([.hang])
            case .serverError: .status(500)
            case .notThere: .status(404)
            }
        }
    }

    @Test(arguments: Fault.allCases)
    func `whatever the model does, what rules find is there, and it is said that it is theirs`(fault: Fault) throws {
        let server = try ModelServer { _ in fault.response() }
        let (graph, errors) = try exported(server.environment)
        #expect(Self.relations(graph) == ["linda brandt works_for nordlund timber ltd"], "\(fault)")
        #expect(errors.contains("the model did not read 1 document"), "\(fault): \(errors)")
        // It is not asked again by itself, and is when a person says so.
        let count = server.server.requests.count
        #expect(try exported(server.environment).graph == graph)
        #expect(server.server.requests.count == count)
        let good = try ModelServer(says: JSON.object(["facts": [Self.right]]).text)
        let again = try scene.run(Scene.binary, ["ingest", "docs", "--graph", "--json"], environment: good.environment)
        #expect(again.code == 0, "\(again.errors)")
        #expect(Self.relations(try exported(good.environment).graph).count == 2, "\(fault)")
    }

    @Test func `a server that is not there is asked once, however many documents there are`() throws {
        for number in 0..<8 {
            try scene.write("docs/more\(number).md", "Peter Holm met Sarah Chen in Hamburg \(number) times.\n")
        }
        try scene.twin("ingest", "docs")
        let server = try ModelServer { _ in .status(401) }
        #expect(try exported(server.environment).errors.contains("did not read 9 documents"))
        #expect(server.server.requests.count == 1)
    }
}
