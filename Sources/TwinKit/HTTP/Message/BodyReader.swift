import TwinSupport

/// Content that arrives while a handler reads it. The event loop pushes, the handler's thread pulls; when the handler is
/// slower, the client has to wait, and memory stays below `highWater` and one read.
package final class BodyReader: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var isComplete = false
        var error: HTTPError?
        var isPaused = false
    }

    /// Bytes that may wait for the handler before the client has to wait.
    static let highWater = 262_144

    private let state = Monitor(State())
    private let resume: @Sendable () -> Void

    init(resume: @escaping @Sendable () -> Void) { self.resume = resume }

    /// The next bytes, none at the content's end. Waits for the client. Throws `HTTPError` when the content is too
    /// large, malformed or too slow, and when the client leaves.
    package func read() throws -> [UInt8]? {
        var resumes = false
        let bytes: [UInt8]?? = try state.wait { state -> [UInt8]?? in
            if !state.bytes.isEmpty {
                resumes = state.isPaused
                state.isPaused = false
                let bytes = state.bytes
                state.bytes = []
                return bytes
            }
            if let error = state.error { throw error }
            return state.isComplete ? .some(nil) : nil
        }
        if resumes { resume() }
        return bytes ?? nil
    }

    /// Adds bytes; false when the loop should read no more until `resume` is called.
    func push(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let goesOn = state.withLock { state in
            state.bytes.append(contentsOf: bytes)
            state.isPaused = state.bytes.count >= Self.highWater
            return !state.isPaused
        }
        state.notifyOne()
        return goesOn
    }

    func finish() {
        state.withLock { $0.isComplete = true }
        state.notifyAll()
    }

    func fail(_ error: HTTPError) {
        state.withLock { $0.error = $0.error ?? error }
        state.notifyAll()
    }
}
