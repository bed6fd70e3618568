import TwinDatabase
import TwinHTTP
import TwinSupport

/// Removes, once an hour, what nobody needs any more: ended sessions that asked nothing, windows of rate limits that are over, and
/// conversations that are older than they are kept.
/// It also brings what an ingestion has left in the write-ahead log into the file, where it is read faster.
package final class Upkeep: Sendable {
    private static let interval = 3_600.0

    private let database: Database
    private let sessions: Sessions
    private let conversationDays: Int?
    private let isStopped = Monitor(false)

    /// What rooms above have to remove; they may ask the network for it.
    private let ofRooms: [@Sendable (Timestamp) throws -> Void]
    private let report: @Sendable (any Error) -> Void

    /// `conversationDays` is for how many days conversations are kept; none keeps them. `report` is told what could not be done.
    package init(
        database: Database, conversationDays: Int? = nil, ofRooms: [@Sendable (Timestamp) throws -> Void] = [],
        report: @escaping @Sendable (any Error) -> Void = { _ in }
    ) {
        self.database = database
        self.conversationDays = conversationDays
        self.ofRooms = ofRooms
        self.report = report
        sessions = Sessions(database: database)
    }

    /// Starts a thread for it. Without one the work waits for the next start.
    package func start() {
        _ = SystemThread.start { [self] in
            while true {
                run()
                let stops: Bool? = isStopped.wait(seconds: Self.interval) { $0 ? true : nil }
                if stops == true { return }
            }
        }
    }

    /// Ends the thread once the part that it is doing is done; it is not waited for. From any thread, also where `start` was never called.
    package func stop() {
        isStopped.withLock { $0 = true }
        isStopped.notifyAll()
    }

    /// Each part by itself: what fails now, because the disk is full or a bucket is away, is reported and tried again in an hour, and
    /// keeps nothing else from being done.
    func run(now: Timestamp = Clock.now) {
        attempt { try sessions.purge(now: now) }
        attempt {
            try database.write {
                try RateLimit.purge(now: now, on: $0)
                try PacedLimit.purge(now: now, on: $0)
                try QuotaAccount.purge(now: now, on: $0)
            }
        }
        attempt {
            guard let days = conversationDays else { return }
            _ = try Retention(database: database).purge(before: now.adding(seconds: -Double(days) * 86_400), by: nil)
        }
        attempt { try database.withWriter { try $0.execute("PRAGMA wal_checkpoint(PASSIVE)") } }
        for room in ofRooms { attempt { try room(now) } }
    }

    private var isEnding: Bool { isStopped.withLock { $0 } }

    private func attempt(_ part: () throws -> Void) {
        guard !isEnding else { return }
        do {
            try part()
        } catch {
            // The database may be closed by now, and the next server does what was left.
            if !isEnding { report(error) }
        }
    }
}
