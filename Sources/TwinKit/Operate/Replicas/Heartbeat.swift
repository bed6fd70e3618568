import TwinDatabase
import TwinSupport

/// Changes the database each second, so that replicas are seen to follow and can be opened: see `ChangeSequence.beat`.
package final class Heartbeat: Sendable {
    private static let interval = 1.0

    private let database: Database
    private let isStopped = Monitor(false)

    package init(database: Database) { self.database = database }

    /// Starts a thread for it. A beat that fails is left out.
    package func start() {
        _ = SystemThread.start { [self] in
            while true {
                try? ChangeSequence.beat(database)
                let stops: Bool? = isStopped.wait(seconds: Self.interval) { $0 ? true : nil }
                if stops == true { return }
            }
        }
    }

    /// Ends the thread; it is not waited for.
    package func stop() {
        isStopped.withLock { $0 = true }
        isStopped.notifyAll()
    }
}
