import Glibc
import Synchronization
import TwinHTTP
import TwinSupport

/// The model servers that this process has started for itself. Each is started when it is first asked, at a port that only this
/// machine reaches, and ends with the process.
package final class LocalModels: Sendable {
    private struct Running {
        var process: TetheredProcess
        var address: String
    }

    private enum State {
        case starting
        case running(Running)
        /// It ended, or never answered; it is tried again after a while.
        case failed(ProviderError, at: UInt64)
    }

    private let states = Monitor<[String: State]>([:])
    private let isHurried = Mutex(false)

    /// Nanoseconds after which a server that failed is tried again.
    private static let pause: UInt64 = 10_000_000_000
    /// Milliseconds that a server has until it answers; a large model is read for a while.
    private static let patience = 30_000
    /// Milliseconds that a question waits for a server that starts, where others wait as well.
    private static let hurry = 2_000

    package init() {}

    /// From now on a question does not wait until a server has started: many ask, and each can be answered by words alone.
    package func hurryQuestions() { isHurried.withLock { $0 = true } }

    /// Milliseconds that a question waits for its vector: `hurried` in a process that hurries, else what a server has to start.
    func patience(hurried: Int) -> Int { isHurried.withLock { $0 } ? hurried : Self.patience }

    /// The base address of a server that serves `model`. Starts it where it does not run yet and waits until it answers, half a
    /// minute at most; for a question (`isQuestion`) two seconds in a process that hurries. Throws `ProviderError`.
    func address(
        of server: LocalModelServer, model: String, isQuestion: Bool = false, isCancelled: () -> Bool = { false }
    ) throws(ProviderError) -> String {
        let key = "\(server.rawValue) \(model)"
        let wait = isQuestion && isHurried.withLock { $0 } ? Self.hurry : Self.patience + 1_000
        let deadline = Clock.monotonicNanoseconds + UInt64(wait) * 1_000_000
        while true {
            let known: Result<String, ProviderError>? = states.withLock { states in
                switch states[key] {
                case .running(let running) where running.process.exitStatus == nil: return .success(running.address)
                case .failed(let error, let at) where Clock.monotonicNanoseconds < at + Self.pause: return .failure(error)
                case .starting: return nil
                default:
                    states[key] = .starting
                    begin(server, model, key)
                    return nil
                }
            }
            if let known { return try known.get() }
            if isCancelled() { throw ProviderError(.cancelled, "the wait for \(server.program) was interrupted") }
            guard Clock.monotonicNanoseconds < deadline else {
                throw ProviderError(.unreachable, "\(server.program) is still starting")
            }
            let _: Bool? = states.wait(seconds: 0.1) { states in if case .starting = states[key] { nil } else { true } }
        }
    }

    /// Starts a server on a thread of its own, so that nobody who waits holds up anybody else.
    private func begin(_ server: LocalModelServer, _ model: String, _ key: String) {
        _ = SystemThread.start { [states] in
            let state: State
            do throws(ProviderError) {
                state = .running(try Self.start(server, model))
            } catch {
                state = .failed(error, at: Clock.monotonicNanoseconds)
            }
            states.withLock { $0[key] = state }
            states.notifyAll()
        }
    }

    /// Whether a server that ran has ended.
    func hasEnded(_ server: LocalModelServer, model: String) -> Bool {
        states.withLock { states in
            if case .running(let running) = states["\(server.rawValue) \(model)"] {
                running.process.exitStatus != nil
            } else {
                false
            }
        }
    }

    /// Whether a server runs or can be started, as far as is known without starting it.
    package func isWorking(_ server: LocalModelServer, model: String) -> Bool {
        guard server.path != nil else { return false }
        return states.withLock { states in
            if case .failed = states["\(server.rawValue) \(model)"] { return false }
            return true
        }
    }

    private static func start(_ server: LocalModelServer, _ model: String) throws(ProviderError) -> Running {
        guard let program = server.path else {
            throw ProviderError(
                .notConfigured, "\(server.program) is not installed (\(server.installation)); 'twin models list' shows what is")
        }
        guard let port = freePort() else { throw ProviderError(.unreachable, "no port is free for \(server.program)") }
        let process: TetheredProcess
        do throws(TetheredProcess.Failure) {
            process = try TetheredProcess(program, server.arguments(port: port, model: model))
        } catch {
            throw ProviderError(.unreachable, "\(server.program) cannot be started: \(error.reason)")
        }
        let address = "http://127.0.0.1:\(port)/v1"
        let deadline = Clock.monotonicNanoseconds + UInt64(patience) * 1_000_000
        while Clock.monotonicNanoseconds < deadline {
            if let status = process.exitStatus {
                throw ProviderError(
                    .unreachable,
                    "\(server.program) ended with status \(status) instead of serving; start it by hand to see why")
            }
            // Another program may have taken the port meanwhile.
            if answers(address), process.exitStatus == nil { return Running(process: process, address: address) }
            usleep(50_000)
        }
        throw ProviderError(.unreachable, "\(server.program) did not answer within \(patience / 1000) seconds")
    }

    /// A port of the loopback address that nobody listens at now; nil where there is none.
    private static func freePort() -> Int? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                guard bind(descriptor, generic, length) == 0, getsockname(descriptor, generic, &length) == 0 else { return nil }
                return Int(UInt16(bigEndian: pointer.pointee.sin_port))
            }
        }
    }

    private static func answers(_ address: String) -> Bool {
        ProviderEndpoint(ProviderConfiguration(baseURL: address, model: "")).answers(within: 500)
    }
}

/// An embedding model behind a server that twin starts when it is needed.
struct LocalEmbeddings: EmbeddingModel {
    let server: LocalModelServer
    let model: String
    let models: LocalModels
    /// Whether a question waits for it.
    let isQuestion: Bool
    /// Makes the endpoint of a server that runs, with the limits of whoever waits.
    let endpoint: @Sendable (_ address: String) -> EmbeddingsEndpoint

    var name: String { endpoint("").name }
    var space: String { endpoint("").space }

    func embed(_ texts: [String], as role: EmbeddingRole, isCancelled: @escaping () -> Bool) throws -> [[Float]] {
        func address() throws -> String {
            try models.address(of: server, model: model, isQuestion: isQuestion, isCancelled: isCancelled)
        }
        do {
            return try endpoint(address()).embed(texts, as: role, isCancelled: isCancelled)
        } catch let error as ProviderError where error.kind != .cancelled {
            // It may have ended this very moment, which its keeper notices a little later; then another is started.
            usleep(200_000)
            guard models.hasEnded(server, model: model) else { throw error }
            return try endpoint(address()).embed(texts, as: role, isCancelled: isCancelled)
        }
    }
}
