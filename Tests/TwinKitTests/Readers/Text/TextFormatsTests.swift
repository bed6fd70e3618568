import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinReaders
@testable import TwinSupport

@Suite struct TextFormatsTests {
    private func read(bytes: [UInt8], _ name: String, mediaType: String? = nil) throws -> ExtractedDocument {
        try DocumentReaders.read(DocumentInput(name: name, bytes: bytes, mediaType: mediaType))
    }

    // MARK: Character sets

    @Test func `UTF-8, UTF-16 and Latin-1 give the same text`() throws {
        let text = "Grüße aus Köln – “Zitat”"
        let units = Array(text.utf16)
        let little: [UInt8] = [0xFF, 0xFE] + units.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        let big: [UInt8] = [0xFE, 0xFF] + units.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
        #expect(try read(bytes: [0xEF, 0xBB, 0xBF] + Array(text.utf8), "a.txt").text == text + "\n")
        #expect(try read(bytes: little, "a.txt").text == text + "\n")
        #expect(try read(bytes: big, "a").text == text + "\n")
        let windows = try read(bytes: Array("Gr".utf8) + [0xFC, 0xDF, 0x65, 0x20, 0x96, 0x20, 0x93, 0x61, 0x94], "a.txt")
        #expect(windows.text == "Grüße – “a”\n")
        #expect(windows.notices.count == 1)
    }

    @Test func `a declared character set is honoured, one broken sequence is replaced`() throws {
        #expect(
            try read(bytes: [0xCF, 0xF0, 0xE8, 0xE2, 0xE5, 0xF2], "a.txt", mediaType: "text/plain; charset=windows-1251").text
                == "Привет\n")
        let broken = Array("äöüäöüäöüäöü ".utf8) + [0xFF] + Array(" end".utf8)
        #expect(try read(bytes: broken, "a.txt").text == "äöüäöüäöüäöü \u{FFFD} end\n")
    }

    @Test func `line ends, control characters and overstrikes are normalised`() throws {
        let document = try read(
            bytes: Array("\r\n  one  \r\ntwo\rthree\u{1B}[31m red\u{1B}[0m\t \n\n\n\nB\u{8}Bo\u{8}old\n\u{7F}".utf8), "a.txt")
        #expect(document.text == "  one\ntwo\nthree red\n\nBold\n")
    }

    @Test func `underlined lines of plain text are headings`() throws {
        let document = try read(
            bytes: Array("=====\nGuide\n=====\n\nIntro\n-----\ntext\n\n----------------------------\n".utf8), "README")
        #expect(document.title == "Guide")
        #expect(document.headings == ["1 Guide", "2 Intro"])
    }

    // MARK: Tables

    @Test func `CSV rows are records named by their headers`() throws {
        let document = try read(
            bytes: Array("Name,Note\r\n\"Rye, winter\",\"says \"\"hi\"\"\nand more\"\r\nOats,\r\n".utf8), "a.csv")
        #expect(document.text == "Name: Rye, winter; Note: says \"hi\" and more\nName: Oats\n")
        #expect(document.marks.map(\.kind) == [.record, .record])
    }

    @Test func `the delimiter and a missing header are recognised`() throws {
        #expect(try read(bytes: Array("a;b\n1,5;2\n2,5;3\n".utf8), "a.csv").text == "a: 1,5; b: 2\na: 2,5; b: 3\n")
        #expect(try read(bytes: Array("1,2\n3,4\n".utf8), "a.csv").text == "1; 2\n3; 4\n")
        #expect(try read(bytes: Array("a\tb\nx, y\tz\n".utf8), "a.tsv").text == "a: x, y; b: z\n")
        #expect(try read(bytes: Array("sep=|\na|b\n1|2\n".utf8), "a.csv").text == "a: 1; b: 2\n")
    }

    @Test func `a gigantic row is refused with its number`() {
        let bytes = Array("a,b\n\"".utf8) + [UInt8](repeating: 0x78, count: 200_000)
        #expect { try DocumentReaders.read(DocumentInput(name: "a.csv", bytes: bytes), limits: .small) } throws: { error in
            guard case .tooLarge(let reason)? = error as? ReadFailure else { return false }
            return reason.contains("row 1")
        }
    }

    // MARK: JSON

    @Test func `JSON becomes named lines, items of a list are records`() throws {
        let document = try read(
            bytes: Array(
                #"{"title":"Shop","open":true,"tags":["a","b"],"items":[{"n":"Rye","price":{"eur":1.5}},{"n":"Oats","x":null}]}"#
                    .utf8), "a.json")
        #expect(document.title == "Shop")
        #expect(document.text == "title: Shop\nopen: true\ntags: a, b\n\nitems.n: Rye\nitems.price.eur: 1.5\n\nitems.n: Oats\n")
        #expect(document.marks.map(\.kind) == [.record, .record])
        #expect(try read(bytes: Array("[{\"a\":\"x],\\\"\"},[1,2]]".utf8), "a.json").text == "a: x],\"\n\n1, 2\n")
    }

    @Test func `broken JSON is malformed, a broken line of JSON Lines is a notice`() throws {
        #expect(throws: ReadFailure.self) { try read(bytes: Array("[{\"a\":1},{]".utf8), "a.json") }
        #expect(throws: ReadFailure.self) { try read(bytes: Array("{\n{\n".utf8), "a.jsonl") }
        let document = try read(bytes: Array("{\"q\":\"Why?\"}\n\nnot\n{\"q\":\"How?\"}".utf8), "a.jsonl")
        #expect(document.text == "q: Why?\n\nq: How?\n")
        #expect(document.notices.count == 1 && document.notices[0].hasPrefix("line 3 "))
    }

    // MARK: Captions

    @Test func `SubRip cues flow as prose with their times`() throws {
        let source =
            "1\n00:00:01,000 --> 00:00:03,500\n<i>Good soil</i>\nholds water\n\n2\n00:00:03,600 --> 00:00:05,000\n{\\an8}and air.\n\n3\n00:00:20,000 --> 00:00:21,000\nLater.\n"
        let document = try read(bytes: Array(source.utf8), "a.srt")
        #expect(document.text == "Good soil holds water and air.\n\nLater.\n")
        #expect(
            document.marks.map(\.kind) == [
                .time(start: 1000, end: 3500), .time(start: 3600, end: 5000), .time(start: 20_000, end: 21_000),
            ])
    }

    @Test func `rolling WebVTT captions are said once and speakers are named`() throws {
        let source = """
            WEBVTT
            Kind: captions

            NOTE made by hand
            and long

            00:01.000 --> 00:02.000 align:start
            <v Ada>so <00:01.500><c>the soil</c>

            00:02.000 --> 00:03.000
            so the soil
            is wet

            00:03.000 --> 00:04.000
            <v Ben>Yes &amp; no.
            """
        let document = try read(bytes: Array(source.utf8), "a.vtt")
        #expect(document.text == "Ada: so the soil is wet\n\nBen: Yes & no.\n")
    }

    // MARK: Detection

    @Test func `the format follows from content, name and media type`() {
        func format(_ text: String, _ name: String, _ type: String? = nil) -> DocumentFormat? {
            DocumentReaders.detect(DocumentInput(name: name, bytes: Array(text.utf8), mediaType: type))
        }
        #expect(format("# x", "README.md") == .markdown)
        #expect(format("x", "changelog.Debian") == .text)
        #expect(format("<?xml version='1.0'?><!-- c -->\n<!DOCTYPE html><html>", "page") == .html)
        #expect(format("<html>", "page.php", "text/html; charset=utf-8") == .html)
        #expect(format("<?xml version='1.0'?><rss version='2.0'>", "feed.xml") == .feed)
        #expect(format("{\"a\":1}\n{\"b\":2}\n", "x.json") == .jsonl)
        #expect(format("WEBVTT\n\n", "x") == .vtt)
        #expect(format("%PDF-1.7", "x") == .pdf)
        #expect(format("From: a@b\nReceived: by x\nSubject: s\n\nhi", "msg") == .email)
        #expect(format("From a@b Mon\nFrom: a@b\n\nhi", "box") == .mbox)
        #expect(format("\u{7F}ELF\u{1}", "prog.txt") == nil)
    }

    @Test func `binary files say what they are`() {
        func reason(_ bytes: [UInt8]) -> String {
            do { return try DocumentReaders.read(DocumentInput(name: "x.md", bytes: bytes)).text } catch { return error.message }
        }
        if Subprocess.find("tesseract") == nil {
            #expect(
                reason([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
                    == "not readable: a PNG image; its text is read where tesseract is installed (apt-get install tesseract-ocr)")
        }
        #expect(reason([0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0]) == "not readable: a program (ELF); twin reads documents")
        #expect(reason(Array("text\0text".utf8)).contains("NUL"))
        #expect(reason([]).contains("empty"))
    }

    @Test func `seeded mutations of every text format never break the invariants`() {
        let samples: [(String, String)] = [
            (
                "a.md",
                "---\ntitle: x\n---\n# A\n\ntext [l](u) *b* `c`\n\n- a\n  b\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\ncode\n```\n> q\n\n<!-- c -->\n&amp;"
            ),
            (
                "a.html",
                "<html lang=en><head><title>T</title><meta name=author content=A></head><body><nav>n</nav><main><h1>H</h1><p>a &amp; b<br>c<ul><li>x<li>y</ul><table><tr><th>A<th>B<tr><td>1<td>2</table><pre>c\n d</pre></main></body>"
            ),
            ("a.csv", "a,b,c\n1,\"x \"\"y\"\"\nz\",3\n4,5,6\n"), ("a.tsv", "a\tb\n1\t2\n"),
            ("a.json", #"{"a":[{"b":1,"c":"x\ny"},[2,3]],"d":null,"e":"\u00e9"}"#), ("a.jsonl", "{\"a\":1}\n{\"b\":[1,2]}\n"),
            ("a.srt", "1\n00:00:01,000 --> 00:00:02,000\nHello <b>you</b>\n\n2\n00:00:03,000 --> 00:00:04,000\nBye.\n"),
            ("a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n<v A>Hi &lt;\n\nNOTE x\n\n00:03.000 --> 00:04.000\nBye\n"),
            ("a.txt", "Title\n=====\n\npara one\nline two\u{C}\nFile: a,  Node: b\n\nGrüße 日本 \u{FEFF}x\r\ny"),
        ]
        for (number, sample) in samples.enumerated() {
            var random = SeededRandom(seed: UInt64(number))
            for round in 0..<250 {
                let bytes = Mutation.mutate(Array(sample.1.utf8), using: &random)
                DocumentInvariants.tryReading(bytes, name: sample.0, "\(sample.0), seed \(number), round \(round)")
            }
        }
    }
}

/// Small random damage to bytes.
enum Mutation {
    static func mutate(_ original: [UInt8], using random: inout SeededRandom) -> [UInt8] {
        var bytes = original
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            guard !bytes.isEmpty else { return bytes }
            let index = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.remove(at: index)
            case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: index)
            case 3:
                let end = Int.random(in: index...bytes.count, using: &random)
                bytes.insert(contentsOf: Array(bytes[index..<end]), at: Int.random(in: 0...bytes.count, using: &random))
            case 4: bytes.removeSubrange(index..<Int.random(in: index...bytes.count, using: &random))
            default: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            }
        }
        return bytes
    }
}
