#if canImport(Glibc)
    import Glibc
    import TwinSupport
#endif

/// An HTTP/1.1 server (RFC 9110, RFC 9112): event loops over epoll that parse and send, and pools of threads that answer.
///
///     let server = try Server(ServerConfiguration(addresses: [.tcp(host: "127.0.0.1", port: 0)]), router: router)
///     print(server.addresses)
///     server.drain(within: 10)
package final class Server: Sendable {
    /// Where the server listens, with the ports that were chosen for port 0.
    package let addresses: [ServerConfiguration.Address]
    private let service: ServerService
    private let loops: [EventLoop]
    private let running: Monitor<Int>

    /// Binds the addresses and starts to serve. Throws a `TwinError` when an address cannot be had.
    package init(
        _ configuration: ServerConfiguration, responder: any Responder, planner: any RequestPlanner = UniformPlanner()
    ) throws {
        guard !configuration.addresses.isEmpty else { throw TwinError(.invalid, "Give an address to listen on") }
        let service = try ServerService(configuration: configuration, responder: responder, planner: planner)
        let listeners = try configuration.addresses.map { try Listener($0, group: configuration.socketGroup) }
        let cores = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        let count = configuration.eventLoops > 0 ? configuration.eventLoops : cores
        let loops = try (0..<count).map { _ in try EventLoop(service: service) }
        service.use(loops)
        loops[0].adopt(listeners)
        let running = Monitor(count)
        self.service = service
        self.loops = loops
        self.running = running
        addresses = listeners.map(\.address)
        for loop in loops {
            let started = SystemThread.start {
                loop.run()
                running.withLock { $0 -= 1 }
                running.notifyAll()
            }
            guard started else { throw TwinError(.failed, "The system has no room for another thread") }
        }
    }

    /// Connections open now.
    package var connectionCount: Int { service.connectionCount }

    /// Stops accepting, lets requests finish, ends streams with their last words, and returns when all is done; what is
    /// not done `within` so many seconds is cut off. Safe to call more than once.
    package func drain(within seconds: Double) {
        let deadline = Clock.monotonicNanoseconds + UInt64(max(0, min(seconds, 86_400)) * 1e9)
        for loop in loops { loop.post(.drain(deadline: deadline)) }
        let _: Bool? = running.wait { $0 == 0 ? true : nil }
        service.workers.stop()
        service.longRunning.stop()
        // The loops hold the service and it holds them; this lets both go.
        service.use([])
    }
}
