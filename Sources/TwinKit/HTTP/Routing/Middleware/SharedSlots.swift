import TwinSupport

/// Slots for one kind of work, shared out among owners: nobody may hold more than are left for the others. So one owner alone gets
/// half of them, a second half of the rest, and whoever has none finds one until all are taken.
package final class SharedSlots: Sendable {
    private struct State {
        var held: [String: Int] = [:]
        var total = 0
    }

    private let maximum: Int
    private let state = Monitor(State())

    /// Seconds between two looks at whether somebody who waits has left.
    private static let pollSeconds = 0.25

    package init(_ maximum: Int) { self.maximum = max(1, maximum) }

    /// Runs `body` while it holds a slot of `owner`, for which it waits at most `seconds`. Throws `HTTPError` 503 with
    /// `Retry-After` when there is none by then or `isCancelled` answers true, and what `body` throws. Blocks its thread.
    package func withSlot<Result>(
        of owner: String, waiting seconds: Double = 0, isCancelled: () -> Bool = { false }, _ body: () throws -> Result
    ) throws -> Result {
        let end = Clock.monotonicNanoseconds + UInt64(max(0, min(seconds, 3_600)) * 1e9)
        while !take(owner, until: end) {
            guard Clock.monotonicNanoseconds < end, !isCancelled() else {
                throw HTTPError.overloaded("Too many requests of this kind at once; try again soon")
            }
        }
        defer { giveBack(owner) }
        return try body()
    }

    private func take(_ owner: String, until end: UInt64) -> Bool {
        let now = Clock.monotonicNanoseconds
        let patience = min(Self.pollSeconds, Double(end - min(end, now)) / 1e9)
        let isTaken: Bool? = state.wait(seconds: patience) { state in
            let held = state.held[owner] ?? 0
            guard held < maximum - state.total else { return nil }
            state.held[owner] = held + 1
            state.total += 1
            return true
        }
        return isTaken ?? false
    }

    private func giveBack(_ owner: String) {
        state.withLock { state in
            let held = (state.held[owner] ?? 1) - 1
            state.held[owner] = held > 0 ? held : nil
            state.total -= 1
        }
        state.notifyAll()
    }
}
