import TestSupport

#if canImport(Glibc)
    import Glibc
#endif

/// The `twin` executable that was built with these tests.
enum TwinBinary {
    /// The folder of the build's products, which holds the test runner as well.
    static let directory: String = {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        let path = String(decoding: buffer.prefix(max(0, count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
        let folder = path[..<(path.lastIndex(of: "/") ?? path.startIndex)]
        return String(folder)
    }()

    static var path: String { directory + "/twin" }

    /// The root of the repository.
    static let repository: String = {
        let parts = #filePath.split(separator: "/")
        return "/" + parts.dropLast(3).joined(separator: "/")
    }()

    /// Runs `twin` with these words, in an empty home, as a script would.
    static func run(
        _ words: String..., input: String = "", environment: [String: String?] = [:]
    ) throws -> ChildProcess.Result {
        try ChildProcess.run([path] + words, input: input, environment: self.environment(environment))
    }

    /// An environment in which nothing of the person who runs the tests has a say.
    static func environment(_ changes: [String: String?] = [:]) -> [String: String] {
        var clean: [String: String?] = [
            "HOME": "/nonexistent", "XDG_DATA_HOME": nil, "XDG_CONFIG_HOME": nil, "TWIN_DB": nil, "NO_COLOR": nil,
            "CLICOLOR_FORCE": nil, "COLUMNS": nil, "TERM": "xterm", "LC_ALL": "C.UTF-8", "MANPATH": nil, "MANPAGER": nil,
        ]
        for (name, value) in changes { clean[name] = value }
        return ChildProcess.environment(clean)
    }

    /// A folder for one test, removed when `body` ends.
    static func withFolder<Value>(_ body: (String) throws -> Value) throws -> Value {
        let folder = try TemporaryFolder()
        return try withExtendedLifetime(folder) { try body(folder.path) }
    }
}
