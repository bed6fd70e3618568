import TwinHTTP
import TwinKit
import TwinSupport

/// What `twin serve --replica` is told: the file, and where its primary is.
struct ReplicaServing {
    private let path: String
    private let forwarder: RequestForwarder
    private let staleSeconds: Int

    /// Seconds that the file is waited for at the start, which Litestream has to restore and change once.
    private static let waitSeconds = 120
    /// Seconds between two looks.
    private static let lookSeconds = 0.25

    /// None where no replica is asked for. Throws a usage error for options that do not go together, and `TwinError`
    /// (`notConfigured`) without a secret.
    init?(_ call: Invocation, token: Secret?) throws {
        guard let path = call.string("replica") else {
            if call.has("primary") || call.has("stale-reads") {
                throw call.usage("--primary and --stale-reads go with --replica")
            }
            return nil
        }
        guard let primary = call.string("primary") else { throw call.usage("--replica needs --primary URL") }
        guard !call.has("db"), !call.has("jobs") else {
            throw call.usage("--replica replaces --db, and a replica does no jobs: leave --db and --jobs out")
        }
        guard let token else {
            throw TwinError(
                .notConfigured,
                "set TWIN_REPLICA_TOKEN to the secret of the primary, which has to have it too; "
                    + "'openssl rand -hex 32' makes one")
        }
        self.path = FilePath.absolute(path)
        do {
            forwarder = try RequestForwarder(to: primary, token: token, userAgent: "twin")
        } catch let error as TwinError {
            throw call.usage("--primary: \(error.message)")
        }
        staleSeconds = call.int("stale-reads") ?? 0
    }

    /// Opens the file, once it can be. Throws `TwinError` when that does not come about.
    func open(_ call: Invocation) throws -> Workspace {
        let configuration = try call.configuration()
        var isTold = false
        for attempt in 0... {
            do {
                let workspace = try Workspace(replica: path, configuration: configuration)
                call.openWorkspaces.add(workspace)
                return workspace
            } catch let error as TwinError
                where error.kind == .busy && Double(attempt) * Self.lookSeconds < Double(Self.waitSeconds)
            {
                if !isTold { call.output.note("Waiting: \(error.message)") }
                isTold = true
                if ShutdownSignal.wait(seconds: Self.lookSeconds) != nil {
                    throw TwinError(.interrupted, "stopped before the replica's file could be opened")
                }
            }
        }
        throw TwinError(.busy, "the replica's file cannot be opened")
    }

    /// The way to the primary.
    func link(to workspace: Workspace) -> ReplicaLink {
        ReplicaLink(
            database: workspace.database, forwarder: forwarder, schema: Schema.migrator.version, staleSeconds: staleSeconds)
    }
}
