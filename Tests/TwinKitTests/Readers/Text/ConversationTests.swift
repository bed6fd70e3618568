import Testing

@testable import TwinKit
@testable import TwinReaders
@testable import TwinSupport

/// What people said to each other keeps who said it and when.
@Suite struct ConversationTests {
    @Test func `exports of chats become messages`() throws {
        for (name, text, expected) in [
            (
                "slack",
                #"[{"type":"message","user":"U1","text":"the winch is broken","ts":"1704449700.000100","user_profile":{"real_name":"Ivy"}},{"type":"message","user":"U2","text":"ask <@U1> &amp; me","ts":"1704449760.0"}]"#,
                "[2024-01-05 10:15] Ivy: the winch is broken\n[2024-01-05 10:16] U2: ask @Ivy & me\n"
            ),
            (
                "telegram",
                #"{"name":"Pier","type":"x","messages":[{"id":1,"type":"message","date":"2024-01-05T10:15:00","from":"Ivy","text":["see ",{"type":"link","text":"the plan"}]}]}"#,
                "Pier\n\n[2024-01-05 10:15] Ivy: see the plan\n"
            ),
            (
                "discord",
                #"{"channel":{"name":"pier"},"messages":[{"id":"3","timestamp":"2024-01-05T10:15:00+00:00","content":"broken","author":{"name":"ivy","nickname":"Ivy"}}]}"#,
                "pier\n\n[2024-01-05 10:15] Ivy: broken\n"
            ),
            (
                "model",
                #"[{"title":"Rope","current_node":"c","mapping":{"a":{"message":null,"parent":null},"b":{"message":{"author":{"role":"user"},"create_time":1704449700.0,"content":{"parts":["Which?"]}},"parent":"a"},"c":{"message":{"author":{"role":"assistant"},"create_time":null,"content":{"parts":["The blue one."]}},"parent":"b"}}}]"#,
                "Rope\n\n[2024-01-05 10:15] user: Which?\nassistant: The blue one.\n"
            ),
        ] { #expect(try read(text, "a.json").text == expected, "\(name)") }
    }

    @Test func `a list of other things keeps all of its fields`() throws {
        let text = try read(#"[{"author":"Ada","date":"2024-01-01","title":"Rope","text":"It is blue."}]"#, "a.json").text
        #expect(text == "author: Ada\ndate: 2024-01-01\ntitle: Rope\ntext: It is blue.\n")
    }

    @Test func `a notebook is text and code`() throws {
        let document = try read(
            ##"{"nbformat":4,"cells":[{"cell_type":"markdown","source":["# Rope\n","It is *blue*."]},{"cell_type":"code","source":"print(42)","outputs":[{"output_type":"stream","text":["42\n"]},{"data":{"image/png":"iVBORw0KGgo=","text/plain":["<Figure>"]}}]}]}"##,
            "a.ipynb")
        #expect(document.text == "Rope\n\nIt is blue.\n\nprint(42)\n\n42\n" && document.title == "Rope")
        #expect(document.notices == ["pictures that the notebook drew were not read: 1"])
    }

    private func quotations(_ text: String, _ name: String = "a.txt") throws -> [String] {
        let document = try read(text, name)
        let bytes = Array(document.text.utf8)
        return SentenceSegmenter().sentences(in: document.text).map { Array(bytes[$0]).string }
    }

    @Test func `each entry of a chat or a log is quoted as one, with its moment`() throws {
        #expect(
            try quotations(
                "05/01/2024, 10:15 - Ivy: the winch. It is broken\n05/01/2024, 10:16 - Bob Olsen: which one\nat which pier\n05/01/2024, 10:17 - Ivy: pier 4\n"
            )
                == [
                    "05/01/2024, 10:15 - Ivy: the winch. It is broken", "05/01/2024, 10:16 - Bob Olsen: which one at which pier",
                    "05/01/2024, 10:17 - Ivy: pier 4",
                ])
        #expect(try quotations("\u{200E}[05.01.24, 10:15:03] Ivy: broken\n[05.01.24, 10:16:00] Bob: no\n").count == 2)
        #expect(
            try quotations(
                "2024-01-05T10:15:00Z started at pier 4\n2024-01-05T10:16:00Z the mechanic comes on 2024-01-08 at noon\n"
            ).count == 2)
    }

    @Test func `a line like its neighbours ends a quotation, a wrapped line does not`() throws {
        #expect(try quotations("v1.2 fixes the winch\nv1.3 adds a mast\nv1.10 removes the tar\n").count == 3)
        #expect(
            try quotations(
                "ivy: the winch is broken, as it was all year and the year before that\nbob: which one\nivy: the one at pier 4\n"
            ).count == 3)
        #expect(
            try quotations("Rope and tar for the whole fleet in the coming year\nOil\nPaint, red\nNails of all sizes\n").count
                == 4)
        #expect(
            try quotations(
                "The harbour master keeps the keys of the boat house behind the door of\nthe workshop, under the oilskins. In winter they are with\nNkemelu, who lives at the pier.\n"
            ).count == 2)
    }

    @Test func `cues that repeat the end of the one before are said once`() throws {
        func captions(_ cues: String...) throws -> String {
            let text = cues.enumerated().map { "00:00:0\($0.offset).000 --> 00:00:0\($0.offset + 1).000\n\($0.element)\n" }
            return try read("WEBVTT\n\n" + text.joined(separator: "\n"), "a.vtt").text
        }
        #expect(
            try captions("the winch is broken", "winch is broken and the mast too", "the mast too so we wait")
                == "the winch is broken and the mast too so we wait\n")
        #expect(try captions("the winch is broken", "is broken and old") == "the winch is broken and old\n")
        // Said twice indeed, in a track that does not roll.
        #expect(
            try captions("One rope.", "Two ropes.", "It is no, no.", "No, no. Never.")
                == "One rope. Two ropes. It is no, no. No, no. Never.\n")
    }

    @Test func `a message of Outlook is a mail`() throws {
        let path = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        let bytes = try FileContents.read("/\(path)/Fuzz/corpus/msg/seed0", maximumBytes: 1 << 20).bytes
        let document = try DocumentReaders.read(DocumentInput(name: "a.msg", bytes: bytes))
        #expect(
            document.text == "From: Ivy\nSubject: Rope\n\nThe rope is blue.\n" && document.title == "Rope"
                && document.author == "Ivy")
        #expect(DocumentReaders.detect(DocumentInput(name: "a", bytes: bytes)) == .msg)
        for cut in stride(from: 0, to: bytes.count, by: 97) {
            _ = try? DocumentReaders.read(DocumentInput(name: "a.msg", bytes: Array(bytes.prefix(cut))))
        }
    }
}
