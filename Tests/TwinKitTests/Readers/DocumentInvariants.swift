import Testing

@testable import TwinHTTP
@testable import TwinKit
@testable import TwinReaders
@testable import TwinSupport

/// What holds for every document that a reader gives and every set of chunks made of it.
enum DocumentInvariants {
    static func check(_ document: ExtractedDocument, _ note: Comment, location: SourceLocation = #_sourceLocation) {
        let bytes = Array(document.text.utf8)
        #expect(!bytes.contains(0), note, sourceLocation: location)
        #expect(!bytes.contains(0x0D), note, sourceLocation: location)
        #expect(!document.text.unicodeScalars.contains("\u{FEFF}"), note, sourceLocation: location)
        #expect(bytes.isEmpty || (bytes.last == 0x0A && bytes.first != 0x0A), note, sourceLocation: location)
        for index in bytes.indices.dropFirst() where bytes[index] == 0x0A {
            if bytes[index - 1] == 0x20 || bytes[index - 1] == 0x09 {
                Issue.record("white space at the end of a line, byte \(index): \(note)", sourceLocation: location)
                break
            }
        }
        var last = 0
        for mark in document.marks {
            #expect(
                mark.offset >= last && mark.offset < bytes.count, "a mark out of order or outside: \(note)",
                sourceLocation: location)
            #expect(
                bytes.indices.contains(mark.offset) && bytes[mark.offset] & 0xC0 != 0x80, "a mark inside a character: \(note)",
                sourceLocation: location)
            last = mark.offset
        }
        check(Chunker().chunks(of: document), of: document, target: 1000, note, location: location)
        check(Chunker(target: 120, overlap: 40).chunks(of: document), of: document, target: 120, note, location: location)
    }

    static func check(_ chunks: [Chunk], of document: ExtractedDocument, target: Int, _ note: Comment, location: SourceLocation) {
        let bytes = Array(document.text.utf8)
        var isCovered = [Bool](repeating: false, count: bytes.count)
        var last = -1
        let parts = document.marks.filter { if case .part = $0.kind { true } else { false } }.map(\.offset)
        for chunk in chunks {
            let range = chunk.range
            guard range.lowerBound >= 0, range.upperBound <= bytes.count, !range.isEmpty else {
                Issue.record("chunk \(range) is empty or outside: \(note)", sourceLocation: location)
                continue
            }
            #expect(range.lowerBound > last, "chunks out of order: \(note)", sourceLocation: location)
            last = range.lowerBound
            #expect(
                !bytes[range.lowerBound].isSpace && !bytes[range.upperBound - 1].isSpace, "white space at an end: \(note)",
                sourceLocation: location)
            #expect(bytes[range.lowerBound] & 0xC0 != 0x80, "begins inside a character: \(note)", sourceLocation: location)
            #expect(
                range.upperBound == bytes.count || bytes[range.upperBound] & 0xC0 != 0x80, "ends inside a character: \(note)",
                sourceLocation: location)
            #expect(
                !parts.contains { $0 > range.lowerBound && $0 < range.upperBound }, "crosses a part: \(note)",
                sourceLocation: location)
            let characters = String(decoding: bytes[range], as: UTF8.self).unicodeScalars.count
            #expect(characters <= 6 * target, "\(characters) characters: \(note)", sourceLocation: location)
            for index in range { isCovered[index] = true }
        }
        if let index = bytes.indices.first(where: { !isCovered[$0] && !bytes[$0].isSpace }) {
            Issue.record("byte \(index) is in no chunk: \(note)", sourceLocation: location)
        }
    }

    /// Reads bytes that may be broken; every outcome but a crash and a broken document is fine.
    static func tryReading(_ bytes: [UInt8], name: String, format: DocumentFormat? = nil, _ note: Comment) {
        if let document = try? DocumentReaders.read(DocumentInput(name: name, bytes: bytes, format: format), limits: .small) {
            check(document, note)
        }
    }
}

extension ReaderLimits {
    /// Limits that a test reaches quickly.
    static var small: ReaderLimits {
        var limits = ReaderLimits()
        limits.maximumInputBytes = 1 << 20
        limits.maximumTextBytes = 1 << 20
        limits.maximumUnpackedBytes = 4 << 20
        limits.maximumEntries = 100
        limits.maximumRatio = 100
        limits.maximumRowBytes = 1 << 16
        return limits
    }
}

func read(_ text: String, _ name: String, mediaType: String? = nil) throws -> ExtractedDocument {
    try DocumentReaders.read(DocumentInput(name: name, bytes: Array(text.utf8), mediaType: mediaType))
}
