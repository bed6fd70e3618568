import Testing

@testable import TwinReaders
@testable import TwinSupport

/// Numbers say what they say in the program that they were written in.
@Suite struct NumberTests {
    private func html(_ text: String) throws -> String {
        try read("<!doctype html><body><p>\(text)</p>", "a.html").text.trimmedText
    }

    @Test(arguments: [
        ("10<sup>6</sup> cells", "10^6 cells"), ("10<sup>-3</sup> m", "10^-3 m"), ("5 m<sup>2</sup>", "5 m^2"),
        ("(a+b)<sup>n</sup>", "(a+b)^n"), ("the 1<sup>st</sup> of May", "the 1st of May"), ("H<sub>2</sub>O", "H2O"),
        ("as said<sup><a href='#n1'>1</a></sup>.", "as said[1]."), ("as said<sup><a href='#n1'>[1]</a></sup>.", "as said[1]."),
        ("<sup>3</sup>&frasl;<sub>4</sub> cup", "3\u{2044}4 cup"), ("&frac34; cup", "\u{BE} cup"),
        ("<math><mfrac><mn>3</mn><mn>4</mn></mfrac></math> cup", "3/4 cup"),
        ("so <math><mi>E</mi><mo>=</mo><mi>m</mi><msup><mi>c</mi><mn>2</mn></msup></math> holds", "so E=mc^2 holds"),
        ("<math><mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></mfrac></math>", "(a+b)/2"),
        ("<math><msub><mi>x</mi><mn>1</mn></msub><annotation>x_1</annotation></math>", "x_1"),
        ("<math><msqrt><mi>x</mi><mo>+</mo><mn>1</mn></msqrt></math>", "\u{221A}(x+1)"),
    ])
    func `powers, fractions and formulas keep their value`(_ markup: String, _ text: String) throws {
        #expect(try html(markup) == text)
    }

    @Test func `powers in Markdown and in documents`() throws {
        #expect(
            try read("About 10<sup>6</sup> cells, the 1<sup>st</sup> time.\n", "a.md").text == "About 10^6 cells, the 1st time.\n"
        )
        let body =
            "<w:p><w:r><w:t>About 10</w:t></w:r><w:r><w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr><w:t>6</w:t></w:r><w:r><w:t> cells and </w:t></w:r>"
            + "<m:oMath><m:f><m:num><m:r><m:t>3</m:t></m:r></m:num><m:den><m:r><m:t>4</m:t></m:r></m:den></m:f></m:oMath><w:r><w:t> of a cup, </w:t></w:r>"
            + "<m:oMath><m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath></w:p>"
        let bytes = ZipBuilder.archive([("word/document.xml", "<w:document><w:body>\(body)</w:body></w:document>")])
        let document = try DocumentReaders.read(DocumentInput(name: "a.docx", bytes: bytes))
        #expect(document.text == "About 10^6 cells and 3/4 of a cup, (a+b)/2\n")
    }

    private func shown(_ value: String, _ code: String, builtIn: Int? = nil, uses1904: Bool = false) throws -> String {
        var formats = CellFormats()
        formats.uses1904 = uses1904
        let escaped = code.replacing("&", with: "&amp;").replacing("\"", with: "&quot;")
        try formats.read(
            Array(
                "<s><numFmts><numFmt numFmtId=\"170\" formatCode=\"\(escaped)\"/></numFmts><cellXfs><xf numFmtId=\"\(builtIn ?? 170)\"/></cellXfs></s>"
                    .utf8), limits: ReaderLimits())
        return formats.text(value, style: 0)
    }

    @Test(arguments: [
        ("1.5625", "[h]:mm", "37:30"), ("1.5625", "[h]:mm:ss", "37:30"), ("-0.5", "[h]:mm", "-12:00"),
        ("0.0208333333333333", "[mm]", "0:30"),
        ("12", "0 \"USD\"", "12 USD"), ("12.5", "\"USD\" 0.00", "USD 12.50"), ("12", "[$€-407] #,##0", "€ 12"),
        ("12", "$#,##0.00", "$12"),
        ("12", "0\\ \\k\\g", "12 kg"), ("5000000", "0.0,,\"M\"", "5M"), ("12", "#,##0.00", "12"), ("12", "(0);-0", "12"),
        ("12", "General", "12"), ("0.125", "0.0%", "12.5%"), ("12", "0_);(0)", "12"),
        ("45356.5", "yyyy-mm-dd hh:mm", "2024-03-05 12:00"), ("0.5", "h:mm", "12:00"), ("41", "yyyy-mm-dd", "1900-02-10"),
        ("60", "yyyy-mm-dd", "1900-02-29"), ("61", "yyyy-mm-dd", "1900-03-01"), ("1", "d/m/yy", "1900-01-01"),
        // Zeros, fractions and signs that are part of what is said.
        ("19.9", "0.00", "19.90"), ("-1234.5", "#,##0.00;(#,##0.00)", "-1234.50"), ("1730", "00000", "01730"),
        ("5551234", "000\\-0000", "555-1234"), ("12345678", "000\\-00\\-0000", "012-34-5678"),
        ("5551234567", "(000) 000\\-0000", "(555) 123-4567"), ("1234567", "#\\ ##0", "1234567"), ("0.75", "# ?/?", "3/4"),
        ("2.3125", "# ??/16", "2 5/16"), ("-1.5", "# ?/?", "-1 1/2"), ("1.5", "?/?", "3/2"), ("0.123", "# ?/?", "0.123"),
        ("3", "# ?/?", "3"),
        ("0.0625", "[mm]:ss", "90:00"), ("0.001", "[ss]", "86"), ("5", "\"Item \"0", "Item 5"), ("1500", "0.0,\"K\"", "1.5K"),
        ("-1e300", "h:mm", "-1e+300"), ("1e308", "0%", "1e308"), ("45356.9999999", "yyyy-mm-dd hh:mm", "2024-03-06"),
    ])
    func `a cell says what its workbook shows`(_ value: String, _ code: String, _ text: String) throws {
        #expect(try shown(value, code) == text, "\(code)")
    }

    @Test func `hours of the format that every program knows go past the day`() throws {
        #expect(try shown("1.5625", "General", builtIn: 46) == "37:30")
        #expect(try shown("41", "yyyy-mm-dd", uses1904: true) == "1904-02-11")
    }

    @Test func `JSON numbers stay as they were written`() throws {
        let text = try read(
            #"[{"price":19.90,"id":12345678901234567890123,"small":1e-7,"count":3,"none":NaN,"much":-Infinity}]"#, "a.json"
        ).text
        #expect(text == "price: 19.90\nid: 12345678901234567890123\nsmall: 1e-7\ncount: 3\nnone: NaN\nmuch: -Infinity\n")
        #expect(try read("{\"a\":1.50}\n{\"a\":NaN}\n", "a.jsonl").text == "a: 1.50\n\na: NaN\n")
        #expect(throws: JSONError.self) { try JSONParser.parse("[NaN]") }
    }
}
