import Testing

@testable import TwinReaders
@testable import TwinSupport

/// Values stand under their own names, or under none.
@Suite struct TableTests {
    private func rows(_ document: ExtractedDocument) -> [String] { document.text.split(separator: "\n").map(String.init) }
    private func csv(_ text: String) throws -> [String] { rows(try read(text, "a.csv")) }
    private func html(_ table: String) throws -> [String] {
        rows(try read("<!doctype html><body><table>\(table)</table>", "a.html"))
    }

    // MARK: Which row names the columns

    @Test func `a title above the names is no name`() throws {
        #expect(try csv("Customers\n\nName,City\nIvy,Oslo\n") == ["Customers", "Name: Ivy; City: Oslo"])
        #expect(try csv("Customers,,\n,,\nName,City,Phone\nIvy,Oslo,12\n") == ["Customers", "Name: Ivy; City: Oslo; Phone: 12"])
        #expect(try csv("Customers 2024\nName,City\nIvy,Oslo\n") == ["Customers 2024", "Name: Ivy; City: Oslo"])
    }

    @Test func `years and repeated names are names where other values stand below`() throws {
        #expect(
            try csv("Item,2024,2025\nRope,12,15\nTar,3,4\n") == ["Item: Rope; 2024: 12; 2025: 15", "Item: Tar; 2024: 3; 2025: 4"])
        #expect(try csv("Item,2023/24,2024/25\nRope,12,15\n") == ["Item: Rope; 2023/24: 12; 2024/25: 15"])
        #expect(try csv("Name,Phone,Phone\nIvy,555-1,555-2\n") == ["Name: Ivy; Phone: 555-1; Phone: 555-2"])
        // Who was where from when to when: no names at all.
        #expect(try csv("Ivy,2019,2021\nBob,2020,2024\n") == ["Ivy; 2019; 2021", "Bob; 2020; 2024"])
        #expect(try csv("yes,no,yes\nno,no,yes\n") == ["yes; no; yes", "no; no; yes"])
    }

    @Test func `a long question is a name of short answers`() throws {
        let question = "How satisfied are you with the opening hours of the harbour office, all in all, on a scale from 1 to 5?"
        #expect(try csv("Who,\"\(question)\"\nIvy,4\nBob,2\n") == ["Who: Ivy; \(question): 4", "Who: Bob; \(question): 2"])
    }

    @Test func `a list of places has no name, one of numbers under a word has`() throws {
        #expect(try csv("Oslo\nBergen\nMoss\n") == ["Oslo", "Bergen", "Moss"])
        #expect(try csv("Weight\n12\n15\n") == ["Weight: 12", "Weight: 15"])
    }

    @Test func `a second table has names of its own, and a gap in a table changes nothing`() throws {
        #expect(
            try csv("Item,Count\nRope,12\n\nName,City,Since\nIvy,Oslo,2019\n")
                == ["Item: Rope; Count: 12", "Name: Ivy; City: Oslo; Since: 2019"])
        #expect(try csv("Item,Count\nRope,12\n\nTar,3\n") == ["Item: Rope; Count: 12", "Item: Tar; Count: 3"])
        #expect(try csv("Name,City\nIvy,Oslo\n\nBob,Moss\n") == ["Name: Ivy; City: Oslo", "Name: Bob; City: Moss"])
        #expect(
            try csv("Item,Count\nRope,12\nTar,3\n\nMaster,Boat\nIvy,Tern\n")
                == ["Item: Rope; Count: 12", "Item: Tar; Count: 3", "Master: Ivy; Boat: Tern"])
    }

    @Test func `the header of a long table is found, and every row keeps its names`() throws {
        let body = (1...500).map { "\($0),name\($0)" }.joined(separator: "\n")
        let found = try csv("No,Who\n\(body)\n")
        #expect(found.count == 500 && found.first == "No: 1; Who: name1" && found.last == "No: 500; Who: name500")
    }

    // MARK: The grid

    @Test func `a cell over several rows or columns is in each of them`() throws {
        #expect(
            try html("<tr><th>Pier<th>Departs<th>Master<tr><td rowspan=2>East<td>07:10<td>Nkemelu<tr><td>09:40<td>Sorensen")
                == ["Pier: East; Departs: 07:10; Master: Nkemelu", "Pier: East; Departs: 09:40; Master: Sorensen"])
        #expect(
            try html("<tr><th>Day<th>Morning<th>Evening<tr><td>Mon<td colspan=2>closed<tr><td>Tue<td>9<td>17")
                == ["Day: Mon; Morning: closed; Evening: closed", "Day: Tue; Morning: 9; Evening: 17"])
        // The last column from above, and rows without any cell of their own.
        #expect(
            try html("<tr><th>A<th>B<tr><td>1<td rowspan=3>x<tr><td>2<tr><td>3")
                == ["A: 1; B: x", "A: 2; B: x", "A: 3; B: x"])
        #expect(
            try html("<tr><th>A<th>B<th>C<tr><td rowspan=2 colspan=2>x<td>1<tr><td>2") == [
                "A: x; B: x; C: 1", "A: x; B: x; C: 2",
            ])
    }

    @Test func `two rows of names are joined`() throws {
        #expect(
            try html(
                "<tr><th rowspan=2>Item<th colspan=2>2024<th>2025<tr><th>Q1<th>Q2<th>Q1<tr><td>Rope<td>1<td>2<td>3")
                == ["Item: Rope; 2024 Q1: 1; 2024 Q2: 2; 2025 Q1: 3"])
        #expect(
            try html("<tr><th colspan=2>Timetable<tr><th>Pier<th>Departs<tr><td>East<td>07:10") == [
                "Timetable", "Pier: East; Departs: 07:10",
            ])
    }

    @Test func `a table without names gets none by guessing`() throws {
        #expect(try html("<tr><td>East<td>Nkemelu<tr><td>West<td>Sorensen") == ["East; Nkemelu", "West; Sorensen"])
        #expect(try html("<tr><th>Weight<td>3 kg<tr><th>Colour<td>red") == ["Weight: 3 kg", "Colour: red"])
        #expect(
            try html("<tr><td>Pier<td>Boats<tr><td>East<td>3<tr><td>West<td>5") == [
                "Pier: East; Boats: 3", "Pier: West; Boats: 5",
            ])
    }

    @Test func `a table inside of a cell stays in it`() throws {
        #expect(
            try html("<tr><th>Pier<th>Boats<tr><td>East<td><table><tr><td>Tern<td>Gull</table><tr><td>West<td>Skua")
                == ["Pier: East; Boats: Tern; Gull", "Pier: West; Boats: Skua"])
    }

    @Test func `spans without measure cost neither memory nor time`() throws {
        let cell = "<td rowspan=65534 colspan=1000>x"
        let document = try read(
            "<!doctype html><table><tr><th>A<th>B" + String(repeating: "<tr>" + cell, count: 2000) + "</table>", "a.html")
        #expect(document.text.utf8.count < 4 << 20)
    }

    @Test func `merged cells of documents are filled`() throws {
        func cell(_ text: String, _ properties: String = "") -> String {
            "<w:tc><w:tcPr>\(properties)</w:tcPr><w:p><w:r><w:t>\(text)</w:t></w:r></w:p></w:tc>"
        }
        let table =
            "<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr>\(cell("Pier"))\(cell("Departs"))\(cell("Master"))</w:tr>"
            + "<w:tr>\(cell("East", #"<w:vMerge w:val="restart"/>"#))\(cell("07:10"))\(cell("Nkemelu"))</w:tr>"
            + "<w:tr>\(cell("", "<w:vMerge/>"))\(cell("closed", #"<w:gridSpan w:val="2"/>"#))</w:tr>"
            + #"<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>"# + cell("09:40") + cell("Sorensen") + "</w:tr></w:tbl>"
        let bytes = ZipBuilder.archive([("word/document.xml", "<w:document><w:body>\(table)</w:body></w:document>")])
        let document = try DocumentReaders.read(DocumentInput(name: "a.docx", bytes: bytes))
        #expect(
            rows(document) == [
                "Pier: East; Departs: 07:10; Master: Nkemelu", "Pier: East; Departs: closed; Master: closed",
                "Departs: 09:40; Master: Sorensen",
            ])
    }

    private func sheet(_ rows: [[String?]], merges: [String] = [], styles: String? = nil) throws -> [String] {
        var xml = "<worksheet><sheetData>"
        for (number, row) in rows.enumerated() where !row.isEmpty {
            xml += "<row r=\"\(number + 1)\">"
            for (column, value) in row.enumerated() {
                guard let value else { continue }
                let name = "\(Character(Unicode.Scalar(UInt8(65 + column))))\(number + 1)"
                xml +=
                    Double(value) == nil
                    ? "<c r=\"\(name)\" t=\"str\"><v>\(value)</v></c>" : "<c r=\"\(name)\"><v>\(value)</v></c>"
            }
            xml += "</row>"
        }
        xml += "</sheetData>"
        if !merges.isEmpty { xml += "<mergeCells>" + merges.map { "<mergeCell ref=\"\($0)\"/>" }.joined() + "</mergeCells>" }
        let bytes = ZipBuilder.archive([
            ("xl/workbook.xml", #"<workbook><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>"#),
            ("xl/_rels/workbook.xml.rels", #"<R><Relationship Id="r1" Type="x/worksheet" Target="worksheets/a.xml"/></R>"#),
            ("xl/worksheets/a.xml", xml + "</worksheet>"),
        ])
        return self.rows(try DocumentReaders.read(DocumentInput(name: "a.xlsx", bytes: bytes)))
    }

    @Test func `merged ranges of sheets are filled, and a title over all columns stays one`() throws {
        #expect(
            try sheet(
                [
                    ["Harbour", nil, nil], ["Pier", "Departs", "Master"], ["East", "07:10", "Nkemelu"],
                    [nil, "09:40", "Sorensen"],
                ],
                merges: ["A1:C1", "A3:A4"])
                == ["Harbour", "Pier: East; Departs: 07:10; Master: Nkemelu", "Pier: East; Departs: 09:40; Master: Sorensen"])
        #expect(
            try sheet(
                [["Item", "2024", nil, "2025"], [nil, "Q1", "Q2", "Q1"], ["Rope", "1", "2", "3"], ["Tar", "4", "5", "6"]],
                merges: ["A1:A2", "B1:C1"])
                == ["Item: Rope; 2024 Q1: 1; 2024 Q2: 2; 2025 Q1: 3", "Item: Tar; 2024 Q1: 4; 2024 Q2: 5; 2025 Q1: 6"])
    }

    @Test func `a second table in a sheet has names of its own`() throws {
        #expect(
            try sheet([["Item", "Count"], ["Rope", "12"], [], ["Name", "City", "Age"], ["Ivy", "Oslo", "40"]])
                == ["Item: Rope; Count: 12", "Name: Ivy; City: Oslo; Age: 40"])
    }
}
