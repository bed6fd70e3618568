import CSQLite

#if canImport(Glibc)
    import Glibc
    import TwinSupport
#endif

/// Copies of a whole database through SQLite's online backup API (https://www.sqlite.org/backup.html).
package enum Backup {
    /// Pages copied between two pauses, in which other processes may write.
    private static let pagesPerStep: Int32 = 1024

    /// Writes a copy of `database` to `path` as of one moment, while others read and write. It holds no byte of what was deleted,
    /// and takes as much room again in the folder for temporary files while it is made. The copy appears under its
    /// name only when it is whole and on the disk, and only its owner can read it, from its first byte on. `progress` is called with pages done and pages in all.
    package static func write(
        _ database: Database, to path: String, replacing: Bool = true,
        progress: (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
    ) throws {
        if !replacing, access(path, F_OK) == 0 {
            throw TwinError(.conflict, "there is already a file at \(path); add --force to replace it")
        }
        let temporary = path + ".partial-\(getpid())"
        defer { unlink(temporary) }
        unlink(temporary)
        do {
            let target = try Connection(path: temporary, mode: .writer, busyTimeout: 0, create: true)
            try database.read { source in try copy(from: source, to: target, progress: progress) }
            // The copy is one file: no WAL beside it. Written anew, it holds what is there and nothing else: pages keep the bytes of
            // rows that were changed or deleted until something else takes their place.
            try target.execute("PRAGMA journal_mode = DELETE; VACUUM")
        }
        try synchronize(temporary)
        guard rename(temporary, path) == 0 else {
            throw TwinError(systemError: errno, "the backup cannot be put at \(path)")
        }
        try synchronize(folder(of: path))
    }

    /// Copies all pages. `source` is in a read transaction.
    static func copy(
        from source: Connection, to target: Connection, progress: (Int, Int) throws -> Void
    ) throws {
        // A transaction begins to hold its moment with its first read. Without that each step would see the newest pages,
        // and begin again whenever somebody had written in between.
        _ = try source.first("SELECT count(*) FROM sqlite_schema") { $0.int(0) }
        guard let backup = sqlite3_backup_init(target.pointer, "main", source.pointer, "main") else {
            throw DatabaseError(connection: target.pointer)
        }
        var finished = false
        defer { if !finished { sqlite3_backup_finish(backup) } }
        var code = SQLITE_OK
        repeat {
            code = sqlite3_backup_step(backup, pagesPerStep)
            let total = Int(sqlite3_backup_pagecount(backup))
            try progress(total - Int(sqlite3_backup_remaining(backup)), total)
            if code == SQLITE_BUSY || code == SQLITE_LOCKED { usleep(10_000) }
        } while code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED
        finished = true
        let result = sqlite3_backup_finish(backup)
        guard code == SQLITE_DONE, result == SQLITE_OK else {
            throw DatabaseError(extendedCode: code == SQLITE_DONE ? result : code, message: String(cString: sqlite3_errstr(code)))
        }
    }

    /// Puts the backup at `file` in the place of the database at `path`, and answers where the database that was there
    /// is kept: under a name that nothing had before, so that no earlier one is lost. The new database has the owner of the old
    /// one, and never a looser mode. Refuses a file that is damaged, not twin's, or newer than this binary, a database that another process
    /// has open, and, without `replacing`, any that is there. The old database is replaced by one rename: at `path` is
    /// either the old or the new one, never half of each. A dry run only checks.
    @discardableResult
    package static func restore(
        _ file: String, to path: String, replacing: Bool, isDryRun: Bool = false, migrator: Migrator
    ) throws -> String? {
        guard access(file, R_OK) == 0 else {
            throw TwinError(
                errno == ENOENT ? .notFound : .notPermitted,
                "the backup \(file) cannot be read: \(String(cString: strerror(errno)).lowercasedFirst)")
        }
        let exists = access(path, F_OK) == 0
        if exists, !replacing {
            throw TwinError(.conflict, "there is already a database at \(path); add --force to replace it")
        }
        let temporary = path + ".restoring-\(getpid())"
        defer { for suffix in ["", "-wal", "-shm", "-journal"] { unlink(temporary + suffix) } }
        do {
            let source = try Database(path: file)
            try source.read { connection in
                let version = try Migrator.version(connection)
                guard version > 0 else { throw TwinError(.invalid, "\(file) is not a twin database; nothing was restored") }
                try migrator.check(version: version, application: try Migrator.application(connection), isEmpty: { true })
                let findings = try connection.rows("PRAGMA quick_check(1)") { $0.text(0) }
                guard findings == ["ok"] else {
                    throw TwinError(.failed, "\(file) is damaged (\(findings.first ?? "")); nothing was restored")
                }
                if isDryRun { return }
                try AtomicFile.makeFolder(folder(of: FilePath.absolute(path)))
                let target = try Connection(path: temporary, mode: .writer, busyTimeout: 0, create: true)
                try copy(from: connection, to: target, progress: { _, _ in })
                try target.execute("PRAGMA journal_mode = DELETE")
            }
        } catch let error as DatabaseError where error.isCorrupt {
            throw TwinError(.invalid, "\(file) is damaged or not a SQLite file; nothing was restored")
        }
        if isDryRun { return exists ? keptNames(path).first { access($0, F_OK) != 0 } : nil }
        try takeOver(path, by: temporary)
        try synchronize(temporary)
        var kept: String?
        try withExclusiveLock(path) {
            // The WAL of the old database must not be replayed into the new one.
            for suffix in ["-wal", "-shm"] where unlink(path + suffix) != 0 && errno != ENOENT {
                throw TwinError(systemError: errno, "\(path)\(suffix) cannot be removed")
            }
            if exists { kept = try keep(path) }
            guard rename(temporary, path) == 0 else {
                throw TwinError(systemError: errno, "the database cannot be put at \(path)")
            }
        }
        try synchronize(folder(of: path))
        return kept
    }

    /// The names under which the database at `path` may be kept, in the order in which they are tried.
    private static func keptNames(_ path: String) -> some Sequence<String> {
        (1...10_000).lazy.map { path + ".before-restore" + ($0 == 1 ? "" : "-\($0)") }
    }

    /// Gives the database a second name, so that at no moment neither it nor its successor is there, and answers the name.
    private static func keep(_ path: String) throws -> String {
        chmod(path, 0o600 & FileMode.permissions(path))
        for name in keptNames(path) {
            // Fails when there is something of that name, whoever has made it in the meantime.
            if link(path, name) == 0 { return name }
            guard errno == EEXIST else {
                throw TwinError(systemError: errno, "the present database cannot be kept at \(name)")
            }
        }
        throw TwinError(.failed, "\(path).before-restore and 10,000 more names are taken; remove those that nobody needs")
    }

    /// Gives a new database the owner and, of what its own mode allows, the mode of the one whose place it takes.
    private static func takeOver(_ path: String, by temporary: String) throws {
        var old = stat()
        guard stat(path, &old) == 0 else { return }
        var new = stat()
        guard stat(temporary, &new) == 0 else { throw TwinError(systemError: errno, "\(temporary) cannot be read") }
        // Only root can give a file away; for anybody else the old one is their own or its folder lets them replace it.
        if old.st_uid != new.st_uid || old.st_gid != new.st_gid { _ = chown(temporary, old.st_uid, old.st_gid) }
        guard chmod(temporary, 0o600 & old.st_mode) == 0 else {
            throw TwinError(systemError: errno, "the permissions of \(temporary) cannot be set")
        }
    }

    /// Runs `body` while nobody else has the database at `path` open: its WAL is emptied into it and its lock is ours.
    private static func withExclusiveLock(_ path: String, _ body: () throws -> Void) throws {
        guard access(path, F_OK) == 0 else { return try body() }
        let connection = try Connection(path: path, mode: .writer, busyTimeout: 500)
        do {
            // In exclusive mode the first write waits for every other connection to be gone; leaving WAL needs the same.
            try connection.execute("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE")
        } catch let error as DatabaseError where error.isBusy {
            throw TwinError(
                .busy, "the database is open in another process; stop it (for example 'twin serve') and restore again")
        } catch let error as DatabaseError where error.isCorrupt {
            // A database too damaged to lock is just what a restore is for.
            return try body()
        }
        try body()
        try? connection.execute("ROLLBACK")
    }

    private static func folder(of path: String) -> String { FilePath.folder(of: FilePath.absolute(path)) }

    /// Waits until a file or a folder's entries are on the disk.
    private static func synchronize(_ path: String) throws {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { throw TwinError(systemError: errno, "\(path) cannot be opened") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw TwinError(systemError: errno, "\(path) cannot be written to the disk")
        }
    }
}
