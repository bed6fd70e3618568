import Glibc
import Synchronization

/// A program that runs beside this process and ends when this process does, however that ends. Between the two stands a keeper,
/// this executable once more, which sees the end of a pipe that only this process holds open.
///
/// Any thread may use a value.
package final class TetheredProcess: Sendable {
    /// Why a program is not running.
    package struct Failure: Error, Sendable {
        /// The system's reason.
        package var reason: String
    }

    /// The command by which this executable becomes a keeper: `twin __tether -- PROGRAM [ARGUMENT…]`.
    package static let command = "__tether"

    /// Seconds that a program has to end by itself.
    private static let patience = 2.0

    private let keeper: pid_t
    /// Closed, it tells the keeper to end the program; -1 once it was.
    private let tether: Mutex<Int32>
    private let status = Mutex<Int32?>(nil)

    /// Starts `program`, a path, without a shell and without anything to read or write. Throws `Failure` where no process can be
    /// made; a program that cannot be started ends at once.
    package init(_ program: String, _ arguments: [String], keeper executable: String = "/proc/self/exe") throws(Failure) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Failure(reason: String(cString: strerror(errno))) }
        // Children of this process close all that is not theirs, so that setting the flag a moment later is soon enough.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC)
        defer {
            close(ends[0])
            if nowhere >= 0 { close(nowhere) }
        }
        guard nowhere >= 0 else {
            close(ends[1])
            throw Failure(reason: "/dev/null cannot be opened")
        }
        let start = ProcessStart(executable, [Self.command, "--", program] + arguments, input: ends[0], output: nowhere)
        switch start.start() {
        case .success(let process): keeper = process
        case .failure(let failure):
            close(ends[1])
            throw Failure(reason: failure.reason)
        }
        tether = Mutex(ends[1])
    }

    deinit { stop() }

    /// The exit status of the program, or 128 and the number of the signal that ended it; nil while it runs.
    package var exitStatus: Int32? {
        status.withLock { known in
            if known != nil { return known }
            var code: Int32 = 0
            guard waitpid(keeper, &code, WNOHANG) == keeper else { return nil }
            known = Self.status(code)
            return known
        }
    }

    /// Ends the program and waits until it has ended.
    package func stop() {
        tether.withLock { end in
            if end >= 0 { close(end) }
            end = -1
        }
        status.withLock { known in
            guard known == nil else { return }
            var code: Int32 = 0
            while waitpid(keeper, &code, 0) == -1 { guard errno == EINTR else { return } }
            known = Self.status(code)
        }
    }

    private static func status(_ code: Int32) -> Int32 {
        let signal = code & 0x7F
        return signal == 0 ? (code >> 8) & 0xFF : 128 + signal
    }

    /// On the side of the keeper: runs the program until it ends, or nobody holds the other end of standard input any more. Gives
    /// the program's exit status; 127 where it cannot be started.
    package static func keep(_ words: [String]) -> Int32 {
        guard let program = words.first,
            case .success(let process) = ProcessStart(program, Array(words.dropFirst()), output: 1).start()
        else { return 127 }
        var code: Int32 = 0
        while true {
            let waited = waitpid(process, &code, WNOHANG)
            if waited == process { break }
            if waited == -1, errno != EINTR { return 127 }
            var input = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
            // Nothing is ever written there: what happens to it is its end.
            if poll(&input, 1, 100) > 0 {
                end(process, &code)
                break
            }
        }
        return status(code)
    }

    private static func end(_ process: pid_t, _ code: inout Int32) {
        kill(-process, SIGTERM)
        let deadline = Clock.monotonicNanoseconds + UInt64(patience * 1e9)
        while Clock.monotonicNanoseconds < deadline {
            if waitpid(process, &code, WNOHANG) == process { return }
            usleep(20_000)
        }
        kill(-process, SIGKILL)
        while waitpid(process, &code, 0) == -1, errno == EINTR {}
    }
}
