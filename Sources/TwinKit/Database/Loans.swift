import CSQLite
import Synchronization
import TwinSupport

#if canImport(Glibc)
    import Glibc
#endif

/// Which threads have a connection of one database at the moment, so that a call inside a call is seen before it waits for itself.
/// Any thread may use it.
final class Loans: Sendable {
    /// A reader's connection, which only the thread with it asks for: the proof for `@unchecked`.
    private struct Reader: @unchecked Sendable {
        let thread: pthread_t
        /// Whether the thread has the writer too, and took the reader after it.
        let isInsideWrite: Bool
        let connection: Connection
    }

    private struct State {
        var readers: [Reader] = []
        var writer: pthread_t?
        /// Threads to which a replica refused something.
        var refused: [pthread_t] = []

        func isWriting(_ thread: pthread_t) -> Bool { writer.map { pthread_equal($0, thread) != 0 } ?? false }
    }
    private let state = Mutex(State())

    /// Whether the calling thread has the writer.
    var isWriting: Bool { state.withLock { $0.isWriting(pthread_self()) } }

    /// The reader that the calling thread has. A thread that writes may do so for others too (`WriteQueue`), so what it reads inside
    /// the write has nothing to do with what it was reading outside.
    var reader: Connection? {
        let thread = pthread_self()
        let found = state.withLock { state in
            let isWriting = state.isWriting(thread)
            return state.readers.first { pthread_equal($0.thread, thread) != 0 && $0.isInsideWrite == isWriting }
        }
        return found?.connection
    }

    /// Runs `body` while the calling thread has this reader.
    func withReader<Value>(_ connection: Connection, _ body: () throws -> Value) rethrows -> Value {
        let reader = Reader(thread: pthread_self(), isInsideWrite: isWriting, connection: connection)
        state.withLock { $0.readers.append(reader) }
        defer { state.withLock { state in state.readers.removeAll { $0.connection === reader.connection } } }
        return try body()
    }

    /// Runs `body` while the calling thread has the writer.
    func withWriter<Value>(_ body: () throws -> Value) rethrows -> Value {
        let thread = pthread_self()
        state.withLock { $0.writer = thread }
        defer { state.withLock { $0.writer = nil } }
        return try body()
    }

    /// Notes that a replica refused something to the calling thread.
    func noteRefusal() {
        state.withLock { state in
            let thread = pthread_self()
            if !state.refused.contains(where: { pthread_equal($0, thread) != 0 }) { state.refused.append(thread) }
        }
    }

    /// Whether a replica refused something to the calling thread since this was asked last.
    @discardableResult
    func forgetRefusal() -> Bool {
        state.withLock { state in
            let thread = pthread_self()
            guard let index = state.refused.firstIndex(where: { pthread_equal($0, thread) != 0 }) else { return false }
            state.refused.remove(at: index)
            return true
        }
    }

    /// Why the calling thread must not ask for the writer: it would wait for itself for ever.
    var writeRefusal: DatabaseError? {
        isWriting
            ? DatabaseError(
                extendedCode: SQLITE_MISUSE, message: "a write was begun inside a write; pass the connection on instead") : nil
    }
}
