import TwinDatabase
import TwinReaders
import TwinSearch
import TwinSupport

/// A passage with all that a citation of it needs.
package struct StoredPassage: Sendable {
    package var passage: Passage
    package var sourceID: String
    package var locator: String
    package var version: Int
    package var page: Int?
    package var time: Range<Int>?
    /// Where inside of it another page or other moments begin.
    var turns: [Chunk.Turn] = []

    /// The bytes of the source's text at `range`, as far as they are this passage's: what a citation is checked against before
    /// it is shown. None for a place outside of it, or in the middle of a character.
    func quote(_ range: Range<Int>) -> String? {
        guard passage.range.lowerBound <= range.lowerBound, range.upperBound <= passage.range.upperBound else { return nil }
        let start = passage.range.lowerBound
        let bytes = Array(passage.text.utf8.dropFirst(range.lowerBound - start).prefix(range.count))
        guard bytes.count == range.count else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    /// Page and time of a quotation of it, which may begin on a later page than the passage does.
    func place(of quotation: Range<Int>) -> (page: Int?, time: Range<Int>?) {
        Chunk.place(of: quotation, turns: turns, page: page, time: time)
    }

    /// Heading path, page or time in words.
    package var place: String { Citation.place(headings: passage.headings, page: page, time: time) }
}

extension StoredPassage: JSONRepresentable {
    package var json: JSON {
        [
            "source_id": .string(sourceID), "title": .string(passage.title), "locator": .string(locator),
            "version": .number(version), "start": .number(passage.range.lowerBound), "end": .number(passage.range.upperBound),
            "headings": .strings(passage.headings), "page": .optional(page),
            "time_start": .optional(time.map { Double($0.lowerBound) / 1000 }),
            "time_end": .optional(time.map { Double($0.upperBound) / 1000 }),
            "score": .double((passage.score * 10_000).rounded() / 10_000), "text": .string(passage.text),
        ]
    }
}

/// Turns what the index found into text.
enum PassageStore {
    /// The passages of `hits` in their order. A chunk whose rows are gone is left out. Whoever may not read everything is not told
    /// which folder of this machine a file was read from.
    static func load(_ hits: [SearchHit], for clearance: Clearance, on connection: Connection) throws -> [StoredPassage] {
        let texts = BlobReader(connection, table: "texts", column: "content")
        return try hits.compactMap { hit in
            let row = try connection.first(
                """
                SELECT c.start, c.end, c.headings, c.page, c.time_start, c.time_end, s.key, s.id, coalesce(s.title, s.name),
                    CASE WHEN ?2 OR s.kind <> 'file' THEN s.locator ELSE s.name END, s.version, s.text_key, c.turns
                FROM chunks c JOIN sources s ON s.key = c.source_key WHERE c.key = ?1
                """, hit.chunk, clearance == .everything
            ) { row -> (StoredPassage, Int64) in
                let start = row.int(0)
                var time: Range<Int>?
                if let first = row.optionalInt(4), let last = row.optionalInt(5) { time = first..<max(first, last) }
                let passage = Passage(
                    chunk: hit.chunk, source: row.int64(6), range: start..<max(start, row.int(1)), text: "",
                    title: row.text(8), headings: StoredHeadings.decode(row.optionalText(2)), score: hit.score)
                var stored = StoredPassage(
                    passage: passage, sourceID: row.text(7), locator: row.text(9), version: row.int(10),
                    page: row.optionalInt(3), time: time)
                stored.turns = StoredTurns.decode(row.optionalText(12), from: start)
                return (stored, row.int64(11))
            }
            guard var stored = row?.0, let textKey = row?.1,
                let bytes = try texts.bytes(key: textKey, range: stored.passage.range),
                let text = String(validating: bytes, as: UTF8.self)
            else { return nil }
            stored.passage.text = text
            return stored
        }
    }

    /// The section that a passage is of: the chunks of its source around it under the same headings, at most
    /// `sectionChunks` to either side.
    static func section(of stored: StoredPassage, on connection: Connection) throws -> StoredSection? {
        let passage = stored.passage
        // Without headings nothing tells where something else begins.
        let reach: Int64 = passage.headings.isEmpty ? 1 : sectionChunks
        var chunks: [StoredPassage] = []
        var textKey: Int64?
        var center = 0
        try connection.forEach(
            """
            SELECT c.key, c.start, c.end, c.headings, c.page, c.time_start, c.time_end, c.turns, s.text_key
            FROM chunks c JOIN sources s ON s.key = c.source_key
            WHERE c.key BETWEEN ?1 AND ?2 AND c.source_key = ?3 ORDER BY c.key
            """, [passage.chunk - reach, passage.chunk + reach, passage.source]
        ) { row in
            let start = row.int(1)
            var chunk = stored
            chunk.passage.chunk = row.int64(0)
            chunk.passage.range = start..<max(start, row.int(2))
            chunk.passage.headings = StoredHeadings.decode(row.optionalText(3))
            chunk.passage.text = ""
            chunk.page = row.optionalInt(4)
            chunk.time = nil
            if let first = row.optionalInt(5), let last = row.optionalInt(6) { chunk.time = first..<max(first, last) }
            chunk.turns = StoredTurns.decode(row.optionalText(7), from: start)
            if chunk.passage.chunk == passage.chunk { center = chunks.count }
            chunks.append(chunk)
            textKey = row.optionalInt(8).map { Int64($0) }
        }
        guard let textKey, chunks.indices.contains(center), chunks[center].passage.chunk == passage.chunk else { return nil }
        var first = center
        var last = center
        while first > 0, chunks[first - 1].passage.headings == passage.headings { first -= 1 }
        while last + 1 < chunks.count, chunks[last + 1].passage.headings == passage.headings { last += 1 }
        let range =
            chunks[first].passage.range
            .lowerBound..<max(
                chunks[first].passage.range.lowerBound, chunks[last].passage.range.upperBound)
        let texts = BlobReader(connection, table: "texts", column: "content")
        guard let bytes = try texts.bytes(key: textKey, range: range), let text = String(validating: bytes, as: UTF8.self)
        else { return nil }
        return StoredSection(
            span: SectionSpan(range: range, text: text, isWhole: first > 0 || center < Int(reach)),
            chunks: Array(chunks[first...last]))
    }

    private static let sectionChunks: Int64 = 4
}

/// The chunks of one section with their text.
struct StoredSection: Sendable {
    var span: SectionSpan
    /// In the order of the text, without texts of their own.
    var chunks: [StoredPassage]

    /// The stored bytes at `range` of the source's text; none outside of the section, or in the middle of a character.
    func quote(_ range: Range<Int>) -> String? {
        guard span.range.lowerBound <= range.lowerBound, range.upperBound <= span.range.upperBound else { return nil }
        let bytes = Array(span.text.utf8.dropFirst(range.lowerBound - span.range.lowerBound).prefix(range.count))
        return bytes.count == range.count ? String(validating: bytes, as: UTF8.self) : nil
    }

    /// Page and time of a quotation.
    func place(of quotation: Range<Int>) -> (page: Int?, time: Range<Int>?) {
        let holder = chunks.last { $0.passage.range.lowerBound <= quotation.lowerBound } ?? chunks.first
        return holder?.place(of: quotation) ?? (nil, nil)
    }
}
