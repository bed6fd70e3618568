import Testing

@testable import TwinKit
@testable import TwinReaders
@testable import TwinSupport

/// One kind of fault after the other in the formats beside the one that it was found in: a file, what it has to say, what it must not.
@Suite struct NeighbourTests {
    struct Sample: CustomTestStringConvertible, Sendable {
        var name: String
        var text: String
        var says: [String]
        var never: [String] = []
        var notice: String?
        var testDescription: String { name }
    }

    static let samples = [
        // Cells over several rows and columns.
        Sample(
            name: "drawn.rst",
            text: """
                +-------+-------+------+
                | Quay  | Ship  | Time |
                +=======+=======+======+
                | N\u{F6}rd  | Ann   | 9:00 |
                |       +-------+------+
                |       | Bea   | 9:30 |
                +-------+-------+------+
                | closed        | 8:00 |
                +---------------+------+
                """, says: ["Quay: N\u{F6}rd; Ship: Ann; Time: 9:00", "Quay: N\u{F6}rd; Ship: Bea; Time: 9:30", "Time: 8:00"],
            never: ["Quay: Bea", "Ship: 8:00"]),
        Sample(
            name: "spans.adoc",
            text:
                "[cols=\"1,1,1\",options=\"header\"]\n|===\n|Quay |Ship |Time\n.2+|North |Ann |9:00\n|Bea |9:30\n2+|closed |8:00\n|===\n",
            says: ["Quay: North; Ship: Bea; Time: 9:30\n", "Quay: closed; Ship: closed; Time: 8:00"]),
        Sample(
            name: "merged.rtf",
            text:
                #"{\rtf1\ansi \trowd\cellx1\cellx2\cellx3 Line\cell Stop\cell Time\cell\row \trowd\clvmgf\cellx1\cellx2\cellx3 Red\cell Quay\cell 7:10\cell\row \trowd\clvmrg\cellx1\cellx2\cellx3 \cell Mill\cell 7:20\cell\row \trowd\clmgf\cellx1\clmrg\cellx2\cellx3 none\cell\cell 8:00\cell\row}"#,
            says: ["Line: Red; Stop: Mill; Time: 7:20", "Line: none; Stop: none; Time: 8:00"]),
        Sample(
            name: "list.rst",
            text: ".. csv-table:: Crew\n   :header: \"Name\",\"Role\"\n\n   \"Ada\",\"mate\"\n   \"Bo\",\"cook, too\"\n",
            says: ["Crew", "Name: Ada; Role: mate", "Name: Bo; Role: cook, too"]),
        // Properties are no columns.
        Sample(
            name: "card.html",
            text: "<!doctype html><table><tr><td>Name<td>Ivy Lund<tr><td>Phone<td>5512<tr><td>Mail<td>ivy@example.org</table>",
            says: ["Name; Ivy Lund", "Phone; 5512"], never: ["Name: Phone", "Ivy Lund: 5512"]),
        Sample(
            name: "prices.html", text: "<!doctype html><table><tr><td>Item<td>Price<tr><td>Rope<td>12<tr><td>Tar<td>3</table>",
            says: ["Item: Rope; Price: 12"]),
        // What programs for notes and pages write into Markdown.
        Sample(
            name: "site.md",
            text: """
                [TOC]

                :::note
                Bring a rope.
                :::

                !!! warning "Deep water"
                    Do not swim.

                Plain again.

                {{< figure src="a.png" >}}

                ==Important== words, and a == b stays. ![[Fees]] ![[gull.png]] here.
                {: .wide }

                ^block-1
                """,
            says: ["Note:\nBring a rope.", "Deep water\nDo not swim.", "Important words, and a == b stays. Fees  here."],
            never: [":::", "TOC", "figure", "{:", "^block", "gull"]),
        Sample(
            name: "words.rst", text: "Costs |price| crowns and |other|.\n\n.. |price| replace:: nine\n",
            says: ["Costs nine crowns and other."], never: ["\n\nnine"]),
        // What JSON has in practice.
        Sample(
            name: "comments.json", text: "// boats\n{\n  \"name\": \"Otter // no\", /* fee */ \"fee\": [9, 8,],\n}\n",
            says: ["name: Otter // no", "fee: 9, 8"], notice: "comments"),
        Sample(
            name: "sequence.json", text: "{\"a\": \"x}{\"}{\"a\": 2}\n{\"a\": 3}", says: ["a: x}{", "a: 2", "a: 3"],
            notice: "several JSON values"),
        Sample(
            name: "numbers.json", text: "{\"depth\": NaN, \"low\": -Infinity}", says: ["depth: NaN", "low: -Infinity"],
            notice: "NaN"),
        Sample(
            name: "numbers.jsonl", text: "{\"depth\": NaN}\n{\"depth\": 3}\n", says: ["depth: NaN", "depth: 3"], notice: "NaN"),
        Sample(
            name: "feed.json",
            text:
                #"{"version":"https://jsonfeed.org/version/1.1","title":"Quay","items":[{"id":"1","title":"Crane","content_html":"<p>It is <b>new</b>.</p>","date_published":"2024-01-05T10:00:00Z"},{"id":"2","content_text":"The lamp is lit."}]}"#,
            says: ["Crane\n\nPublished: 2024-01-05\n\nIt is new.", "The lamp is lit."], never: ["<p>", "content_"]),
        Sample(
            name: "old.ipynb",
            text:
                #"{"nbformat":3,"worksheets":[{"cells":[{"cell_type":"heading","level":2,"source":["Tide"]},{"cell_type":"code","input":["print(1)"],"outputs":[{"output_type":"stream","text":["1\n"]}]}]}]}"#,
            says: ["Tide\n\nprint(1)\n\n1"], never: ["cell_type"]),
        Sample(
            name: "talk.json",
            text:
                #"[{"name":"Rope","chat_messages":[{"sender":"human","created_at":"2024-01-05T10:15:22Z","text":"How long?"},{"sender":"assistant","created_at":"2024-01-05T10:15:30Z","text":"","content":[{"type":"text","text":"Seven years."}]}]}]"#,
            says: ["[2024-01-05 10:15] assistant: Seven years."]),
        // Captions.
        Sample(
            name: "twice.srt",
            text:
                "1\n00:00:01,000 --> 00:00:02,000\nNo.\n\n2\n00:00:02,000 --> 00:00:03,000\nNo.\n\n3\n00:00:10,000 --> 00:00:12,000\nNo.\n\n4\n00:00:20,000 --> 00:00:22,000\nYes.\n",
            says: ["No.\n\nNo.\n\nYes."], never: ["No. No."]),
        // A feed that breaks off, and a mail whose plain text is about its page.
        Sample(
            name: "cut.rss",
            text:
                "<rss version=\"2.0\"><channel><title>Quay</title><item><title>One</title><description>Hemp &amp; tar.</description></item><item><title>Two</title><descr",
            says: ["One", "Hemp & tar."], notice: "damaged"),
        Sample(
            name: "page.eml",
            text: """
                Subject: Quay
                MIME-Version: 1.0
                Content-Type: multipart/alternative; boundary=a

                --a
                Content-Type: text/plain

                Your program cannot show this letter. See it online: http://example.org/1
                --a
                Content-Type: multipart/related; boundary=r

                --r
                Content-Type: text/html; charset=utf-8

                <p>The new ferry leaves at eight from the southern pier, with bicycles.</p>
                --r--
                --a--

                """, says: ["The new ferry leaves at eight"], never: ["cannot show"]),
    ]

    @Test(arguments: samples) func `each kind of fault stays mended in its neighbours`(_ sample: Sample) throws {
        let document = try read(sample.text, sample.name)
        for words in sample.says { #expect(document.text.contains(words), "\(words) in \(document.text)") }
        for words in sample.never { #expect(!document.text.contains(words), "\(words) in \(document.text)") }
        if let notice = sample.notice { #expect(document.notices.contains { $0.contains(notice) }, "\(document.notices)") }
    }

    @Test(arguments: [
        "{\"a\": 1, \"b\": undefined}", "{'a': 1}", "{\"a\": [1, 2", "/* open {\"a\": 1}", "{\"a\": 1} tail", "[1, 2] [3",
    ]) func `what no program reads as JSON is still refused`(_ text: String) {
        #expect(throws: ReadFailure.self) { try read(text, "a.json") }
    }

    @Test func `a drawing that is no table stays text`() throws {
        for drawing in ["+---+\n| a |\n| b |", "+---+---+\n| a | b\n+---+   +\n", String(repeating: "+", count: 3000)] {
            #expect(DrawnTable(drawing.split(separator: "\n").map { Array($0.unicodeScalars) }) == nil)
        }
    }

    @Test func `people of a Slack export are called by their names`() throws {
        let users = #"[{"id":"U1","name":"ann","real_name":"Ann Lund","profile":{"display_name":""}}]"#
        let day = #"[{"type":"message","user":"U1","text":"The crane is fixed","ts":"1704449700.000100"}]"#
        let archive = ZipBuilder.archive([("quay/2024-01-05.json", day), ("users.json", users)])
        let document = try DocumentReaders.read(DocumentInput(name: "export.zip", bytes: archive))
        #expect(document.text.contains("[2024-01-05 10:15] Ann Lund: The crane is fixed"))
    }
}
