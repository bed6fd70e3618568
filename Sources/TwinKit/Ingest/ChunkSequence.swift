import TwinDatabase

/// The keys of chunks, which are handed out once in the life of a file.
enum ChunkSequence {
    /// The last that was handed out; 0 before the first.
    static func last(on connection: Connection) throws -> Int64 {
        (try connection.first("SELECT next FROM chunk_sequence") { $0.int64(0) } ?? 1) - 1
    }

    /// Goes on behind chunks that came with keys of their own, in the caller's transaction.
    static func passExisting(on connection: Connection) throws {
        try connection.run("UPDATE chunk_sequence SET next = max(next, (SELECT coalesce(max(key), 0) + 1 FROM chunks))")
    }
}
