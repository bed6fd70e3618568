#if canImport(Glibc)
    import Glibc
#endif

/// Runs programs as a script would.
public enum ChildProcess {
    public struct Result: Sendable {
        /// As a shell reports it: 128 and the signal's number when a signal ended it.
        public let code: Int32
        public let output: String
        public let errors: String

        public var lines: [String] { output.split(separator: "\n").map(String.init) }
    }

    public struct Failure: Error, CustomStringConvertible {
        public let description: String
        public init(description: String) { self.description = description }
    }

    /// Runs a program, found on PATH unless its name has a slash, and waits until it ends. Throws when it cannot be started or
    /// runs longer than `timeout` seconds.
    /// - Parameter environment: all its variables; nil for those of this process.
    public static func run(
        _ words: [String], input: String = "", environment: [String: String]? = nil, directory: String? = nil,
        timeout: Double = 300
    ) throws -> Result {
        let files = try [temporaryFile(input), temporaryFile(), temporaryFile()]
        defer { for file in files { close(file) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (target, file) in files.enumerated() { posix_spawn_file_actions_adddup2(&actions, file, Int32(target)) }
        let located = directory.map { ["env", "-C", $0] + words } ?? words
        let process = try spawn(located, &actions, flags: 0, environment)
        let code = try wait(for: process, timeout: timeout, name: words.joined(separator: " "))
        return Result(code: code, output: contents(of: files[1]), errors: contents(of: files[2]))
    }

    /// Starts a program and returns its process id.
    static func spawn(
        _ words: [String], _ actions: inout posix_spawn_file_actions_t, flags: Int32, _ environment: [String: String]?
    ) throws -> pid_t {
        guard let program = words.first else { throw Failure(description: "no program is named") }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The test runner may ignore signals or block them; a shell's child starts with neither.
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | flags))
        var arguments = words.map { strdup($0) } + [nil]
        let inherited = currentEnvironment()
        var variables = (environment ?? inherited).map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in arguments + variables { free(pointer) } }
        var process: pid_t = 0
        let code = posix_spawnp(&process, program, &actions, &attributes, &arguments, &variables)
        guard code == 0 else { throw Failure(description: "\(program) cannot be started: \(String(cString: strerror(code)))") }
        return process
    }

    static func wait(for process: pid_t, timeout: Double, name: String) throws -> Int32 {
        var status: Int32 = 0
        var waited = 0.0
        while true {
            let ended = waitpid(process, &status, WNOHANG)
            if ended == process { break }
            if ended < 0, errno != EINTR { throw Failure(description: "waiting for '\(name)' failed") }
            guard waited < timeout else {
                kill(process, SIGKILL)
                waitpid(process, &status, 0)
                throw Failure(description: "'\(name)' did not end within \(timeout) s")
            }
            usleep(2000)
            waited += 0.002
        }
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }

    /// The variables of this process, changed by `changes`.
    public static func environment(_ changes: [String: String?] = [:]) -> [String: String] {
        var result = currentEnvironment()
        for (name, value) in changes { result[name] = value }
        return result
    }

    private static func currentEnvironment() -> [String: String] {
        var result: [String: String] = [:]
        var pointer = environ
        while let entry = pointer.pointee {
            let text = String(cString: entry)
            if let equals = text.firstIndex(of: "=") {
                result[String(text[..<equals])] = String(text[text.index(after: equals)...])
            }
            pointer += 1
        }
        return result
    }

    private static func temporaryFile(_ text: String = "") throws -> Int32 {
        var name = Array("/tmp/twin-test-XXXXXX".utf8CString)
        let file = mkstemp(&name)
        guard file >= 0, fcntl(file, F_SETFD, FD_CLOEXEC) == 0 else {
            throw Failure(description: "no temporary file can be made")
        }
        unlink(name)
        var bytes = Array(text.utf8)
        while !bytes.isEmpty {
            let count = write(file, bytes, bytes.count)
            guard count > 0 else { throw Failure(description: "the temporary file cannot be written") }
            bytes.removeFirst(count)
        }
        lseek(file, 0, SEEK_SET)
        return file
    }

    private static func contents(of file: Int32) -> String {
        lseek(file, 0, SEEK_SET)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(file, &buffer, buffer.count)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer.prefix(count)
        }
    }
}
