import CSQLite

#if canImport(Glibc)
    import Glibc
    import TwinSupport
#endif

/// One SQLite connection with its cache of prepared statements. It is used by one thread at a time: `Database` lends it
/// out. Only `interrupt()` may be called from another thread.
package final class Connection {
    /// What a connection is opened for: SQLite refuses every write on a reader (`PRAGMA query_only`).
    package enum Mode: Sendable { case reader, writer }

    let pointer: OpaquePointer
    package let mode: Mode
    /// Where the key is that seals secrets in this database; see `Database.Configuration.sealingKey`.
    package let sealingKey: SealingKeyFile?
    /// What the connections of one database share.
    package let shared: SharedValues
    private var statements: [String: Statement] = [:]
    private var depth = 0
    private var progressCheck: ProgressCheck?
    private var isClosed = false

    /// Opens `path`, creating a missing file when `create` is true, for the owner alone: SQLite gives what it keeps beside a
    /// database the mode of the database. `busyTimeout` is in milliseconds: how long a locked
    /// database is waited for. Throws `DatabaseError`.
    init(
        path: String, mode: Mode, busyTimeout: Int32, create: Bool = false, isFollowed: Bool = false,
        sealingKey: SealingKeyFile? = nil,
        shared: SharedValues = SharedValues()
    ) throws {
        var pointer: OpaquePointer?
        // Readers are opened for writing too, because WAL readers write to the shared-memory file; `query_only` holds
        // them to reading.
        if create { Self.createFile(path) }
        let access = isFollowed ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0)
        let flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | access
        let code = sqlite3_open_v2(path, &pointer, flags, nil)
        guard code == SQLITE_OK, let pointer else {
            let error =
                pointer.map { DatabaseError(connection: $0) }
                ?? DatabaseError(extendedCode: code, message: "out of memory")
            sqlite3_close_v2(pointer)
            throw error
        }
        self.pointer = pointer
        self.mode = mode
        self.sealingKey = sealingKey
        self.shared = shared
        // Before anything else, so that not even the first PRAGMA fails on a lock.
        sqlite3_busy_timeout(pointer, busyTimeout)
        // Defences for a file that somebody else may have written: https://www.sqlite.org/security.html
        _ = csqlite_config_int(pointer, SQLITE_DBCONFIG_DEFENSIVE, 1, nil)
        _ = csqlite_config_int(pointer, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nil)
    }

    /// Opens a file that twin did not make, for reading alone. Throws `DatabaseError`.
    init(foreign path: String) throws {
        var pointer: OpaquePointer?
        let code = sqlite3_open_v2(path, &pointer, SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_READONLY, nil)
        guard code == SQLITE_OK, let pointer else {
            let error =
                pointer.map { DatabaseError(connection: $0) } ?? DatabaseError(extendedCode: code, message: "out of memory")
            sqlite3_close_v2(pointer)
            throw error
        }
        self.pointer = pointer
        mode = .reader
        sealingKey = nil
        shared = SharedValues()
        sqlite3_busy_timeout(pointer, 500)
        _ = csqlite_config_int(pointer, SQLITE_DBCONFIG_DEFENSIVE, 1, nil)
        _ = csqlite_config_int(pointer, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nil)
    }

    /// Makes an empty file, unless there is one. A failure is left to SQLite, which tells it better.
    private static func createFile(_ path: String) {
        // Never opens a file that is there: closing it again would let go of this process's locks on it (fcntl(2)).
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 { close(descriptor) }
    }

    /// Brings the write-ahead log into the file and empties it; false when somebody still reads or writes after so many
    /// milliseconds of waiting. Outside transactions only.
    package func emptyLog(waiting milliseconds: Int32) throws -> Bool {
        sqlite3_busy_timeout(pointer, milliseconds)
        return try first("PRAGMA wal_checkpoint(TRUNCATE)") { $0.int(0) } == 0
    }

    deinit { closeNow() }

    /// Closes it now, whoever still refers to it; nobody may use it afterwards. Otherwise it is closed with the last reference.
    func closeNow() {
        guard !isClosed else { return }
        isClosed = true
        statements.removeAll()
        sqlite3_close_v2(pointer)
    }

    /// From here on no trigger fires on this connection. What references say of deletions goes on being done.
    func disableTriggers() { _ = csqlite_config_int(pointer, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nil) }

    /// The prepared statement for `sql`, from the cache when it was used before. The cache belongs to fixed statements:
    /// text that varies from call to call goes through `execute`.
    package func statement(_ sql: String) throws -> Statement {
        let cached = statements[sql]
        // One that is in the middle of its rows is not taken from whoever reads them further up.
        if let cached, !cached.isRunning { return cached }
        let statement = try Statement(connection: pointer, sql: sql)
        if cached == nil { statements[sql] = statement }
        return statement
    }

    /// Runs statements that return no rows and take no values, several when separated by semicolons.
    package func execute(_ sql: String) throws {
        guard sqlite3_exec(pointer, sql, nil, nil, nil) == SQLITE_OK else { throw DatabaseError(connection: pointer, sql: sql) }
    }

    /// Runs one statement to its end.
    package func run(_ sql: String, _ values: any DatabaseConvertible...) throws { try run(sql, values) }

    /// The same with the values in a list. Throws `DatabaseError`: constraints among them, and triggers that refuse.
    package func run(_ sql: String, _ values: [any DatabaseConvertible]) throws {
        let statement = try statement(sql)
        try statement.bind(values)
        defer { statement.reset() }
        while try statement.step() {}
    }

    /// All rows, each turned into a value.
    package func rows<Value>(
        _ sql: String, _ values: any DatabaseConvertible..., map: (Row) throws -> Value
    ) throws -> [Value] { try rows(sql, values, map: map) }

    /// The same with the values in a list. Throws `DatabaseError`, and what `map` throws.
    package func rows<Value>(
        _ sql: String, _ values: [any DatabaseConvertible], map: (Row) throws -> Value
    ) throws -> [Value] {
        var result: [Value] = []
        try forEach(sql, values) { result.append(try map($0)) }
        return result
    }

    /// Calls `body` with each row as it is read, so that a large result is never held whole.
    package func forEach(_ sql: String, _ values: [any DatabaseConvertible], _ body: (Row) throws -> Void) throws {
        let statement = try statement(sql)
        try statement.bind(values)
        defer { statement.reset() }
        while try statement.step() { try body(statement.row) }
    }

    /// The first row, or none.
    package func first<Value>(
        _ sql: String, _ values: any DatabaseConvertible..., map: (Row) throws -> Value
    ) throws -> Value? { try first(sql, values, map: map) }

    /// The same with the values in a list. Throws `DatabaseError`, and what `map` throws. Rows after the first are not read.
    package func first<Value>(
        _ sql: String, _ values: [any DatabaseConvertible], map: (Row) throws -> Value
    ) throws -> Value? {
        let statement = try statement(sql)
        try statement.bind(values)
        defer { statement.reset() }
        return try statement.step() ? try map(statement.row) : nil
    }

    /// The rows that the last INSERT, UPDATE or DELETE changed.
    package var changes: Int { Int(sqlite3_changes64(pointer)) }
    /// The rowid of the last INSERT of this connection; 0 before the first.
    package var lastInsertedKey: Int64 { sqlite3_last_insert_rowid(pointer) }
    /// The rows that all statements of this connection have changed.
    var totalChanges: Int64 { sqlite3_total_changes64(pointer) }

    /// Throws away the pages of the file that are kept in memory. Outside transactions only.
    func forgetPages() { sqlite3_file_control(pointer, "main", SQLITE_FCNTL_RESET_CACHE, nil) }

    /// Whether a transaction is open, `transaction`'s or one begun by hand.
    package var isInTransaction: Bool { sqlite3_get_autocommit(pointer) == 0 }

    /// Runs `body` in a transaction and commits it; rolls back and rethrows when `body` throws. Inside another
    /// transaction it is a savepoint of that one. With `locksLater` the write lock is taken by the first write, and only that
    /// of the file which it writes to, where IMMEDIATE would take those of attached files as well.
    package func transaction<Value>(locksLater: Bool = false, _ body: () throws -> Value) throws -> Value {
        let isOuter = depth == 0
        let savepoint = "nested_\(depth)"
        // IMMEDIATE takes the write lock at once: a deferred transaction that has read cannot wait for it later.
        try run(isOuter ? (mode == .writer && !locksLater ? "BEGIN IMMEDIATE" : "BEGIN") : "SAVEPOINT \(savepoint)")
        depth += 1
        defer { depth -= 1 }
        do {
            let value = try body()
            try run(isOuter ? "COMMIT" : "RELEASE \(savepoint)")
            return value
        } catch {
            // SQLite has rolled back by itself after some errors (a full disk); then there is nothing left to undo.
            if isInTransaction { try? execute(isOuter ? "ROLLBACK" : "ROLLBACK TO \(savepoint); RELEASE \(savepoint)") }
            throw error
        }
    }

    /// Runs `body` while SQLite asks `shouldStop` about every 10,000 of its virtual machine's steps (well under a
    /// millisecond); on true the running statement throws `SQLITE_INTERRUPT`. Inside another check both are asked.
    func withProgressCheck<Value>(_ shouldStop: @escaping () -> Bool, _ body: () throws -> Value) throws -> Value {
        let outer = progressCheck
        install(outer.map { outer in ProgressCheck { shouldStop() || outer.shouldStop() } } ?? ProgressCheck(shouldStop))
        defer { install(outer) }
        return try body()
    }

    /// Makes SQLite ask `check`, which this connection keeps, or nothing.
    private func install(_ check: ProgressCheck?) {
        if let check {
            sqlite3_progress_handler(
                pointer, 10_000,
                { context in
                    guard let context else { return 0 }
                    return Unmanaged<ProgressCheck>.fromOpaque(context).takeUnretainedValue().shouldStop() ? 1 : 0
                }, Unmanaged.passUnretained(check).toOpaque())
        } else {
            sqlite3_progress_handler(pointer, 0, nil, nil)
        }
        progressCheck = check
    }
}

/// The question that SQLite's progress handler asks, as an object whose address C can carry.
private final class ProgressCheck {
    let shouldStop: () -> Bool
    init(_ shouldStop: @escaping () -> Bool) { self.shouldStop = shouldStop }
}
