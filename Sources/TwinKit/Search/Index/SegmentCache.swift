import Synchronization

/// What one process has read of segments, kept from query to query. Readers of any database may share it: a segment's token
/// is random.
final class SegmentCache: Sendable {
    /// The memory that is kept at the most, in bytes: the lengths of 16 million documents.
    private static let maximumBytes = 48 << 20

    private struct Deletions {
        var revision: Int
        var runs: DocumentRuns
        var filter: DocumentFilter
    }

    private struct State {
        var readers: [Int64: SegmentReader] = [:]
        var deletions: [Int64: Deletions] = [:]
        var byteCount = 0
    }

    private let state = Mutex(State())

    func reader(_ row: SegmentRow, store: SegmentStore) throws -> SegmentReader {
        if let reader = state.withLock({ $0.readers[row.token] }), reader.key == row.key { return reader }
        let reader = try SegmentReader(row, store: store)
        state.withLock { state in
            if state.byteCount + reader.byteCount > Self.maximumBytes { state = State() }
            state.readers[row.token] = reader
            state.byteCount += reader.byteCount
        }
        return reader
    }

    /// The deleted documents of a segment and the filter without them; none when all documents are live.
    func deletions(_ row: SegmentRow, store: SegmentStore) throws -> (runs: DocumentRuns, filter: DocumentFilter)? {
        guard row.liveDocuments < row.documents else { return nil }
        if let known = state.withLock({ $0.deletions[row.token] }), known.revision == row.revision {
            return (known.runs, known.filter)
        }
        let runs = try store.deleted(of: row)
        guard runs.count == row.documents - row.liveDocuments else { throw TwinError.damagedIndex }
        let filter = DocumentFilter(count: row.documents, excluding: runs)
        state.withLock { state in
            if state.deletions[row.token] == nil { state.byteCount += row.documents / 8 + 128 }
            state.deletions[row.token] = Deletions(revision: row.revision, runs: runs, filter: filter)
        }
        return (runs, filter)
    }
}
