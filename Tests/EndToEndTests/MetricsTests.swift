import TestSupport
import Testing
import TwinHTTP
import TwinKit

@Suite struct MetricsTests {
    private func scene() throws -> Scene {
        let scene = try Scene()
        try scene.twin("twins", "create", "ada")
        try scene.write(
            "papers/oil.md", "# Gear oil\n\nGear oil is changed every 40,000 kilometres. I think it is cheap insurance.\n")
        try scene.twin("ingest", scene.path("papers"))
        try scene.twin("chat", "How often is gear oil changed?")
        try scene.twin("chat", "how often is gear oil changed?")
        return scene
    }

    @Test func `the numbers of two questions are what was asked`() throws {
        let scene = try scene()
        let dashboard = try scene.twin("metrics", "dashboard", "--json").json()
        #expect(dashboard["conversations"] == 2)
        #expect(dashboard["messages"] == 4)
        #expect(dashboard["response_rate"]?.doubleValue == 100)
        #expect((0.01...1).contains(dashboard["avg_confidence"]?.doubleValue ?? 0))
        let top = try scene.twin("metrics", "top-questions", "--jsonl").jsonLines()
        #expect(top.count == 1)
        #expect(top.first?["question"] == "How often is gear oil changed?")
        #expect(top.first?["count"] == 2)
        #expect(top.first?["avg_confidence"]?.doubleValue == dashboard["avg_confidence"]?.doubleValue)
        let days = try scene.twin("metrics", "daily", "--days", "3", "--jsonl").jsonLines()
        #expect(days.map { $0["messages"] } == [0, 0, 0, 4])
        #expect(try scene.twin("metrics", "usage", "--json").json()["total_requests"] == 2)
        #expect(try scene.twin("metrics", "audience", "--json").json()["total"] == 0)
        let profile = try scene.twin("metrics", "knowledge", "--json").json()
        #expect(profile["opinion_count"] == 1)
        let activity = try scene.twin("metrics", "activity", "--json").json()
        #expect(activity[0]?["title"] == "Asked: how often is gear oil changed?")
        #expect(activity[2]?["title"] == "Uploaded: oil.md")
    }

    @Test func `a pipe gets plain columns and a terminal gets bars`() throws {
        let scene = try scene()
        let plain = try scene.twin("metrics", "daily", "--days", "1")
        #expect(plain.lines.count == 2)
        #expect(plain.lines.last?.split(separator: "\t").count == 3)
        let terminal = try Pseudoterminal(
            [Scene.binary, "metrics", "daily", "--days", "1", "--db", scene.path("twin.db")],
            environment: TwinBinary.environment())
        #expect(try terminal.end() == 0)
        #expect(terminal.screen.contains("MESSAGES"))
        #expect(terminal.screen.contains("████"))
    }

    @Test func `a refusal is not an answer, in the dashboard and among the questions`() throws {
        let scene = try scene()
        try scene.twin("chat", "Who won the football world cup of 1974?")
        let dashboard = try scene.twin("metrics", "dashboard", "--json").json()
        #expect(dashboard["answered_rate"]?.doubleValue == 66.67)
        #expect(dashboard["refusal_rate"]?.doubleValue == 33.33)
        let text = try scene.twin("metrics", "dashboard").output
        #expect(text.contains("66.7%") && !text.contains("100.0%"), "\(text)")
        let top = try scene.twin("metrics", "top-questions", "--limit", "500", "--json").json()
        #expect(top.arrayValue?.compactMap { $0["answered_rate"]?.doubleValue } == [100, 0])
        #expect(top[1]?["avg_confidence"]?.doubleValue == 0)
        #expect(try scene.twin("metrics", "daily", "--days", "366", "--json").json().arrayValue?.count == 367)
    }

    @Test func `a window out of range is a usage error`() throws {
        let scene = try scene()
        #expect(try scene.twin("metrics", "dashboard", "--days", "3661").code == 2)
        #expect(try scene.twin("metrics", "daily", "--days", "0").code == 2)
        #expect(try scene.twin("metrics", "activity", "--twin", "nobody").code == 5)
    }

    @Test func `the audit log tells what was done, newest first, also of a deleted twin`() throws {
        let scene = try scene()
        try scene.twin("groups", "create", "partners")
        try scene.twin("groups", "grant", "partners", "--all")
        try scene.twin("keys", "create", "site")
        let log = try scene.twin("audit", "--json").json().arrayValue ?? []
        #expect(
            log.compactMap { $0["action"]?.stringValue } == [
                "TENANT_API_KEY_CREATED", "PERMISSION_GRANTED", "GROUP_CREATED", "SOURCE_INDEXED", "SOURCE_EXTRACTED",
                "TWIN_CREATED",
            ])
        #expect(log.allSatisfy { $0["actor_id"] == "local" })
        let sources = try scene.twin("audit", "--event", "KNOWLEDGE_UPDATE", "--twin", "ada", "--limit", "1", "--jsonl")
            .jsonLines()
        #expect(sources.count == 1)
        #expect(sources.first?["metadata"]?["filename"] == "oil.md")
        try scene.twin("twins", "delete", "ada", "--yes")
        #expect(try scene.twin("audit", "--limit", "1", "--json").json()[0]?["action"] == "TWIN_DELETED")
        #expect(try scene.twin("audit", "--event", "nonsense").code == 2)
    }
}
