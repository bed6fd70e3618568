import CSQLite
import Dispatch
import Synchronization
import TwinSupport

/// One SQLite file in WAL mode: a single writer connection and a pool of readers, each opened on first use.
///
/// Reads run beside each other and beside one write, and each sees the database as it was when it began. Writes of this
/// process queue up; a write of another process is waited for up to the busy timeout. Calls block their thread.
package final class Database: Sendable {
    package struct Configuration: Sendable {
        /// How long another process's lock is waited for, in milliseconds.
        package var busyTimeout: Int32 = 10_000
        /// Reader connections at the most. A read beyond them waits for one to come back.
        package var maximumReaders = 8
        /// SQLite's page cache of each connection, in KiB. Nothing of the file is mapped into memory instead: on an index of
        /// a million chunks that was no faster than this much of a cache and took three times the memory.
        package var cacheSize = 16_384
        /// How much of the file is mapped into memory, in bytes: what is mapped counts as memory of the process.
        package var mappedSize = 0
        /// Pages in the write-ahead log at which a commit also brings them into the file.
        package var checkpointPages = 8_192
        package init() {}

        /// For a server: its many readers share what is mapped, where each page would otherwise be copied for each of them.
        package static var server: Configuration {
            var configuration = Configuration()
            configuration.mappedSize = 1 << 30
            configuration.cacheSize = 4_096
            configuration.maximumReaders = 32
            // Each page that is read is looked for in the log first.
            configuration.checkpointPages = 1_000
            return configuration
        }

        /// For a bulk load: it touches pages all over a large file once, so a larger cache would only take memory.
        package static var bulk: Configuration {
            var configuration = Configuration()
            configuration.cacheSize = 8_192
            return configuration
        }
    }

    package let path: String
    private let configuration: Configuration
    private let writerTurn = DispatchSemaphore(value: 1)
    private let writes = WriteQueue()
    private let readerTurn: DispatchSemaphore
    private let idleWriter = Mutex<Lent?>(nil)
    private let idleReaders = Mutex<[Lent]>([])
    private let begunReads = Atomic<Int>(0)
    private let begunWrites = Atomic<Int>(0)

    /// Calls of `read` and `write` since the database was opened: what a request costs, for tests that hold it.
    package var transactionCounts: (reads: Int, writes: Int) {
        (begunReads.load(ordering: .relaxed), begunWrites.load(ordering: .relaxed))
    }

    /// A connection as it passes between threads. It is in one place at a time, an idle list or the one thread that it
    /// is lent to, and the mutex around the lists orders the hand-over: the proof for `@unchecked`.
    private final class Lent: @unchecked Sendable {
        let connection: Connection
        init(_ connection: Connection) { self.connection = connection }
    }

    /// Opens the file at `path`, which must exist unless `create` is true. It does not migrate: see `Migrator`. Throws
    /// `DatabaseError`.
    package init(path: String, create: Bool = false, configuration: Configuration = Configuration()) throws {
        self.path = path
        self.configuration = configuration
        readerTurn = DispatchSemaphore(value: configuration.maximumReaders)
        let first = Lent(try connect(create ? .writer : .reader, create: create))
        if create { idleWriter.withLock { $0 = first } } else { idleReaders.withLock { $0 = [first] } }
    }

    private func connect(_ mode: Connection.Mode, create: Bool = false) throws -> Connection {
        let connection = try Connection(
            path: path, mode: mode, busyTimeout: configuration.busyTimeout, create: create)
        try connection.execute(
            """
            PRAGMA foreign_keys = ON; PRAGMA cache_size = -\(configuration.cacheSize); PRAGMA temp_store = MEMORY;
            PRAGMA mmap_size = \(configuration.mappedSize)
            """)
        switch mode {
        case .writer:
            // A bulk load changes the same inner pages in every batch; a longer log writes them to the file once.
            try connection.execute(
                """
                PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
                PRAGMA wal_autocheckpoint = \(configuration.checkpointPages)
                """)
        case .reader: try connection.execute("PRAGMA query_only = ON")
        }
        return connection
    }

    /// Runs `body` with a reader, in one read transaction: everything it reads is of one moment. The connection must
    /// not leave `body`. Throws `DatabaseError` and what `body` throws.
    package func read<Value>(_ body: (Connection) throws -> Value) throws -> Value {
        begunReads.add(1, ordering: .relaxed)
        readerTurn.wait()
        defer { readerTurn.signal() }
        let lent = try idleReaders.withLock { $0.popLast() } ?? Lent(connect(.reader))
        defer { idleReaders.withLock { $0.append(lent) } }
        return try lent.connection.transaction { try body(lent.connection) }
    }

    /// Runs `body` with the writer, in one transaction that is on the disk when this returns and undone when `body`
    /// throws. Writes of other threads that wait meanwhile may share it. Do not call it inside itself. Throws
    /// `DatabaseError` and what `body` throws.
    package func write<Value>(_ body: (Connection) throws -> Value) throws -> Value {
        begunWrites.add(1, ordering: .relaxed)
        return try writes.run(body) { try withWriter($0) }
    }

    /// Writes that wait for their turn.
    var waitingWrites: Int { writes.count }

    /// Runs `body` with the writer outside any transaction: for what SQLite refuses inside one (VACUUM, a checkpoint).
    package func withWriter<Value>(_ body: (Connection) throws -> Value) throws -> Value {
        writerTurn.wait()
        defer { writerTurn.signal() }
        let lent = try idleWriter.withLock { $0.take() } ?? Lent(connect(.writer))
        defer { idleWriter.withLock { $0 = lent } }
        return try body(lent.connection)
    }

    /// Runs `body` in one write transaction with foreign keys off, and commits only when every reference leads to a row. The
    /// connection is its own and closed afterwards, so that the writer is never without foreign keys, whatever fails here.
    /// Throws `DatabaseError`, `TwinError` for a reference that leads nowhere, and what `body` throws.
    func rebuild<Value>(_ body: (Connection) throws -> Value) throws -> Value {
        try withWriter { _ in
            let connection = try connect(.writer)
            // A rename would otherwise refuse triggers of other tables, which name the table that was just dropped.
            try connection.execute("PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON")
            return try connection.transaction {
                let value = try body(connection)
                try connection.checkRebuiltSchema()
                return value
            }
        }
    }

    /// As `read`, but the query that runs is stopped when `deadline` (of `Clock.monotonicNanoseconds`) has passed or
    /// `isCancelled` answers true; it then throws a `DatabaseError` with `SQLITE_INTERRUPT`.
    package func read<Value>(
        deadline: UInt64, isCancelled: @escaping () -> Bool = { false }, _ body: (Connection) throws -> Value
    ) throws -> Value {
        try read { connection in
            try connection.withProgressCheck({ isCancelled() || Clock.monotonicNanoseconds > deadline }) {
                try body(connection)
            }
        }
    }
}
