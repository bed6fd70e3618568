import Testing
import TwinHTTP
import TwinKit

@Suite struct ChatTests {
    let scene: Scene

    init() throws {
        scene = try Scene()
        try scene.write(
            "docs/wintering.md",
            """
            # Wintering

            ## Stores

            A colony in Gothenburg needs eighteen kilograms of honey to come through the winter. We weigh every hive on the \
            first of October with a luggage scale. A hive that is too light gets sugar syrup at a ratio of three to two.

            ## Mice

            Mouse guards go on when the nights are colder than eight degrees. They are taken off on the fifteenth of March.

            """)
        try scene.write(
            "docs/talk.srt",
            "1\n00:01:05,000 --> 00:01:09,000\nDrones are thrown out of the hive in August.\n\n2\n00:01:10,000 --> 00:01:14,000\nThe workers stop feeding them first.\n"
        )
        try scene.write("docs/prices.csv", "product,price,size\nLime honey,95 kronor,250 g\nHeather honey,140 kronor,350 g\n")
        try scene.twin("ingest", "docs")
    }

    @Test func `an answer quotes the text with its place, byte for byte`() throws {
        let answer = try scene.twin("chat", "How much honey does a colony need for the winter?", "--json").json()
        #expect(answer["status"] == "grounded")
        #expect(answer["answer"]?.stringValue?.contains("eighteen kilograms") == true)
        let confidence = try #require(answer["confidence_score"]?.doubleValue)
        #expect((0...1).contains(confidence))
        let citations = try #require(answer["citations"]?.arrayValue)
        #expect(!citations.isEmpty)
        for citation in citations {
            let source = try #require(citation["source_id"]?.stringValue)
            let range = "\(citation["start"]?.intValue ?? -1)-\(citation["end"]?.intValue ?? -1)"
            #expect(try scene.twin("sources", "text", source, "--range", range).output == citation["quote"]?.stringValue)
        }
        let first = try #require(citations.first { $0["quote"]?.stringValue?.contains("eighteen") == true })
        #expect(first["headings"] == ["Wintering", "Stores"])
        #expect(first["locator"]?.stringValue == scene.path("docs/wintering.md"))
    }

    @Test func `a citation of a recording names its time`() throws {
        let answer = try scene.twin("chat", "When are drones thrown out of the hive?", "--json").json()
        let citation = try #require(answer["citations"]?[0])
        #expect(citation["time_start"]?.doubleValue == 65)
        #expect(try scene.twin("chat", "When are drones thrown out of the hive?").output.contains("at 1:05"))
    }

    @Test func `what the documents do not say is not answered`() throws {
        let question = "Who won the football world cup in Brazil?"
        let refusal = try scene.twin("chat", question, "--json")
        #expect(refusal.code == 0)
        #expect(try refusal.json()["status"] == "unanswerable")
        #expect(try refusal.json()["citations"] == [])
        #expect(try scene.twin("chat", question, "--exit-on-refusal").code == 10)
        #expect(try scene.twin("chat", "How much honey does a colony need for the winter?", "--exit-on-refusal").code == 0)
    }

    @Test func `the same question has the same answer to the byte`() throws {
        func ask() throws -> String {
            try scene.shell(
                "twin chat 'What happens to a hive that is too light?' --json | jq -c 'del(.conversation_id, .message_id, .latency_ms)'"
            ).output
        }
        let first = try ask()
        #expect(first.contains("sugar syrup"))
        #expect(try ask() == first)
    }

    @Test func `the stream of events begins with the metadata and ends with done`() throws {
        let events = try scene.twin("chat", "When do mouse guards go on?", "--jsonl").jsonLines()
        #expect(events.first?["type"] == "metadata")
        #expect(events.last?["type"] == "done")
        #expect(events.dropFirst().dropLast().allSatisfy { $0["type"] == "content" })
        #expect(events.first?["conversation_id"]?.stringValue != nil)
        #expect(events.first?["status"] == events.last?["status"])
    }

    @Test func `a conversation is stored and gone on with`() throws {
        let first = try scene.twin("chat", "When do mouse guards go on?", "--json").json()
        let id = try #require(first["conversation_id"]?.stringValue)
        let second = try scene.twin("chat", "And when are they taken off?", "--conversation", id, "--json").json()
        #expect(second["conversation_id"] == first["conversation_id"])
        let shown = try scene.twin("conversations", "show", id, "--json").json()
        let messages = try #require(shown["messages"]?.arrayValue)
        #expect(messages.map { $0["role"]?.stringValue } == ["user", "assistant", "user", "assistant"])
        #expect(messages[1]["content"] == first["answer"])
        #expect(messages[1]["citations"] == first["citations"])
        let listed = try scene.twin("conversations", "list", "--json").json()
        #expect(listed.arrayValue?.count == 1)
        #expect(listed[0]?["message_count"] == 4)
        #expect(try scene.twin("chat", "x", "--conversation", "00000000-0000-7000-8000-000000000000").code == 5)
        #expect(try scene.twin("conversations", "show", "nothing").code == 5)
    }

    @Test func `the question may come through a pipe, and an empty one is refused`() throws {
        let piped = try scene.twin("chat", "-", "--json", input: "When do mouse guards go on?\n").json()
        #expect(piped["answer"]?.stringValue?.contains("eight degrees") == true)
        #expect(try scene.twin("chat", "-", input: " \n").code == 2)
        #expect(try scene.twin("chat").code == 2)
        #expect(try scene.twin("chat", "-", input: String(repeating: "x", count: 40_000)).code == 6)
    }

    @Test func `deleted and replaced text answers no more`() throws {
        let question = "How much honey does a colony need for the winter?"
        try scene.write("docs/wintering.md", "# Wintering\n\nWe no longer keep bees, and say nothing about what they ate.\n")
        try scene.twin("ingest", "docs")
        #expect(try !scene.twin("chat", question).output.contains("eighteen"))
        #expect(try scene.twin("search", "eighteen kilograms", "--json").json() == [])
        try scene.twin("sources", "rm", "docs/prices.csv")
        #expect(try scene.twin("chat", "What does heather honey cost?", "--json").json()["status"] == "unanswerable")
    }

    @Test func `twins know nothing of each other, and their scores do not change each other`() throws {
        let before = try scene.twin("search", "honey", "--json", "--twin", "default").output
        try scene.twin("twins", "create", "other")
        try scene.write(
            "other/honey.md",
            "# Honey\n\nHoney, honey and again honey is all that this text is about, and a secret word: xylophone.\n")
        try scene.twin("ingest", "other", "--twin", "other")
        #expect(try scene.twin("search", "honey", "--json", "--twin", "default").output == before)
        #expect(try scene.twin("search", "xylophone", "--json", "--twin", "default").json() == [])
        #expect(try scene.twin("search", "xylophone", "--json", "--twin", "other").json().arrayValue?.count == 1)
    }

    @Test func `a group sees what it was granted and nothing else`() throws {
        let asDefault = try scene.twin("search", "honey", "--as-group", "Default Group", "--json").json().arrayValue ?? []
        let asOperator = try scene.twin("search", "honey", "--json").json().arrayValue ?? []
        #expect(asDefault.map { $0["text"] } == asOperator.map { $0["text"] }, "new sources are granted to the default group")
        // Which folder a document was read from is the operator's business.
        #expect(asDefault.allSatisfy { $0["locator"]?.stringValue?.contains("/") == false })
        #expect(asOperator.allSatisfy { $0["locator"]?.stringValue?.hasPrefix("/") == true })
        _ = try scene.shell(
            "sqlite3 \"$TWIN_DB\" \"DELETE FROM source_permissions WHERE source_key = (SELECT key FROM sources WHERE name = 'wintering.md')\""
        )
        let question = "How much honey does a colony need for the winter?"
        #expect(try !scene.twin("chat", question, "--as-group", "Default Group").output.contains("eighteen"))
        #expect(try scene.twin("chat", question).output.contains("eighteen"))
        #expect(try scene.twin("search", "mouse guards", "--as-group", "Default Group", "--json").json() == [])
        #expect(try scene.twin("search", "honey", "--as-group", "nobody").code == 5)
    }
}
