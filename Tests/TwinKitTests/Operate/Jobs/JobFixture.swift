@testable import TwinDatabase
@testable import TwinKit

/// A database of its own with one twin, and the queue on it.
struct JobFixture {
    let folder: TemporaryFolder
    let database: Database
    let twin: Twin
    let queue: JobQueue

    init(_ change: (inout JobQueue.Retries) -> Void = { _ in }) throws {
        folder = try TemporaryFolder()
        database = try Database(path: folder.file("twin.db"), create: true)
        try Schema.migrator.migrate(database)
        twin = try TwinStore(database: database).create(name: "Ada")
        var retries = JobQueue.Retries()
        change(&retries)
        queue = JobQueue(database: database, retries: retries)
    }

    /// A job that is told from others by its address.
    @discardableResult
    func enqueue(_ name: String = "one", source: String? = nil, priority: Int = 0) throws -> Job {
        try queue.enqueue(
            .ingest(url: "https://example.org/\(name)", allowPrivate: false), for: twin, sourceID: source, priority: priority)
    }

    /// A source that waits to be read.
    func reserve(_ url: String = "https://example.org/one") throws -> Source {
        try database.write {
            try SourceReservation.make(RemoteIdentity(kind: .url, locator: url, name: url), in: twin, for: .everything, on: $0)
        }
    }

    func source(_ id: String) throws -> Source { try SourceCatalog(database: database, index: TwinIndex()).find(id) }

    func execute(_ sql: String) throws { try database.write { try $0.execute(sql) } }

    /// Gives a source a text, as if it had been read before.
    func giveText(_ source: Source) throws {
        try execute(
            """
            INSERT INTO texts (tenant_id, sha256, content) VALUES ('\(twin.tenantID)', x'00', 'old words');
            UPDATE sources SET version = 1, status = 'live', text_key = last_insert_rowid(), text_bytes = 9 WHERE id = '\(source.id)'
            """)
    }
}
