import Synchronization
import TwinDatabase
import TwinSupport

/// Recognizes files that were moved or renamed, so that each stays the source that it was, with its id, grants and history.
///
/// A source is away from its place when nothing is left there, or when another file that moved took the place. Such a source
/// moves to where its bytes are found now. A copy beside its original is a source of its own, and a file that was merely
/// edited is where it was. Calls may come from any thread.
final class SourceMoves: Sendable {
    private let twinKey: Int64
    private let database: Database
    private let maximumFileBytes: Int
    private let state = Mutex(State())
    /// Without a file among its sources a twin has nothing that could have moved, and a first ingestion looks nothing up.
    private let isPossible: Bool

    private struct State {
        /// Sources that have found their new place in this run.
        var claimed: Set<Int64> = []
        /// Sources whose place a moved one took.
        var displaced: [Int64: SourceState] = [:]
    }

    /// Files that are looked at for one that is new, however many sources have the same bytes.
    private static let maximumLooks = 256

    init(twin: Twin, database: Database, maximumFileBytes: Int) throws {
        twinKey = twin.key
        self.database = database
        self.maximumFileBytes = maximumFileBytes
        isPossible = try database.read { connection in
            try connection.first("SELECT 1 FROM sources WHERE twin_key = ? AND kind = 'file' LIMIT 1", twin.key) { _ in true }
                != nil
        }
    }

    /// The source that has moved to `locator`, where bytes with `hash` stand and so far was `standing`; none when they are
    /// new there. A source is given once a run. Throws `DatabaseError`.
    func claim(_ hash: [UInt8], at locator: String, standing: SourceState?) throws -> SourceState? {
        guard isPossible else { return nil }
        // One snapshot: another worker that commits a move between two of these queries would hide where a source went.
        return try database.read { connection in
            let name = FilePath.name(locator)
            // Of several with the same bytes, one with the same name is the likeliest.
            let candidates = try sources(with: hash, besides: locator, on: connection)
                .sorted { ($0.name == name) && ($1.name != name) }
            var looks = Self.maximumLooks
            for candidate in candidates where looks > 0 {
                if isClaimed(candidate.key) { continue }
                guard try isAway(candidate, looks: &looks, path: [], on: connection) else { continue }
                let isOurs = state.withLock { state in
                    guard state.claimed.insert(candidate.key).inserted else { return false }
                    if let standing { state.displaced[standing.key] = standing }
                    return true
                }
                if isOurs { return candidate }
            }
            return nil
        }
    }

    func isClaimed(_ key: Int64) -> Bool { state.withLock { $0.claimed.contains(key) } }

    /// Sources whose place was taken and that have not been found elsewhere: their file is gone.
    var overwritten: [SourceState] {
        state.withLock { state in
            state.displaced.values.filter { !state.claimed.contains($0.key) }.sorted { $0.key < $1.key }
        }
    }

    /// Two searches, one an index: SQLite takes neither for an OR of both.
    private func sources(
        with hash: [UInt8], besides locator: String, on connection: Connection
    ) throws -> [SourceState] {
        try connection.rows(
            """
            SELECT \(SourceState.columns) FROM sources
            WHERE key IN (
                SELECT key FROM sources WHERE twin_key = ?1 AND kind = 'file' AND content_hash = ?2
                UNION ALL SELECT key FROM sources WHERE twin_key = ?1 AND kind = 'file' AND failed_hash = ?2
            ) AND locator <> ?3 AND variant = '' ORDER BY key
            """, twinKey, hash, locator, map: SourceState.init)
    }

    /// `path` holds the sources that led here: files that changed places lead round to the first.
    private func isAway(
        _ source: SourceState, looks: inout Int, path: [Int64], on connection: Connection
    ) throws -> Bool {
        if path.contains(source.key) { return true }
        guard looks > 0 else { return false }
        looks -= 1
        switch FileContents.kind(source.locator) {
        case .missing(let error): return error.kind == .notFound
        case .folder: return true
        case .file: break
        }
        if let identity = FileContents.identity(at: source.locator), identity == source.fileIdentity { return false }
        // What cannot be read now may be what it was.
        guard let contents = try? FileContents.read(source.locator, maximumBytes: maximumFileBytes) else { return false }
        let hash = try SHA256.hash(contents.bytes)
        if hash == source.contentHash || hash == source.failedHash { return false }
        for other in try sources(with: hash, besides: source.locator, on: connection) {
            if try isAway(other, looks: &looks, path: path + [source.key], on: connection) { return true }
        }
        return false
    }
}

extension SourceWriter {
    /// Puts a source that has moved in its new place. One that stands there is set aside under a path that no file can have,
    /// until it is found elsewhere too or removed at the end of the run. Answers false when the source is neither where it was
    /// nor set aside.
    func move(_ source: SourceState, to locator: String, on connection: Connection) throws -> Bool {
        let isThere = try connection.first(
            "SELECT 1 FROM sources WHERE key = ?1 AND (locator = ?2 OR locator = ?2 || '/' || id)", source.key, source.locator
        ) { _ in true }
        guard isThere != nil else { return false }
        try connection.run(
            "UPDATE sources SET locator = locator || '/' || id WHERE twin_key = ? AND locator = ? AND variant = '' AND key <> ?",
            twin.key,
            locator,
            source.key)
        try connection.run("UPDATE sources SET locator = ?, updated_at = ? WHERE key = ?", locator, Clock.now, source.key)
        let name = FilePath.name(locator)
        try log(
            .info,
            name == source.name ? "The file was moved here from another folder" : "The file was renamed from '\(source.name)'",
            source: source.key, at: Clock.now, on: connection)
        return true
    }
}
