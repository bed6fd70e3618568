#if canImport(Glibc)
    import Glibc
    import TwinSupport
#endif

/// One numbered, forward-only step of the schema. It runs in a transaction: whatever stops it leaves the step before it.
package struct Migration: Sendable {
    package let name: String
    /// Whether it runs with foreign keys off, and they are checked before the commit.
    let rebuildsTables: Bool
    let apply: @Sendable (Connection) throws -> Void

    package init(_ name: String, _ apply: @escaping @Sendable (Connection) throws -> Void) {
        self.init(name, rebuildsTables: false, apply)
    }

    /// The SQL is put together when it is needed, which is seldom.
    package init(_ name: String, sql: @autoclosure @escaping @Sendable () -> String) {
        self.init(name) { try $0.execute(sql()) }
    }

    /// A step that replaces tables which others refer to, with `Connection.rebuildTable`:
    ///
    ///     Migration(rebuilding: "roles of users") {
    ///         try $0.rebuildTable("users", as: "(id TEXT PRIMARY KEY, role TEXT NOT NULL) STRICT",
    ///             filledBy: "SELECT id, 'viewer' FROM users")
    ///     }
    ///
    /// Foreign keys are off meanwhile, so dropping a parent deletes no children; a row that refers to nothing, or a trigger
    /// that names a column which is gone, undoes the whole step.
    package init(rebuilding name: String, _ apply: @escaping @Sendable (Connection) throws -> Void) {
        self.init(name, rebuildsTables: true, apply)
    }

    private init(_ name: String, rebuildsTables: Bool, _ apply: @escaping @Sendable (Connection) throws -> Void) {
        self.name = name
        self.rebuildsTables = rebuildsTables
        self.apply = apply
    }
}

/// Brings a database up to the schema of this binary. The version is the number of migrations that were applied, kept in
/// `PRAGMA user_version`; `PRAGMA application_id` marks the file as twin's.
package struct Migrator: Sendable {
    /// "twin" in ASCII (https://www.sqlite.org/pragma.html#pragma_application_id).
    static let applicationID = 0x7477_696E

    /// What a new database begins with instead of the first migrations, which it would only be changed by again and again.
    package struct Snapshot: Sendable {
        /// The number of migrations that it stands for.
        let version: Int
        /// Makes what they leave in an empty database.
        let sql: String

        package init(version: Int, sql: String) {
            self.version = version
            self.sql = sql
        }
    }

    let migrations: [Migration]
    let snapshot: Snapshot?

    package init(_ migrations: [Migration], snapshot: Snapshot? = nil) {
        self.migrations = migrations
        self.snapshot = snapshot
    }

    /// The version of a database that has had every step, as `PRAGMA user_version` keeps it.
    package var version: Int { migrations.count }

    /// Applies what is missing, each migration in its own transaction. Two processes may do this at once: the second
    /// finds the work done. Throws `TwinError` for a file that is newer than this binary or is another program's.
    package func migrate(_ database: Database) throws {
        let (version, application) = try database.read { try (Self.version($0), Self.application($0)) }
        try check(version: version, application: application, isEmpty: { try database.read { try Self.isEmpty($0) } })
        guard version < migrations.count else { return }
        let first = version == 0 ? try begin(database) : version
        for index in extent(first, migrations.count) {
            if migrations[index].rebuildsTables {
                try database.rebuild { try apply(index, $0) }
            } else {
                try database.write { try apply(index, $0) }
            }
        }
    }

    /// Puts the snapshot into an empty database. Answers the version that the database has then.
    private func begin(_ database: Database) throws -> Int {
        guard let snapshot, snapshot.version <= migrations.count else { return 0 }
        return try database.write { connection in
            let version = try Self.version(connection)
            guard version == 0, try Self.isEmpty(connection) else { return version }
            try connection.execute(snapshot.sql)
            try Self.mark(snapshot.version, connection)
            return snapshot.version
        }
    }

    private static func mark(_ version: Int, _ connection: Connection) throws {
        try connection.execute("PRAGMA user_version = \(version); PRAGMA application_id = \(applicationID)")
    }

    /// Applies one migration in the transaction that `connection` is in, unless another process has done so meanwhile.
    private func apply(_ index: Int, _ connection: Connection) throws {
        let current = try Self.version(connection)
        try check(
            version: current, application: try Self.application(connection), isEmpty: { try Self.isEmpty(connection) })
        guard current == index else { return }
        try migrations[index].apply(connection)
        try Self.mark(index + 1, connection)
    }

    /// Whether the file at `path` is a database of twin's, by its first bytes (https://www.sqlite.org/fileformat.html, 1.3). Opens no
    /// database.
    package static func marks(_ path: String) -> Bool {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size >= 100 else { return false }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var header = [UInt8](repeating: 0, count: 100)
        guard read(descriptor, &header, header.count) == header.count, header.starts(with: "SQLite format 3\0".utf8) else {
            return false
        }
        return header[68..<72].reduce(0) { $0 << 8 | Int($1) } == applicationID
    }

    /// Whether nothing is missing. Throws as `migrate` does.
    package func isCurrent(_ database: Database) throws -> Bool {
        try database.read { connection in
            let version = try Self.version(connection)
            try check(
                version: version, application: try Self.application(connection), isEmpty: { try Self.isEmpty(connection) })
            return version == migrations.count
        }
    }

    /// Throws unless the file can be opened by this binary: not newer, and not another program's.
    func check(version: Int, application: Int, isEmpty: () throws -> Bool) throws {
        if version > migrations.count {
            throw TwinError(
                .failed,
                "the database has schema version \(version) and this twin knows \(migrations.count); install a newer twin to open it"
            )
        }
        if application != Self.applicationID, version > 0 || application != 0 {
            throw TwinError(.failed, "the file is another program's SQLite database; give twin a path of its own with --db")
        }
        if application == 0, try !isEmpty() {
            throw TwinError(
                .failed, "the file is a SQLite database that twin did not make; give twin a path of its own with --db")
        }
    }

    /// The version that `PRAGMA user_version` states.
    package static func version(_ connection: Connection) throws -> Int {
        try connection.first("PRAGMA user_version") { $0.int(0) } ?? 0
    }
    static func application(_ connection: Connection) throws -> Int {
        try connection.first("PRAGMA application_id") { $0.int(0) } ?? 0
    }
    static func isEmpty(_ connection: Connection) throws -> Bool {
        try connection.first("SELECT count(*) FROM sqlite_schema") { $0.int(0) } == 0
    }
}
