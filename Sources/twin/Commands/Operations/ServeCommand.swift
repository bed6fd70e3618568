import Synchronization
import TwinKit

#if canImport(Glibc)
    import Glibc
    import TwinHTTP
    import TwinSupport
#endif

enum ServeCommand {
    static let command = Command(
        "serve", summary: "Serve the database's twins over HTTP",
        discussion: """
            Answers the contracts that existing front ends speak, with an OpenAPI description at /openapi.json and a page of \
            it at /docs. It listens on the loopback address unless told otherwise, and refuses another one while no secret, \
            no key set and no API key exists: put a proxy that speaks HTTPS in front, or give it a certificate.

            It runs until it is told to stop (SIGTERM, or Ctrl-C), then finishes what it began: requests and jobs together have \
            --drain-timeout seconds, and a second signal cuts them short. A job that is not done is begun again by the next \
            server. The database file then holds everything. Jobs, such as fetching a podcast, run beside the requests.

            With --replica it serves a copy of another server's database, which --primary names: reads are answered from the copy, \
            which 'litestream restore -f' follows, and all that changes something is passed on with the caller's own credentials. \
            A copy that is more than five seconds behind answers nothing (503 with Retry-After). TWIN_REPLICA_TOKEN holds a secret \
            that the primary and its replicas share.
            """,
        examples: [
            Example("twin serve", "on http://127.0.0.1:8000"),
            Example("twin serve --port 0 --ready-file ready.json", "a free port, for a script that waits for the file"),
            Example("twin serve --uds twin.sock --log json", "behind a proxy on the same machine"),
            Example(
                "twin serve --replica replica.db --primary http://10.0.0.1:8000",
                "answer reads from a file that 'litestream restore -f' keeps up to date"),
            Example("twin serve --trusted-proxy 172.16.0.0/12", "behind a proxy in another container"),
        ],
        options: [
            .string("host", "ADDRESS", default: "127.0.0.1", help: "The numeric address to listen on"),
            .int("port", short: "p", in: 0...65_535, default: "8000", help: "The port; 0 picks a free one"),
            .path("uds", "PATH", help: "Listen on a Unix domain socket instead of a port"),
            .string("uds-group", "GROUP", help: "Let the members of this group connect to the socket, such as a proxy's workers"),
            .string(
                "contracts", "NAMES", repeats: true, default: ContractName.byDefault.joined(separator: ","),
                completion: .choices(Contracts.names),
                help: "Serve these contracts, separated by commas: \(Contracts.names.joined(separator: ", "))"),
            .choice(
                "log", "FORM", of: ["text", "json", "none"], default: "text", help: "How requests are logged, on standard error"),
            .path("ready-file", "FILE", help: "Write a JSON file with the URL once connections are accepted"),
            .int(
                "drain-timeout", "SECONDS", in: 0...3_600, default: "20",
                help: "How long requests and jobs may take to finish when the server stops"),
            .int("jobs", "N", in: 0...16, default: "2", help: "Jobs that run at once; 0 leaves them to others"),
            .string(
                "trusted-proxy", "CIDR", repeats: true, default: "those on this machine",
                help: "Believe this proxy's X-Forwarded-For: an address, a network, or 'none'"),
            .path("replica", "FILE", help: "Serve this copy of the primary's database, and only read it"),
            .string("primary", "URL", help: "Where the primary of a replica listens"),
            .int(
                "stale-reads", "SECONDS", in: 5...31_536_000, default: "5",
                help: "How long a replica goes on answering reads while its primary is away"),
            .path("tls-cert", "FILE", help: "Speak HTTPS with this certificate chain (PEM)"),
            .path("tls-key", "FILE", help: "The certificate's private key (PEM)"),
        ],
        exits: [.notConfigured, .busy, .interrupted], alsoCalled: ["server", "start", "listen", "host"], run: run)

    /// Seconds that the last writes and other processes' readers are waited for at the end.
    private static let closeSeconds = 5.0

    private static func run(_ call: Invocation) throws -> ExitCode {
        // Before anything starts a thread, which would take the signals elsewhere.
        ShutdownSignal.hold()
        let named = try contracts(call)
        let proxies = try trustedProxies(call)
        // Before anybody can take the descriptors that this needs.
        SystemLibraries.open()
        HTTPClient.openLibrary()
        let token = try call.configuration().replicaToken()
        let following = try ReplicaServing(call, token: token)
        let workspace = try following?.open(call) ?? call.workspace(create: true, database: .server)
        let link = following?.link(to: workspace)
        if let link { workspace.follow(link) }
        let contracts = try named ?? workspace.configuration.contracts
        try workspace.configuration.check()
        let address = try address(call)
        if !address.isLocal, try !workspace.authenticator.isConfigured {
            throw TwinError(
                .notConfigured,
                "\(address) can be reached from outside and nobody could sign in: set TWIN_JWT_SECRET or TWIN_JWKS, or make a "
                    + "key with 'twin keys create NAME'; or listen on 127.0.0.1")
        }
        if contracts.contains(where: { $0.name == "persona" }) { try checkPersonaCallers(workspace, address) }
        var configuration = ServerConfiguration(addresses: [address])
        configuration.tls = try tls(call)
        configuration.socketGroup = call.string("uds-group")

        let log = ServerLog(call.string("log") ?? "text", output: call.output)
        let connections = OpenConnections()
        var options = TwinAPI.Options()
        options.contracts = contracts
        options.allowedOrigins = workspace.configuration.list("serve.origins")
        options.trustedProxies = proxies
        options.accessLog = log.access
        options.errorLog = log.error
        options.openConnections = { connections.count }
        options.replicaToken = token
        options.replica = link
        let router = try TwinAPI.router(workspace, options)
        let server = try Server(
            configuration, responder: router, planner: link == nil ? router : ForwardingPlanner(router))
        connections.count(of: server)
        let letters = link == nil ? try workspace.mailRounds() : nil
        let heartbeat = link == nil && token != nil ? Heartbeat(database: workspace.database) : nil
        let runner = JobRunner(workspace, threads: call.int("jobs") ?? 2)
        let upkeep = Upkeep(
            database: workspace.database, conversationDays: workspace.configuration.conversationDays,
            ofRooms: [{ try workspace.purgeDesks(now: $0) }, { try workspace.keepStorage(now: $0) }],
            report: { log.error("not everything could be cleared away: \($0)", "upkeep") })
        let webhooks = workspace.webhookSender

        var readyFile: String?
        defer { if let readyFile { unlink(readyFile) } }
        // From here on threads work on the database: whatever happens, they end in order.
        defer {
            letters?.stop()
            heartbeat?.stop()
            link?.stop()
            Shutdown(server: server, jobs: runner, answers: workspace.liveAnswers, upkeep: upkeep)
                .run(within: Double(call.int("drain-timeout") ?? 20), isHurried: { ShutdownSignal.wait(seconds: 0) != nil })
            webhooks.stop(within: closeSeconds)
            workspace.close(within: closeSeconds)
        }
        link?.start()
        heartbeat?.start()
        // What is done beside the requests writes, and so is the primary's.
        if link == nil {
            runner.start()
            upkeep.start()
        }
        // Beside the rest: until it runs, questions are searched by words.
        workspace.localModels.hurryQuestions()
        _ = SystemThread.start {
            do {
                try workspace.startEmbeddingServer()
            } catch {
                log.error("questions are searched by words alone: \((error as? TwinError)?.message ?? "\(error)")", "embedding")
            }
        }
        letters?.start { log.error("not everything could be told by mail: \($0)", "mail") }
        if link == nil, contracts.contains(where: { $0.name == "support" }) { webhooks.start() }

        let url = server.addresses.first?.url(isSecure: configuration.tls != nil) ?? ""
        if let url = server.addresses.first?.local(isSecure: configuration.tls != nil) { workspace.isServed(at: url) }
        let hasConsole = contracts.contains { $0.name == ConsoleContract().name }
        let ready: JSON = [
            "url": .string(url), "docs": .string(url + "/docs"),
            "console": hasConsole ? .string(url + "/console") : .null, "pid": .number(Int(getpid())),
            "contracts": .strings(contracts.map(\.name)), "version": .string(Program.version),
        ]
        try call.output.show(ready) {
            try call.output.line("twin serves \(url, .bold)")
            if hasConsole { try call.output.line("  console      \(url + "/console"), signed in with 'twin console'") }
            try call.output.line("  API          \(url), described at \(url + "/docs")")
        }
        try call.output.flush()
        if link == nil { try hint(workspace, call) }
        if !address.isLoopback, workspace.configuration.publicURL == nil,
            workspace.configuration.frontendURL == nil
        {
            call.output.note(
                "Links point to \(workspace.publicURL); set serve.public_url to the address at which others reach this server.")
        }
        if let path = call.string("ready-file") {
            try AtomicFile.write(JSONWriter.bytes(ready) + [UInt8(ascii: "\n")], to: path)
            readyFile = path
        }

        _ = ShutdownSignal.wait()
        call.output.note("Finishing what is running…")
        return .done
    }

    /// The contracts that the command line names; none when it names none.
    private static func contracts(_ call: Invocation) throws -> [any Contract]? {
        guard call.has("contracts") else { return nil }
        do {
            return try Contracts.named(call.strings("contracts").flatMap { Configuration.list(of: $0) })
        } catch let error as TwinError {
            throw call.usage("--contracts: \(error.message)")
        }
    }

    /// Whom callers without credentials are taken for has to exist, and nobody from elsewhere may be one.
    private static func checkPersonaCallers(_ workspace: Workspace, _ address: ServerConfiguration.Address) throws {
        guard workspace.configuration.text("persona.auth") == "off" else { return }
        guard address.isLoopback else {
            throw TwinError(
                .notConfigured,
                "persona.auth is off, which is for callers on this machine: listen on 127.0.0.1, or set persona.auth to on")
        }
        guard let name = workspace.configuration.text("persona.user") else {
            throw TwinError(
                .notConfigured, "persona.auth is off, but no user is named for callers to act as: set persona.user")
        }
        _ = try workspace.users.resolve(name)
    }

    private static func address(_ call: Invocation) throws -> ServerConfiguration.Address {
        if call.has("uds-group"), !call.has("uds") { throw call.usage("--uds-group goes with --uds") }
        if let path = call.string("uds") {
            guard !call.has("host"), !call.has("port") else {
                throw call.usage("--uds replaces --host and --port; give one or the other")
            }
            return .unix(path: FilePath.absolute(path))
        }
        let host = call.string("host") ?? "127.0.0.1"
        return .tcp(host: host == "localhost" ? "127.0.0.1" : host, port: call.int("port") ?? 8000)
    }

    private static func trustedProxies(_ call: Invocation) throws -> TrustedProxies {
        let named = call.strings("trusted-proxy")
        return named.isEmpty ? try call.configuration().trustedProxies() : try TrustedProxies(named)
    }

    private static func tls(_ call: Invocation) throws -> TLSConfiguration? {
        switch (call.string("tls-cert"), call.string("tls-key")) {
        case (nil, nil): nil
        case (let certificate?, let key?): TLSConfiguration(certificatePath: certificate, keyPath: key)
        default: throw call.usage("--tls-cert and --tls-key must be given together")
        }
    }

    /// What a first run needs to know.
    private static func hint(_ workspace: Workspace, _ call: Invocation) throws {
        if try workspace.users.isEmpty, try workspace.keys.list().isEmpty {
            call.output.note(
                """
                Nobody can sign in yet. 'twin console' makes the first owner and opens the console. Or make a user and a token:
                  twin users add you@example.org --no-password
                  twin token create --user you@example.org
                or a key for a script:  twin keys create NAME
                """)
        }
    }
}

/// The server's count of connections, for a router that is built before the server.
private final class OpenConnections: Sendable {
    private let server = Mutex<Server?>(nil)

    func count(of server: Server) { self.server.withLock { $0 = server } }

    var count: Int { server.withLock { $0?.connectionCount ?? 0 } }
}

extension ServerConfiguration.Address {
    /// Whether only this machine reaches it.
    fileprivate var isLocal: Bool {
        switch self {
        case .unix: true
        case .tcp(let host, _): host.hasPrefix("127.") || host == "::1"
        }
    }

    /// Whether links that begin with it lead somewhere, if only on this machine.
    fileprivate var isLoopback: Bool {
        if case .unix = self { return false }
        return isLocal
    }

    /// Where this machine reaches it by HTTP; none for a socket without a port.
    fileprivate func local(isSecure: Bool) -> String? {
        guard case .tcp(let host, let port) = self else { return nil }
        let isAny = host == "0.0.0.0" || host == "::"
        return Self.tcp(host: isAny ? host == "::" ? "::1" : "127.0.0.1" : host, port: port).url(isSecure: isSecure)
    }

    fileprivate func url(isSecure: Bool) -> String {
        switch self {
        case .unix(let path): "unix:\(path)"
        case .tcp: "\(isSecure ? "https" : "http")://\(self)"
        }
    }
}
