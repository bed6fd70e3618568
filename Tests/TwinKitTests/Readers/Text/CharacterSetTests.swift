import Testing

@testable import TwinReaders
@testable import TwinSupport

@Suite struct CharacterSetTests {
    private func decode(_ bytes: [UInt8], _ charset: String?) -> String {
        TextDecoding.decode(bytes, charset: charset).bytes.string
    }

    /// Bytes that only the larger set holds that the name stands for.
    @Test(
        arguments: [
            ("gb2312", [0x81 as UInt8, 0x40], "丂"), ("GB_2312-80", [0xD6, 0xD0], "中"), ("shift_jis", [0x87, 0x40], "①"),
            ("x-sjis", [0x93, 0xFA, 0x96, 0x7B], "日本"), ("euc-kr", [0x81, 0x41], "갂"), ("ks_c_5601-1987", [0xC7, 0xD1], "한"),
            ("iso-8859-9", [0x80, 0xFE], "€ş"), ("latin5", [0xFD], "ı"), ("iso-8859-2", [0xB3], "ł"),
            ("koi8-r", [0xCD, 0xC9, 0xD2], "мир"),
            ("iso-8859-1", [0x93, 0xFC, 0x94], "\u{201C}ü\u{201D}"), ("big5", [0xA4, 0xA4], "中"),
            ("x-cp1251", [0xEC, 0xE8, 0xF0], "мир"),
            ("euc-jp", [0xC6, 0xFC, 0xCB, 0xDC], "日本"), ("tis-620", [0xA1], "ก"), ("macintosh", [0x8A], "ä"),
        ] as [(String, [UInt8], String)])
    func `a name means the set that is written under it`(_ label: String, _ bytes: [UInt8], _ text: String) {
        #expect(decode(bytes + [0x2E], label) == text + ".")
        #expect(TextDecoding.isKnown(label))
    }

    @Test func `escape sequences of Japanese mail are read, said or not`() {
        let bytes = Array("Kaisha: \u{1B}$B2q<R\u{1B}(B.".utf8)
        #expect(decode(bytes, "iso-2022-jp") == "Kaisha: 会社.")
        #expect(decode(bytes, nil) == "Kaisha: 会社.")
        // Colours of a terminal are no Japanese.
        #expect(decode(Array("\u{1B}[31mred\u{1B}[0m".utf8), nil) == "red")
    }

    @Test func `UTF-16 is known by its looks`() throws {
        for bigEndian in [false, true] {
            let bytes = "Die Fähre fährt um acht.\n".utf16.flatMap { unit -> [UInt8] in
                let pair = [UInt8(unit >> 8), UInt8(unit & 0xFF)]
                return bigEndian ? pair : pair.reversed()
            }
            #expect(decode(bytes, nil) == "Die Fähre fährt um acht.\n")
            let document = try DocumentReaders.read(DocumentInput(name: "a.txt", bytes: bytes))
            #expect(document.text == "Die Fähre fährt um acht.\n")
        }
        #expect(throws: ReadFailure.self) {
            try DocumentReaders.read(DocumentInput(name: "a", bytes: Array(repeating: 0, count: 400)))
        }
    }

    @Test func `what a person states wins, and what cannot be decoded is said`() throws {
        var input = DocumentInput(name: "a.txt", bytes: [0x95, 0x5C, 0x8E, 0xA6, 0x0A])
        input.charset = "shift_jis"
        #expect(try DocumentReaders.read(input).text == "表示\n")
        // Bytes that are UTF-8 as well.
        input = DocumentInput(name: "a.txt", bytes: [0xC3, 0xA9, 0x0A])
        input.charset = "windows-1252"
        #expect(try DocumentReaders.read(input).text == "Ã©\n")
        input = DocumentInput(name: "a.txt", bytes: Array("plain ".utf8) + [0x93, 0xFA, 0x81] + Array(" words of text\n".utf8))
        input.charset = "shift_jis"
        let damaged = try DocumentReaders.read(input)
        #expect(damaged.notices.contains { $0.contains("shift_jis were replaced") }, "\(damaged.notices)")
        #expect(TextDecoding.decode([0x41, 0xE9], charset: "no-such-set").notice?.contains("'no-such-set' is not known") == true)
        #expect(!TextDecoding.isKnown("no-such-set") && !TextDecoding.isKnown(""))
    }

    @Test func `a character cut between two encoded words is whole again`() throws {
        let mail = try read(
            "From: a@example.org\nSubject: =?utf-8?Q?K=C3?= =?utf-8?Q?=BCche?=\n =?iso-8859-1?Q?_f=FCr_zwei?=\n\nText.\n", "a.eml"
        )
        #expect(mail.title == "Küche für zwei")
        #expect(try read("From: a@example.org\nSubject: =?UTF-8?B?w?= =?UTF-8?B?vA==?= x\n\nText.\n", "a.eml").title != nil)
    }

    @Test func `parts of a book are read in the sets that they declare`() throws {
        let page: [UInt8] =
            Array("<?xml version=\"1.0\" encoding=\"windows-1251\"?><html><body><p>".utf8) + [0xEC, 0xE8, 0xF0]
            + Array("</p></body></html>".utf8)
        var archive = ZipBuilder()
        archive.add("META-INF/container.xml", #"<c><rootfiles><rootfile full-path="b.opf"/></rootfiles></c>"#)
        archive.add("b.opf", #"<p><manifest><item id="a" href="a.xhtml"/></manifest><spine><itemref idref="a"/></spine></p>"#)
        archive.add("a.xhtml", page)
        let book = try DocumentReaders.read(DocumentInput(name: "a.epub", bytes: archive.finished()))
        #expect(book.text == "мир\n")
    }
}
