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

    /// Which bucket a file lies in; NULL in the folder, or before that was noted.
    static let places = "ALTER TABLE stored_files ADD COLUMN bucket TEXT;"

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
    /// Seconds that a mark counts. One that is older is of a removal that was cut off.
    static let removalTime = 120.0
    /// Seconds after which marks are made anew, for what they mark and was not removed yet.
    private static let markTime = 60.0
    /// Names of one transaction.
    private static let batch = 500
    private static let longAgo = Timestamp(milliseconds: 0)

    /// Notes that a file is about to be stored, in the bucket at this address or in the folder. Throws `TwinError` (`busy`) while one of that name is being removed.
    package func note(_ name: String, in bucket: String? = nil, now: Timestamp = Clock.now) throws {
        try database.write { try Self.note(name, in: bucket, now: now, on: $0) }
    }

    /// The same in a transaction of the caller's.
    package static func note(
        _ name: String, in bucket: String? = nil, now: Timestamp = Clock.now, on connection: Connection
    ) throws {
        try connection.run(
            """
            INSERT INTO stored_files (name, noted_at, bucket) VALUES (?1, ?2, ?4)
            ON CONFLICT (name) DO UPDATE SET noted_at = ?2, removing_since = NULL, bucket = coalesce(?4, bucket)
            WHERE removing_since IS NULL OR removing_since < ?3
            """, name, now, now.adding(seconds: -removalTime), bucket)
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

    /// A row that named a file, and when it last did so.
    package struct Naming {
        var name: String
        var time: Timestamp

        /// None for a row that names no file.
        init?(_ name: String?, _ time: Timestamp) {
            guard let name else { return nil }
            self.name = name
            self.time = time
        }
    }

    /// Rows that named files are gone, in the caller's transaction: nobody has to wait for what may still come. A file that was noted
    /// after the row had it is somebody else's as well, whose row may be on its way, and waits as any other.
    package static func release(_ rows: [Naming], on connection: Connection) throws {
        let list = JSON.array(rows.map { .array([.string($0.name), .string($0.time.description)]) })
        try connection.run(
            """
            UPDATE stored_files SET noted_at = ?1
            WHERE name IN (SELECT value ->> 0 FROM json_each(?2) WHERE stored_files.noted_at <= value ->> 1)
            """, longAgo, list)
    }

    /// Rows that named files have gone to another database, in the caller's transaction. What lies where the other looks as well is
    /// the other's from now on; elsewhere nobody has to wait for what may still come. `named` is a query of one column.
    package static func leave(_ names: [String], named: String, isShared: Bool, on connection: Connection) throws {
        let left = "SELECT value FROM json_each(?1) EXCEPT SELECT * FROM (\(named))"
        if isShared {
            try connection.run("DELETE FROM stored_files WHERE name IN (\(left))", JSON.strings(names))
        } else {
            try connection.run(
                "UPDATE stored_files SET noted_at = ?2 WHERE name IN (\(left))", JSON.strings(names), longAgo)
        }
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

    /// Removes up to `limit` files that nothing names by calling `remove` with each and the bucket that it lies in, and answers how many there were. What cannot
    /// be removed now waits for the next time, behind what was not tried yet; after some failures the rest waits as well, for a
    /// storage that is away. The first failure is thrown at the end.
    package func sweep(
        named: String, atMost limit: Int = .max, failuresAtMost: Int = 8, now: Timestamp = Clock.now,
        isCancelled: () -> Bool = { false }, remove: (_ name: String, _ bucket: String?) throws -> Void
    ) throws -> Int {
        let began = Clock.monotonicNanoseconds
        func elapsed() -> Double { Double(Clock.monotonicNanoseconds - began) / 1e9 }
        var removed = 0
        var failures: [any Error] = []
        while removed < limit, failures.count < failuresAtMost, !isCancelled() {
            // A mark is younger than the shortest time in which somebody may pass it by, when its removal ends.
            let start = elapsed()
            let mark = now.adding(seconds: start)
            let files = try self.mark(named: named, limit: min(Self.batch, limit - removed), now: mark)
            if files.isEmpty { break }
            for (name, bucket) in files {
                if isCancelled() || failures.count >= failuresAtMost || elapsed() - start > Self.markTime { break }
                do {
                    try remove(name, bucket)
                    try database.write { connection in
                        try connection.run("DELETE FROM stored_files WHERE name = ? AND removing_since = ?", name, mark)
                    }
                    removed += 1
                } catch {
                    try fail(name, mark)
                    failures.append(error)
                }
            }
            try database.write { connection in
                try connection.run("UPDATE stored_files SET removing_since = NULL WHERE removing_since = ?", mark)
            }
        }
        if let failure = failures.first { throw failure }
        return removed
    }

    /// Puts a file that could not be removed behind the others; it may be half gone, so that its mark stays for as long as one does.
    private func fail(_ name: String, _ mark: Timestamp) throws {
        try database.write { connection in
            try connection.run(
                "UPDATE stored_files SET removing_since = ? WHERE name = ? AND removing_since = ?", mark.adding(seconds: 0.001),
                name,
                mark)
        }
    }

    /// Marks the next files that are to be removed: nobody stores one of them while it is.
    private func mark(named: String, limit: Int, now: Timestamp) throws -> [(name: String, bucket: String?)] {
        try database.write { connection in
            let files = try connection.rows(
                """
                SELECT name, bucket FROM stored_files
                WHERE name IN (SELECT name FROM stored_files WHERE noted_at < ?1 EXCEPT SELECT * FROM (\(named)))
                    AND (removing_since IS NULL OR removing_since < ?2)
                ORDER BY removing_since, name LIMIT ?3
                """, now.adding(seconds: -Self.patience), now.adding(seconds: -Self.removalTime), limit
            ) { (name: $0.text(0), bucket: $0.optionalText(1)) }
            try connection.run(
                "UPDATE stored_files SET removing_since = ? WHERE name IN (SELECT value FROM json_each(?))", now,
                JSON.strings(files.map(\.name)))
            return files
        }
    }
}
