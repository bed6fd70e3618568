import CSQLite

#if canImport(Glibc)
    import Glibc
    import TwinSupport
#endif

/// A failure that SQLite reported, with its extended result code (https://www.sqlite.org/rescode.html).
package struct DatabaseError: Error, Sendable, Equatable, CustomStringConvertible {
    package var extendedCode: Int32
    package var message: String
    /// The statement at fault. Bound values are never part of it.
    package var sql: String?
    /// The `errno` of the system call that failed, 0 when none did.
    package var systemError: Int32 = 0

    /// The primary result code: the low eight bits.
    package var code: Int32 { extendedCode & 0xFF }

    package init(extendedCode: Int32, message: String, sql: String? = nil) {
        self.extendedCode = extendedCode
        self.message = message
        self.sql = sql
    }

    init(connection: OpaquePointer?, sql: String? = nil) {
        let last = errno
        self.init(
            extendedCode: sqlite3_extended_errcode(connection), message: String(cString: sqlite3_errmsg(connection)),
            sql: sql)
        // SQLite keeps the number of the last call that failed, though not for one during COMMIT, where the thread still has it.
        // Either means something for failures of these kinds only.
        guard code == SQLITE_IOERR || code == SQLITE_CANTOPEN else { return }
        let kept = sqlite3_system_errno(connection)
        systemError = TwinError.Kind(systemError: kept) == .failed ? last : kept
    }

    /// What a replica says to a write.
    package static let ofReplica = DatabaseError(
        extendedCode: SQLITE_READONLY, message: "this is a replica, which is only read; the primary takes changes")

    /// Whether another connection or process holds the lock, for longer than the busy timeout where that was waited for.
    package var isBusy: Bool { code == SQLITE_BUSY || code == SQLITE_LOCKED }
    package var isOutOfMemory: Bool { code == SQLITE_NOMEM }
    /// Whether the query was stopped: by `interrupt()`, a deadline or a cancellation.
    package var isInterrupted: Bool { code == SQLITE_INTERRUPT }
    /// Whether a row with this key or these unique columns is there already (SQLITE_CONSTRAINT_UNIQUE and _PRIMARYKEY).
    package var isUniqueViolation: Bool {
        extendedCode == SQLITE_CONSTRAINT | 8 << 8 || extendedCode == SQLITE_CONSTRAINT | 6 << 8
    }
    /// Whether a row would refer to one that is not there (SQLITE_CONSTRAINT_FOREIGNKEY).
    package var isDanglingReference: Bool { extendedCode == SQLITE_CONSTRAINT | 3 << 8 }
    /// What the message of a trigger begins with that refuses a change for the moment.
    static let heldPrefix = "held: "
    /// Whether a trigger refused the change for the moment: the same will be taken later.
    package var isHeld: Bool {
        extendedCode == SQLITE_CONSTRAINT | 7 << 8 && message.hasPrefix(Self.heldPrefix)
    }
    /// Whether the file is damaged, or is no database.
    package var isCorrupt: Bool { code == SQLITE_CORRUPT || code == SQLITE_NOTADB }
    /// Whether the disk, a quota or a limit on the size of files leaves no room.
    package var isFull: Bool { code == SQLITE_FULL || TwinError.Kind(systemError: systemError) == .storageFull }
    /// Whether the file or its folder may not be written, or not be opened at all.
    package var isReadOnly: Bool { code == SQLITE_READONLY || code == SQLITE_PERM || code == SQLITE_CANTOPEN }

    package var description: String { "SQLite error \(extendedCode): \(message)" + (sql.map { " in: \($0)" } ?? "") }
}

extension TwinError {
    /// The same failure for whoever asked, with what can be done about it.
    package init(_ error: DatabaseError) {
        if error == .ofReplica {
            self.init(.notPermitted, error.message)
            return
        }
        if error.isFull {
            self.init(.storageFull, "the disk is full; free some space and try again, nothing was lost")
            return
        }
        if TwinError.Kind(systemError: error.systemError) == .busy {
            self.init(.busy, "the process has too many files open for the database; try again soon")
            return
        }
        switch error.code {
        case SQLITE_BUSY, SQLITE_LOCKED:
            self.init(.busy, "the database is locked by another process; try again when that has finished")
        case SQLITE_INTERRUPT: self.init(.interrupted, "the query was cancelled")
        case SQLITE_CORRUPT, SQLITE_NOTADB:
            self.init(
                .failed,
                "the database is damaged or is not a SQLite file (\(error.message)); restore a backup with 'twin restore FILE'")
        case SQLITE_READONLY, SQLITE_PERM:
            self.init(.notPermitted, "the database cannot be written; check the permissions of the file and of its folder")
        case SQLITE_CANTOPEN:
            self.init(.failed, "the database file cannot be opened; check the path and its permissions")
        case SQLITE_IOERR:
            self.init(
                .failed, "reading or writing the database failed (\(error.message)); check the disk and run the command again")
        case SQLITE_TOOBIG: self.init(.limitReached, "a value is larger than the database can hold (1 GB)")
        // A trigger of the schema refused the change, in a sentence for whoever asked.
        case SQLITE_CONSTRAINT where error.isHeld:
            self.init(.busy, String(error.message.dropFirst(DatabaseError.heldPrefix.count)))
        case SQLITE_CONSTRAINT where error.extendedCode == SQLITE_CONSTRAINT | 7 << 8: self.init(.gone, error.message)
        default: self.init(.failed, "the database refused the work: \(error.message)")
        }
    }
}
