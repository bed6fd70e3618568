import Glibc

/// Runs a program without a shell: no input, its own process group, a time limit and an output limit. Whatever goes wrong,
/// the whole group is killed and waited for before `run` returns.
package struct Subprocess: Sendable {
    /// The path of the program.
    package var executable: String
    package var arguments: [String]
    /// Seconds until it is killed.
    package var seconds: Int
    /// Bytes of standard output until it is killed.
    package var outputBytes: Int
    /// Asked every tenth of a second; true ends the program.
    package var isCancelled: (@Sendable () -> Bool)?

    package init(_ executable: String, _ arguments: [String], seconds: Int, outputBytes: Int) {
        self.executable = executable
        self.arguments = arguments
        self.seconds = seconds
        self.outputBytes = outputBytes
    }

    /// What a program that ended by itself has left. A status other than 0 is no failure here.
    package struct Output: Sendable {
        /// What it wrote to standard output, at most `outputBytes`.
        package var bytes: [UInt8]
        /// What it wrote to standard error, at most 16 KiB.
        package var errors: String
        /// Its exit status, or 128 and the number of the signal that ended it.
        package var status: Int32
    }

    /// Why a program did not end by itself.
    package enum Failure: Error, Sendable, Equatable {
        /// It could not be started, with the system's reason.
        case notStarted(String)
        case timedOut(seconds: Int)
        case outputTooLarge(bytes: Int)
        case cancelled
    }

    /// The path of an executable file of this name in the directories of `PATH`.
    package static func find(_ name: String) -> String? {
        guard let path = getenv("PATH").map({ String(cString: $0) }), !name.contains("/") else { return nil }
        for directory in path.split(separator: ":") where directory.hasPrefix("/") {
            let candidate = "\(directory)/\(name)"
            var status = stat()
            if stat(candidate, &status) == 0, status.st_mode & S_IFMT == S_IFREG, access(candidate, X_OK) == 0 {
                return candidate
            }
        }
        return nil
    }

    private static let errorBytes = 16_384

    /// Runs it to its end. Throws `Failure`; an exit status other than 0 is not one.
    package func run() throws(Failure) -> Output {
        var output = Pipe()
        var errors = Pipe()
        defer {
            output.close()
            errors.close()
        }
        guard output.open(), errors.open() else { throw .notStarted(String(cString: strerror(errno))) }
        let process: pid_t
        switch ProcessStart(executable, arguments, output: output.writing, errors: errors.writing).start() {
        case .success(let started): process = started
        case .failure(let error): throw .notStarted(error.reason)
        }
        output.closeWriting()
        errors.closeWriting()
        var result = Output(bytes: [], errors: "", status: 0)
        var errorText: [UInt8] = []
        let failure = collect(&output, &errors, &result.bytes, &errorText)
        // The group's leader is not waited for yet, so the number cannot have passed to another process.
        if failure != nil { kill(-process, SIGKILL) }
        var status: Int32 = 0
        if failure == nil, !waitInTime(process, &status) {
            kill(-process, SIGKILL)
            while waitpid(process, &status, 0) == -1, errno == EINTR {}
            throw .timedOut(seconds: seconds)
        }
        if failure != nil { while waitpid(process, &status, 0) == -1, errno == EINTR {} }
        if let failure { throw failure }
        let signal = status & 0x7F
        result.status = signal == 0 ? (status >> 8) & 0xFF : 128 + signal
        result.errors = String(decoding: errorText, as: UTF8.self)
        return result
    }

    // MARK: Collect

    private struct Pipe {
        private var ends: [Int32] = [-1, -1]
        var reading: Int32 { ends[0] }
        var writing: Int32 { ends[1] }

        /// Children of this type close everything that is not theirs, so setting the flag a moment later is soon enough.
        mutating func open() -> Bool {
            guard pipe(&ends) == 0 else { return false }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            return true
        }
        mutating func closeWriting() { close(1) }
        mutating func closeReading() { close(0) }
        mutating func close() {
            close(0)
            close(1)
        }
        private mutating func close(_ end: Int) {
            if ends[end] >= 0 { Glibc.close(ends[end]) }
            ends[end] = -1
        }

        /// Reads what is there into `bytes`, up to one more than `limit`; closes at the end of the file.
        mutating func drain(into bytes: inout [UInt8], limit: Int, keepsAll: Bool) {
            withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 1) { chunk in
                let count = read(reading, chunk.baseAddress, chunk.count)
                if count > 0 {
                    let room = keepsAll ? limit + 1 - bytes.count : limit - bytes.count
                    bytes.append(contentsOf: chunk.prefix(max(0, min(count, room))))
                } else if count == 0 || errno != EINTR && errno != EAGAIN {
                    closeReading()
                }
            }
        }
    }

    private var deadline: UInt64 { Clock.monotonicNanoseconds + UInt64(max(seconds, 1)) * 1_000_000_000 }

    /// Reads both pipes to their ends; gives why it had to stop before.
    private func collect(_ output: inout Pipe, _ errors: inout Pipe, _ bytes: inout [UInt8], _ errorText: inout [UInt8])
        -> Failure?
    {
        let end = deadline
        while output.reading >= 0 || errors.reading >= 0 {
            let now = Clock.monotonicNanoseconds
            if now >= end { return .timedOut(seconds: seconds) }
            if isCancelled?() == true { return .cancelled }
            var waiting = [
                pollfd(fd: output.reading, events: Int16(POLLIN), revents: 0),
                pollfd(fd: errors.reading, events: Int16(POLLIN), revents: 0),
            ]
            poll(&waiting, 2, Int32(min((end - now) / 1_000_000 + 1, 100)))
            if waiting[0].revents != 0 { output.drain(into: &bytes, limit: outputBytes, keepsAll: true) }
            if waiting[1].revents != 0 { errors.drain(into: &errorText, limit: Self.errorBytes, keepsAll: false) }
            if bytes.count > outputBytes { return .outputTooLarge(bytes: outputBytes) }
        }
        return nil
    }

    /// A program may close its output and still run; it has the rest of a second time limit to end.
    private func waitInTime(_ process: pid_t, _ status: inout Int32) -> Bool {
        let end = deadline
        var pause: UInt32 = 200
        while true {
            let waited = waitpid(process, &status, WNOHANG)
            if waited == process { return true }
            if waited == -1, errno != EINTR { return true }
            if Clock.monotonicNanoseconds >= end || isCancelled?() == true { return false }
            usleep(pause)
            pause = min(pause * 2, 20_000)
        }
    }
}
