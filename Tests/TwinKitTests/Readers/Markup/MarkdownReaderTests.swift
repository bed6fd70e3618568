import Testing

@testable import TwinKit
@testable import TwinReaders
@testable import TwinSupport

@Suite struct MarkdownReaderTests {
    @Test func `headings of several lines, callouts, hidden remarks, wiki links and HTML read as they show`() throws {
        for (source, expected) in [
            ("Two line\nheading\n=======\n\nText.", "Two line heading\n\nText.\n"),
            ("> [!note] Mind the step\n> It is wet.", "Mind the step\nIt is wet.\n"),
            ("> [!WARNING]\n> It is wet.", "Warning:\nIt is wet.\n"),
            ("Seen %%not this%% here.\n\n%%\nnor this\n%%\n\n100%% sure", "Seen here.\n\n100%% sure\n"),
            ("See [[Winch]] and [[Pier 4|the pier]].", "See Winch and the pier.\n"),
            (
                "<table><tr><th>Item<th>Price<tr><td>Tar<td>3</table>\n\nText <img alt=\"of a boat\">.",
                "Item: Tar; Price: 3\n\nText of a boat.\n"
            ),
        ] {
            #expect(
                try read(source, "a.md").text.split(separator: " ").joined(separator: " ")
                    == expected.split(separator: " ").joined(separator: " "), "\(source)")
        }
        #expect(try read("Text.", "Rope 0123456789abcdef0123456789abcdef.md").title == "Rope")
    }

    @Test func `front matter becomes metadata and is not part of the text`() throws {
        let document = try read(
            """
            ---
            title: "Soil & Water"
            author: Ada Marsh
            date: 2024-03-05
            tags: [soil, "clay, heavy", water]
            aliases:
              - loam
              - silt
            summary: >
              Two lines
              of text
            ---
            # Heading

            Body.
            """, "a.md")
        #expect(document.text == "Heading\n\nBody.\n")
        #expect(document.title == "Soil & Water")
        #expect(document.author == "Ada Marsh")
        #expect(document.publishedAt == "2024-03-05")
        #expect(document.metadata["aliases"] == ["loam", "silt"])
        #expect(document.metadata["summary"] == "Two lines of text")
    }

    @Test func `code that begins with blank lines begins the text with its first words`() throws {
        for text in ["```\n\n\nlet a = 1\n\nlet b = 2\n```\n", "~~~\n \nlet a = 1\n\nlet b = 2\n"] {
            let document = try read(text, "a.md")
            #expect(document.text == "let a = 1\n\nlet b = 2\n")
            DocumentInvariants.check(document, "\(text)")
        }
    }

    @Test func `a rule at the start is no front matter`() throws {
        #expect(try read("---\n\nJust text: here\n\n---\nMore.", "a.md").text.contains("Just text"))
    }

    @Test func `headings of both styles are marked with their level`() throws {
        let document = try read("Title\n=====\n\nintro\n\n## Two ##\ntext\n\nThree\n---\nmore\n#hash", "a.md")
        #expect(document.title == "Title")
        #expect(document.text == "Title\n\nintro\n\nTwo\n\ntext\n\nThree\n\nmore #hash\n")
        #expect(document.headings == ["1 Title", "2 Two", "2 Three"])
    }

    @Test func `inline syntax goes and its words stay`() throws {
        let source = """
            See [the **guide**](https://x.org/a_(b)) and ![a map](m.png "t"), *em*, __strong__, `co*de`, snake_case_name, 2 * 3 * 4,
            ~~old~~, <https://e.org>, a<br>b, \\*no\\*, &amp; [ref][1], [x] and [note][^1] *.txt
            [1]: https://nowhere.org
            """
        #expect(
            try read(source, "a.md").text
                == "See the guide and a map, em, strong, co*de, snake_case_name, 2 * 3 * 4, old, https://e.org, a\nb, *no*, & ref, [x] and note *.txt [1]: https://nowhere.org\n"
        )
    }

    @Test func `link definitions are dropped and footnotes kept`() throws {
        #expect(try read("Text[^1].\n\n[a]: https://x.org \"t\"\n[^1]: The note.", "a.md").text == "Text.\n\nThe note.\n")
    }

    @Test func `lists keep their markers and nesting, wrapped lines are joined`() throws {
        let document = try read("* one\n  goes on\n* two\n    + inner\n\n1. first\n2) second", "a.md")
        #expect(document.text == "- one goes on\n- two\n    - inner\n\n1. first\n2) second\n")
    }

    @Test func `code keeps its lines and is marked`() throws {
        let document = try read("Before\n```swift\nlet a = 1  \n\n\n  **b**\n```\nAfter\n\n    indented\n", "a.md")
        #expect(document.text == "Before\n\nlet a = 1\n\n\n  **b**\n\nAfter\n\nindented\n")
        #expect(document.marks.map(\.kind) == [.code, .prose, .code])
    }

    @Test func `table rows are records named by their headers`() throws {
        let document = try read("| Plant | Months |\n|:--|--:|\n| **Rye** | 9 \\| 10 |\n| Oats | |\n\nAfter.", "a.md")
        #expect(document.text == "Plant: Rye; Months: 9 | 10\nPlant: Oats\n\nAfter.\n")
        #expect(document.marks.map(\.kind) == [.record, .record, .prose])
    }

    @Test func `comments, scripts and quote marks are left out`() throws {
        let document = try read(
            "> quoted\n> text\n\n<!-- gone\nstill --> kept\n<script>\nalert()\n</script>\n<div>shown</div>", "a.md")
        #expect(document.text == "quoted text\n\nkept\nshown\n")
    }

    @Test func `deeply repeated openers become a document that holds together`() throws {
        for piece in ["[", "![", "*", "_a ", "`", "<", "<!--", "[a](", "[a][", "&", "> ", "- ", "# ", "|", "```\n", "\\"] {
            let text = "x " + String(repeating: piece, count: 60_000)
            if let document = try? read(text, "a.md") { DocumentInvariants.check(document, "\(piece)") }
        }
    }
}

extension ExtractedDocument {
    var headings: [String] {
        marks.compactMap { mark in
            guard case .heading(let level) = mark.kind else { return nil }
            return text.withView { "\(level) " + $0[mark.offset..<$0.lineEnd(from: mark.offset)].string }
        }
    }
}
