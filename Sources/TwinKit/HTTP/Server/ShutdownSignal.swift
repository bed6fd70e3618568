#if canImport(Glibc)
    import Glibc
#endif

/// The signals that ask a server to end, taken by a thread that waits for them instead of a handler, in which almost
/// nothing may be done (signal-safety(7)).
///
///     ShutdownSignal.hold()
///     let server = try Server(…)
///     _ = ShutdownSignal.wait()
///     server.drain(within: 30)
package enum ShutdownSignal {
    /// What a service manager and a terminal send.
    package static let standard: [Int32] = [SIGTERM, SIGINT]

    /// Keeps the signals from ending the process. To be called before the process starts another thread, because threads
    /// inherit what their maker holds back.
    package static func hold(_ signals: [Int32] = standard) {
        var set = set(of: signals)
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Waits for one of the signals, which `hold` must be holding, and returns it.
    package static func wait(_ signals: [Int32] = standard) -> Int32 {
        var set = set(of: signals)
        var signal: Int32 = 0
        while sigwait(&set, &signal) != 0 {}
        return signal
    }

    /// Waits at most so many seconds for one of the signals; none when none came.
    package static func wait(seconds: Double, _ signals: [Int32] = standard) -> Int32? {
        var set = set(of: signals)
        let nanoseconds = Int(max(0, min(seconds, 86_400)) * 1e9)
        var time = timespec(tv_sec: nanoseconds / 1_000_000_000, tv_nsec: nanoseconds % 1_000_000_000)
        let signal = sigtimedwait(&set, nil, &time)
        return signal > 0 ? signal : nil
    }

    private static func set(of signals: [Int32]) -> sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in signals { sigaddset(&set, signal) }
        return set
    }
}
