import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// Ctrl-C and SIGTERM. Without `catchSignals` they end the process at once, as is usual. A command that has something to
/// finish calls it first: then the first signal only sets `isRequested`, which the work looks at between its steps, and the
/// second ends the process.
///
///     Interrupt.catchSignals()
///     let summary = try pipeline.run(isCancelled: { Interrupt.isRequested })
enum Interrupt {
    // Signal handlers may only touch lock-free atomics and call async-signal-safe functions (POSIX.1-2017, 2.4.3).
    private static let signalNumber = Atomic<Int32>(0)
    private static let hasStatusLine = Atomic<Bool>(false)
    private static let isWorker = Atomic<Bool>(false)

    /// What tells a process that works for another one of ours to end.
    static let workerSignal = SIGUSR1

    /// Whether Ctrl-C was pressed or SIGTERM came since `catchSignals`.
    static var isRequested: Bool { signalNumber.load(ordering: .relaxed) != 0 }

    /// Whether the second signal has a status line to take away.
    static var statusLineIsShown: Bool {
        get { hasStatusLine.load(ordering: .relaxed) }
        set { hasStatusLine.store(newValue, ordering: .relaxed) }
    }

    /// Forgets a request that was obeyed: a conversation goes on after Ctrl-C has stopped one answer.
    static func clear() { signalNumber.store(0, ordering: .relaxed) }

    static func catchSignals() {
        // Touched before a handler can run: making a static for the first time is not async-signal-safe.
        _ = (isRequested, statusLineIsShown)
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { number in Interrupt.handle(number) }
        let numbers = isWorker.load(ordering: .relaxed) ? [workerSignal] : [SIGINT, SIGTERM]
        for number in numbers { sigaction(number, &action, nil) }
    }

    /// From now on this process ends when the one it works for says so. A terminal tells both of Ctrl-C, and a service manager
    /// tells both of SIGTERM; it is the other one that decides.
    static func becomeWorker() {
        isWorker.store(true, ordering: .relaxed)
        for number in [SIGINT, SIGTERM] { signal(number, SIG_IGN) }
    }

    private static func handle(_ number: Int32) {
        let isFirst = signalNumber.exchange(number, ordering: .relaxed) == 0
        if isFirst || number == workerSignal { return }
        if statusLineIsShown {
            // CR, then "erase to the end of the line".
            var bytes: (UInt8, UInt8, UInt8, UInt8) = (0x0D, 0x1B, 0x5B, 0x4B)
            write(STDERR_FILENO, &bytes, 4)
        }
        signal(number, SIG_DFL)
        kill(getpid(), number)
    }

    /// Ends the process. After an interruption it ends by the same signal, so that the shell loop around it stops too; a
    /// shell reports that as 130.
    ///
    /// Libraries get no chance to clean up, as `exit` would give them: they would free what threads that still run, or just end,
    /// are using, and the memory goes with the process anyway. What has to be finished (output, the database) is finished by now.
    static func endProcess(_ code: ExitCode) -> Never {
        let number = signalNumber.load(ordering: .relaxed)
        if code == .interrupted, number != 0 {
            signal(number, SIG_DFL)
            kill(getpid(), number)
        }
        fflush(nil)
        _exit(code.rawValue)
    }
}
