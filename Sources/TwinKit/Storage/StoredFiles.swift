import TwinDatabase
import TwinSupport

/// What was put into storage, written down before it is put there. So what no row names any more is found and removed, also where
/// a crash came between a file and the row that was to name it, and without asking a bucket for all that it holds.
///
/// The rooms whose rows name files say so as SQL (`named`); this knows none of them.
package struct StoredFiles: Sendable {
    static let sql = """
        CREATE TABLE stored_files (
            -- As rows name it.
            name TEXT PRIMARY KEY,
            -- When somebody was last about to store it.
            noted_at TEXT NOT NULL,
            -- Since when it is being removed.
            removing_since TEXT
        ) STRICT, WITHOUT ROWID;
        """

    /// SQL that notes what rows name already, by a query of one column.
    static func notes(of named: String) -> String {
        """
        INSERT OR IGNORE INTO stored_files (name, noted_at)
        SELECT name, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
        FROM (SELECT NULL AS name UNION ALL \(named)) WHERE name IS NOT NULL;
        """
    }

    let database: Database

    package init(database: Database) { self.database = database }

    /// Seconds in which a row has to follow its file; a dataset's archive is stored at the end of the job that then names it.
    package static let patience = 86_400.0
    /// Seconds that a removal may take. One that began longer ago was cut off.
    static let removalTime = 120.0
    /// Names of one transaction.
    private static let batch = 500
    private static let longAgo = Timestamp(milliseconds: 0)

    /// Notes that a file is about to be stored. Throws `TwinError` (`busy`) while one of that name is being removed.
    package func note(_ name: String, now: Timestamp = Clock.now) throws {
        try database.write { try Self.note(name, now: now, on: $0) }
    }

    /// The same in a transaction of the caller's.
    package static func note(_ name: String, now: Timestamp = Clock.now, on connection: Connection) throws {
        try connection.run(
            """
            INSERT INTO stored_files (name, noted_at) VALUES (?1, ?2)
            ON CONFLICT (name) DO UPDATE SET noted_at = ?2, removing_since = NULL
            WHERE removing_since IS NULL OR removing_since < ?3
            """, name, now, now.adding(seconds: -removalTime))
        guard connection.changes > 0 else {
            throw TwinError(.busy, "a file of these bytes is being removed at this moment; try again in two minutes")
        }
    }

    /// Notes files that are there and were not noted: from before files were, or from after the backup that was restored.
    package func adopt(_ names: [String], now: Timestamp = Clock.now) throws {
        try database.write { connection in
            try connection.run(
                "INSERT OR IGNORE INTO stored_files (name, noted_at) SELECT value, ? FROM json_each(?)", now, JSON.strings(names))
        }
    }

    /// Rows that named these files are gone, in the caller's transaction: nobody has to wait for what may still come.
    package static func release(_ names: [String], on connection: Connection) throws {
        try connection.run(
            "UPDATE stored_files SET noted_at = ? WHERE name IN (SELECT value FROM json_each(?))", longAgo, JSON.strings(names))
    }

    /// How many files nothing names, though there was time enough. `named` is a query of one column.
    package func unnamed(named: String, now: Timestamp = Clock.now) throws -> Int {
        try database.read { connection in
            try connection.first(
                "SELECT count(*) FROM (SELECT name FROM stored_files WHERE noted_at < ? EXCEPT SELECT * FROM (\(named)))",
                now.adding(seconds: -Self.patience)
            ) { $0.int(0) } ?? 0
        }
    }

    /// Removes up to `limit` files that nothing names by calling `remove` with each, and answers how many there were. What cannot
    /// be removed now is tried again the next time; the first such failure is thrown at the end.
    package func sweep(
        named: String, atMost limit: Int = .max, now: Timestamp = Clock.now, isCancelled: () -> Bool = { false },
        remove: (String) throws -> Void
    ) throws -> Int {
        var removed = 0
        var failure: (any Error)?
        var after = ""
        while removed < limit, !isCancelled() {
            let names = try mark(named: named, after: after, limit: min(Self.batch, limit - removed), now: now)
            guard let last = names.last else { break }
            after = last
            for name in names {
                if isCancelled() { break }
                do {
                    try remove(name)
                    try database.write { connection in
                        try connection.run("DELETE FROM stored_files WHERE name = ? AND removing_since = ?", name, now)
                    }
                    removed += 1
                } catch {
                    failure = failure ?? error
                }
            }
        }
        if let failure { throw failure }
        return removed
    }

    /// Marks the next files that are to be removed: nobody stores one of them while it is.
    private func mark(named: String, after: String, limit: Int, now: Timestamp) throws -> [String] {
        try database.write { connection in
            let names = try connection.rows(
                """
                SELECT name FROM (SELECT name FROM stored_files WHERE noted_at < ?1 AND name > ?2 EXCEPT SELECT * FROM (\(named)))
                ORDER BY name LIMIT ?3
                """, now.adding(seconds: -Self.patience), after, limit
            ) { $0.text(0) }
            try connection.run(
                "UPDATE stored_files SET removing_since = ? WHERE name IN (SELECT value FROM json_each(?))", now,
                JSON.strings(names))
            return names
        }
    }
}
