import Synchronization
import TwinSupport

/// Whether the client of a request is gone, for work that can stop early.
package final class Cancellation: Sendable {
    private struct State {
        var isCancelled = false
        var handlers: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())

    package init() {}

    /// Never false again once it is true. From any thread.
    package var isCancelled: Bool { state.withLock { $0.isCancelled } }

    /// Calls `handler` once, when the client leaves; at once if it has left. The handler runs on an event loop's thread
    /// and must not block.
    package func onCancel(_ handler: @escaping @Sendable () -> Void) {
        let runNow = state.withLock { state in
            if !state.isCancelled { state.handlers.append(handler) }
            return state.isCancelled
        }
        if runNow { handler() }
    }

    /// Says that the client has left, and runs the handlers on this thread; again, it does nothing. From any thread.
    package func cancel() {
        let handlers = state.withLock { state in
            defer { state.handlers = [] }
            state.isCancelled = true
            return state.handlers
        }
        for handler in handlers { handler() }
    }

    /// Forgets the handlers of a request that ended well.
    func finish() { state.withLock { $0.handlers = [] } }
}
