import Glibc

/// Messages between two processes of ours over a socket, each behind its length as eight bytes, the lowest first. This end never
/// blocks but in `receive`.
///
/// Not checked: one thread uses a value at a time.
package final class MessageChannel: @unchecked Sendable {
    /// Why no message came or went.
    package enum Failure: Error, Sendable, Equatable {
        /// The other side has closed its end, or has ended.
        case closed
        case timedOut
        /// The message would be longer than allowed.
        case tooLarge
        case cancelled
    }

    private let socket: Int32
    private var outgoing: [UInt8] = []
    private var sent = 0
    private var incoming: [UInt8] = []
    private var taken = 0

    /// Takes over the descriptor, which is closed with this value.
    init(_ socket: Int32) {
        self.socket = socket
        _ = fcntl(socket, F_SETFL, O_NONBLOCK)
    }

    deinit { close(socket) }

    /// Two ends of a socket that no other program inherits, or `errno`.
    static func pair() -> Result<(Int32, Int32), SystemError> {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            return .failure(SystemError(number: errno))
        }
        return .success((ends[0], ends[1]))
    }

    /// The number that a system call left in `errno`.
    struct SystemError: Error {
        var number: Int32
        var reason: String { String(cString: strerror(number)) }
    }

    /// Queues a message; what the other side does not take at once leaves while messages are waited for.
    package func send(_ message: [UInt8]) {
        Self.appendLength(message.count, to: &outgoing)
        outgoing += message
        flush()
    }

    /// The next message within so many nanoseconds; after an error other than `timedOut` the channel is of no more use.
    /// `isCancelled` is asked ten times a second.
    package func receive(
        nanoseconds: UInt64, maximumBytes: Int, isCancelled: () -> Bool = { false }
    ) throws(Failure) -> [UInt8] {
        let end = Clock.monotonicNanoseconds + nanoseconds
        while true {
            if let message = try takeMessage(maximumBytes) { return message }
            let now = Clock.monotonicNanoseconds
            if now >= end { throw .timedOut }
            if isCancelled() { throw .cancelled }
            var waiting = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            if sent < outgoing.count { waiting.events |= Int16(POLLOUT) }
            poll(&waiting, 1, Int32(min((end - now) / 1_000_000 + 1, 100)))
            if waiting.revents & Int16(POLLOUT) != 0 { flush() }
            if waiting.revents & ~Int16(POLLOUT) != 0 { try fill() }
        }
    }

    private func takeMessage(_ maximumBytes: Int) throws(Failure) -> [UInt8]? {
        guard incoming.count - taken >= Self.lengthBytes else { return nil }
        let length = Self.length(of: incoming[extent(taken, taken + Self.lengthBytes)])
        guard length <= maximumBytes else { throw .tooLarge }
        let start = taken + Self.lengthBytes
        guard incoming.count - start >= length else {
            incoming.reserveCapacity(start + length)
            return nil
        }
        let message = Array(incoming[extent(start, start + length)])
        taken = start + length
        if taken == incoming.count {
            incoming.removeAll(keepingCapacity: taken < 1 << 20)
            taken = 0
        } else if taken > 1 << 20 {
            incoming.removeFirst(taken)
            taken = 0
        }
        return message
    }

    private func flush() {
        while sent < outgoing.count {
            let count = outgoing.withUnsafeBytes { bytes in
                Glibc.send(socket, bytes.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count < 0 {
                if errno == EINTR { continue }
                // What the other side wrote before it ended is still to be read; reading tells that it has ended.
                return
            }
            sent += count
        }
        outgoing.removeAll(keepingCapacity: outgoing.count < 1 << 20)
        sent = 0
    }

    private func fill() throws(Failure) {
        let isClosed = withUnsafeTemporaryAllocation(byteCount: 1 << 18, alignment: 1) { chunk -> Bool in
            let count = Glibc.read(socket, chunk.baseAddress, chunk.count)
            if count > 0 { incoming.append(contentsOf: chunk.prefix(count)) }
            return count == 0 || count < 0 && errno != EINTR && errno != EAGAIN
        }
        if isClosed { throw .closed }
    }

    // MARK: The form of messages

    private static let lengthBytes = 8

    private static func appendLength(_ length: Int, to bytes: inout [UInt8]) {
        for shift in 0..<lengthBytes { bytes.append(UInt8(truncatingIfNeeded: length >> (8 * shift))) }
    }

    /// The length that stands before a message. What is no length is the longest.
    private static func length(of bytes: ArraySlice<UInt8>) -> Int {
        var value: UInt64 = 0
        for byte in bytes.reversed() { value = value << 8 | UInt64(byte) }
        return Int(exactly: value) ?? .max
    }

    /// Waits for the next message on a descriptor that blocks; none at its end, or when the message is longer than allowed.
    package static func read(from descriptor: Int32, maximumBytes: Int) -> [UInt8]? {
        guard let head = read(count: lengthBytes, from: descriptor) else { return nil }
        let length = length(of: head[...])
        return length <= maximumBytes ? read(count: length, from: descriptor) : nil
    }

    private static func read(count: Int, from descriptor: Int32) -> [UInt8]? {
        var isWhole = false
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = 0
            while filled < count {
                let got = Glibc.read(descriptor, buffer.baseAddress.map { $0 + filled }, count - filled)
                if got < 0, errno == EINTR { continue }
                if got <= 0 { return }
                filled += got
            }
            isWhole = true
        }
        return isWhole ? bytes : nil
    }

    /// Writes a message to a descriptor that blocks; false when nobody reads it any more.
    package static func write(_ message: [UInt8], to descriptor: Int32) -> Bool {
        var framed: [UInt8] = []
        framed.reserveCapacity(lengthBytes + message.count)
        appendLength(message.count, to: &framed)
        framed += message
        return framed.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let count = Glibc.write(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { return false }
                done += count
            }
            return true
        }
    }
}
