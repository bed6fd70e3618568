import Synchronization
import TwinDatabase
import TwinSupport

/// What has been read of segments, kept from query to query: at most `maximumBytes` of it. The indexes of all twins of a database
/// share it, and it may hold what a transaction wrote that is undone later: the token of a segment and the revision of its
/// deletions are random.
final class SegmentCache: Sendable {
    /// That of the connection's database.
    static func of(_ connection: Connection) -> SegmentCache { connection.shared.value(SegmentCache.init) }

    /// The memory that is kept at the most, in bytes: the lengths of 16 million documents.
    private static let maximumBytes = 48 << 20

    private struct Deletions {
        var revision: Int64
        var runs: DocumentRuns
        var filter: DocumentFilter
    }

    private struct State {
        var readers: [Int64: SegmentReader] = [:]
        var deletions: [Int64: Deletions] = [:]
        var byteCount = 0
    }

    private let state = Mutex(State())
    private let idleMemory = Mutex<[IdleMemory]>([])
    private static let maximumIdleMemory = 4

    /// Working memory as it passes between threads: in the list of idle ones or with the one thread that took it out, and
    /// the mutex orders the hand-over. The proof for `@unchecked`.
    private struct IdleMemory: @unchecked Sendable {
        let memory: SearchMemory
    }

    /// Lends working memory to `body`.
    func withMemory<Result>(_ windows: SearchMemory.Windows, _ body: (SearchMemory) throws -> Result) throws -> Result {
        let idle = idleMemory.withLock { $0.popLast()?.memory }
        let memory = if let idle, idle.windows == windows { idle } else { try SearchMemory(windows: windows) }
        // After an error the sums are not all zero, so the memory goes away.
        let result = try body(memory)
        memory.trim()
        idleMemory.withLock { if $0.count < Self.maximumIdleMemory { $0.append(IdleMemory(memory: memory)) } }
        return result
    }

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
