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
        /// A signal came.
        case interrupted
        case end
    }

    /// Waits for a byte of standard input, at most `timeout` milliseconds.
    static func readByte(timeout: Int32?) -> Read {
        var poller = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        let ready = poll(&poller, 1, timeout ?? -1)
        if ready == 0 { return .timedOut }
        if ready < 0 { return errno == EINTR ? .interrupted : .end }
        var byte: UInt8 = 0
        switch read(STDIN_FILENO, &byte, 1) {
        case 1: return .byte(byte)
        case 0: return .end
        default: return errno == EINTR ? .interrupted : .end
        }
    }

    /// The next bytes of standard input as they come; none at its end, on an error, or once an interruption is requested.
    static func readAvailable() -> [UInt8] {
        while true {
            var isInterrupted = false
            let bytes = [UInt8](unsafeUninitializedCapacity: 64 * 1024) { buffer, count in
                let result = read(STDIN_FILENO, buffer.baseAddress, buffer.count)
                isInterrupted = result < 0 && errno == EINTR
                count = max(0, result)
            }
            if !isInterrupted || Interrupt.isRequested { return bytes }
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
