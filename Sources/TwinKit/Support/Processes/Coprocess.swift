import CLinux
import Glibc

/// A program of ours that runs beside this one and is asked many times: messages go to its standard input and come back on its
/// standard output, both ends of one socket, each behind its length as eight bytes, the lowest first.
///
/// Not checked: one thread uses a value at a time. `ReaderPool` hands it on under a lock, and only when nobody uses it.
package final class Coprocess: @unchecked Sendable {
    package enum Failure: Error, Sendable, Equatable {
        /// It could not be started, with the system's reason.
        case notStarted(String)
        /// It has ended: its exit status, or 128 and the number of the signal that ended it.
        case ended(status: Int32)
        case timedOut
        /// Its message would be longer than allowed.
        case outputTooLarge
        case cancelled
    }

    private let process: pid_t
    private let socket: Int32
    private var outgoing: [UInt8] = []
    private var sent = 0
    private var incoming: [UInt8] = []
    private var status: Int32?

    package init(_ executable: String, _ arguments: [String]) throws(Failure) {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw .notStarted(String(cString: strerror(errno)))
        }
        switch ProcessStart(executable, arguments, input: ends[1], output: ends[1]).start() {
        case .success(let started): process = started
        case .failure(let failure):
            close(ends[0])
            close(ends[1])
            throw .notStarted(failure.reason)
        }
        close(ends[1])
        socket = ends[0]
        _ = fcntl(socket, F_SETFL, O_NONBLOCK)
    }

    deinit {
        close(socket)
        guard status == nil else { return }
        // Its group: a converter that it runs ends with it.
        kill(-process, SIGKILL)
        var ignored: Int32 = 0
        while waitpid(process, &ignored, 0) == -1, errno == EINTR {}
    }

    /// Queues a message; it leaves while answers are waited for.
    package func send(_ message: [UInt8]) {
        Self.appendLength(message.count, to: &outgoing)
        outgoing += message
        try? flush()
    }

    /// The next message. Throws when there is none within the time, or the program has ended; after an error the program is of
    /// no more use. `isCancelled` is asked ten times a second.
    package func receive(seconds: Int, maximumBytes: Int, isCancelled: () -> Bool) throws(Failure) -> [UInt8] {
        let end = Clock.monotonicNanoseconds + UInt64(max(seconds, 1)) * 1_000_000_000
        while true {
            if let message = try takeMessage(maximumBytes) { return message }
            let now = Clock.monotonicNanoseconds
            if now >= end { throw .timedOut }
            if isCancelled() { throw .cancelled }
            var waiting = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            if sent < outgoing.count { waiting.events |= Int16(POLLOUT) }
            poll(&waiting, 1, Int32(min((end - now) / 1_000_000 + 1, 100)))
            if waiting.revents & Int16(POLLOUT) != 0 { try flush() }
            if waiting.revents & ~Int16(POLLOUT) != 0 { try fill() }
        }
    }

    private func takeMessage(_ maximumBytes: Int) throws(Failure) -> [UInt8]? {
        guard let length = Self.length(of: incoming) else { return nil }
        guard length <= maximumBytes else { throw .outputTooLarge }
        let whole = Self.lengthBytes + length
        guard incoming.count >= whole else {
            incoming.reserveCapacity(whole)
            return nil
        }
        let message = Array(incoming[extent(Self.lengthBytes, whole)])
        incoming.removeFirst(whole)
        return message
    }

    private func flush() throws(Failure) {
        while sent < outgoing.count {
            let count = outgoing.withUnsafeBytes { bytes in
                Glibc.send(socket, bytes.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count < 0 {
                if errno == EINTR { continue }
                // What it wrote before it ended is still to be read; reading tells that it has ended.
                return
            }
            sent += count
        }
        outgoing.removeAll(keepingCapacity: outgoing.count < 1 << 20)
        sent = 0
    }

    private func fill() throws(Failure) {
        let failure = withUnsafeTemporaryAllocation(byteCount: 1 << 18, alignment: 1) { chunk -> Failure? in
            let count = Glibc.read(socket, chunk.baseAddress, chunk.count)
            if count > 0 { incoming.append(contentsOf: chunk.prefix(count)) }
            if count > 0 || count < 0 && (errno == EINTR || errno == EAGAIN) { return nil }
            return .ended(status: wait())
        }
        if let failure { throw failure }
    }

    /// Its end is near or past: the socket is closed on its side.
    private func wait() -> Int32 {
        var code: Int32 = 0
        kill(-process, SIGKILL)
        while waitpid(process, &code, 0) == -1, errno == EINTR {}
        let signal = code & 0x7F
        let result = signal == 0 ? (code >> 8) & 0xFF : 128 + signal
        status = result
        return result
    }

    // MARK: Messages

    private static let lengthBytes = 8

    private static func appendLength(_ length: Int, to bytes: inout [UInt8]) {
        for shift in 0..<lengthBytes { bytes.append(UInt8(truncatingIfNeeded: length >> (8 * shift))) }
    }

    /// The length that stands before a message; none while it is not whole. What is no length is the longest.
    private static func length(of bytes: [UInt8]) -> Int? {
        guard bytes.count >= lengthBytes else { return nil }
        var value: UInt64 = 0
        for index in 0..<lengthBytes { value |= UInt64(bytes[index]) << UInt64(8 * index) }
        return Int(exactly: value) ?? .max
    }

    /// On the side of the program: answers each message on standard input until there is none for `idleSeconds`, or the other side
    /// has gone.
    package static func serve(maximumBytes: Int, idleSeconds: Int, _ answer: ([UInt8]) -> [UInt8]) {
        while true {
            var waiting = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
            let ready = poll(&waiting, 1, Int32(min(idleSeconds, 1 << 20) * 1000))
            if ready < 0, errno == EINTR { continue }
            guard ready > 0, let head = read(count: lengthBytes), let length = length(of: head), length <= maximumBytes,
                let message = read(count: length)
            else { return }
            let result = answer(message)
            var framed: [UInt8] = []
            framed.reserveCapacity(lengthBytes + result.count)
            appendLength(result.count, to: &framed)
            framed += result
            guard write(framed) else { return }
        }
    }

    private static func read(count: Int) -> [UInt8]? {
        var isWhole = false
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = 0
            while filled < count {
                let got = Glibc.read(0, buffer.baseAddress.map { $0 + filled }, count - filled)
                if got < 0, errno == EINTR { continue }
                if got <= 0 { return }
                filled += got
            }
            isWhole = true
        }
        return isWhole ? bytes : nil
    }

    private static func write(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let count = Glibc.write(1, buffer.baseAddress.map { $0 + done }, buffer.count - done)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { return false }
                done += count
            }
            return true
        }
    }
}
