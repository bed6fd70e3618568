import TwinHTTP
import TwinKit
import TwinSupport

/// A server to put load on: the same small replies that the peer beside it gives.
enum ServerBenchmark {
    /// `serve PORT [LOOPS [WORKERS]]`: serves until it is killed.
    ///
    /// `/fast` answers on the event loop, `/worker` on a thread of the pool, both behind the layers that a real contract
    /// has; `/events` is a stream without events.
    static func run(_ arguments: [String]) throws {
        guard arguments.first == "serve", let port = arguments.dropFirst().first.flatMap({ Int($0) }) else {
            return print("usage: twin-benchmark http serve PORT [LOOPS [WORKERS]]")
        }
        var group = RouteGroup()
        group.use(CorrelationID())
        group.use(CrossOrigin(origins: ["https://app.example"]))
        group.use(SecurityHeaders())
        group.use(Compression())
        try group.get("/fast/{name}", RouteOptions(execution: .eventLoop), hello)
        try group.get("/worker/{name}", RouteOptions(), hello)
        try group.get("/events") { request in EventStream.subscription(to: request) { _ in } }
        let router = try Router(group)
        var configuration = ServerConfiguration(addresses: [.tcp(host: "127.0.0.1", port: port)])
        configuration.eventLoops = arguments.dropFirst(2).first.flatMap { Int($0) } ?? 0
        if let workers = arguments.dropFirst(3).first.flatMap({ Int($0) }) { configuration.workerThreads = workers }
        let server = try Server(configuration, responder: router, planner: router)
        print("listening on", server.addresses.map(\.description).joined(separator: ", "))
        while readLine() != nil {}
        server.drain(within: 1)
    }

    private static func hello(_ request: Request) throws -> Response {
        .json(["message": .string("Hello, \(try request.parameters.require("name"))!"), "count": 3, "ok": true])
    }
}
