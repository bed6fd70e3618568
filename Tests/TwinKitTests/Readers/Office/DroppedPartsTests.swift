import Testing

@testable import TwinKit
@testable import TwinReaders
@testable import TwinSupport

/// What stands beside a document's text is read where it stands, or said.
@Suite struct DroppedPartsTests {
    private func read(_ parts: [(String, String)], _ name: String) throws -> ExtractedDocument {
        try DocumentReaders.read(DocumentInput(name: name, bytes: ZipBuilder.archive(parts)))
    }

    private func word(_ body: String, _ parts: [(String, String, String)] = [], styles: String = "") throws -> ExtractedDocument {
        let links = parts.enumerated().map {
            "<Relationship Id=\"r\($0.offset)\" Type=\"x/\($0.element.0)\" Target=\"\($0.element.1)\"/>"
        }
        return try read(
            [
                ("word/document.xml", "<w:document><w:body>\(body)</w:body></w:document>"),
                ("word/_rels/document.xml.rels", "<R>\(links.joined())</R>"),
                ("word/styles.xml", "<w:styles>\(styles)</w:styles>"),
            ]
                + parts.map { ("word/\($0.1)", $0.2) }, "a.docx")
    }

    private func paragraph(_ text: String) -> String { "<w:p><w:r><w:t>\(text)</w:t></w:r></w:p>" }

    @Test func `notes, comments, headers and pictures of a Word document`() throws {
        let document = try word(
            #"<w:p><w:r><w:t>The winch is oiled</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:t> in May.</w:t></w:r><w:r><w:endnoteReference w:id="1"/></w:r></w:p>"#
                + #"<w:p><w:r><w:t>It is old.</w:t></w:r><w:r><w:commentReference w:id="0"/></w:r></w:p>"#
                + #"<w:p><w:r><w:drawing><wp:inline><wp:docPr id="1" descr="The pier at dawn"/></wp:inline></w:drawing></w:r></w:p>"#,
            [
                (
                    "footnotes", "footnotes.xml",
                    #"<w:footnotes><w:footnote w:id="0" w:type="separator"><w:p/></w:footnote><w:footnote w:id="2">"#
                        + paragraph("With grease.") + "</w:footnote></w:footnotes>"
                ),
                (
                    "endnotes", "endnotes.xml",
                    #"<w:endnotes><w:endnote w:id="1">"# + paragraph("After the rain.") + "</w:endnote></w:endnotes>"
                ),
                (
                    "comments", "comments.xml",
                    #"<w:comments><w:comment w:id="0" w:author="Ivy">"# + paragraph("Is it?") + "</w:comment></w:comments>"
                ),
                ("header", "header1.xml", "<w:hdr>" + paragraph("Manual, edition 7") + "</w:hdr>"),
                ("footer", "footer1.xml", "<w:ftr>" + paragraph("3") + "</w:ftr>"),
            ])
        #expect(
            document.text
                == "The winch is oiled in May.\n\nFootnote: With grease.\n\nEndnote: After the rain.\n\nIt is old.\n\nComment by Ivy: Is it?\n\n[Picture: The pier at dawn]\n\nPage header: Manual, edition 7\n"
        )
    }

    @Test func `a Word document reads as it shows`() throws {
        let box = try word(
            "<w:p><w:r><w:t>The sentence begins </w:t></w:r><w:r><w:pict><v:textbox><w:txbxContent>" + paragraph("A box.")
                + "</w:txbxContent></v:textbox></w:pict></w:r><w:r><w:t>and ends here.</w:t></w:r></w:p>")
        #expect(box.text == "The sentence begins and ends here.\n\nA box.\n")
        let changed = try word(
            #"<w:p><w:pPr><w:pStyle w:val="N"/><w:pPrChange><w:pPr><w:pStyle w:val="H"/></w:pPr></w:pPrChange></w:pPr><w:r><w:rPr><w:vanish/></w:rPr><w:t>Secret.</w:t></w:r><w:r><w:t>Just prose.</w:t></w:r></w:p>"#,
            styles:
                #"<w:style w:styleId="H"><w:name w:val="heading 1"/></w:style><w:style w:styleId="N"><w:name w:val="Normal"/></w:style>"#
        )
        #expect(changed.text == "Just prose.\n" && changed.headings.isEmpty)
        #expect(changed.notices == ["hidden text was left out (1 places)"])
    }

    private static let chart =
        #"<c:chartSpace><c:chart><c:title><a:p><a:r><a:t>Landings</a:t></a:r></a:p></c:title><c:ser><c:tx><c:pt idx="0"><c:v>Cod</c:v></c:pt></c:tx><c:cat><c:pt idx="0"><c:v>2023</c:v></c:pt><c:pt idx="1"><c:v>2024</c:v></c:pt></c:cat><c:val><c:pt idx="0"><c:v>12</c:v></c:pt><c:pt idx="1"><c:v>15</c:v></c:pt></c:val></c:ser></c:chart></c:chartSpace>"#

    @Test func `charts, diagrams, pictures and hidden slides`() throws {
        let slide =
            #"<p:sld><p:sp><p:txBody><a:p><a:r><a:t>Boats</a:t></a:r></a:p></p:txBody></p:sp><p:graphicFrame><c:chart r:id="c"/></p:graphicFrame><p:graphicFrame><dgm:relIds r:dm="d"/></p:graphicFrame><p:pic><p:cNvPr descr="The tern"/></p:pic></p:sld>"#
        let document = try read(
            [
                ("ppt/presentation.xml", #"<p><sldIdLst><sldId r:id="r1"/><sldId r:id="r2"/></sldIdLst></p>"#),
                (
                    "ppt/_rels/presentation.xml.rels",
                    #"<R><Relationship Id="r1" Type="x/slide" Target="s1.xml"/><Relationship Id="r2" Type="x/slide" Target="s2.xml"/></R>"#
                ),
                ("ppt/s1.xml", slide),
                ("ppt/s2.xml", #"<p:sld show="0"><p:sp><a:p><a:r><a:t>Draft</a:t></a:r></a:p></p:sp></p:sld>"#),
                (
                    "ppt/_rels/s1.xml.rels",
                    #"<R><Relationship Id="c" Type="x/chart" Target="c.xml"/><Relationship Id="d" Type="x/diagramData" Target="d.xml"/></R>"#
                ),
                ("ppt/c.xml", Self.chart),
                ("ppt/d.xml", "<dgm:ptLst><dgm:pt><dgm:t><a:p><a:r><a:t>Oil</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:ptLst>"),
            ], "a.pptx")
        #expect(document.text == "Boats\n\nChart: Landings\n2023; Cod: 12\n2024; Cod: 15\n\n- Oil\n\n[Picture: The tern]\n")
        #expect(document.notices == ["hidden slides were left out: 2"])
    }

    @Test func `comments, formulas without a result, and errors of a sheet`() throws {
        let document = try read(
            [
                ("xl/workbook.xml", #"<workbook><sheets><sheet name="A" r:id="r1"/></sheets></workbook>"#),
                ("xl/_rels/workbook.xml.rels", #"<R><Relationship Id="r1" Type="x/worksheet" Target="a.xml"/></R>"#),
                (
                    "xl/a.xml",
                    #"<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>Item</v></c><c r="B1" t="str"><v>Count</v></c></row><row r="2"><c r="A2" t="str"><v>Rope</v></c><c r="B2"><f>SUM(C1,C2)</f></c></row><row r="3"><c r="A3" t="str"><v>Tar</v></c><c r="B3" t="e"><f>1/0</f><v>#DIV/0!</v></c></row></sheetData></worksheet>"#
                ),
                ("xl/_rels/a.xml.rels", #"<R><Relationship Id="c" Type="x/comments" Target="c.xml"/></R>"#),
                (
                    "xl/c.xml",
                    #"<comments><authors><author>Ivy</author></authors><comment ref="A2" authorId="0"><text><r><t>Only blue.</t></r></text></comment></comments>"#
                ),
            ], "a.xlsx")
        #expect(document.text == "Item: Rope; Count: =SUM(C1,C2)\nItem: Tar\n\nComment on A2 by Ivy: Only blue.\n")
        #expect(document.notices.count == 2 && document.notices[0].hasPrefix("1 formulas have no stored result"))
    }

    @Test func `pictures of pages and notes of books say what they show`() throws {
        let page = try DocumentReaders.read(
            DocumentInput(
                name: "a.html",
                bytes: Array(#"<p>See <img src=a.png alt="the pier at dawn"> here.<img alt="a.png"><p>Good <img alt="👍">"#.utf8)))
        #expect(page.text == "See [Picture: the pier at dawn] here.\n\nGood 👍\n")
        let aside = try DocumentReaders.read(
            DocumentInput(
                name: "a.html",
                bytes: Array(#"<p>Text.</p><aside epub:type="footnote">A note.</aside><aside>An advertisement.</aside>"#.utf8)))
        #expect(aside.text == "Text.\n\nA note.\n")
    }
}
