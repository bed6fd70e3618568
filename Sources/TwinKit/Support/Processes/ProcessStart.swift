import CLinux
import Glibc

/// How a program is started without a shell: in a process group of its own, with all signals as they are by default, with
/// nothing of this process but the descriptors named here, and with an environment that holds no secret.
struct ProcessStart {
    var executable: String
    var arguments: [String]
    /// Becomes standard input; none leaves it empty.
    var input: Int32?
    /// Becomes standard output.
    var output: Int32
    /// Becomes standard error; none throws it away.
    var errors: Int32?

    init(_ executable: String, _ arguments: [String], input: Int32? = nil, output: Int32, errors: Int32? = nil) {
        self.executable = executable
        self.arguments = arguments
        self.input = input
        self.output = output
        self.errors = errors
    }

    /// Why the system did not start it.
    struct Failure: Error {
        var reason: String
    }

    /// Starts it; whoever does so waits for it.
    func start() -> Result<pid_t, Failure> {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        if let errors {
            posix_spawn_file_actions_adddup2(&actions, errors, 2)
        } else {
            posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        }
        clinux_spawn_close_from(&actions, 3)
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP) | Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))
        var process: pid_t = 0
        let code = Self.withArguments([executable] + arguments) { argv in
            Self.withArguments(Self.environment) { envp in
                posix_spawn(&process, executable, &actions, &attributes, argv, envp)
            }
        }
        return code == 0 ? .success(process) : .failure(Failure(reason: String(cString: strerror(code))))
    }

    private static var environment: [String] {
        func value(_ name: String, else other: String) -> String { getenv(name).map { String(cString: $0) } ?? other }
        let folder = getenv("TMPDIR").map { ["TMPDIR=" + String(cString: $0)] } ?? []
        return ["PATH=" + value("PATH", else: "/usr/bin:/bin"), "HOME=" + value("HOME", else: "/"), "LC_ALL=C.UTF-8"] + folder
    }

    private static func withArguments<Result>(_ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result) -> Result {
        let copies = texts.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }
}
