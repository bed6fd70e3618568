import Dispatch
import Synchronization
import TwinSupport

/// Group commit: writes that wait for the one writer at the same time share a transaction, and so one wait for the disk, which
/// takes longer than most of them. Each is a savepoint of its own, undone alone when it fails, and returns only when the
/// shared transaction is on the disk.
final class WriteQueue: Sendable {
    /// Writes at the most in one transaction, so that a failing disk does not fail everybody and nobody waits for long.
    private static let maximumBatch = 64

    /// A write that waits. Its caller blocks until it is done, and only whoever leads touches it until then: the proof for
    /// `@unchecked`.
    private final class Entry: @unchecked Sendable {
        /// Released before the caller resumes: the closure may capture the caller's variables.
        private var body: ((Connection) throws -> Void)?
        var error: (any Error)?
        /// Set when the caller shall lead the next batch instead of being done.
        var leads = false
        let turn = DispatchSemaphore(value: 0)

        init(_ body: @escaping (Connection) throws -> Void) { self.body = body }

        func run(_ connection: Connection) throws {
            defer { body = nil }
            try body?(connection)
        }

        /// Ends the wait, whether it ran or not.
        func finish() {
            body = nil
            turn.signal()
        }
    }

    private struct State {
        var waiting: [Entry] = []
        var isLed = false
    }
    private let state = Mutex(State())

    var count: Int { state.withLock { $0.waiting.count } }

    /// Runs `body` with the writer that `withWriter` lends, in a transaction, perhaps with others' in it. Throws what `body`
    /// throws, and `DatabaseError`. `beforeCommit` is a statement that ends each transaction which changed something.
    func run<Value>(
        _ body: (Connection) throws -> Value, beforeCommit: String? = nil,
        withWriter: ((Connection) throws -> Void) throws -> Void
    ) throws -> Value {
        var value: Value?
        // The closure does not outlive this call, which waits for it.
        try withoutActuallyEscaping(body) { body in
            let entry = Entry { value = try body($0) }
            let leads = state.withLock { state in
                state.waiting.append(entry)
                defer { state.isLed = true }
                return !state.isLed
            }
            if !leads { entry.turn.wait() }
            if leads || entry.leads { lead(beforeCommit, withWriter) }
            if let error = entry.error { throw error }
        }
        guard let value else { throw TwinError(.failed, "a write was not run") }
        return value
    }

    private func lead(_ beforeCommit: String?, _ withWriter: ((Connection) throws -> Void) throws -> Void) {
        var batch: [Entry] = []
        do {
            try withWriter { connection in
                // Only now, when it is our turn to write, is it known who else waits.
                batch = state.withLock { state in
                    let count = min(state.waiting.count, Self.maximumBatch)
                    defer { state.waiting.removeFirst(count) }
                    return Array(state.waiting[..<count])
                }
                let changes = connection.totalChanges
                try connection.transaction {
                    if batch.count == 1 { try batch[0].run(connection) } else { try Self.runTogether(batch, connection) }
                    if let beforeCommit, connection.totalChanges != changes { try connection.run(beforeCommit) }
                }
            }
        } catch {
            if batch.isEmpty { batch = state.withLock { [$0.waiting.removeFirst()] } }
            for entry in batch where entry.error == nil { entry.error = error }
        }
        let next = state.withLock { state -> Entry? in
            state.isLed = !state.waiting.isEmpty
            return state.waiting.first
        }
        next?.leads = true
        next?.turn.signal()
        // The leader is the first of its batch; nobody waits for its signal.
        for entry in batch { entry.finish() }
    }

    private static func runTogether(_ batch: [Entry], _ connection: Connection) throws {
        for entry in batch {
            do {
                try connection.transaction { try entry.run(connection) }
            } catch {
                entry.error = error
                // After some errors, a full disk for one, SQLite has undone everybody's work.
                if !connection.isInTransaction { throw error }
            }
        }
    }
}
