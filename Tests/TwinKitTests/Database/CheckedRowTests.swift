import TestSupport
import Testing

@testable import TwinDatabase
@testable import TwinKit
@testable import TwinSupport

/// What the file holds and this program does not know is an error with a sentence, never a default.
@Suite struct CheckedRowTests {
    private enum Colour: String { case red, green }

    private func read<Value>(_ value: String, _ body: (Row) throws -> Value) throws -> Value {
        let database = try Database(path: "", create: true)
        return try database.withWriter { connection in
            let found = try connection.first("SELECT \(value) AS colour", map: body)
            return try #require(found)
        }
    }

    private func message<Value>(_ value: String, _ body: (Row) throws -> Value) -> String {
        do {
            _ = try read(value, body)
            return ""
        } catch {
            return (error as? TwinError)?.message ?? "\(error)"
        }
    }

    @Test func `a word of the set is read, another and none are errors that name the column`() throws {
        #expect(try read("'red'") { try $0.value(0, as: Colour.self) } == .red)
        #expect(try read("NULL") { try $0.optionalValue(0, as: Colour.self) } == nil)
        for word in ["'blue'", "''", "'Red'", "NULL", "7"] {
            #expect(message(word) { try $0.value(0, as: Colour.self) }.contains("as colour"), "\(word)")
        }
        #expect(message("'blue'") { try $0.optionalValue(0, as: Colour.self) }.contains("'blue'"))
        let long = message("'\(String(repeating: "x", count: 10_000))'") { try $0.value(0, as: Colour.self) }
        #expect(long.utf8.count < 400)
    }

    @Test func `a time is one, or nothing where nothing may stand`() throws {
        #expect(try read("'2026-01-02T03:04:05.000Z'") { try $0.timestamp(0) } == Timestamp("2026-01-02T03:04:05.000Z"))
        #expect(try read("NULL") { try $0.timestamp(0) } == nil)
        for text in ["'soon'", "''", "'2026-13-01T00:00:00Z'"] {
            #expect(message(text) { try $0.timestamp(0) }.contains("damaged time as colour"), "\(text)")
        }
        #expect(message("NULL") { try $0.requiredTimestamp(0) }.contains("damaged time"))
    }

    @Test func `JSON is what it should be, and what it holds is not told`() throws {
        #expect(try read(#"'{"a":1}'"#) { try $0.object(0) } == ["a": 1])
        #expect(try read("NULL") { try $0.object(0) } == JSONObject())
        #expect(try read(#"'["a","b"]'"#) { try $0.array(0, of: \.stringValue) } == ["a", "b"])
        #expect(try read("NULL") { try $0.array(0, of: \.stringValue) } == [])
        for text in ["'{'", "''", "'secret'", "'[1,'"] {
            let message = message(text) { try $0.json(0) }
            #expect(message.contains("damaged JSON text as colour") && !message.contains("secret"), "\(text)")
        }
        #expect(message("'[]'") { try $0.object(0) }.contains("damaged JSON object"))
        #expect(message("'{}'") { try $0.array(0, of: \.stringValue) }.contains("damaged JSON array"))
        #expect(message(#"'["a",1]'"#) { try $0.array(0, of: \.stringValue) }.contains("damaged list"))
    }

    @Test func `a row has the columns that are read of it`() throws {
        #expect(message("1, 2") { try $0.check(columns: 2) } == "")
        #expect(message("1, 2") { try $0.check(columns: 1, allowsMore: true) } == "")
        #expect(message("1, 2") { try $0.check(columns: 1) }.contains("2 columns where 1"))
        #expect(message("1, 2") { try $0.check(columns: 3, allowsMore: true) }.contains("2 columns where 3"))
    }

    /// Every stored word that decides something, changed by another program.
    @Test(arguments: [
        "UPDATE messages SET role = 'system'", "UPDATE messages SET citations = '[{}]'", "UPDATE sources SET status = 'fine'",
        "UPDATE sources SET kind = 'file '", "UPDATE twins SET settings = '['", "UPDATE twins SET archived_at = 'never'",
        "UPDATE share_links SET expires_at = 'never'", "UPDATE api_keys SET expires_at = 'never'",
        "UPDATE api_keys SET scopes = '[\"everything\"]'", "UPDATE api_keys SET allowed_twin_ids = 'null,'",
        "UPDATE group_limits SET limit_type = 'questions'",
    ])
    func `a damaged word is an error where it is read, and opens nothing`(sql: String) throws {
        let fixture = try TwinFixture(documents: ["a.md": "Sow rye in September.\n"])
        let (workspace, twin) = (fixture.workspace, fixture.twin)
        let group = try workspace.groups.create("readers", of: twin, by: nil)
        try workspace.groups.setLimit(.requestsPerDay, 1, of: group, by: nil)
        _ = try workspace.keys.create("key", by: nil)
        _ = try workspace.shareLinks.rotate(twin, by: nil)
        let conversation = try workspace.database.write { connection in
            let conversation = try ConversationStore.create(
                twin: twin, holder: ConversationHolder(), groupKey: nil, on: connection)
            try ConversationStore.append(.assistant, "In September.", to: conversation, on: connection)
            return conversation
        }
        func readEverything() throws {
            _ = try workspace.twins.list(includeArchived: true)
            _ = try workspace.sources.list(twin: twin)
            _ = try workspace.conversations.messages(of: conversation)
            _ = try workspace.shareLinks.get(twin)
            _ = try workspace.keys.list()
            _ = try workspace.groups.limits(of: group)
        }
        try readEverything()
        try workspace.database.write { try $0.execute(sql) }
        let error = #expect(throws: TwinError.self) { try readEverything() }
        #expect(error?.kind == .failed)
        #expect(error?.message.contains("restore") == true)
    }
}
