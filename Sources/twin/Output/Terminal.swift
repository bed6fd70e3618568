#if canImport(Glibc)
    import Glibc
#endif

/// The few calls of the operating system that output needs.
enum Terminal {
    /// The columns of the terminal behind a descriptor, or nil when it is none or does not know.
    static func width(of descriptor: Int32) -> Int? { size(of: descriptor)?.columns }

    static func size(of descriptor: Int32) -> (columns: Int, rows: Int)? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return nil }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Writes all the bytes. Returns 0, or the `errno` that stopped it.
    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count > 0 {
                    rest = rest.dropFirst(count)
                } else if count < 0, errno == EAGAIN {
                    // Somebody who shares the descriptor has made it non-blocking.
                    var poller = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    poll(&poller, 1, -1)
                } else if count == 0 || errno != EINTR {
                    return count == 0 ? EIO : errno
                }
            }
            return 0
        }
    }

    // MARK: Input

    enum Read: Equatable {
        case byte(UInt8)
        case timedOut
        /// Ctrl-C was pressed elsewhere, or SIGTERM came.
        case interrupted
        case end
    }

    /// Waits for a byte of standard input, at most `timeout` milliseconds.
    static func readByte(timeout: Int32?) -> Read {
        switch waitForInput(timeout: timeout) {
        case .ready: break
        case .timedOut: return .timedOut
        case .interrupted: return .interrupted
        }
        var byte: UInt8 = 0
        return read(STDIN_FILENO, &byte, 1) == 1 ? .byte(byte) : .end
    }

    /// The next bytes of standard input as they come; none at its end, on an error, or once an interruption is requested.
    static func readAvailable() -> [UInt8] {
        guard waitForInput(timeout: nil) == .ready else { return [] }
        return [UInt8](unsafeUninitializedCapacity: 64 * 1024) { buffer, count in
            count = max(0, read(STDIN_FILENO, buffer.baseAddress, buffer.count))
        }
    }

    private enum Wait { case ready, timedOut, interrupted }

    /// A signal may be delivered to another thread than the one that waits, so the wait ends now and then to look.
    private static let lookInterval: Int32 = 200

    private static func waitForInput(timeout: Int32?) -> Wait {
        while true {
            if Interrupt.isRequested { return .interrupted }
            var poller = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            let ready = poll(&poller, 1, timeout ?? lookInterval)
            if ready > 0 || ready < 0 && errno != EINTR { return .ready }
            if ready == 0, timeout != nil { return .timedOut }
        }
    }

    /// The settings of the terminal as they were.
    typealias Mode = termios

    /// Makes the terminal behind standard input deliver each key at once, without showing it. Nil when it is no terminal.
    static func enterRawMode() -> Mode? {
        var saved = termios()
        guard tcgetattr(STDIN_FILENO, &saved) == 0 else { return nil }
        var raw = saved
        cfmakeraw(&raw)
        // Output stays as it is: a message that another thread prints keeps its line ends.
        raw.c_oflag = saved.c_oflag
        guard tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0 else { return nil }
        return saved
    }

    static func leaveRawMode(_ saved: Mode) {
        var mode = saved
        while tcsetattr(STDIN_FILENO, TCSADRAIN, &mode) != 0, errno == EINTR {}
    }
}
