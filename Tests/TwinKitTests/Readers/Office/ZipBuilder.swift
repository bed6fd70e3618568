@testable import TwinKit
@testable import TwinSupport

/// Writes small archives for tests: members stored, or with a packed form that the test supplies.
struct ZipBuilder {
    private var bytes: [UInt8] = []
    private var directory: [UInt8] = []
    private var count = 0

    private static func number(_ value: Int, _ size: Int) -> [UInt8] {
        (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    mutating func add(_ name: String, _ text: String) { add(name, Array(text.utf8)) }

    /// `packed` with method 8 stands for `content`; the sizes in the directory may be made to lie.
    mutating func add(_ name: String, _ content: [UInt8], packed: [UInt8]? = nil, claimedSize: Int? = nil, offset: Int? = nil) {
        let data = packed ?? content
        let checksum = Int(content.withView { Zlib.crc32($0) } ?? 0)
        let common =
            Self.number(0, 2) + Self.number(packed == nil ? 0 : 8, 2) + Self.number(0, 4) + Self.number(checksum, 4)
            + Self.number(data.count, 4) + Self.number(claimedSize ?? content.count, 4) + Self.number(name.utf8.count, 2)
            + Self.number(0, 2)
        directory +=
            Array("PK\u{1}\u{2}".utf8) + Self.number(20, 2) + Self.number(20, 2) + common + Self.number(0, 10)
            + Self.number(offset ?? bytes.count, 4) + Array(name.utf8)
        bytes += Array("PK\u{3}\u{4}".utf8) + Self.number(20, 2) + common + Array(name.utf8) + data
        count += 1
    }

    func finished(claimedCount: Int? = nil) -> [UInt8] {
        bytes + directory + Array("PK\u{5}\u{6}".utf8) + Self.number(0, 4) + Self.number(claimedCount ?? count, 2)
            + Self.number(claimedCount ?? count, 2)
            + Self.number(directory.count, 4) + Self.number(bytes.count, 4) + Self.number(0, 2)
    }

    static func archive(_ members: [(String, String)]) -> [UInt8] {
        var builder = ZipBuilder()
        for member in members { builder.add(member.0, member.1) }
        return builder.finished()
    }
}

/// Minimal documents of every container format.
enum Samples {
    static let docx = ZipBuilder.archive([
        (
            "_rels/.rels",
            #"<Relationships><Relationship Id="rId1" Type="http://x/officeDocument" Target="word/document.xml"/></Relationships>"#
        ),
        (
            "word/document.xml",
            """
            <?xml version="1.0"?><w:document xmlns:w="w"><w:body><w:p><w:pPr><w:pStyle w:val="H1"/></w:pPr><w:r><w:t>Soil</w:t></w:r></w:p>\
            <w:p><w:r><w:t xml:space="preserve">Rye </w:t></w:r><w:r><w:t>&amp; oats</w:t></w:r><w:del><w:r><w:t>gone</w:t></w:r></w:del></w:p>\
            <w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>dig</w:t></w:r></w:p>\
            <w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>sow</w:t></w:r></w:p>\
            <w:p><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="2"/></w:numPr></w:pPr><w:r><w:t>dot</w:t></w:r></w:p>\
            <w:tbl><w:tr><w:tc><w:p><w:r><w:t>Plant</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Depth</w:t></w:r></w:p></w:tc></w:tr>\
            <w:tr><w:tc><w:p><w:r><w:t>Rye</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>3</w:t></w:r></w:p><w:p><w:r><w:t>cm</w:t></w:r></w:p></w:tc></w:tr></w:tbl>\
            <w:p><w:r><w:t>End</w:t><w:br/><w:t>line</w:t></w:r></w:p></w:body></w:document>
            """
        ),
        ("word/styles.xml", #"<w:styles><w:style w:styleId="H1"><w:name w:val="heading 1"/></w:style></w:styles>"#),
        (
            "word/numbering.xml",
            #"<w:numbering><w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num></w:numbering>"#
        ),
        (
            "docProps/core.xml",
            "<cp:coreProperties><dc:title>The Field</dc:title><dc:creator>Ada</dc:creator><dcterms:created>2024-01-02T03:04:05Z</dcterms:created></cp:coreProperties>"
        ),
    ])

    static let pptx = ZipBuilder.archive([
        (
            "ppt/presentation.xml",
            #"<p:presentation><p:sldIdLst><p:sldId id="256" r:id="r2"/><p:sldId id="257" r:id="r1"/></p:sldIdLst></p:presentation>"#
        ),
        (
            "ppt/_rels/presentation.xml.rels",
            #"<Relationships><Relationship Id="r1" Type="x/slide" Target="slides/s1.xml"/><Relationship Id="r2" Type="x/slide" Target="slides/s2.xml"/></Relationships>"#
        ),
        (
            "ppt/slides/s1.xml",
            #"<p:sld><p:sp><p:nvPr><p:ph type="body"/></p:nvPr><a:p><a:r><a:t>One</a:t></a:r></a:p><a:p><a:pPr lvl="1"/><a:r><a:t>Two</a:t></a:r></a:p></p:sp><p:sp><p:nvPr><p:ph type="title"/></p:nvPr><a:p><a:r><a:t>Second</a:t></a:r></a:p></p:sp></p:sld>"#
        ),
        (
            "ppt/slides/_rels/s1.xml.rels",
            #"<Relationships><Relationship Id="n" Type="x/notesSlide" Target="../notesSlides/n1.xml"/></Relationships>"#
        ),
        (
            "ppt/notesSlides/n1.xml",
            #"<p:notes><p:sp><p:nvPr><p:ph type="sldNum"/></p:nvPr><a:p><a:t>2</a:t></a:p></p:sp><p:sp><p:nvPr><p:ph type="body"/></p:nvPr><a:p><a:t>Say hello</a:t></a:p></p:sp></p:notes>"#
        ),
        (
            "ppt/slides/s2.xml",
            #"<p:sld><p:sp><p:nvPr><p:ph type="ctrTitle"/></p:nvPr><a:p><a:t>First</a:t></a:p></p:sp></p:sld>"#
        ),
    ])

    static let xlsx = ZipBuilder.archive([
        (
            "xl/workbook.xml",
            #"<workbook><sheets><sheet name="Beds" sheetId="1" r:id="r1"/><sheet name="Secret" sheetId="2" state="hidden" r:id="r2"/></sheets></workbook>"#
        ),
        (
            "xl/_rels/workbook.xml.rels",
            #"<Relationships><Relationship Id="r1" Type="x/worksheet" Target="/xl/worksheets/a.xml"/></Relationships>"#
        ),
        ("xl/sharedStrings.xml", "<sst><si><t>Plant</t></si><si><r><t>So</t></r><r><t>wn</t></r></si><si><t>Rye</t></si></sst>"),
        (
            "xl/styles.xml",
            #"<styleSheet><numFmts><numFmt numFmtId="170" formatCode="yyyy\-mm\-dd hh:mm"/></numFmts><cellStyleXfs><xf numFmtId="0"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="10"/><xf numFmtId="170"/></cellXfs></styleSheet>"#
        ),
        (
            "xl/worksheets/a.xml",
            #"""
            <worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>My beds</t></is></c></row>
            <row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" t="s"><v>1</v></c><c r="D3" t="str"><v>Share</v></c></row>
            <row r="4"><c r="A4" t="s"><v>2</v></c><c r="B4" s="1"><v>45356</v></c><c r="C4"><v>0.30000000000000004</v></c><c r="D4" s="2"><v>0.125</v></c></row>
            <row r="5"><c r="B5" s="3"><v>45356.5</v></c><c r="D5" t="b"><v>1</v></c></row></sheetData></worksheet>
            """#
        ),
    ])

    static let epub = ZipBuilder.archive([
        ("mimetype", "application/epub+zip"),
        ("META-INF/container.xml", #"<container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>"#),
        (
            "OPS/book.opf",
            #"<package><metadata><dc:title>Field Book</dc:title><dc:creator>Ada</dc:creator><dc:language>en</dc:language><dc:date>2020-05-06</dc:date></metadata><manifest><item id="n" href="nav.xhtml" properties="nav"/><item id="b" href="text/two%20b.xhtml"/><item id="a" href="text/one.xhtml"/></manifest><spine><itemref idref="n"/><itemref idref="a"/><itemref idref="b"/></spine></package>"#
        ),
        ("OPS/nav.xhtml", ##"<html><body><nav><ol><li><a href="text/one.xhtml#x">Rain</a></li></ol></nav></body></html>"##),
        ("OPS/text/one.xhtml", "<html><head><title>t</title></head><body><h1>About Rain</h1><p>It rains.</p></body></html>"),
        ("OPS/text/two b.xhtml", "<html><body><h2>Sun</h2><p>It shines.</p></body></html>"),
    ])
}
