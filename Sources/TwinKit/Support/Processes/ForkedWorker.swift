import CLinux
import Glibc

/// A copy of this process that does the work in its place, and can be done without: when the work makes it crash, this process
/// still knows all that it knew before, and what it was told meanwhile.
///
/// Not checked: one thread uses a value at a time.
package final class ForkedWorker: @unchecked Sendable {
    package enum Side {
        /// This is the process that was there before.
        case original(ForkedWorker)
        /// This is the copy, with a descriptor that blocks and carries the messages of `MessageChannel`.
        case copy(Int32)
    }

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

    /// Copies this process. The copy ends with the thread that called this; what ends a process for a fault of its own ends it
    /// quietly, without a core file. Throws `TwinError`.
    package static func start() throws -> Side {
        let (ours, theirs): (Int32, Int32)
        switch MessageChannel.pair() {
        case .failure(let error): throw TwinError(systemError: error.number, "no worker could be started")
        case .success(let ends): (ours, theirs) = ends
        }
        fflush(nil)
        let process = clinux_fork()
        guard process != 0 else {
            close(ours)
            ResourceLimit.coreFile.set(0)
            // The runtime's own report of a crash takes seconds, and the other process tells of it.
            for number in [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS] { Glibc.signal(number, SIG_DFL) }
            return .copy(theirs)
        }
        close(theirs)
        let channel = MessageChannel(ours)
        guard process > 0 else { throw TwinError(systemError: -process, "no worker could be started") }
        return .original(ForkedWorker(process, channel))
    }

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
