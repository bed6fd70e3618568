import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinReaders
@testable import TwinSupport

@Suite struct ChunkerTests {
    private func texts(_ chunks: [Chunk], _ document: ExtractedDocument) -> [String] {
        let bytes = Array(document.text.utf8)
        return chunks.map { String(decoding: bytes[$0.range], as: UTF8.self) }
    }

    @Test func `a heading belongs to the first chunk below it and small neighbours are joined`() throws {
        let document = try read("# A\n\n## B\n\nOne.\n\nTwo.\n\n## C\n\nThree.\n\n# Last", "a.md")
        let chunks = Chunker().chunks(of: document)
        #expect(texts(chunks, document) == ["A\n\nB\n\nOne.\n\nTwo.", "C\n\nThree.", "Last"])
        #expect(chunks.map(\.headings) == [["A", "B"], ["A", "C"], ["Last"]])
    }

    @Test func `only a paragraph that is cut overlaps, by whole sentences`() throws {
        let sentences = (1...60).map { "Sentence number \($0) says something about rain and soil." }
        let document = try read("Short one.\n\n" + sentences.joined(separator: " ") + "\n\nShort two.", "a.txt")
        let chunks = Chunker().chunks(of: document)
        #expect(chunks.count >= 4)
        for (before, after) in zip(chunks, chunks.dropFirst()) where after.range.lowerBound < before.range.upperBound {
            #expect(before.range.upperBound - after.range.lowerBound <= 200)
        }
        #expect(zip(chunks.dropFirst(), chunks.dropFirst(2)).contains { $1.range.lowerBound < $0.range.upperBound })
        for text in texts(chunks, document) {
            #expect(text.hasPrefix("S") && text.hasSuffix("."))
            #expect(text.unicodeScalars.count <= 1300)
        }
    }

    @Test func `a record is kept whole and a page is where the chunk starts`() {
        var document = ExtractedDocument(
            text: String(repeating: "a b ", count: 200).trimmedText + "\n" + String(repeating: "c d ", count: 300).trimmedText
                + "\n")
        document.marks = [
            .init(offset: 0, kind: .page(1)), .init(offset: 0, kind: .record), .init(offset: 400, kind: .page(2)),
            .init(offset: 800, kind: .record),
        ]
        let chunks = Chunker().chunks(of: document)
        #expect(chunks.map(\.range) == [0..<799, 800..<1999])
        #expect(chunks.map(\.page) == [1, 2])
    }

    @Test func `a word is not cut until it is longer than twice the target`() {
        let word = String(repeating: "é", count: 1900)
        let document = ExtractedDocument(text: "start \(word) end " + String(repeating: "ü", count: 5000) + "\n")
        DocumentInvariants.check(document, "long words")
        let pieces = texts(Chunker().chunks(of: document), document)
        #expect(pieces.contains { $0.contains(word) })
        #expect(pieces.allSatisfy { $0.unicodeScalars.count <= 2100 })
    }

    @Test func `times span from the first to the last word of the chunk`() {
        var document = ExtractedDocument(text: "one two three\n\nfour\n")
        document.marks = [
            .init(offset: 0, kind: .time(start: 0, end: 900)), .init(offset: 4, kind: .time(start: 1000, end: 2000)),
            .init(offset: 15, kind: .time(start: 9000, end: 9500)),
        ]
        #expect(Chunker().chunks(of: document).map(\.time) == [0..<9500])
    }

    @Test func `any marks over any text give valid chunks`() {
        var random = SeededRandom(seed: 7)
        let pieces = [
            "Word ", "a. B", "\n", "\n\n", "ß", "日本。", "- item\n", "1. x\n", "; ", String(repeating: "x", count: 300),
            "Mr. Y says? ", "\t",
        ]
        for round in 0..<300 {
            let text = (0..<Int.random(in: 1...80, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
                .joined()
            var builder = DocumentBuilder(limits: .init())
            builder.append(text: text)
            guard var document = try? builder.finish(), !document.text.isEmpty else { continue }
            let starts = Array(document.text.utf8).indices.filter { Array(document.text.utf8)[$0] & 0xC0 != 0x80 }.dropLast()
            var offsets = (0..<Int.random(in: 0...12, using: &random)).compactMap { _ in starts.randomElement(using: &random) }
            offsets.sort()
            let kinds: [ExtractedDocument.Mark.Kind] = [
                .heading(level: 1), .heading(level: 3), .page(2), .part("P"), .time(start: 5, end: 1), .record, .code, .prose,
            ]
            document.marks = offsets.map { .init(offset: $0, kind: kinds.randomElement(using: &random) ?? .prose) }
            DocumentInvariants.check(document, "seed 7, round \(round)")
        }
    }
}

/// A generator that gives the same numbers for the same seed (SplitMix64, Steele, Lea and Flood 2014).
struct SeededRandom: RandomNumberGenerator {
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
