import TestSupport
import Testing
import TwinKit

#if canImport(Glibc)
    import Glibc
    import TwinHTTP
#endif

/// `twin chat` as a conversation at a terminal.
@Suite struct ConversationTerminalTests {
    let scene: Scene

    init() throws {
        scene = try Scene()
        try scene.write(
            "docs/mice.md",
            "# Mice\n\nMouse guards go on when the nights are colder than eight degrees. They are taken off on the fifteenth of March.\n"
        )
        try scene.twin("ingest", "docs")
    }

    private func terminal(_ more: [String: String?] = [:], _ words: String...) throws -> Pseudoterminal {
        var values: [String: String?] = [
            "HOME": scene.home, "TWIN_DB": scene.path("twin.db"), "TWIN_CONFIG": scene.path("config.json"), "NO_COLOR": "1",
        ]
        for (name, value) in more { values[name] = value }
        return try Pseudoterminal([Scene.binary, "chat"] + words, columns: 200, environment: TwinBinary.environment(values))
    }

    private func messages() throws -> [[String?]] {
        let listed = try scene.twin("conversations", "list", "--json").json().arrayValue ?? []
        return try listed.map { item in
            let shown = try scene.twin("conversations", "show", try #require(item["id"]?.stringValue), "--json").json()
            return (shown["messages"]?.arrayValue ?? []).map { $0["content"]?.stringValue }
        }
    }

    @Test func `a question and its follow-up are one conversation, which Ctrl-D ends`() throws {
        let terminal = try terminal()
        try terminal.expect("you> ")
        terminal.send("When do mouse guards go on?\r")
        try terminal.expect("eight degrees")
        try terminal.expect("you> ")
        terminal.send("When are mouse guards taken off?\r")
        try terminal.expect("fifteenth of March")
        try terminal.expect("you> ")
        terminal.send("/sources\r")
        try terminal.expect("Mice")
        try terminal.expect("you> ")
        terminal.send("\u{4}")
        #expect(try terminal.end() == 0)
        let conversations = try messages()
        #expect(conversations.count == 1)
        #expect(conversations[0].count == 4)
        #expect(conversations[0][2] == "When are mouse guards taken off?")
    }

    @Test func `a new conversation begins when it is asked for`() throws {
        let terminal = try terminal()
        for line in ["When do mouse guards go on?", "/new", "When do mouse guards go on?"] {
            try terminal.expect("you> ")
            terminal.send(line + "\r")
        }
        try terminal.expect("you> ")
        try terminal.expect("you> ")
        terminal.send("/quit\r")
        #expect(try terminal.end() == 0)
        #expect(try messages().count == 2)
    }

    @Test func `Ctrl-C at the prompt drops the line and the conversation goes on`() throws {
        let terminal = try terminal()
        try terminal.expect("you> ")
        terminal.send("never asked\u{3}")
        try terminal.expect("you> ")
        terminal.send("When do mouse guards go on?\r")
        try terminal.expect("eight degrees")
        try terminal.expect("you> ")
        terminal.send("\u{4}")
        #expect(try terminal.end() == 0)
        #expect(!(try messages().flatMap { $0 }.contains { $0?.contains("never") == true }))
    }

    @Test func `Ctrl-C during an answer ends that answer and not the conversation`() throws {
        let asked = Counter()
        let server = try ModelServer { _ in
            asked.next() == 1
                ? ScriptedServer.Response([.text(ModelServer.streamHead), .hang])
                : .events([ModelServer.delta("On the fifteenth of March they are taken off [1]."), ModelServer.end])
        }
        let terminal = try terminal(["TWIN_MODEL_URL": server.environment["TWIN_MODEL_URL"], "TWIN_MODEL_TIMEOUT": "60"])
        try terminal.expect("you> ")
        terminal.send("When do mouse guards go on?\r")
        while server.server.requests.isEmpty { usleep(20_000) }
        terminal.send("\u{3}")
        // The quotations are there without the model.
        try terminal.expect("eight degrees")
        try terminal.expect("you> ")
        terminal.send("And when are mouse guards taken off?\r")
        try terminal.expect("March they are")
        try terminal.expect("you> ")
        terminal.send("\u{4}")
        #expect(try terminal.end() == 0)
    }

    @Test func `a question that cannot be taken does not end the conversation`() throws {
        let terminal = try terminal()
        try terminal.expect("you> ")
        terminal.send("/nonsense\r")
        try terminal.expect("/help")
        try terminal.expect("you> ")
        terminal.send("When do mouse guards go on?\r")
        try terminal.expect("eight degrees")
        try terminal.expect("you> ")
        terminal.send("\u{4}")
        #expect(try terminal.end() == 0)
    }

    @Test func `a conversation that is not stored is remembered while it lasts`() throws {
        let server = try ModelServer(says: "When the nights are colder than eight degrees, mouse guards go on [1].")
        let terminal = try terminal(["TWIN_MODEL_URL": server.environment["TWIN_MODEL_URL"]], "--no-store")
        for question in ["When do mouse guards go on?", "And when are mouse guards taken off?"] {
            try terminal.expect("you> ")
            terminal.send(question + "\r")
            try terminal.expect("degrees, mouse")
        }
        try terminal.expect("you> ")
        terminal.send("\u{4}")
        #expect(try terminal.end() == 0)
        let told = server.lastMessages.compactMap { $0["content"]?.stringValue }
        #expect(
            told.contains("When do mouse guards go on?")
                && told.contains("When the nights are colder than eight degrees, mouse guards go on [1]."))
        #expect(try messages().isEmpty)
    }
}
