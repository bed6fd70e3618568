import Synchronization

#if canImport(Glibc)
    import Glibc
    import TwinSupport
#endif

/// Sees to it that now and then nobody reads. A program that writes the file waits until this process has let go of its lock, and
/// that is one lock for all threads: where one reader always begins before another ends, it would wait for ever.
final class ReadGate: Sendable {
    private struct State {
        var active = 0
        /// When nobody read last, in monotonic nanoseconds.
        var lastPause: UInt64 = 0
    }

    private let state = Mutex(State())
    /// Nanoseconds after which there has to be a pause.
    private static let interval: UInt64 = 150_000_000
    /// Nanoseconds that readers wait for one: a read that takes longer must not hold up all others.
    private static let patience: UInt64 = 100_000_000
    /// Microseconds between two looks.
    private static let look: UInt32 = 200

    /// Begins a read, after the pause that is due.
    func enter() {
        let began = Clock.monotonicNanoseconds
        while !admits(since: began) { usleep(Self.look) }
    }

    private func admits(since began: UInt64) -> Bool {
        state.withLock { state in
            let now = Clock.monotonicNanoseconds
            if state.active == 0 || now &- began > Self.patience {
                state.lastPause = now
            } else if now &- state.lastPause > Self.interval {
                return false
            }
            state.active += 1
            return true
        }
    }

    /// Ends a read.
    func leave() { state.withLock { $0.active -= 1 } }
}
