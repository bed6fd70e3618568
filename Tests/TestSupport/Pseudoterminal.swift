#if canImport(Glibc)
    import Glibc
#endif

/// A program at a terminal: what a person sees, and the keys that are pressed.
public final class Pseudoterminal {
    private let terminal: Int32
    private let process: pid_t
    private var hasEnded = false
    /// Everything the program has written to the terminal, escape sequences included.
    public var screen: String { String(decoding: written, as: UTF8.self) }
    private var written: [UInt8] = []
    /// What `expect` has not gone past yet.
    private var unread: [UInt8] = []

    /// Starts a program whose standard input, output and error are a new terminal.
    public init(_ words: [String], columns: Int = 80, rows: Int = 24, environment: [String: String]? = nil) throws {
        // The requests of Linux behind posix_openpt(3), whose declarations Swift does not see (pts(4), ioctl_tty(2)).
        let setLock: UInt = 0x4004_5431
        let getNumber: UInt = 0x8004_5430
        terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var unlocked: Int32 = 0
        var number: Int32 = 0
        guard terminal >= 0, ioctl(terminal, setLock, &unlocked) == 0, ioctl(terminal, getNumber, &number) == 0 else {
            throw ChildProcess.Failure(description: "no pseudoterminal can be opened")
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

    /// Sends a signal to the program.
    public func signal(_ number: Int32) { kill(process, number) }

    /// Whether the terminal collects whole lines, as it does for programs that do not edit themselves.
    public var isCanonical: Bool {
        var mode = termios()
        return tcgetattr(terminal, &mode) == 0 && mode.c_lflag & tcflag_t(ICANON) != 0
    }

    /// Waits until the program has written `text` after what the last call found, and returns everything up to it.
    @discardableResult
    public func expect(_ text: String, timeout: Double = 300) throws -> String {
        let wanted = Array(text.utf8)
        var waited = 0.0
        while true {
            if let end = Self.end(of: wanted, in: unread) {
                let seen = String(decoding: unread.prefix(end), as: UTF8.self)
                unread.removeFirst(end)
                return seen
            }
            guard waited < timeout, let more = receive() else {
                let shown = String(decoding: unread, as: UTF8.self).debugDescription
                throw ChildProcess.Failure(description: "'\(text)' did not appear; the terminal shows: \(shown)")
            }
            if more == 0 { waited += 0.05 }
        }
    }

    private static func end(of wanted: [UInt8], in bytes: [UInt8]) -> Int? {
        guard bytes.count >= wanted.count else { return nil }
        return (0...bytes.count - wanted.count).first { bytes[$0..<$0 + wanted.count].elementsEqual(wanted) }
            .map { $0 + wanted.count }
    }

    /// Waits until the program ends and returns its exit code as a shell reports it.
    public func end(timeout: Double = 300) throws -> Int32 {
        var waited = 0.0
        while waited < timeout, let more = receive() { if more == 0 { waited += 0.05 } }
        hasEnded = true
        return try ChildProcess.wait(for: process, timeout: timeout, name: "the program at the terminal")
    }

    /// Takes what arrives within 50 ms and returns how many bytes that were; nil when the terminal is closed.
    private func receive() -> Int? {
        var poller = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
        guard poll(&poller, 1, 50) > 0 else { return 0 }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = read(terminal, &buffer, buffer.count)
        guard count > 0 else { return nil }
        written += buffer.prefix(count)
        unread += buffer.prefix(count)
        return count
    }
}
