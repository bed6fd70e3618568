import FoundationEssentials
import TestSupport
import TwinKit

#if canImport(Glibc)
    import Glibc
    import TwinHTTP
    import TwinSupport
#endif

/// `twin serve` as a process of its own on a scene's database, and `curl` as its client.
final class RunningServer: Sendable {
    struct Reply: Sendable {
        var status: Int
        /// Names in lower case.
        var headers: [String: String]
        var body: String

        func json() throws -> JSON { try JSONParser.parse(body) }
        func jsonLines() throws -> [JSON] { try body.split(separator: "\n").map { try JSONParser.parse(String($0)) } }
    }

    let scene: Scene
    let url: String
    let process: Int32
    private let logPath: String

    /// Starts the server and waits until it is ready. `words` are further options of `twin serve`.
    init(_ scene: Scene, _ words: String..., environment: [String: String] = [:]) throws {
        self.scene = scene
        let ready = scene.path("ready-\(Int.random(in: 0..<1_000_000)).json")
        logPath = scene.path("serve.log")
        let line =
            "exec \"$TWIN\" serve --port 0 --ready-file \(ready) \(words.joined(separator: " ")) > \(logPath) 2>&1 < /dev/null & echo $!"
        let started = try scene.run("/bin/bash", ["-c", line], environment: environment)
        guard let id = Int32(started.output.filter(\.isNumber)) else {
            throw ChildProcess.Failure(description: "the server did not start: \(started)")
        }
        process = id
        var url: String?
        for _ in 0..<12_000 {
            if let data = FileManager.default.contents(atPath: ready) {
                url = try JSONParser.parse(String(decoding: data, as: UTF8.self))["url"]?.stringValue
                break
            }
            if !Self.isRunning(id) { break }
            usleep(20_000)
        }
        guard let url else {
            throw ChildProcess.Failure(
                description: "the server is not ready: \((try? String(contentsOfFile: logPath, encoding: .utf8)) ?? "")")
        }
        self.url = url
    }

    deinit { stop(SIGKILL) }

    /// What it has printed, on both outputs.
    var log: String { (try? String(contentsOfFile: logPath, encoding: .utf8)) ?? "" }

    /// Sends a signal and waits until the process is gone.
    func stop(_ signal: Int32 = SIGTERM) {
        kill(process, signal)
        for _ in 0..<12_000 where isRunning { usleep(20_000) }
    }

    /// Where nobody waits for orphans, as in a container without an init, what has ended stays as a zombie.
    var isRunning: Bool { Self.isRunning(process) }

    private static func isRunning(_ process: Int32) -> Bool {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return false }
        // After the name, which stands in brackets and may hold any.
        return status[(status.lastIndex(of: ")") ?? status.startIndex)...].dropFirst(2).first != "Z"
    }

    func port() throws -> Int {
        guard let port = url.split(separator: ":").last.flatMap({ Int($0) }) else {
            throw ChildProcess.Failure(description: "the server's address has no port: \(url)")
        }
        return port
    }

    /// A client with a connection of its own.
    func client() throws -> WireClient { WireClient(port: try port()) }

    /// One request. `json` is sent as content of that type; `headers` are lines such as `accept: text/event-stream`.
    func send(
        _ method: String, _ path: String, json: JSON? = nil, headers: [String] = [], more: [String] = []
    ) throws -> Reply {
        var words = ["-sS", "-i", "-N", "--max-time", "240", "--path-as-is", "-g", "-X", method, url + path]
        for header in headers { words += ["-H", header] }
        if json != nil { words += ["-H", "content-type: application/json", "--data-binary", "@-"] }
        if method == "HEAD" { words += ["--head"] }
        let result = try ChildProcess.run(
            ["curl"] + words + more, input: json?.text ?? "", environment: TwinBinary.environment())
        guard result.code == 0 else { throw ChildProcess.Failure(description: "curl: \(result.errors)") }
        return try Self.parse(result.output)
    }

    private static func parse(_ text: String) throws -> Reply {
        var rest = text
        while true {
            let parts = rest.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw ChildProcess.Failure(description: "no reply: \(text)") }
            let lines = parts[0].split(separator: "\r\n")
            rest = String(parts[1])
            let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            // 100 Continue comes before the reply itself.
            if status == 100 { continue }
            var headers: [String: String] = [:]
            for line in lines.dropFirst() {
                let parts = line.split(separator: ":", maxSplits: 1)
                if parts.count == 2 { headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " }) }
            }
            return Reply(status: status, headers: headers, body: rest)
        }
    }

    /// A user and a token for it.
    func user(_ email: String, role: String = "owner") throws -> (id: String, authorization: String) {
        let added = try scene.twin("users", "add", email, "--role", role, "--no-password", "--json")
        guard let id = try? added.json()["id"]?.stringValue else { throw ChildProcess.Failure(description: "\(added)") }
        let token = try scene.twin("token", "create", "--user", email)
        return (id, "authorization: Bearer " + token.output.filter { !$0.isNewline })
    }
}
