import TwinDatabase
import TwinSupport

/// Compares an index with the texts that it should have been made of.
///
/// Each posting and each length gives a number by a fixed function, and the numbers of a chunk are added up: once over
/// the index, once over a fresh analysis of the text. Equal sums mean equal contents but for a chance of 2^-64, and the
/// memory needed is eight bytes a chunk of one segment.
package struct IndexVerification: Sendable, Equatable {
    /// Chunks that the index and the texts both have, and agree on.
    package var matching = 0
    /// Chunks whose postings, length or source in the index are not those of their text.
    package var differing: [Int64] = []
    /// Live chunks of the index without a text.
    package var surplus: [Int64] = []
    /// Chunks with a text that the index does not have.
    package var missing: [Int64] = []
    /// Segments whose pages or counts do not fit together, by their keys.
    package var damagedSegments: [Int64] = []

    package var isSound: Bool { differing.isEmpty && surplus.isEmpty && missing.isEmpty && damagedSegments.isEmpty }
}

/// What the index should have of a chunk.
package struct ChunkContents: Sendable {
    package var chunk: Int64
    package var source: Int64
    package var title: String
    /// Outermost first.
    package var headings: [String]
    package var body: String

    package init(chunk: Int64, source: Int64, title: String, headings: [String], body: String) {
        self.chunk = chunk
        self.source = source
        self.title = title
        self.headings = headings
        self.body = body
    }
}

extension SearchIndex {
    /// Compares the index with its texts. `chunks` calls its argument with each chunk that should be found whose key is in
    /// a range, in ascending order of the keys. Throws `DatabaseError` and what `chunks` throws; damage is reported, not
    /// thrown.
    package func verify(
        analyzer: Analyzer, on connection: Connection,
        chunks: (_ keys: Range<Int64>, _ body: (ChunkContents) throws -> Void) throws -> Void
    ) throws -> IndexVerification {
        var result = IndexVerification()
        let store = try SegmentStore(connection)
        var position = Int64.min
        for row in try store.segments(of: twin) {
            let contents: SegmentContents
            do {
                contents = try SegmentContents(row, store: store)
            } catch let error as TwinError where error == .damagedIndex {
                result.damagedSegments.append(row.key)
                continue
            }
            var checked = DocumentRuns()
            // From the end of the segment before, so that nothing between the two is passed over.
            try chunks(position..<contents.keys.upperBound) { chunk in
                guard let document = contents.document(of: chunk.chunk) else {
                    result.missing.append(chunk.chunk)
                    return
                }
                _ = checked.insert(document..<document + 1)
                if contents.sums[document] == Self.sum(of: chunk, analyzer: analyzer) {
                    result.matching += 1
                } else {
                    result.differing.append(chunk.chunk)
                }
            }
            for document in 0..<row.documents where !contents.deleted.contains(document) && !checked.contains(document) {
                result.surplus.append(contents.header.key(of: document))
            }
            position = contents.keys.upperBound
        }
        try chunks(position..<Int64.max) { result.missing.append($0.chunk) }
        return result
    }

    /// What the index should have of a chunk, as a number.
    private static func sum(of chunk: ChunkContents, analyzer: Analyzer) -> UInt64 {
        var counts: [[UInt8]: (body: Int, fields: UInt8)] = [:]
        func count(_ text: String, _ body: (inout (body: Int, fields: UInt8)) -> Void) -> Int {
            var text = text
            var length = 0
            text.withUTF8 { bytes in
                analyzer.forEachToken(in: bytes) { term, _, position, _ in
                    length = position + 1
                    body(&counts[Array(term), default: (0, 0)])
                }
            }
            return length
        }
        let length = count(chunk.body) { $0.body += 1 }
        for heading in chunk.headings { _ = count(heading) { $0.fields |= TermFrequency.inHeadings } }
        _ = count(chunk.title) { $0.fields |= TermFrequency.inTitle }
        var sum = SegmentContents.number(length: UInt16(min(length, Int(UInt16.max))), source: chunk.source)
        for (term, found) in counts {
            let frequency = TermFrequency(
                body: min(found.body, Int(UInt16.max)), inHeadings: found.fields & TermFrequency.inHeadings != 0,
                inTitle: found.fields & TermFrequency.inTitle != 0)
            sum &+= SegmentContents.number(term: SegmentContents.hash(term), code: frequency.code)
        }
        return sum
    }
}

/// What a segment has of each document, as a number.
private struct SegmentContents {
    let header: SegmentHeader
    let deleted: DocumentRuns
    private(set) var sums: [UInt64]

    /// Reads the whole segment. Throws the damage that it finds.
    init(_ row: SegmentRow, store: SegmentStore) throws {
        let reader = try SegmentReader(row, store: store)
        header = reader.header
        deleted = try store.deleted(of: row)
        var live = 0
        var length = 0
        for document in 0..<row.documents where !deleted.contains(document) {
            live += 1
            length += Int(reader.lengths[document])
        }
        guard live == row.liveDocuments, length == row.liveLength, header.keyRuns.first?.firstKey == row.firstChunk else {
            throw TwinError.damagedIndex
        }
        var checksum: UInt64 = 0
        for stream in PageStream.allCases {
            for number in 0..<header.pageCount(stream) {
                checksum &+= try store.withPage(row.key, stream, number) { SegmentPageWriter.checksum($0, stream, number) }
            }
        }
        guard checksum == header.checksum else { throw TwinError.damagedIndex }
        var sums: [UInt64] = []
        sums.reserveCapacity(row.documents)
        try reader.forEachSourceRun(store: store) { source, count in
            for _ in 0..<count { sums.append(Self.number(length: reader.lengths[sums.count], source: source)) }
        }
        let memory = try SearchMemory(windows: SearchMemory.Windows())
        let model = ScoringModel(settings: ScoringSettings(), weights: [0], averageLength: 0)
        let context = try SegmentSearch(memory: memory).context(reader, store: store, model: model)
        let dictionary = DictionaryCursor(reader, store: store)
        var terms = 0
        try dictionary.advance()
        while !dictionary.isAtEnd {
            terms += 1
            let term = Self.hash(dictionary.term)
            try dictionary.forEachPosting(context, memory: memory.cursor(0)) { document, code in
                sums[document] &+= Self.number(term: term, code: code)
            }
            // The search finds a term by another way, which has to lead to the same place.
            let found = try dictionary.term.withUnsafeBufferPointer { try reader.list(of: $0, store: store) != nil }
            guard found else { throw TwinError.damagedIndex }
            try dictionary.advance()
        }
        guard terms == header.termCount else { throw TwinError.damagedIndex }
        self.sums = sums
    }

    var keys: Range<Int64> {
        guard let first = header.keyRuns.first, let last = header.keyRuns.last else { return 0..<0 }
        return first.firstKey..<last.keys.upperBound
    }

    /// The live document with a key.
    func document(of key: Int64) -> Int? {
        guard key < Int64.max, let document = header.documents(of: key..<key + 1).first?.lowerBound, !deleted.contains(document)
        else { return nil }
        return document
    }

    /// FNV-1a (https://www.rfc-editor.org/rfc/rfc9923).
    static func hash(_ bytes: [UInt8]) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }

    static func number(term: UInt64, code: UInt8) -> UInt64 { mixed(term ^ UInt64(code) &* 0x9E37_79B9_7F4A_7C15) }

    static func number(length: UInt16, source: Int64) -> UInt64 { mixed(mixed(UInt64(bitPattern: source)) ^ UInt64(length)) }

    /// The last step of SplitMix64: every bit of the number changes about half of the bits of the result.
    private static func mixed(_ number: UInt64) -> UInt64 {
        var value = number
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
