import Testing
import TwinKit
import TwinSupport

@testable import twin

@Suite struct StyledTextTests {
    @Test func `what is interpolated cannot send escape sequences`() {
        let title = "a\u{1B}[2Jb\u{9B}31mc\u{202E}d\u{7F}"
        #expect(StyledText("\(title)").rendered(colour: false) == "a␛[2Jb\u{FFFD}31mc\u{FFFD}d␡")
    }

    @Test func `styles are written only with colour`() {
        let text: StyledText = "\("x", .bold) y \("", .red)"
        #expect(text.rendered(colour: true) == "\u{1B}[1mx\u{1B}[0m y ")
        #expect(text.rendered(colour: false) == "x y ")
    }

    @Test func `on one line newlines and tabs are spaces`() {
        #expect(StyledText("a\nb\tc").rendered(colour: false, singleLine: true) == "a b c")
        #expect(StyledText("a\nb\tc").rendered(colour: false) == "a\nb\tc")
    }

    @Test func `text that is too wide ends in an ellipsis and keeps its styles`() {
        #expect(StyledText("hello").truncated(to: 5).plain == "hello")
        #expect(StyledText("hello!").truncated(to: 5).plain == "hell…")
        #expect(StyledText("日本語文字").truncated(to: 5).plain == "日本…")
        #expect(StyledText("日本語文字").truncated(to: 4).plain == "日…")
        let styled: StyledText = "\("ab", .bold)\("cdef", .dim)"
        #expect(styled.truncated(to: 4).rendered(colour: true) == "\u{1B}[1mab\u{1B}[0m\u{1B}[2mc\u{1B}[0m\u{1B}[2m…\u{1B}[0m")
    }

    @Test func `whatever the text and the width, the cut text fits`() {
        var generator = Generator(seed: 7)
        let alphabet = Array("ab é日👩‍👩‍👧🇨🇭ｱ\u{301}\u{0}\n한…☕️")
        for _ in 0..<2000 {
            let raw = String(
                (0..<Int.random(in: 0...20, using: &generator)).compactMap { _ in alphabet.randomElement(using: &generator) })
            let text = SafeText.clean(raw, singleLine: true)
            let width = Int.random(in: 1...12, using: &generator)
            #expect(DisplayWidth.of(StyledText(text).truncated(to: width).plain) <= width, "\(text.debugDescription) in \(width)")
        }
    }
}

@Suite struct DisplayWidthTests {
    @Test(arguments: [
        ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("ｱ", 1), ("Ａ", 2), ("👍", 2), ("👍🏽", 2), ("👩‍👩‍👧", 2), ("🇨🇭", 2),
        ("☕️", 2), ("한글", 4), ("a\u{200B}b", 2), ("ा", 1), ("\u{301}", 0), ("…", 1), ("\u{AD}", 0),
    ])
    func `text takes the columns that terminals give it`(text: String, width: Int) {
        #expect(DisplayWidth.of(text) == width)
    }

    @Test func `a prefix never cuts a character`() {
        #expect(DisplayWidth.prefix(of: "a日b", columns: 2) == "a")
        #expect(DisplayWidth.prefix(of: "a日b", columns: 3) == "a日")
        #expect(DisplayWidth.prefix(of: "日", columns: 0) == "")
    }
}

@Suite struct TableTests {
    private var table: Table {
        var table = Table(.text("NAME"), .number("SIZE"), .text("TITLE", shrinks: true))
        table.add("日本", "7", "A title that is rather long for a narrow terminal")
        table.add("bob", "1234", "Short\twith\ttabs")
        return table
    }

    @Test func `at a terminal columns are aligned by display width and the long one is cut`() {
        #expect(
            table.rendered(colour: false, width: 40) == """
                NAME  SIZE  TITLE
                日本     7  A title that is rather long…
                bob   1234  Short with tabs

                """)
    }

    @Test func `elsewhere rows are whole, with tabs between values and no headings`() {
        #expect(
            table.rendered(colour: false, width: nil)
                == "日本\t7\tA title that is rather long for a narrow terminal\nbob\t1234\tShort with tabs\n")
    }

    @Test func `several columns share what is left`() {
        var table = Table(.text("A", shrinks: true), .text("B", shrinks: true))
        table.add(StyledText(String(repeating: "x", count: 100)), StyledText(String(repeating: "y", count: 12)))
        let line = table.rendered(colour: false, width: 40).split(separator: "\n").last.map(String.init) ?? ""
        #expect(line == String(repeating: "x", count: 25) + "…  " + String(repeating: "y", count: 12))
    }

    @Test func `a terminal that is much too narrow does not break it`() {
        #expect(table.rendered(colour: true, width: 1).split(separator: "\n").count == 3)
        #expect(Table(.text("A")).rendered(colour: false, width: 10) == "A\n")
    }

    @Test func `details align names, wrap long values and leave out absent ones`() {
        var details = Details(["slug": "ada", "description": "an analyst and a mathematician of some renown"])
        details.add("archived", nil)
        #expect(
            details.rendered(colour: false, width: 36) == """
                slug         ada
                description  an analyst and a
                             mathematician of some
                             renown

                """)
        #expect(details.rendered(colour: false, width: nil).hasPrefix("slug\tada\ndescription\tan analyst"))
    }
}

@Suite struct FormatTests {
    @Test(
        arguments: [
            (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1536, "1.5 KiB"), (1_048_575, "1.0 MiB"),
            (5_368_709_120, "5.0 GiB"),
            (Int64.max, "8.0 EiB"),
        ] as [(Int64, String)])
    func `sizes have binary prefixes`(bytes: Int64, text: String) { #expect(Format.bytes(bytes) == text) }

    @Test(arguments: [
        (0.25, "250 ms"), (48.9, "48 s"), (185, "3 min 5 s"), (7800, "2 h 10 min"), (273_600, "3 d 4 h"), (.infinity, "-"),
        (-1, "-"),
    ])
    func `durations have their two largest units`(seconds: Double, text: String) {
        #expect(Format.duration(seconds: seconds) == text)
    }

    @Test(arguments: [
        (0, "just now"), (61, "1 minute ago"), (7199, "1 hour ago"), (86_400, "yesterday"), (259_200, "3 days ago"),
        (2_592_000, "2026-10-22"), (-3600, "2026-11-21"),
    ])
    func `times are told as people would`(secondsAgo: Int64, text: String) throws {
        let now = try #require(Timestamp("2026-11-21T12:00:00Z"))
        #expect(Format.ago(Timestamp(milliseconds: now.milliseconds - secondsAgo * 1000), now: now) == text)
    }

    @Test func `decimals are rounded, and what is no number is a dash`() {
        #expect(Format.oneDecimal(0.25) == "0.3")
        #expect(Format.oneDecimal(-0.04) == "0.0")
        #expect(Format.oneDecimal(-1.25) == "-1.3")
        #expect(Format.oneDecimal(.nan) == "-")
        #expect(Format.percent(0.855) == "86%")
        #expect(Format.rate(bytesPerSecond: .infinity) == "-")
    }
}

@Suite struct ProgressTests {
    private let snapshot = Progress.Snapshot(
        files: 12, totalFiles: 40, bytes: 1_048_576, totalBytes: 5_242_880, current: "papers/1843/notes on the engine.md")

    @Test func `the line tells files, bytes, rate, time left and the file`() {
        #expect(
            Progress.line(snapshot, bytesPerSecond: 1_048_576, width: 120)
                == "12/40 files  1.0 MiB of 5.0 MiB  1.0 MiB/s  4 s left  papers/1843/notes on the engine.md")
        #expect(Progress.line(.init(files: 3, bytes: 10), bytesPerSecond: nil, width: 80) == "3 files  10 B")
    }

    @Test func `in a narrow terminal the file shows its end, then goes, and the line never fills the last column`() {
        #expect(Progress.line(snapshot, bytesPerSecond: nil, width: 52).hasSuffix("  … on the engine.md"))
        for width in 0...130 {
            #expect(DisplayWidth.of(Progress.line(snapshot, bytesPerSecond: 5e5, width: width)) <= max(0, width - 1))
        }
    }

    @Test func `a file name cannot leave the line`() {
        let line = Progress.line(.init(current: "a\nb\u{1B}[2J"), bytesPerSecond: nil, width: 80)
        #expect(line.hasSuffix("a b␛[2J"))
    }

    @Test func `the rate follows the latest seconds`() {
        var rate = Progress.Rate(start: 0)
        for second in 1...10 { rate.update(bytes: Int64(second) * 1000, at: UInt64(second) * 1_000_000_000) }
        #expect(rate.bytesPerSecond == 1000)
        for second in 11...30 { rate.update(bytes: 10_000, at: UInt64(second) * 1_000_000_000) }
        #expect((rate.bytesPerSecond ?? 1000) < 1)
    }
}

@Suite struct TextWrapTests {
    @Test func `lines break at spaces, keep newlines, and lines that begin with two spaces stay as they are`() {
        #expect(
            TextWrap.lines("one two three\n\n  as it   is stands here", width: 8) == [
                "one two", "three", "", "  as it   is stands here",
            ])
        #expect(TextWrap.lines("unbreakable", width: 4) == ["unbreakable"])
        #expect(TextWrap.indented("a b", by: 2, width: 4) == "  a\n  b\n")
    }
}

/// A small generator with a seed, so that a failure can be repeated (SplitMix64; Steele, Lea and Flood, 2014).
struct Generator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
