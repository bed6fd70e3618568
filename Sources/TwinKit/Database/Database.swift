import CSQLite
import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
    import TwinSupport
#endif

/// One SQLite file in WAL mode: a single writer connection and a pool of readers, each opened on first use.
///
/// Reads run beside each other and beside one write, and each sees the database as it was when it began. Writes of this
/// process queue up; a write of another process is waited for up to the busy timeout. Calls block their thread.
package final class Database: Sendable {
    /// What connections are opened with. It holds for the life of a `Database`.
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
        /// The key that seals the secrets in the database. The file without it signs nothing; what sealing is, and which rows are
        /// secrets, those say who keep them there.
        package var sealingKey: SealingKeyFile?
        /// Whether another program writes the file, as `litestream restore -f` does with a replica: it is only read here, in short
        /// transactions between which that program gets its turn, and a write throws `DatabaseError.ofReplica`.
        package var isFollowed = false
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

        /// For a server on a replica. Whoever writes the file waits until nobody reads, and readers wait for that in turn.
        package static var replica: Configuration {
            var configuration = server
            configuration.isFollowed = true
            configuration.busyTimeout = 2_000
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
    let loans = Loans()
    private let shared = SharedValues()
    /// Lets whoever writes a followed file have its turn.
    private let gate = ReadGate()
    /// The followed file that connections may be opened to.
    private let readable = Mutex<ReadableFile?>(nil)
    /// What counts commits, once there is something to count them in.
    private let commitCount = Mutex<String?>(nil)
    private let pool = Monitor(Pool())
    /// When a write last found no room, in monotonic nanoseconds; 0 when none has, or there was some since.
    private let refusedAt = Atomic<UInt64>(0)

    private let begunReads = Atomic<Int>(0)
    private let begunWrites = Atomic<Int>(0)

    /// Calls of `read` and `write` since the database was opened: what a request costs, for tests that hold it.
    package var transactionCounts: (reads: Int, writes: Int) {
        (begunReads.load(ordering: .relaxed), begunWrites.load(ordering: .relaxed))
    }

    /// The connections that nobody has at the moment, and how many are lent.
    private struct Pool {
        var writer: Lent?
        var readers: [Lent] = []
        var lentCount = 0
        /// Whether nothing is lent any more.
        var isClosed = false
        /// Whether `close` no longer waits for what comes back.
        var isAbandoned = false
    }

    /// A connection as it passes between threads. It is in one place at a time, the pool or the one thread that it
    /// is lent to, and the lock of the pool orders the hand-over: the proof for `@unchecked`.
    private final class Lent: @unchecked Sendable {
        let connection: Connection
        /// The file as it was when the connection read it last, where what it keeps of it may be trusted. Of followed files only.
        var seen: FollowedFile?
        /// Whether a later change of the file would show in `seen`.
        var seenIsCertain = false
        init(_ connection: Connection) { self.connection = connection }
    }

    /// Opens the file at `path`, which must exist unless `create` is true. It does not migrate: see `Migrator`. Throws
    /// `DatabaseError`.
    package init(path: String, create: Bool = false, configuration: Configuration = Configuration()) throws {
        self.path = path
        self.configuration = configuration
        readerTurn = DispatchSemaphore(value: configuration.maximumReaders)
        if configuration.isFollowed { return }
        let first = Lent(try connect(create ? .writer : .reader, create: create))
        pool.withLock { if create { $0.writer = first } else { $0.readers = [first] } }
    }

    /// Has each transaction that changes something run `sql` before its commit, of this process.
    package func countCommits(with sql: String) { commitCount.withLock { $0 = sql } }

    func connect(_ mode: Connection.Mode, create: Bool = false) throws -> Connection {
        let connection = try Connection(
            path: path, mode: mode, busyTimeout: configuration.busyTimeout, create: create,
            isFollowed: configuration.isFollowed, sealingKey: configuration.sealingKey, shared: shared)
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
    /// not leave `body`. Inside another read of the same thread it is part of that one: it sees the same moment and takes no second
    /// reader. Inside a write it sees what was committed, without what the write has done. Throws `DatabaseError` and what `body`
    /// throws.
    package func read<Value>(_ body: (Connection) throws -> Value) throws -> Value {
        begunReads.add(1, ordering: .relaxed)
        if let connection = loans.reader { return try body(connection) }
        // Whoever writes does not wait for readers, who may wait for the writer: one more than the pool, at the most.
        let takesTurn = !loans.isWriting
        if takesTurn { readerTurn.wait() }
        defer { if takesTurn { readerTurn.signal() } }
        if configuration.isFollowed { return try readFollowed(body) }
        let lent = try take(.reader) { $0.readers.popLast() }
        defer { giveBack { $0.readers.append(lent) } }
        return try loans.withReader(lent.connection) { try lent.connection.transaction { try body(lent.connection) } }
    }

    /// Seconds that one read of a followed file may take: whoever writes it waits meanwhile.
    private static let followedSeconds = 3.0
    /// How often a read begins anew because the file changed under its beginning.
    private static let followedAttempts = 8
    /// Seconds that a read waits for the end of a change, and microseconds between two looks.
    private static let changeSeconds = 1.0
    private static let changeLook: UInt32 = 500

    /// As `read`, of a file that another program writes while nobody reads it. What a connection has kept of its pages is thrown away
    /// when the file has changed: SQLite would keep them, because that program does not count its changes as SQLite does.
    private func readFollowed<Value>(_ body: (Connection) throws -> Value) throws -> Value {
        gate.enter()
        defer { gate.leave() }
        var lent = try lend { $0.readers.popLast() }
        defer { giveBack { if let lent { $0.readers.append(lent) } } }
        let deadline = Clock.monotonicNanoseconds + UInt64(Self.followedSeconds * 1e9)
        let changeDeadline = Clock.monotonicNanoseconds + UInt64(Self.changeSeconds * 1e9)
        var attempts = 0
        while attempts < Self.followedAttempts {
            let file = try FollowedFile(path)
            guard file.isWhole else {
                guard Clock.monotonicNanoseconds < changeDeadline else {
                    throw DatabaseError(extendedCode: SQLITE_BUSY, message: "the replica's file holds a part of a change")
                }
                usleep(Self.changeLook)
                continue
            }
            attempts += 1
            // Another file in its place: what the connection holds open is not the one that is followed any more.
            if let seen = lent?.seen, !seen.isSameFile(as: file) { lent = nil }
            let current: Lent
            if let lent, lent.seen != nil {
                current = lent
            } else {
                try verify(file)
                current = Lent(try connect(.reader))
                lent = current
            }
            if current.seen != file || !current.seenIsCertain { current.connection.forgetPages() }
            let connection = current.connection
            let value: Value? = try loans.withReader(connection) {
                try connection.transaction { () -> Value? in
                    // Takes the lock, so that nothing is written from here on.
                    _ = try connection.first("SELECT 1 FROM sqlite_schema LIMIT 1") { $0.int(0) }
                    let locked = try FollowedFile(path)
                    current.seen = locked
                    // What was kept of another state is not of this one.
                    current.seenIsCertain = locked == file && locked.isSettled
                    guard locked == file, locked.isWhole else { return nil }
                    do {
                        return try connection.withProgressCheck({ Clock.monotonicNanoseconds > deadline }) {
                            try body(connection)
                        }
                    } catch let error as DatabaseError where error.isInterrupted && Clock.monotonicNanoseconds > deadline {
                        loans.noteRefusal()
                        throw error
                    }
                }
            }
            if let value { return value }
        }
        throw DatabaseError(extendedCode: SQLITE_BUSY, message: "the replica's file keeps changing")
    }

    /// Makes sure that a file may be opened, before anything here has it open.
    private func verify(_ file: FollowedFile) throws {
        try readable.withLock { readable in
            if readable?.isSame(as: file) != true { readable = try ReadableFile.open(path) }
        }
    }

    /// Runs `body`, and answers with its value whether something in it was refused because the file is a replica: a write, or a read
    /// that took too long. Of the calling thread.
    package func notingRefusals<Value>(_ body: () throws -> Value) rethrows -> (value: Value, wasRefused: Bool) {
        loans.forgetRefusal()
        let value = try body()
        return (value, loans.forgetRefusal())
    }

    /// Throws `DatabaseError.ofReplica` where the file is a replica: for what only the primary has.
    package func requirePrimary() throws {
        guard configuration.isFollowed else { return }
        loans.noteRefusal()
        throw DatabaseError.ofReplica
    }

    /// Runs `body` with the writer, in one transaction that is on the disk when this returns and undone when `body`
    /// throws. Writes of other threads that wait meanwhile may share it. Inside a write of the same thread it is a mistake of the
    /// program, which would wait for itself: a trap in debug builds, a `DatabaseError` in others. Throws `DatabaseError` and what
    /// `body` throws.
    package func write<Value>(_ body: (Connection) throws -> Value) throws -> Value {
        begunWrites.add(1, ordering: .relaxed)
        try requirePrimary()
        try refuseToWaitForItself()
        let count = commitCount.withLock { $0 }
        do {
            let value = try writes.run(body, beforeCommit: count) { try withWriter($0) }
            let refused = refusedAt.load(ordering: .relaxed)
            if refused != 0, !Self.isRecent(refused) { refusedAt.store(0, ordering: .relaxed) }
            return value
        } catch let error as DatabaseError where error.isFull {
            refusedAt.store(Clock.monotonicNanoseconds, ordering: .relaxed)
            throw error
        }
    }

    /// Bytes below which a disk counts as full: a write that still fits may be the last.
    private static let minimumRoom = 1 << 20
    /// Nanoseconds for which a write that found no room counts, although smaller ones may have found some since.
    private static let refusalCounts: UInt64 = 10_000_000_000

    private static func isRecent(_ refusal: UInt64) -> Bool { Clock.monotonicNanoseconds &- refusal < refusalCounts }

    /// Throws `TwinError` (`storageFull`) while there is no room for writes: the disk is full, or a write of the last seconds found
    /// it full or bounded otherwise (a quota, a limit on the size of files), or one before did and writing a page now fails too. For
    /// a probe: it writes only after a write has failed, and then waits for the writer. Throws `DatabaseError` when the file cannot
    /// be written at all.
    package func checkRoom() throws {
        var information = statvfs()
        if statvfs(FilePath.folder(of: FilePath.absolute(path)), &information) == 0, information.f_blocks > 0,
            UInt64(information.f_bavail) * UInt64(information.f_frsize) < Self.minimumRoom
        {
            throw TwinError(.storageFull, "the disk that holds the database is full; free some space")
        }
        let refused = refusedAt.load(ordering: .relaxed)
        guard refused != 0 else { return }
        if Self.isRecent(refused) { throw TwinError(.storageFull, "the last writes did not fit on the disk; free some space") }
        do {
            try write { connection in
                // The same value again: a real write that changes nothing.
                let version = try connection.first("PRAGMA user_version") { $0.int(0) } ?? 0
                try connection.execute("PRAGMA user_version = \(version)")
            }
        } catch let error as DatabaseError where error.isFull {
            throw TwinError(error)
        }
    }

    /// Whether there is room for writes, as `checkRoom` finds it; also true when that cannot be found out.
    package var hasRoom: Bool {
        do {
            try checkRoom()
        } catch let error as TwinError {
            return error.kind != .storageFull
        } catch {}
        return true
    }

    /// Writes that wait for their turn.
    var waitingWrites: Int { writes.count }

    /// Runs `body` with the writer outside any transaction: for what SQLite refuses inside one (VACUUM, a checkpoint). Not
    /// inside a write, as for `write`.
    package func withWriter<Value>(_ body: (Connection) throws -> Value) throws -> Value {
        try requirePrimary()
        try refuseToWaitForItself()
        writerTurn.wait()
        defer { writerTurn.signal() }
        let lent = try take(.writer) { $0.writer.take() }
        defer { giveBack { $0.writer = lent } }
        return try loans.withWriter { try body(lent.connection) }
    }

    private func refuseToWaitForItself() throws {
        guard let refusal = loans.writeRefusal else { return }
        assertionFailure(refusal.message)
        throw refusal
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

    /// A connection of the pool, or a new one where it has none. Every one that is taken is given back.
    private func take(_ mode: Connection.Mode, from body: (inout Pool) -> Lent?) throws -> Lent {
        let pooled = try lend(body)
        do {
            return try pooled ?? Lent(connect(mode))
        } catch {
            giveBack { _ in }
            throw error
        }
    }

    /// A connection of the pool, none where it has none; `giveBack` follows either way.
    private func lend(_ body: (inout Pool) -> Lent?) throws -> Lent? {
        try pool.withLock { pool in
            guard !pool.isClosed else {
                throw DatabaseError(extendedCode: SQLITE_MISUSE, message: "the database was closed")
            }
            pool.lentCount += 1
            return body(&pool)
        }
    }

    private func giveBack(_ body: (inout Pool) -> Void) {
        let isClosing = pool.withLock { pool in
            pool.lentCount -= 1
            // Whoever closes the database closes this one too, before it says that all are closed.
            if !pool.isAbandoned { body(&pool) }
            return pool.isClosed
        }
        if isClosing { pool.notifyAll() }
    }

    /// Brings what the write-ahead log holds into the file and closes all connections, so that the file alone holds everything.
    /// Every later call throws `DatabaseError`. Waits at most `seconds` for this process's last write, for its reads that are under
    /// way and for readers of other processes; answers whether the log is empty. A log that is not is no loss: whoever opens the
    /// file next reads it.
    @discardableResult
    package func close(within seconds: Double) -> Bool {
        let deadline = Clock.monotonicNanoseconds + UInt64(max(0, min(seconds, 3_600)) * 1e9)
        guard writerTurn.wait(timeout: .now() + max(0, seconds)) == .success else {
            abandon()
            return false
        }
        let writer = pool.withLock { pool in
            pool.isClosed = true
            return pool.writer.take()
        }
        // A write that waits is refused now; the read that it may be inside of would otherwise never end.
        writerTurn.signal()
        let left = deadline - min(deadline, Clock.monotonicNanoseconds)
        let isAlone = pool.wait(seconds: Double(left) / 1e9) { $0.lentCount == 0 ? true : nil } ?? false
        abandon()
        guard let connection = writer?.connection else { return isAlone }
        defer { connection.closeNow() }
        while true {
            let left = deadline - min(deadline, Clock.monotonicNanoseconds)
            let isDone = try? connection.emptyLog(waiting: Int32(clamping: left / 1_000_000))
            if isDone == true || left == 0 { return isDone ?? false }
            usleep(10_000)
        }
    }

    /// Closes the readers that nobody has. Those that are lent are closed by whoever has them.
    private func abandon() {
        let readers = pool.withLock { pool in
            pool.isClosed = true
            pool.isAbandoned = true
            defer { pool.readers = [] }
            return pool.readers
        }
        // Outside the lock. A thread that has given one back may refer to it a moment longer, and the process may end before.
        for reader in readers { reader.connection.closeNow() }
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
