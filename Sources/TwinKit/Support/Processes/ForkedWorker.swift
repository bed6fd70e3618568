import CLinux
import Glibc

/// A copy of this process that does the work in its place, and can be done without: when the work makes it crash, this process
/// still knows all that it knew before, and what it was told meanwhile.
///
/// Not checked: one thread uses a value at a time.
package final class ForkedWorker: @unchecked Sendable {
    /// How a process ended.
    package enum End: Equatable {
        case status(Int32)
        case signal(Int32)
    }

    package let channel: MessageChannel
    private let process: pid_t
    private var end: End?

    private init(_ process: pid_t, _ channel: MessageChannel) {
        self.process = process
        self.channel = channel
    }

    deinit { _ = stop() }

    /// Whether this process has one thread only: a copy has the others' locks without them.
    package static var isPossible: Bool {
        // Two names, `.` and `..`, and one a thread.
        var status = stat()
        return stat("/proc/self/task", &status) == 0 && status.st_nlink == 3
    }

    /// Copies this process; the copy does `work`, which is given a descriptor that blocks and carries the messages of
    /// `MessageChannel`. It ends with the thread that called this, and what ends a process for a fault of its own ends it quietly,
    /// without a core file. Throws `TwinError`.
    package static func start(_ work: @escaping @Sendable (Int32) -> Never) throws -> ForkedWorker {
        let (ours, theirs): (Int32, Int32)
        switch MessageChannel.pair() {
        case .failure(let error): throw TwinError(systemError: error.number, "no worker could be started")
        case .success(let ends): (ours, theirs) = ends
        }
        let job = Unmanaged.passRetained(Job(theirs, work)).toOpaque()
        let process = clinux_fork()
        if process == 0 {
            close(ours)
            begin(job)
        }
        close(theirs)
        Unmanaged<Job>.fromOpaque(job).release()
        let channel = MessageChannel(ours)
        guard process > 0 else { throw TwinError(systemError: -process, "no worker could be started") }
        return ForkedWorker(process, channel)
    }

    private final class Job: Sendable {
        let descriptor: Int32
        let work: @Sendable (Int32) -> Never

        init(_ descriptor: Int32, _ work: @escaping @Sendable (Int32) -> Never) {
            self.descriptor = descriptor
            self.work = work
        }
    }

    /// What the copy does. The runtime's locks know a thread by a number that it asked the system for once, and the thread that was
    /// copied has another one now: two threads that wait for such a lock would wait for ever. So the work has a thread of its own,
    /// and this one does nothing any more.
    private static func begin(_ job: UnsafeMutableRawPointer) -> Never {
        ResourceLimit.coreFile.set(0)
        // The runtime's own report of a crash takes seconds, and the other process tells of it.
        for number in [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS] { Glibc.signal(number, SIG_DFL) }
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setstacksize(&attributes, stackBytes)
        var thread = pthread_t()
        let code = pthread_create(
            &thread, &attributes,
            { job in
                guard let job else { return nil }
                let work = Unmanaged<Job>.fromOpaque(job).takeUnretainedValue()
                work.work(work.descriptor)
            }, job)
        guard code == 0 else { _exit(1) }
        while true { pause() }
    }

    /// As much as a process's first thread usually has.
    private static let stackBytes = 8 << 20

    /// Sends it a signal, unless its end has been seen: by then its number may be another process's.
    package func signal(_ number: Int32) { if end == nil { kill(process, number) } }

    /// Waits for its end.
    @discardableResult
    package func wait() -> End {
        if let end { return end }
        var code: Int32 = 0
        while waitpid(process, &code, 0) == -1, errno == EINTR {}
        let signal = code & 0x7F
        let result = signal == 0 ? End.status((code >> 8) & 0xFF) : .signal(signal)
        end = result
        return result
    }

    /// Ends it, if it has not ended.
    @discardableResult
    package func stop() -> End {
        signal(SIGKILL)
        return wait()
    }
}
