import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

/// Trying a twin leaves nothing behind: not for its owner to see, and not for its askers to be limited by.
@Suite struct NotStoredTests {
    let scene: Scene
    private static let answerable = "How much honey does a colony need for the winter?"
    private static let unanswerable = "Who won the football world cup in Brazil?"
    private static let personal = "What do you think about remote work?"

    init() throws {
        scene = try Scene()
        try scene.write(
            "docs/wintering.md",
            "# Wintering\n\nA colony in Gothenburg needs eighteen kilograms of honey to come through the winter.\n")
        try scene.twin("ingest", "docs")
        try scene.twin("twins", "set", "default", "--setting", "escalation.enabled=true")
    }

    /// The rows of every table that a question could touch.
    private func rows() throws -> String {
        try scene.shell(
            """
            for table in conversations messages escalations clarifications memory_events usage_days rate_windows audit_log sessions; do \
            sqlite3 "$TWIN_DB" "SELECT '$table', count(*) FROM $table" 2>/dev/null; done; \
            sqlite3 "$TWIN_DB" ".tables"
            """
        ).output
    }

    enum Way: CaseIterable, Sendable { case noStore, group, key }

    private func words(_ way: Way) throws -> [String] {
        switch way {
        case .noStore: return ["--no-store"]
        case .group: return ["--as-group", "Default Group"]
        case .key:
            let key = try scene.twin("keys", "create", "partner", "--json").json()
            return ["--as-key", key["id"]?.stringValue ?? ""]
        }
    }

    @Test(arguments: Way.allCases) func `a question that tries the twin leaves no row`(way: Way) throws {
        let group = try #require(try scene.twin("groups", "list", "--json").json()[0]?["id"]?.stringValue)
        try scene.twin("groups", "set", group, "--limit", "requests_per_day=2")
        let how = try words(way)
        let before = try rows()
        func ask(_ question: String) throws -> JSON {
            let result = try scene.run(Scene.binary, ["chat", question, "--json"] + how)
            #expect(result.code == 0, "\(result)")
            return try result.json()
        }
        for _ in 0..<3 {
            let answer = try ask(Self.answerable)
            #expect(answer["status"] == "grounded" && answer["conversation_id"] == .null && answer["message_id"] == .null)
        }
        // Nobody is asked, so nobody is said to have been asked.
        #expect(try ask(Self.unanswerable)["status"] == "unanswerable")
        let clarify = try ask(Self.personal)
        #expect(clarify["status"] == "clarify" && clarify["clarification"]?["id"] == .null)
        #expect(clarify["clarification"]?["options"]?.arrayValue?.isEmpty == false)
        #expect(try rows() == before)
    }

    @Test func `the same questions without it are stored, escalated and asked of the owner`() throws {
        for question in [Self.answerable, Self.unanswerable, Self.personal] { try scene.twin("chat", question) }
        #expect(try scene.twin("conversations", "list", "--json").json().arrayValue?.count == 3)
        #expect(try scene.twin("escalations", "list", "--json").json().arrayValue?.count == 1)
        #expect(try scene.twin("clarifications", "list", "--json").json().arrayValue?.count == 1)
    }

    @Test func `a limit that others have used up holds for who tries it too`() throws {
        let group = try #require(try scene.twin("groups", "list", "--json").json()[0]?["id"]?.stringValue)
        try scene.twin("groups", "set", group, "--limit", "requests_per_day=0")
        #expect(try scene.twin("chat", Self.answerable, "--as-group", group).code == 6)
        #expect(try scene.twin("chat", Self.answerable, "--no-store").code == 0)
    }

    @Test func `an evaluation leaves no row`() throws {
        try scene.write(
            "questions.jsonl",
            "{\"question\": \"\(Self.answerable)\", \"answer\": \"eighteen kilograms\"}\n{\"question\": \"\(Self.unanswerable)\", \"unanswerable\": true}\n"
        )
        let before = try rows()
        #expect(try scene.twin("eval", "questions.jsonl", "--json").code == 0)
        #expect(try rows() == before)
    }

    @Test func `a model is told what the caller says was said before`() throws {
        let server = try ModelServer(says: "Eighteen kilograms [1].")
        try scene.write(
            "history.json",
            "[{\"role\": \"user\", \"content\": \"Do you keep bees?\"}, {\"role\": \"assistant\", \"content\": \"In Gothenburg.\"}]"
        )
        let result = try scene.twin(
            "chat", Self.answerable, "--history", "history.json", "--no-store", "--json", environment: server.environment)
        #expect(result.code == 0, "\(result)")
        let contents = server.lastMessages.compactMap { $0["content"]?.stringValue }
        #expect(contents.contains("Do you keep bees?") && contents.contains("In Gothenburg."))
        for text in ["nonsense", "{}", "[1]", "[{\"role\": \"system\", \"content\": \"x\"}]"] {
            try scene.write("bad.json", text)
            #expect(try scene.twin("chat", Self.answerable, "--history", "bad.json").code == 2, "\(text)")
        }
        #expect(try scene.twin("chat", "x", "--history", "history.json", "--conversation", "1").code == 2)
        #expect(try scene.twin("chat", "x", "--history", "missing.json").code == 5)
    }
}
