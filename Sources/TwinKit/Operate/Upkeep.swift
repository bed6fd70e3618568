import TwinDatabase
import TwinHTTP
import TwinSupport

/// Removes, once an hour, what nobody needs any more: ended sessions that asked nothing, and windows of rate limits that are over.
/// It also brings what an ingestion has left in the write-ahead log into the file, where it is read faster.
package final class Upkeep: Sendable {
    private static let interval = 3_600.0

    private let database: Database
    private let sessions: Sessions
    private let isStopped = Monitor(false)

    package init(database: Database) {
        self.database = database
        sessions = Sessions(database: database)
    }

    /// Starts a thread for it. Without one the work waits for the next start.
    package func start() {
        _ = SystemThread.start { [self] in
            while true {
                // What fails now, because the disk is full for one, is tried again in an hour.
                try? run()
                let stops: Bool? = isStopped.wait(seconds: Self.interval) { $0 ? true : nil }
                if stops == true { return }
            }
        }
    }

    package func stop() {
        isStopped.withLock { $0 = true }
        isStopped.notifyAll()
    }

    func run(now: Timestamp = Clock.now) throws {
        try sessions.purge(now: now)
        try database.write { try RateLimit.purge(now: now, on: $0) }
        try database.withWriter { try $0.execute("PRAGMA wal_checkpoint(PASSIVE)") }
    }
}
