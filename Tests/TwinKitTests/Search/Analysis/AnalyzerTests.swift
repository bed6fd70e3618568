import Testing

@testable import TwinKit
@testable import TwinSearch

@Suite struct AnalyzerTests {
    let english = Analyzer(language: .english)
    let plain = Analyzer(language: .none)

    private func terms(_ text: String, _ analyzer: Analyzer? = nil) -> [String] {
        (analyzer ?? english).tokens(of: text).map(\.term)
    }

    @Test func `words are folded and stemmed`() {
        #expect(terms("The Relational databases, RUNNING") == ["the", "relat", "databas", "run"])
        #expect(terms("The Relational databases", plain) == ["the", "relational", "databases"])
    }

    @Test(arguments: [
        ("Crème Brûlée", "creme brulee"), ("ÅNGSTRÖM", "angstrom"), ("Straße", "strasse"), ("Łódź", "lodz"), ("Œuvre", "oeuvre"),
        ("İstanbul", "istanbul"), ("ＡＢＣ１２", "abc12"), ("ﬁle", "file"), ("Ελλάδα", "ελλαδα"), ("Ὀδυσσεύς", "οδυσσευσ"),
        ("Ёлка", "елка"), ("cafe\u{301}", "cafe"), ("co\u{AD}operate", "cooperate"), ("٣٤", "34"), ("Tiếng Việt", "tieng viet"),
    ])
    func `case, diacritics and forms are folded`(text: String, folded: String) {
        #expect(terms(text, plain).joined(separator: " ") == folded)
    }

    @Test(arguments: [
        ("ISO-9001", ["iso-9001", "iso", "9001"]), ("v2.1", ["v2.1", "v2", "1"]), ("$1,299.99", ["1299.99"]),
        ("1,2,3", ["1", "2", "3"]), ("12,345,678 of", ["12345678", "of"]), ("C++ and C#.", ["c++", "c", "and", "c#", "c"]),
        ("jane.doe@example.com", ["jane.doe@example.com", "jane", "doe", "example", "com"]), ("AT&T", ["at&t", "at", "t"]),
        ("snake_case", ["snake_case", "snake", "case"]), ("U.S.A. today", ["usa", "u", "s", "a", "today"]),
        ("well-known fact", ["well", "known", "fact"]), ("2024-01-15", ["2024-01-15", "2024", "01", "15"]),
        ("10:30", ["10:30", "10", "30"]), ("and/or", ["and", "or"]), ("end. Next", ["end", "next"]), ("3.14", ["3.14"]),
        ("192.168.0.1", ["192.168.0.1"]), ("a+b", ["a", "b"]), ("-x- _y", ["x", "y"]),
    ])
    func `identifiers, numbers and addresses stay findable`(text: String, expected: [String]) {
        #expect(terms(text, plain) == expected)
    }

    @Test func `an English apostrophe stays inside its word`() {
        #expect(terms("don't John's o’clock 'quoted'") == ["don't", "john", "o'clock", "quot"])
        #expect(terms("l'homme", plain) == ["l", "homme"])
    }

    @Test func `scripts without spaces give pairs`() {
        #expect(terms("東京都 a 水") == ["東京", "京都", "a", "水"])
        #expect(terms("검색엔진abc") == ["검색", "색엔", "엔진", "abc"])
        #expect(english.tokens(of: "東京都").map(\.range) == [0..<6, 3..<9])
    }

    @Test func `parts of an identifier count positions and the whole has that of its first part`() {
        let tokens = english.tokens(of: "the ISO-9001 norm")
        #expect(tokens.map(\.position) == [0, 1, 1, 2, 3])
        #expect(tokens.map(\.isCompound) == [false, true, false, false, false])
        #expect(tokens[1].range == 4..<12)
    }

    @Test func `an overlong word is cut and covered whole`() {
        let word = String(repeating: "x", count: 500)
        let tokens = plain.tokens(of: word + " é" + word)
        #expect(tokens.count == 2)
        #expect(tokens[0].term.utf8.count == 64)
        #expect(tokens[0].range == 0..<500)
        #expect(tokens[1].range == 501..<1003)
    }

    @Test(arguments: [UInt64(1), 2, 3, 4])
    func `any bytes give sorted ranges on character borders and short terms`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let pieces = [
            "a", "Z", "9", ".", ",", "-", "'", "’", "@", "+", "#", " ", "é", "ß", "漢", "字", "ก", "\u{301}", "\u{AD}", "😀", "_",
            "&", "İ", "/", ":",
            "한", "ﬀ", "Ω", "123", "word",
        ]
        for _ in 0..<3_000 {
            let length = Int.random(in: 0...40, using: &random)
            var bytes = Array((0..<length).map { _ in pieces.randomElement(using: &random) ?? "" }.joined().utf8)
            let isValid = Bool.random(using: &random)
            if !isValid, !bytes.isEmpty {
                for _ in 0..<3 {
                    bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
            }
            for analyzer in [english, plain] {
                var lastStart = 0
                var lastPosition = 0
                var valid = true
                bytes.withUnsafeBufferPointer { buffer in
                    analyzer.forEachToken(in: buffer) { term, range, position, _ in
                        valid = valid && range.lowerBound >= lastStart && range.upperBound <= bytes.count && !range.isEmpty
                        valid = valid && position >= lastPosition && position <= bytes.count
                        valid = valid && !term.isEmpty && term.count <= 64 && String(validating: term, as: UTF8.self) != nil
                        if isValid {
                            valid = valid && String(validating: bytes[range], as: UTF8.self) != nil
                        }
                        lastStart = range.lowerBound
                        lastPosition = position
                    }
                }
                #expect(valid, "seed \(seed), bytes \(bytes)")
            }
        }
    }

    @Test func `the analysis of a text is the same alone and inside another`() {
        let text = "Zürich's ISO-9001 audit, 東京 $1,299.99 (v2.1)"
        #expect(terms(text + " . " + text) == terms(text) + terms(text))
    }
}

/// SplitMix64: small, seedable, the same on each machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
