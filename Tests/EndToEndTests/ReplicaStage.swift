import FoundationEssentials
import Synchronization
import TestSupport
import Testing
import TwinDatabase
import TwinKit

#if canImport(Glibc)
    import Glibc
    import TwinHTTP
    import TwinSupport
#endif

/// A primary with one twin, and a replica of it on a file that this value copies in Litestream's place: each copy is put there whole,
/// as a file that was restored anew is.
final class ReplicaStage {
    static let token = "a secret of 32 characters or more"
    static let environment = ["TWIN_REPLICA_TOKEN": token]

    let home: Scene
    let away: Scene
    let primary: RunningServer
    let replica: RunningServer
    let copier: Copier
    /// What is between the two.
    let relay: LossyRelay
    /// An API key that may read and ask.
    let key: String

    var file: String { away.path("replica.db") }
    var keyField: String { "x-twin-api-key: \(key)" }

    /// With `isFollowing` the file is copied several times a second. With `isRelayed` the replica reaches its primary through `relay`.
    /// `environment` is the replica's alone.
    init(
        _ words: String..., isFollowing: Bool = true, isRelayed: Bool = false, environment: [String: String] = [:]
    ) throws {
        home = try Scene()
        away = try Scene()
        try home.write("gear.md", "# Gearbox\n\nThe gear oil is changed every 500 hours.\n")
        try home.twin("twins", "create", "ada")
        try home.twin("ingest", "gear.md", "--twin", "ada")
        let made = try home.twin("keys", "create", "site", "--scope", "read", "--scope", "chat", "--scope", "write", "--json")
        key = try made.json()["key"]?.stringValue ?? ""
        primary = try RunningServer(home, environment: Self.environment)
        let copier = Copier(from: home.path("twin.db"), to: away.path("replica.db"))
        try copier.copy()
        relay = try LossyRelay(to: primary.url)
        let options = ["--replica", away.path("replica.db"), "--primary", isRelayed ? relay.server.url : primary.url] + words
        replica = try RunningServer(
            away, options.joined(separator: " "), environment: Self.environment.merging(environment) { $1 })
        self.copier = copier
        copier.start()
        copier.isFollowing = true
        try waitUntilReady()
        copier.isFollowing = isFollowing
    }

    deinit { copier.stop() }

    func waitUntilReady() throws {
        try #require(try wait { try self.replica.send("GET", "/readyz").status == 200 }, "\(replica.log)")
    }

    /// Whether `condition` comes true within `seconds`.
    func wait(_ seconds: Double = 240, until condition: () throws -> Bool) throws -> Bool {
        let end = Clock.monotonicNanoseconds + UInt64(seconds * 1e9)
        while true {
            if try condition() { return true }
            if Clock.monotonicNanoseconds > end { return false }
            usleep(50_000)
        }
    }

    func read(_ path: String, _ more: String...) throws -> RunningServer.Reply {
        try replica.send("GET", path, headers: [keyField] + more)
    }

    /// The number of requests that the replica has passed on for a reason.
    func forwarded(_ reason: String) throws -> Int {
        let line = try read("/metrics").body.split(separator: "\n")
            .first { $0.hasPrefix("twin_replica_forwarded_requests{reason=\"\(reason)\"}") }
        return line.flatMap { $0.split(separator: " ").last.flatMap { Int($0) } } ?? 0
    }
}

/// Keeps a copy of a database that another process writes.
final class Copier: Sendable {
    private let source: String
    private let target: String
    private let follows = Atomic(false)
    private let stops = Atomic(false)

    init(from source: String, to target: String) {
        self.source = source
        self.target = target
    }

    /// Starts a thread for it, which copies while `isFollowing`.
    func start() {
        _ = SystemThread.start { [self] in
            while !stops.load(ordering: .relaxed) {
                if isFollowing { try? copy() }
                usleep(150_000)
            }
        }
    }

    var isFollowing: Bool {
        get { follows.load(ordering: .relaxed) }
        set { follows.store(newValue, ordering: .relaxed) }
    }

    func stop() { stops.store(true, ordering: .relaxed) }

    /// Copies the database as it is, with the header of a file that needs no write-ahead log unless `isTouched` is false.
    func copy(isTouched: Bool = true) throws {
        let part = target + ".part"
        unlink(part)
        try Backup.write(Database(path: source), to: part)
        try Self.rewrite(part) { header in for place in [18, 19] { header[place] = isTouched ? 1 : 2 } }
        guard rename(part, target) == 0 else { throw ChildProcess.Failure(description: "the copy could not be put in place") }
    }

    /// Changes the bytes of a database that nobody has open.
    static func rewrite(_ path: String, _ change: (inout Data) -> Void) throws {
        var data = try Data(contentsOf: URL(filePath: path))
        change(&data)
        try data.write(to: URL(filePath: path))
    }
}
