import TestSupport

@testable import TwinDatabase
@testable import TwinKit

/// The twin's jobs, whose queue is what `TWIN_JOBS_RETRY_SECONDS` makes it.
extension TwinFixture {
    var queue: JobQueue { workspace.jobs }

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

    func source(id: String) throws -> Source { try SourceCatalog(database: database, index: TwinIndex()).find(id) }

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
