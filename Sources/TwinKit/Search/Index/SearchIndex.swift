import TwinDatabase
import TwinSupport

/// The inverted index of one twin: rows of the database, read and written through the caller's connection, so that a
/// change of the index is part of the transaction that changes the texts.
///
/// The value may be made for each use and shared by threads. What has been read of segments, which never change, is
/// remembered with the database (`SegmentCache`).
package struct SearchIndex: Sendable {
    /// The twin's key.
    package let twin: Int64
    package let settings: ScoringSettings
    /// None is that of the database.
    private let ownCache: SegmentCache?
    var windows = SearchMemory.Windows()

    package init(twin: Int64, settings: ScoringSettings = ScoringSettings()) {
        self.init(twin: twin, settings: settings, cache: nil)
    }

    /// An index with a memory of its own.
    init(twin: Int64, settings: ScoringSettings = ScoringSettings(), cache: SegmentCache?) {
        self.twin = twin
        self.settings = settings
        ownCache = cache
    }

    private func cache(_ store: SegmentStore) -> SegmentCache { ownCache ?? .of(store.connection) }

    /// The same index with other parameters of the ranking.
    package func with(_ settings: ScoringSettings) -> SearchIndex { SearchIndex(twin: twin, settings: settings, cache: ownCache) }

    /// Numbers of a twin's index. They count live chunks only.
    package struct Statistics: Sendable, Equatable {
        package var segments = 0
        package var chunks = 0
        /// Words in the bodies of all chunks.
        package var words = 0
        /// Deleted chunks whose postings the next merge will drop.
        package var deletedChunks = 0

        /// Words of a chunk's body, on average; 0 for an empty index.
        package var averageLength: Double { chunks > 0 ? Double(words) / Double(chunks) : 0 }
    }

    /// Read from the segments' own counts, without their pages. In the caller's transaction; throws `DatabaseError`.
    package func statistics(on connection: Connection) throws -> Statistics {
        statistics(try SegmentStore(connection).segments(of: twin))
    }

    private func statistics(_ segments: [SegmentRow]) -> Statistics {
        var result = Statistics()
        for segment in segments {
            result.segments += 1
            result.chunks += segment.liveDocuments
            result.words += segment.liveLength
            result.deletedChunks += segment.documents - segment.liveDocuments
        }
        return result
    }

    // MARK: Changes

    /// Writes a segment. Its first document gets the chunk key `base`, the others follow. `sourceKey` gives the key of a
    /// source by the number it was added with; documents of a source without one are not wanted and count as deleted.
    ///
    /// Throws `DatabaseError`, and `TwinError` when the keys overlap those of a segment of the twin.
    package func append(
        _ segment: SegmentData, base: Int64, on connection: Connection, sourceKey: (Int) -> Int64?
    ) throws {
        guard segment.documentCount > 0 else { return }
        let store = try SegmentStore(connection)
        if let last = try store.segments(of: twin).last {
            guard try store.header(of: last.key).keyRuns.last.map({ $0.keys.upperBound <= base }) ?? true else {
                throw TwinError(.conflict, "the chunk keys of a new index segment must be above those of the others")
            }
        }
        var deleted = DocumentRuns()
        var sources: [UInt8] = []
        var document = 0
        var previous: Int64 = 0
        for run in segment.sources {
            let key = sourceKey(run.ordinal)
            if key == nil { _ = deleted.insert(document..<document + run.count) }
            sources.appendVarint(run.count)
            sources.appendSigned((key ?? 0) &- previous)
            previous = key ?? 0
            document += run.count
        }
        guard deleted.count < segment.documentCount else { return }
        let length = segment.lengths.reduce(0) { $0 + Int($1) }
        var header = SegmentHeader(
            documentCount: segment.documentCount, termCount: segment.termCount,
            keyRuns: [SegmentHeader.KeyRun(firstDocument: 0, count: segment.documentCount, firstKey: base)])
        let row = SegmentRow(
            key: 0, token: .random(in: .min ... .max), revision: .random(in: .min ... .max), firstChunk: base,
            documents: segment.documentCount,
            liveDocuments: segment.documentCount - deleted.count,
            liveLength: length - deleted.runs.reduce(0) { $0 + segment.lengths[$1].reduce(0) { $0 + Int($1) } })
        let key = try store.insert(row, twin: twin, deleted: deleted, header: header)
        var writer = try store.pageWriter
        writer.segment = key
        try segment.pages.bytes.withUnsafeBytes { bytes in
            var start = 0
            for page in segment.pages.pages {
                try writer.append(UnsafeRawBufferPointer(rebasing: bytes[start..<page.end]), to: page.stream)
                start = page.end
            }
        }
        try sources.withUnsafeBytes { try $0.forEachPage { try writer.append($0, to: .sources) } }
        header.pageCounts = writer.counts
        header.checksum = writer.checksum
        try store.update(key, header: header)
    }

    /// Takes chunks out of the index: at once they are neither found nor counted in any statistic. Keys that the index does
    /// not have, or not any more, are passed over.
    package func delete(chunks keys: Range<Int64>, on connection: Connection) throws {
        guard !keys.isEmpty else { return }
        let store = try SegmentStore(connection)
        for var segment in try store.segments(of: twin) where segment.firstChunk < keys.upperBound {
            let header = try store.header(of: segment.key)
            let documents = header.documents(of: keys)
            guard !documents.isEmpty else { continue }
            var deleted = try store.deleted(of: segment)
            let added = documents.flatMap { deleted.insert($0) }
            guard !added.isEmpty else { continue }
            for run in added {
                segment.liveDocuments -= run.count
                segment.liveLength -= try store.length(of: run, in: segment.key)
            }
            if segment.liveDocuments == 0 {
                try store.delete(segment.key)
            } else {
                try store.update(segment, deleted: deleted)
            }
        }
    }

    /// Merges one group of segments when the policy asks for it, and returns whether it did: call it again, in a transaction
    /// of its own, until it returns false. Results of searches do not change.
    @discardableResult
    package func merge(_ policy: MergePolicy = .tiered, on connection: Connection) throws -> Bool {
        let store = try SegmentStore(connection)
        let segments = try store.segments(of: twin)
        guard let chosen = policy.choose(segments) else { return false }
        try SegmentMerge(twin: twin, store: store, cache: cache(store)).run(Array(segments[chosen]))
        return true
    }

    /// Removes the twin's whole index.
    package func drop(on connection: Connection) throws {
        try connection.run("DELETE FROM index_segments WHERE twin_key = ?", twin)
    }

    // MARK: Searching

    /// The best chunks for a query, at most `limit`: the highest score first, among equal ones the lowest key.
    ///
    /// Chunks of sources that are not visible are not found. Statistics are those of the whole twin, so a score does not
    /// depend on who asks. Throws `DatabaseError`, and `TwinError` when the index is damaged.
    package func search(
        _ query: Query, visible: VisibleSources = .all, limit: Int, on connection: Connection
    ) throws -> [SearchHit] {
        guard limit > 0, !query.isEmpty else { return [] }
        if case .only(let sources) = visible, sources.isEmpty { return [] }
        let store = try SegmentStore(connection)
        let segments = try store.segments(of: twin)
        let statistics = statistics(segments)
        guard statistics.chunks > 0 else { return [] }
        return try cache(store).withMemory(windows) { memory in
            let search = SegmentSearch(memory: memory, windows: windows)
            let lookups = try segments.map { try lookUp(query.terms, in: $0, store: store, search: search) }
            let weights = query.terms.enumerated().map { index, term in
                let count = lookups.reduce(0) { $0 + $1.liveCounts[index] }
                return count > 0
                    ? term.weight * ScoringSettings.inverseDocumentFrequency(count: count, documents: statistics.chunks) : 0
            }
            let model = ScoringModel(settings: settings, weights: weights, averageLength: statistics.averageLength)
            var top = TopDocuments(limit: limit)
            for (segment, lookup) in zip(segments, lookups) where lookup.lists.contains(where: { $0 != nil }) {
                var filters: [DocumentFilter] = []
                if let deletions = try cache(store).deletions(segment, store: store) { filters.append(deletions.filter) }
                if case .only(let sources) = visible {
                    let filter = try sources.filter(for: lookup.reader, store: store)
                    if filter.isEmpty { continue }
                    filters.append(filter)
                }
                try search.run(lookup.reader, lists: lookup.lists, model: model, filters: filters, store: store, top: &top)
            }
            return top.sorted.map { SearchHit(chunk: $0.key, score: Double($0.score) / model.scale) }
        }
    }

    /// How many live chunks have each of the terms.
    package func documentFrequencies(of terms: [String], on connection: Connection) throws -> [Int] {
        let store = try SegmentStore(connection)
        return try cache(store).withMemory(windows) { memory in
            let search = SegmentSearch(memory: memory, windows: windows)
            var counts = Array(repeating: 0, count: terms.count)
            for segment in try store.segments(of: twin) {
                let lookup = try lookUp(terms.map { Query.Term($0) }, in: segment, store: store, search: search)
                for index in counts.indices { counts[index] += lookup.liveCounts[index] }
            }
            return counts
        }
    }

    /// Calls `body` with each term that begins with `prefix`, in order, segment by segment, so that a term may come again; at
    /// most `limit` terms of a segment.
    package func forEachTerm(
        withPrefix prefix: [UInt8], limit: Int, on connection: Connection, _ body: ([UInt8]) throws -> Void
    ) throws {
        let store = try SegmentStore(connection)
        for segment in try store.segments(of: twin) {
            let cursor = DictionaryCursor(try cache(store).reader(segment, store: store), store: store)
            cursor.seek(prefix)
            var count = 0
            try cursor.advance()
            while !cursor.isAtEnd, count < limit {
                if cursor.term.starts(with: prefix) {
                    try body(cursor.term)
                    count += 1
                } else if prefix.lexicographicallyPrecedes(cursor.term) {
                    break
                }
                try cursor.advance()
            }
        }
    }

    private struct Lookup {
        var reader: SegmentReader
        var lists: [PostingList?]
        /// Live documents that have each term.
        var liveCounts: [Int]
    }

    private func lookUp(
        _ terms: [Query.Term], in segment: SegmentRow, store: SegmentStore, search: SegmentSearch
    ) throws -> Lookup {
        let reader = try cache(store).reader(segment, store: store)
        let lists = try terms.map { term in
            var text = term.term
            return try text.withUTF8 { try reader.list(of: $0, store: store) }
        }
        var counts = lists.map { $0?.count ?? 0 }
        if let deletions = try cache(store).deletions(segment, store: store) {
            for (term, list) in lists.enumerated() {
                guard let list else { continue }
                counts[term] -= try search.count(list, in: deletions.runs, of: reader, store: store)
            }
        }
        return Lookup(reader: reader, lists: lists, liveCounts: counts)
    }
}
