import FoundationEssentials
import TestSupport
import TwinKit

#if canImport(Glibc)
    import Glibc
    import TwinHTTP
    import TwinSupport
#endif

/// A person's machine in small: a home with a database of its own, and the real binary to run in it.
final class Scene: Sendable {
    typealias Result = ChildProcess.Result

    let folder: TemporaryFolder
    var home: String { folder.path }

    init() throws { folder = try TemporaryFolder() }

    static var binary: String { TwinBinary.path }

    private func environment(_ changes: [String: String]) -> [String: String] {
        var values: [String: String?] = [
            "HOME": home, "TWIN": Self.binary, "TWIN_DB": home + "/twin.db", "TWIN_CONFIG": home + "/config.json",
        ]
        for (name, value) in changes { values[name] = value }
        return TwinBinary.environment(values)
    }

    /// Runs `twin` with these words and waits for its end, at the most five minutes.
    @discardableResult
    func twin(_ words: String..., input: String = "", environment changes: [String: String] = [:]) throws -> Result {
        try run(Self.binary, words, input: input, environment: changes)
    }

    /// Runs a line of shell in which `twin` is the binary.
    func shell(_ line: String, environment changes: [String: String] = [:]) throws -> Result {
        try run("/bin/bash", ["-c", "set -o pipefail; twin() { \"$TWIN\" \"$@\"; }; " + line], environment: changes)
    }

    func run(
        _ program: String, _ words: [String], input: String = "", environment changes: [String: String] = [:]
    ) throws -> Result {
        try ChildProcess.run([program] + words, input: input, environment: environment(changes), directory: home)
    }

    func path(_ name: String) -> String { folder.file(name) }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String { try write(name, Data(text.utf8)) }

    @discardableResult
    func write(_ name: String, _ data: Data) throws -> String {
        let path = path(name)
        let folder = path.split(separator: "/").dropLast().joined(separator: "/")
        try FileManager.default.createDirectory(atPath: "/" + folder, withIntermediateDirectories: true)
        try data.write(to: URL(filePath: path))
        return path
    }
}

extension ChildProcess.Result {
    /// Standard output as one JSON document.
    func json() throws -> JSON { try JSONParser.parse(output) }
    /// Standard output as JSON Lines.
    func jsonLines() throws -> [JSON] { try lines.map { try JSONParser.parse($0) } }
}
