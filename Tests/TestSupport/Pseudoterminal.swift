#if canImport(Glibc)
import Glibc
#endif

/// A program at a terminal: what a person sees, and the keys that are pressed.
public final class Pseudoterminal {
    private let terminal: Int32
    private let process: pid_t
    private var hasEnded = false
    /// Everything the program has written to the terminal, escape sequences included.
    public private(set) var screen = ""
    private var pending: [UInt8] = []

    /// Starts a program whose standard input, output and error are a new terminal.
    public init(_ words: [String], columns: Int = 80, rows: Int = 24, environment: [String: String]? = nil) throws {
        // The requests of Linux behind posix_openpt(3), whose declarations Swift does not see (pts(4), ioctl_tty(2)).
        let setLock: UInt = 0x4004_5431, getNumber: UInt = 0x8004_5430
        terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var unlocked: Int32 = 0, number: Int32 = 0
        guard terminal >= 0, ioctl(terminal, setLock, &unlocked) == 0, ioctl(terminal, getNumber, &number) == 0 else { throw ChildProcess.Failure(description: "no pseudoterminal can be opened")
        }
        var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(terminal, UInt(TIOCSWINSZ), &size)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // The first terminal that the leader of a session opens becomes the one that Ctrl-C acts on.
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/pts/\(number)", O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        process = try ChildProcess.spawn(words, &actions, flags: 0x80 /* POSIX_SPAWN_SETSID */, environment)
    }

    deinit {
        if !hasEnded {
            kill(process, SIGKILL)
            var status: Int32 = 0
            waitpid(process, &status, 0)
        }
        close(terminal)
    }

    public func send(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(terminal, bytes, bytes.count)
    }

    /// Waits until what the program has written since the last call contains `text`, and returns it.
    @discardableResult
    public func expect(_ text: String, timeout: Double = 20) throws -> String {
        var seen = ""
        var waited = 0.0
        while !seen.contains(text) {
            guard waited < timeout, let more = receive() else {
                throw ChildProcess.Failure(description: "'\(text)' did not appear; the terminal shows: \(seen.debugDescription)")
            }
            if more.isEmpty { waited += 0.05 }
            seen += more
        }
        return seen
    }

    /// Waits until the program ends and returns its exit code as a shell reports it.
    public func end(timeout: Double = 20) throws -> Int32 {
        var waited = 0.0
        while waited < timeout, let more = receive() { if more.isEmpty { waited += 0.05 } }
        hasEnded = true
        return try ChildProcess.wait(for: process, timeout: timeout, name: "the program at the terminal")
    }

    /// What arrived within 50 ms; nil when the terminal is closed.
    private func receive() -> String? {
        var poller = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
        guard poll(&poller, 1, 50) > 0 else { return "" }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = read(terminal, &buffer, buffer.count)
        guard count > 0 else { return nil }
        pending += buffer.prefix(count)
        // A character may be cut in two between one read and the next.
        var whole = pending.count
        while whole > 0, whole > pending.count - 4, pending[whole - 1] & 0xC0 == 0x80 { whole -= 1 }
        if whole > 0, pending[whole - 1] < 0xC0 { whole = pending.count } else { whole = max(0, whole - 1) }
        if String(validating: pending, as: UTF8.self) != nil { whole = pending.count }
        let text = String(decoding: pending.prefix(whole), as: UTF8.self)
        pending.removeFirst(whole)
        screen += text
        return text
    }
}
