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
}
