import Testing

@testable import TwinReaders
@testable import TwinSupport

/// Org, reStructuredText, AsciiDoc, LaTeX, Rich Text and OpenDocument give the same document in the end.
@Suite struct LightMarkupTests {
    private static let expected =
        "Winch\n\nThe winch is oiled in May.\n\nParts\n\n- drum\n- pawl\n\nItem: Rope; Count: 12\nItem: Tar; Count: 3\n"

    private static let samples: [(name: String, text: String)] = [
        (
            "a.org",
            "* TODO Winch :harbour:\n:PROPERTIES:\n:ID: 1\n:END:\n# a comment\nThe *winch* is /oiled/ in\n[[https://example.org][May]].\n** Parts\n- drum\n- pawl\n\n| Item | Count |\n|------+-------|\n| Rope | 12 |\n| Tar | 3 |\n"
        ),
        (
            "a.rst",
            "=====\nWinch\n=====\n\n.. _target:\n\nThe *winch* is **oiled** in `May <https://example.org>`_.\n\nParts\n-----\n\n* drum\n* pawl\n\n.. a comment\n\n====  =====\nItem  Count\n====  =====\nRope  12\nTar   3\n====  =====\n"
        ),
        (
            "a.adoc",
            "= Winch\n\n// a comment\nThe *winch* is _oiled_ in\nhttps://example.org[May].\n\n== Parts\n\n* drum\n* pawl\n\n|===\n|Item |Count\n\n|Rope |12\n|Tar\n|3\n|===\n"
        ),
        (
            "a.tex",
            "\\documentclass{article}\n\\newcommand{\\x}{y}\n\\begin{document}\n\\section{Winch}\nThe winch is \\emph{oiled} in % a comment\n\\href{https://example.org}{May}.\n\\subsection{Parts}\n\\begin{itemize}\n\\item drum\n\\item pawl\n\\end{itemize}\n\\begin{tabular}{lr}\nItem & Count \\\\\n\\hline\nRope & 12 \\\\\nTar & 3 \\\\\n\\end{tabular}\n\\end{document}\nnever read\n"
        ),
        (
            "a.rtf",
            #"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\stylesheet{\s1 heading 1;}{\s2 heading 2;}}{\info{\author Ada}}\pard\s1 Winch\par\pard The {\b winch} is oiled in {\field{\*\fldinst HYPERLINK "https://example.org"}{\fldrslt May}}.\par\pard\s2 Parts\par\pard{\pntext -\tab}drum\par\pard{\pntext -\tab}pawl\par\trowd\intbl Item\cell Count\cell\row\trowd\intbl Rope\cell 12\cell\row\trowd\intbl Tar\cell 3\cell\row\pard}"#
        ),
    ]

    @Test(arguments: samples.map(\.name)) func `headings, lists, tables and links`(name: String) throws {
        let sample = try #require(Self.samples.first { $0.name == name })
        let document = try read(sample.text, name)
        #expect(document.text == Self.expected)
        #expect(document.headings.map { String($0.dropFirst(2)) } == ["Winch", "Parts"])
    }

    @Test func `an OpenDocument text gives it too`() throws {
        func row(_ cells: String...) -> String {
            "<table:table-row>" + cells.map { "<table:table-cell><text:p>\($0)</text:p></table:table-cell>" }.joined()
                + "</table:table-row>"
        }
        let content =
            #"<office:document-content><office:automatic-styles><text:list-style style:name="L"/></office:automatic-styles><office:body><office:text><text:tracked-changes><text:p>deleted</text:p></text:tracked-changes><text:h text:outline-level="1">Winch</text:h><text:p>The winch is <text:span>oiled</text:span> in <text:a>May</text:a>.</text:p><text:h text:outline-level="2">Parts</text:h><text:list text:style-name="L"><text:list-item><text:p>drum</text:p></text:list-item><text:list-item><text:p>pawl</text:p></text:list-item></text:list><table:table>"#
            + row("Item", "Count") + row("Rope", "12") + row("Tar", "3")
            + "</table:table></office:text></office:body></office:document-content>"
        let bytes = ZipBuilder.archive([("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", content)])
        let document = try DocumentReaders.read(DocumentInput(name: "a.odt", bytes: bytes))
        #expect(document.text == Self.expected && DocumentReaders.detect(DocumentInput(name: "a", bytes: bytes)) == .odt)
    }

    @Test func `notes stand behind their paragraph and what is included is said`() throws {
        for (name, text) in [
            ("a.tex", "Oiled\\footnote{With grease.} in May.\n\n\\input{other}"),
            ("a.rst", "Oiled [1]_ in May.\n\n.. [1] With grease.\n\n.. include:: other\n"),
            ("a.org", "Oiled[fn:1] in May.\n\n[fn:1] With grease.\n#+INCLUDE: other\n"),
        ] {
            let document = try read(text, name)
            #expect(document.text == "Oiled in May.\n\nFootnote: With grease.\n", "\(name)")
            #expect(document.notices == ["the file that it includes was not read: other"], "\(name)")
        }
        #expect(
            try read(
                #"{\rtf1 Oiled{\footnote With grease.} in May.\par 10{\super 6} boats, \u8364? 5, \'e9t\'e9 {\v hidden}}"#,
                "a.rtf"
            ).text == "Oiled in May.\n\nFootnote: With grease.\n\n10^6 boats, € 5, été\n")
    }

    @Test func `formulas, accents and code of LaTeX`() throws {
        // pandoc, where it is installed, reads files of this kind in its place.
        let source =
            "\\begin{document}Of $10^6$ boats $\\frac{3}{4}$, \\'etait \\\"uber 5\\,\\% --- ``so''.\n\\begin{verbatim}\nlet a = 1 % kept\n\\end{verbatim}\n\\end{document}"
        let text = try Array(source.utf8).withView { try LaTeXReader.read($0, limits: ReaderLimits()) }.text
        #expect(text == "Of 10^6 boats 3/4, était über 5 % — \"so\".\n\nlet a = 1 % kept\n")
    }

    @Test func `sheets and slides in OpenDocument`() throws {
        let sheet =
            #"<office:document-content><style:style style:name="x"><style:table-properties table:display="false"/></style:style><office:body><office:spreadsheet><table:table table:name="Boats"><table:table-row><table:table-cell><text:p>Pier</text:p></table:table-cell><table:table-cell><text:p>Departs</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell table:number-rows-spanned="2"><text:p>East</text:p></table:table-cell><table:table-cell office:value-type="date" office:date-value="2024-03-05"><text:p>5.3.24</text:p></table:table-cell></table:table-row><table:table-row><table:covered-table-cell/><table:table-cell><text:p>09:40</text:p></table:table-cell><table:table-cell table:number-columns-repeated="16000"/></table:table-row><table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row></table:table><table:table table:name="Old" table:style-name="x"><table:table-row><table:table-cell><text:p>secret</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"#
        let document = try DocumentReaders.read(
            DocumentInput(
                name: "a.ods",
                bytes: ZipBuilder.archive([
                    ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", sheet),
                ])))
        #expect(document.text == "Pier: East; Departs: 2024-03-05\nPier: East; Departs: 09:40\n")
        #expect(document.notices == ["the hidden sheet Old was left out"] && document.marks.first?.kind == .part("Boats"))
        let slides =
            #"<office:document-content><office:body><office:presentation><draw:page><draw:frame presentation:class="title"><draw:text-box><text:p>Boats</text:p></draw:text-box></draw:frame><draw:frame><draw:text-box><text:p>The tern.</text:p></draw:text-box></draw:frame><presentation:notes><text:p>Say hello</text:p></presentation:notes></draw:page></office:presentation></office:body></office:document-content>"#
        let shown = try DocumentReaders.read(
            DocumentInput(
                name: "a.odp",
                bytes: ZipBuilder.archive([
                    ("mimetype", "application/vnd.oasis.opendocument.presentation"), ("content.xml", slides),
                ])))
        #expect(shown.text == "Boats\n\nThe tern.\n\nNotes: Say hello\n" && shown.headings == ["1 Boats"])
    }

    @Test func `hostile markup becomes a document that holds together`() throws {
        for (name, pieces) in [
            ("a.org", ["* ", "[[", "#+begin_src\n", ":a:\n", "| a\n", "[fn:"]),
            ("a.rst", [".. a::\n", "=== ===\n", "+--+\n", "`", ":a:`", "::\n\n "]),
            ("a.adoc", ["|===\n", "----\n", "a:b[", "<<", "[a]\n", "|a "]),
            ("a.tex", ["\\begin{tabular}", "\\footnote{", "{", "$", "\\item[", "\\section{", "\\'"]),
        ] {
            for piece in pieces {
                let text = "x\n" + String(repeating: piece, count: 20_000)
                // pandoc, where it is installed, would read LaTeX here, and is stopped when its time is up.
                let document =
                    name == "a.tex"
                    ? try? Array(text.utf8).withView { try LaTeXReader.read($0, limits: ReaderLimits()) } : try? read(text, name)
                if let document { DocumentInvariants.check(document, "\(name) \(piece)") }
            }
        }
        if let document = try? read("{\\rtf1 " + String(repeating: "{\\footnote ", count: 20_000), "a.rtf") {
            DocumentInvariants.check(document, "rtf")
        }
    }
}
