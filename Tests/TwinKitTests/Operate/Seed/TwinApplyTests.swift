import Glibc
import TestSupport
import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinSupport

@Suite struct TwinApplyTests {
    let fixture: WorkspaceFixture
    let directory: TwinDirectory

    init() throws {
        fixture = try WorkspaceFixture()
        directory = TwinDirectory(fixture.folder.file("seed"))
        try write("twin.json", #"{"slug": "ada", "name": "Ada", "settings": {"tone": "dry"}}"#)
    }

    private func write(_ name: String, _ text: String) throws { try fixture.folder.write("seed/" + name, text) }

    private func refusal(_ body: () throws -> Void) -> TwinError? {
        do { try body() } catch { return error as? TwinError }
        return nil
    }

    private func rows(_ sql: String) throws -> [String] { try fixture.database.read { try $0.rows(sql) { $0.text(0) } } }

    @Test func `files that were applied and exported are the same to the byte, for twins of all kinds`() throws {
        var random = SplitMix(seed: 41)
        for round in 0..<12 {
            let source = try WorkspaceFixture()
            let first = TwinDirectory(source.folder.file("first"))
            var twin = RandomTwin(&random)
            try twin.write(to: first)
            _ = try source.apply(first)
            try source.export("t", to: first)
            let once = try WorkspaceFixture.text(first)
            // The same folder, so that paths mean the same files, and a database that knows nothing.
            let other = try WorkspaceFixture()
            #expect(try other.apply(first).failures.isEmpty)
            try other.export("t", to: first)
            let again = try WorkspaceFixture.text(first)
            #expect(once == again, "round \(round)")
            for _ in 0..<2 {
                let report = try other.apply(first, prune: true)
                #expect(report.changes.isEmpty, "round \(round)")
            }
        }
    }

    @Test func `applying again touches no row`() throws {
        try write("qna.jsonl", #"{"question": "What is it?", "answer": "A seed."}"# + "\n")
        try write("memory.jsonl", #"{"topic": "rain", "value": "I like it.", "type": "preference"}"# + "\n")
        try write(
            "groups.json",
            #"[{"name": "Default Group", "is_default": true}, {"name": "partners", "verified_qna": ["what is it"]}]"#)
        try write("sources.jsonl", #"{"kind": "file", "locator": "a.md"}"# + "\n")
        try write("a.md", "# A\n\nThe gearbox takes three litres of oil.\n")
        let made = try fixture.apply(directory)
        #expect(made.count(.create) == 5)
        #expect(made.failures.isEmpty)
        func state() throws -> [String] {
            try rows("SELECT updated_at FROM twins") + rows("SELECT updated_at || key FROM verified_answers")
                + rows("SELECT updated_at || key FROM owner_memories") + rows("SELECT updated_at || key FROM access_groups")
                + rows("SELECT updated_at || version FROM sources")
                + rows("SELECT group_key || answer_key || created_at FROM verified_answer_permissions")
                + rows("SELECT count(*) FROM memory_events") + rows("SELECT count(*) FROM audit_log")
        }
        let before = try state()
        let again = try fixture.apply(directory, prune: true)
        #expect(again.changes.isEmpty)
        #expect(again.unchanged == 6)
        #expect(try state() == before)
    }

    @Test func `a dry run tells what applying then does, and does nothing`() throws {
        try write("qna.jsonl", #"{"question": "What is it?", "answer": "A seed.", "citations": ["a.md"]}"# + "\n")
        try write("groups.json", #"[{"name": "partners", "sources": ["a.md"], "limits": {"requests_per_hour": 3}}]"#)
        try write("sources.jsonl", #"{"kind": "file", "locator": "a.md", "title": "The A"}"# + "\n")
        try write("a.md", "# A\n\nThe gearbox takes three litres of oil.\n")
        let plan = try fixture.apply(directory, isDryRun: true)
        #expect(try rows("SELECT slug FROM twins").isEmpty)
        let result = try fixture.apply(directory)
        #expect(plan.changes == result.changes)
        #expect(try rows("SELECT title FROM sources") == ["The A"])
        // Both what cites and what grants a source that was not there before follow it.
        #expect(
            try rows("SELECT s.locator FROM sources s JOIN verified_answers v ON v.citations LIKE '%' || s.id || '%'").count == 1)
        let granted = "SELECT g.name FROM source_permissions p JOIN access_groups g ON g.key = p.group_key ORDER BY g.name"
        #expect(try rows(granted) == ["Default Group", "partners"])
    }

    @Test func `an edit keeps the answer before, with its reason`() throws {
        try write("qna.jsonl", #"{"question": "What is it?", "answer": "A seed."}"# + "\n")
        _ = try fixture.apply(directory)
        try write("qna.jsonl", #"{"question": "What is it?", "answer": "A tree.", "visibility": "public"}"# + "\n")
        let report = try fixture.apply(directory)
        #expect(
            report.changes == [
                TwinChange(action: .update, kind: .verifiedAnswer, name: "What is it?", fields: ["answer", "visibility"])
            ])
        #expect(
            try rows("SELECT previous_answer || '>' || new_answer || '>' || reason FROM verified_answer_patches") == [
                "A seed.>A tree.>apply"
            ])
        // A change of the note alone is no edit of the answer.
        try write("qna.jsonl", #"{"question": "What is it?", "answer": "A tree."}"# + "\n")
        _ = try fixture.apply(directory)
        #expect(try rows("SELECT id FROM verified_answer_patches").count == 1)
    }

    @Test func `only prune removes what the files leave out, and never the default group`() throws {
        try write("qna.jsonl", #"{"question": "One?", "answer": "1"}"# + "\n" + #"{"question": "Two?", "answer": "2"}"# + "\n")
        try write("memory.jsonl", #"{"topic": "rain", "value": "I like it."}"# + "\n")
        try write("groups.json", #"[{"name": "partners"}]"#)
        try write("sources.jsonl", #"{"locator": "a.md"}"# + "\n")
        try write("a.md", "The gearbox takes three litres of oil.\n")
        _ = try fixture.apply(directory)
        try write("qna.jsonl", #"{"question": "Two?", "answer": "2"}"# + "\n")
        for name in ["memory.jsonl", "sources.jsonl"] { try write(name, "") }
        try write("groups.json", "[]")
        #expect(try fixture.apply(directory).changes.isEmpty)
        let report = try fixture.apply(directory, prune: true)
        #expect(report.changes.map(\.action) == [.delete, .delete, .delete, .delete])
        #expect(try rows("SELECT question FROM verified_answers WHERE is_active") == ["Two?"])
        #expect(try rows("SELECT status FROM owner_memories") == ["retracted"])
        #expect(try rows("SELECT name FROM access_groups") == ["Default Group"])
        #expect(try rows("SELECT id FROM sources").isEmpty)
        #expect(try rows("SELECT key FROM chunks").isEmpty)
    }

    @Test(arguments: [true, false])
    func `a document that was renamed with its line keeps its id, its grants and its text`(prune: Bool) throws {
        try write("sources.jsonl", #"{"locator": "a.txt"}"# + "\n" + #"{"locator": "b.txt"}"# + "\n")
        try write("a.txt", "The gearbox takes three litres of oil.\n")
        try write("b.txt", "The chain is oiled after each ride in the rain.\n")
        _ = try fixture.apply(directory)
        let id = try rows("SELECT id FROM sources WHERE name = 'a.txt'")
        try fixture.database.write { connection in
            try connection.run("DELETE FROM source_permissions WHERE source_key = (SELECT key FROM sources WHERE name = 'a.txt')")
        }
        _ = rename(fixture.folder.file("seed/a.txt"), fixture.folder.file("seed/oil.txt"))
        try write("sources.jsonl", #"{"locator": "oil.txt"}"# + "\n" + #"{"locator": "b.txt"}"# + "\n")
        let report = try fixture.apply(directory, prune: prune)
        #expect(report.failures.isEmpty)
        #expect(report.count(.delete) == 0)
        #expect(try rows("SELECT id FROM sources WHERE name = 'oil.txt'") == id)
        #expect(try rows("SELECT s.name FROM source_permissions p JOIN sources s ON s.key = p.source_key") == ["b.txt"])
        #expect(try fixture.apply(directory, prune: true).changes.isEmpty)
        #expect(try rows("SELECT name FROM sources ORDER BY name") == ["b.txt", "oil.txt"])
    }

    @Test func `a file that is missing says nothing, also with prune`() throws {
        try write("qna.jsonl", #"{"question": "One?", "answer": "1"}"# + "\n")
        _ = try fixture.apply(directory)
        let bare = TwinDirectory(fixture.folder.file("bare"))
        try fixture.folder.write("bare/twin.json", #"{"slug": "ada"}"#)
        #expect(try fixture.apply(bare, prune: true).changes.isEmpty)
        #expect(try rows("SELECT question FROM verified_answers WHERE is_active") == ["One?"])
        #expect(try rows("SELECT settings FROM twins") == [#"{"tone":"dry"}"#])
    }

    @Test func `an error in any file names its place and changes nothing`() throws {
        let wrong: [(file: String, text: String, says: String)] = [
            (
                "qna.jsonl", #"{"question": "A?", "answer": "1"}"# + "\n\n" + #"{"question": "B?"}"#,
                "qna.jsonl line 3: \"answer\" is missing"
            ),
            (
                "qna.jsonl", #"{"question": "A?", "answer": "1"}"# + "\n" + #"{"question": "a", "answer": "2"}"#,
                "qna.jsonl line 2: this question is already in line 1"
            ),
            ("qna.jsonl", "{\"question\": \"A?\"\n", "qna.jsonl line 1: this is not JSON"),
            ("qna.jsonl", #"{"question": "A?", "answr": "1"}"#, "qna.jsonl line 1: \"answr\" is not a field"),
            (
                "qna.jsonl", #"{"question": "A?", "answer": "1", "citations": ["no.md"]}"#,
                "qna.jsonl line 1: there is no source 'no.md'"
            ),
            (
                "qna.jsonl", #"{"question": "A?", "answer": "1", "visibility": "secret"}"#,
                "qna.jsonl line 1: \"visibility\" must be one of"
            ),
            ("memory.jsonl", #"{"topic": "rain", "value": "Yes.", "intensity": 11}"#, "memory.jsonl line 1: "),
            (
                "groups.json", #"[{"name": "g", "limits": {"requests": 1}}]"#,
                "groups.json, group 'g': \"requests\" in \"limits\" is not one of"
            ),
            (
                "groups.json", #"[{"name": "g", "verified_qna": ["Never asked?"]}]"#,
                "groups.json, group 'g': there is no verified answer"
            ),
            (
                "groups.json", #"[{"name": "g", "overrides": {"temperature": 9}}]"#,
                "groups.json, group 'g': temperature takes a number from"
            ),
            ("groups.json", "[\n{\"name\": \"g\",}\n]", "groups.json line 2: this is not JSON"),
            ("sources.jsonl", #"{"locator": "../../etc/hostname"}"#, "sources.jsonl line 1: '../../etc/hostname' is outside"),
            (
                "sources.jsonl", #"{"kind": "stream", "locator": "x", "content": "/etc/hostname"}"#,
                "sources.jsonl line 1: \"content\" must be inside"
            ),
            ("twin.json", #"{"slug": "ada", "settings": {"temperature": 9}}"#, "twin.json: temperature takes a number from"),
            ("twin.json", #"{"slug": "Ada L"}"#, "twin.json: 'Ada L' is not a slug"),
        ]
        for (file, text, says) in wrong {
            let fresh = TwinDirectory(fixture.folder.file("wrong"))
            for name in TwinDirectory.File.allCases {
                try fixture.folder.write("wrong/" + name.rawValue, name == .groups ? "[]" : "")
            }
            try fixture.folder.write("wrong/twin.json", #"{"slug": "ada"}"#)
            try fixture.folder.write("wrong/" + file, text)
            let error = refusal { _ = try fixture.apply(fresh) }
            #expect(error?.message.hasPrefix(says) == true, "\(file): \(text) gave \(error?.message ?? "no error")")
            #expect(try rows("SELECT slug FROM twins").isEmpty)
        }
    }

    @Test func `a link that leads out of the folder is not followed`() throws {
        try fixture.folder.write("secret.md", "The password is swordfish and much more text.\n")
        try write("sources.jsonl", #"{"locator": "notes.md"}"# + "\n")
        #expect(symlink(fixture.folder.file("secret.md"), fixture.folder.file("seed/notes.md")) == 0)
        #expect(refusal { _ = try fixture.apply(directory) }?.kind == .notPermitted)
        let permitted = TwinDirectory(directory.path, allowsOutside: true)
        #expect(try fixture.apply(permitted).count(.create) == 2)
    }

    @Test func `a source that cannot be read is told and the rest is kept`() throws {
        try write("qna.jsonl", #"{"question": "One?", "answer": "1", "citations": ["gone.md"]}"# + "\n")
        try write(
            "sources.jsonl",
            #"{"locator": "gone.md"}"# + "\n" + #"{"locator": "https://example.org/"}"# + "\n" + #"{"locator": "a.md"}"# + "\n")
        try write("a.md", "The gearbox takes three litres of oil.\n")
        let report = try fixture.apply(directory)
        #expect(report.failures.map(\.name).sorted() == ["gone.md", "https://example.org/"])
        #expect(report.changes.filter { $0.kind == .source }.map(\.name) == ["a.md"])
        #expect(try rows("SELECT question FROM verified_answers") == ["One?"])
    }

    @Test func `a source that the default group is not to read is not granted to it`() throws {
        try write("groups.json", #"[{"name": "Default Group", "is_default": true, "sources": ["a.md"]}]"#)
        try write("sources.jsonl", #"{"locator": "a.md"}"# + "\n" + #"{"locator": "secret.md"}"# + "\n")
        try write("a.md", "The gearbox takes three litres of oil.\n")
        try write("secret.md", "The vault opens with seven turns.\n")
        _ = try fixture.apply(directory)
        #expect(try rows("SELECT s.name FROM source_permissions p JOIN sources s ON s.key = p.source_key") == ["a.md"])
        // What a list leaves out is taken away, without prune, too.
        try write("groups.json", #"[{"name": "Default Group", "is_default": true, "sources": []}]"#)
        _ = try fixture.apply(directory)
        #expect(try rows("SELECT source_key FROM source_permissions").isEmpty)
    }

    @Test func `members move between groups and who is left out goes`() throws {
        try write(
            "groups.json",
            #"[{"name": "a", "members": ["ann@example.org", "bob@example.org"]}, {"name": "b", "members": ["cid@example.org"]}]"#)
        _ = try fixture.apply(directory)
        try write(
            "groups.json", #"[{"name": "a", "members": ["cid@example.org"]}, {"name": "b", "members": ["Ann@example.org"]}]"#)
        let report = try fixture.apply(directory)
        #expect(report.changes.map(\.fields) == [["members"], ["members"]])
        let members =
            "SELECT g.name || ':' || coalesce(m.user_id, m.email) FROM group_memberships m JOIN access_groups g ON g.key = m.group_key WHERE m.is_active ORDER BY 1"
        #expect(try rows(members) == ["a:cid@example.org", "b:ann@example.org"])
        // A name that is nobody's is an error that says where, and changes nothing.
        try write("groups.json", #"[{"name": "a", "members": ["stranger"]}]"#)
        let error = refusal { _ = try fixture.apply(directory) }
        #expect(error?.kind == .notFound && error?.message.contains("groups.json, group 'a'") == true)
        #expect(try rows(members) == ["a:cid@example.org", "b:ann@example.org"])
    }

    @Test func `the public group can be handed from one to the other`() throws {
        try write("groups.json", #"[{"name": "a", "is_public": true}, {"name": "b"}]"#)
        _ = try fixture.apply(directory)
        try write("groups.json", #"[{"name": "b", "is_public": true}, {"name": "a", "is_public": false}]"#)
        _ = try fixture.apply(directory)
        #expect(try rows("SELECT name FROM access_groups WHERE is_public") == ["b"])
        try write("groups.json", #"[{"name": "a", "is_public": true}]"#)
        #expect(refusal { _ = try fixture.apply(directory) }?.message.contains("'b' is already public") == true)
    }
}
