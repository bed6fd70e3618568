import Testing

@testable import TwinKit
@testable import TwinReaders
@testable import TwinSupport

@Suite struct HTMLReaderTests {
    private func text(_ html: String) throws -> String { try read(html, "a.html").text }

    @Test func `the head gives title, author, date, language and address`() throws {
        let document = try read(
            """
            <!DOCTYPE html><html lang="en-GB"><head><meta charset=utf-8><title> A &amp;
            B </title><meta name="author" content="Ada"><meta property="article:published_time" content="2024-03-05T10:00:00Z">
            <link rel=canonical href="https://e.org/a?b=1&amp;c=2"></head><body><p>Text</body>
            """, "a.html")
        #expect(document.title == "A & B")
        #expect(document.author == "Ada" && document.language == "en-GB" && document.link == "https://e.org/a?b=1&c=2")
        #expect(document.publishedAt == "2024-03-05T10:00:00.000Z")
        #expect(document.text == "Text\n")
    }

    @Test func `only the main text is kept`() throws {
        let filler = String(repeating: "Real words here. ", count: 20).trimmedText
        let html =
            "<body><header>Site</header><nav><a href=/>Home</a></nav><div role=navigation>More</div><main><h1>T</h1><p>\(filler)</p><aside>ad</aside></main><footer>foot</footer><script>if (a < b) x('</p>')</script><style>p{}</style></body>"
        #expect(try text(html) == "T\n\n\(filler)\n")
        #expect(try text("<p>a<nav>b<p>c never closed") == "a\n\nb\n\nc never closed\n")
        #expect(try text("<body><form>\(filler)<input value=x><select><option>o</select></form>") == filler + "\n")
    }

    @Test func `lists, line breaks and code keep their shape`() throws {
        #expect(
            try text("<p>a<br>b</p><ul><li>one<li>two<ul><li>in</ul></ul><ol start=3><li>x</li><li><p>y</p></li></ol>")
                == "a\nb\n\n- one\n- two\n  - in\n\n3. x\n4. y\n")
        let code = try read("<p>See:<pre>\nlet a = 1 &lt; 2\n\n  b\n</pre>after", "a.html")
        #expect(code.text == "See:\n\nlet a = 1 < 2\n\n  b\n\nafter\n")
        #expect(code.marks.map(\.kind) == [.code, .prose])
    }

    @Test func `table rows are records, tables that only arrange are not`() throws {
        #expect(
            try text("<table><tr><th>Plant<th>Depth<tr><td>Rye<td>3 cm<tr><td>Oats<td></table>")
                == "Plant: Rye; Depth: 3 cm\nPlant: Oats\n")
        #expect(
            try text("<table><tr><th>Name</th><td>Ada</td></tr><tr><th>Born</th><td>1815</td></tr></table>")
                == "Name: Ada\nBorn: 1815\n")
        #expect(try text("<table><tr><td>menu<td><h2>Head<a href=#x>#</a></h2><p>Text</table>") == "menu\n\nHead\n\nText\n")
    }

    @Test func `references and inline markup become characters`() throws {
        #expect(
            try text("<p>a&nbsp;b &eacute;&#233;&#xE9; &hellip; &copy &unknown; &#150; 1 < 2 x&shy;y <b>b</b>old <!-- c -->d")
                == "a b ééé … © &unknown; – 1 < 2 xy bold d\n")
    }

    @Test func `the character set is taken from the page or the transport`() throws {
        let body: [UInt8] = Array("<p>".utf8) + [0xCF, 0xF0] + Array("</p>".utf8)
        let declared = Array("<meta http-equiv=Content-Type content=\"text/html; charset=windows-1251\">".utf8) + body
        #expect(try DocumentReaders.read(DocumentInput(name: "a.html", bytes: declared)).text == "Пр\n")
        #expect(
            try DocumentReaders.read(DocumentInput(name: "a", bytes: body, mediaType: "text/html; charset=windows-1251")).text
                == "Пр\n")
    }

    @Test func `hostile markup becomes a document that holds together`() throws {
        for piece in [
            "<a b=\"", "<!--a>", "<div>", "<table><tr><td colspan=1000>", "</p>", "<", "&", "<script>", "<ul><li>", "<title>",
            "<p a='>",
        ] {
            let text = "<p>x" + String(repeating: piece, count: 40_000)
            if let document = try? read(text, "a.html") { DocumentInvariants.check(document, "\(piece)") }
        }
    }
}
