import TwinSupport

/// Thrown by a write whose client has left or whose stream has been ended: time to stop producing.
package struct StreamClosed: Error, Sendable {}

/// The producer's end of a streamed response. All methods may be called from any thread.
///
/// Memory is bounded: `write` waits while more than the stream's buffer waits for the client, `offer` refuses.
package final class ResponseWriter: Sendable {
    private struct State {
        var pending: [UInt8] = []
        var isFinished = false
        var isBroken = false
        var isCancelled = false
        /// Whether the reader has been told of the bytes that wait, so that it is told once.
        var isAnnounced = false
    }

    private let state = Monitor(State())
    private let capacity: Int
    private let announce: @Sendable () -> Void
    /// Fires when the client leaves or the server ends the stream.
    package let cancellation: Cancellation

    init(capacity: Int, cancellation: Cancellation, announce: @escaping @Sendable () -> Void) {
        self.capacity = max(capacity, 1)
        self.cancellation = cancellation
        self.announce = announce
    }

    /// Whether nobody reads any more: writing throws from now on. From any thread.
    package var isCancelled: Bool { state.withLock { $0.isCancelled } }

    /// Hands over bytes, and waits while the client is behind. One call's bytes are never parted by a heartbeat.
    package func write(_ bytes: [UInt8]) throws(StreamClosed) {
        if bytes.isEmpty { return }
        let announces: Bool? =
            state.wait { state -> Bool?? in
                if state.isCancelled || state.isFinished { return .some(nil) }
                guard state.pending.isEmpty || state.pending.count + bytes.count <= capacity else { return nil }
                return add(bytes, &state)
            } ?? nil
        guard let announces else { throw StreamClosed() }
        if announces { tellReader() }
    }

    /// As `write` with bytes: blocks while the client is behind, and throws `StreamClosed` once nobody reads.
    package func write(_ text: String) throws(StreamClosed) { try write(Array(text.utf8)) }

    /// Hands over bytes without waiting; false when the client is too far behind to take them, or gone.
    package func offer(_ bytes: [UInt8]) -> Bool {
        let announces: Bool? = state.withLock { state in
            guard !state.isCancelled, !state.isFinished,
                state.pending.isEmpty || state.pending.count + bytes.count <= capacity
            else { return nil }
            return add(bytes, &state)
        }
        if announces == true { tellReader() }
        return announces != nil
    }

    /// Ends the stream after what has been written.
    package func finish() { end { $0.isFinished = true } }

    /// Ends the stream in a way that the client sees as broken off.
    package func abort() {
        end { state in
            state.isFinished = true
            state.isBroken = true
        }
    }

    /// Wakes whoever reads: a thread in `next`, or the event loop.
    private func tellReader() {
        state.notifyAll()
        announce()
    }

    private func add(_ bytes: [UInt8], _ state: inout State) -> Bool {
        if state.pending.isEmpty { state.pending = bytes } else { state.pending += bytes }
        defer { state.isAnnounced = true }
        return !state.isAnnounced
    }

    private func end(_ change: (inout State) -> Void) {
        let announces = state.withLock { state in
            if state.isFinished { return false }
            change(&state)
            defer { state.isAnnounced = true }
            return !state.isAnnounced
        }
        state.notifyAll()
        if announces { announce() }
    }

    // MARK: The reading side

    struct Taken {
        var bytes: [UInt8]
        var isFinished: Bool
        var isBroken: Bool
    }

    /// Takes all that waits.
    func take() -> Taken {
        let taken = state.withLock { Self.take(&$0) }
        state.notifyAll()
        return taken
    }

    /// Takes what waits, after waiting for something: for a reader with a thread of its own.
    func next() -> Taken {
        let taken = state.wait { state -> Taken? in
            state.pending.isEmpty && !state.isFinished && !state.isCancelled ? nil : Self.take(&state)
        }
        state.notifyAll()
        return taken ?? Taken(bytes: [], isFinished: true, isBroken: true)
    }

    private static func take(_ state: inout State) -> Taken {
        let taken = Taken(
            bytes: state.pending, isFinished: state.isFinished || state.isCancelled,
            isBroken: state.isBroken || state.isCancelled)
        state.pending = []
        state.isAnnounced = false
        return taken
    }

    /// The client is gone: writes throw from now on, and the producer's handlers are told.
    func cancel() {
        state.withLock { state in
            state.isCancelled = true
            state.pending = []
        }
        state.notifyAll()
        cancellation.cancel()
    }
}
