import CLinux
import Glibc

/// A program of ours that runs beside this one and is asked many times: messages go to its standard input and come back on its
/// standard output, both ends of one socket (`MessageChannel`).
///
/// Not checked: one thread uses a value at a time. `ReaderPool` hands it on under a lock, and only when nobody uses it.
package final class Coprocess: @unchecked Sendable {
    /// Why there is no answer. After any of these the program is done with; another value has to be made.
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
    private let channel: MessageChannel
    private var hasEnded = false

    /// Starts the program, whose standard error is this process's. Throws `notStarted`.
    package init(_ executable: String, _ arguments: [String]) throws(Failure) {
        switch MessageChannel.pair() {
        case .failure(let error): throw .notStarted(error.reason)
        case .success(let (ours, theirs)):
            defer { close(theirs) }
            channel = MessageChannel(ours)
            switch ProcessStart(executable, arguments, input: theirs, output: theirs).start() {
            case .success(let started): process = started
            case .failure(let failure): throw .notStarted(failure.reason)
            }
        }
    }

    deinit {
        // Its group: a converter that it runs ends with it.
        if !hasEnded { _ = Self.end(process) }
    }

    /// Queues a message; it leaves while answers are waited for.
    package func send(_ message: [UInt8]) { channel.send(message) }

    /// The next message. Throws when there is none within the time, or the program has ended; after an error the program is of
    /// no more use. `isCancelled` is asked ten times a second.
    package func receive(seconds: Int, maximumBytes: Int, isCancelled: () -> Bool) throws(Failure) -> [UInt8] {
        do throws(MessageChannel.Failure) {
            return try channel.receive(
                nanoseconds: UInt64(max(seconds, 1)) * 1_000_000_000, maximumBytes: maximumBytes, isCancelled: isCancelled)
        } catch {
            switch error {
            case .timedOut: throw .timedOut
            case .tooLarge: throw .outputTooLarge
            case .cancelled: throw .cancelled
            case .closed:
                hasEnded = true
                throw .ended(status: Self.end(process))
            }
        }
    }

    /// Ends the program's group and waits for the program, which may have ended before.
    private static func end(_ process: pid_t) -> Int32 {
        var code: Int32 = 0
        kill(-process, SIGKILL)
        while waitpid(process, &code, 0) == -1, errno == EINTR {}
        let signal = code & 0x7F
        return signal == 0 ? (code >> 8) & 0xFF : 128 + signal
    }

    /// On the side of the program: answers each message on standard input until there is none for `idleSeconds`, or the other side
    /// has gone.
    package static func serve(maximumBytes: Int, idleSeconds: Int, _ answer: ([UInt8]) -> [UInt8]) {
        while true {
            var waiting = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
            let ready = poll(&waiting, 1, Int32(min(idleSeconds, 1 << 20) * 1000))
            if ready < 0, errno == EINTR { continue }
            guard ready > 0, let message = MessageChannel.read(from: 0, maximumBytes: maximumBytes),
                MessageChannel.write(answer(message), to: 1)
            else { return }
        }
    }
}
