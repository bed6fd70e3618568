import TwinDatabase
import TwinHTTP
import TwinSupport

/// A replica's knowledge of its primary: how far its own file is behind, and whether it may be read. It asks the primary each second
/// and looks at the file ten times a second, on two threads. Any thread may ask it.
///
/// Age is counted on this machine's clock alone: the file is as new as the last answer of the primary whose changes it all has.
package final class ReplicaLink: Sendable {
    /// What may be done with a read.
    package enum Standing: Sendable, Equatable {
        /// The file answers.
        case current
        /// Something was withdrawn that the file still has: the primary has to answer.
        case withdrawn
        /// Nobody may answer from the file, for this reason.
        case refused(String)

        package var isRefusal: Bool { if case .refused = self { true } else { false } }
    }

    /// What the primary says of itself.
    package struct Report: Sendable, Equatable {
        package var version: String
        package var schema: Int
        package var sequence: ChangeSequence

        package init(version: String, schema: Int, sequence: ChangeSequence) {
            self.version = version
            self.schema = schema
            self.sequence = sequence
        }

        package var json: JSON {
            [
                "version": .string(version), "schema": .number(schema), "sequence": .int(sequence.value),
                "withdrawn": .int(sequence.withdrawn),
            ]
        }

        init?(_ json: JSON) {
            guard let version = json["version"]?.stringValue, let schema = json["schema"]?.intValue,
                let value = json["sequence"]?.intValue, let withdrawn = json["withdrawn"]?.intValue
            else { return nil }
            self.init(
                version: version, schema: schema,
                sequence: ChangeSequence(value: Int64(value), withdrawn: Int64(withdrawn)))
        }
    }

    private struct State {
        /// Of the file, as it was looked at last.
        var file: Int64 = -1
        /// Why the file cannot be read, where it cannot.
        var fileProblem: String?
        /// The newest withdrawal that the primary has told of.
        var withdrawn: Int64 = 0
        /// Why the primary is none for this replica, where it is not.
        var primaryProblem: String?
        /// When the primary answered last, in monotonic nanoseconds.
        var heard: UInt64?
        /// The same, whatever it answered.
        var replied: UInt64?
        /// Answers of the primary that the file has not caught up with: how far it was, and when it was asked.
        var awaited: [(sequence: Int64, at: UInt64)] = []
        /// The instant whose changes the file all has.
        var newAsOf: UInt64?
        var waiters = 0
        var forwarded: [String: Int] = [:]
        var refusals = 0
    }

    private let state = Monitor(State())
    private let isStopped = Monitor(false)
    private let database: Database
    package let forwarder: RequestForwarder
    /// The version of the schema that this program knows.
    private let schema: Int
    /// Nanoseconds that the file may be behind while the primary is away.
    private let patience: UInt64

    /// Seconds that the file may be behind, and the primary be away.
    package static let limitSeconds = 5.0
    private static let limit: UInt64 = 5_000_000_000
    private static let pollSeconds = 1.0
    private static let lookSeconds = 0.1
    /// Milliseconds for one question to the primary.
    private static let askMilliseconds = 3_000
    /// Requests that wait for the file at once; one more asks the primary.
    private static let maximumWaiters = 32
    package static let statePath = "/internal/replica/state"

    /// `staleSeconds` is for how long the file answers while the primary is away; at least `limitSeconds`.
    package init(database: Database, forwarder: RequestForwarder, schema: Int, staleSeconds: Int = 0) {
        self.schema = schema
        self.database = database
        self.forwarder = forwarder
        patience = max(Self.limit, UInt64(max(0, min(staleSeconds, 31_536_000))) * 1_000_000_000)
    }

    /// Begins to follow. Until the primary has answered and the file has come as far, reads are refused.
    package func start() {
        _ = SystemThread.start { [self] in repeatedly(every: Self.pollSeconds) { ask() } }
        _ = SystemThread.start { [self] in repeatedly(every: Self.lookSeconds) { look() } }
    }

    /// Ends both threads soon; they are not waited for.
    package func stop() {
        isStopped.withLock { $0 = true }
        isStopped.notifyAll()
    }

    private func repeatedly(every seconds: Double, _ body: () -> Void) {
        while true {
            body()
            let stops: Bool? = isStopped.wait(seconds: seconds) { $0 ? true : nil }
            if stops == true { return }
        }
    }

    // MARK: What is known

    private func ask() {
        let asked = Clock.monotonicNanoseconds
        guard
            let reply = try? forwarder.ask(.get, Self.statePath, milliseconds: Self.askMilliseconds)
        else { return }
        state.withLock { $0.replied = asked }
        guard reply.status == 200, let json = try? JSONParser.parse(reply.body), let report = Report(json) else {
            let problem =
                reply.status == 403
                ? "the primary does not know this replica: TWIN_REPLICA_TOKEN has to be the same for both"
                : "the primary does not serve replicas: start it with TWIN_REPLICA_TOKEN"
            state.withLock { $0.primaryProblem = problem }
            return
        }
        hear(report, asked: asked)
    }

    /// Takes what the primary said when it was asked at `asked`, in monotonic nanoseconds.
    package func hear(_ report: Report, asked: UInt64) {
        let isSame = report.version == TwinVersion.current && report.schema == schema
        state.withLock { state in
            state.primaryProblem =
                isSame
                ? nil
                : "the primary is twin \(report.version) (schema \(report.schema)) and this replica \(TwinVersion.current) "
                    + "(schema \(schema)); install the same twin on both"
            state.heard = asked
            state.withdrawn = max(state.withdrawn, report.sequence.withdrawn)
            if state.awaited.count < 1_000 { state.awaited.append((report.sequence.value, asked)) }
            Self.advance(&state)
        }
        state.notifyAll()
    }

    /// Looks how far the file is.
    package func look() {
        do {
            let (sequence, version) = try database.read { connection in
                (try ChangeSequence.read(on: connection), try Migrator.version(connection))
            }
            state.withLock { state in
                // The file was restored anew, and begins further back: what was known of its age was the old one's.
                if sequence.value < state.file {
                    state.newAsOf = nil
                    state.awaited = []
                }
                state.file = sequence.value
                state.fileProblem =
                    version == schema
                    ? nil
                    : "the replica's file has schema version \(version) and this twin \(schema); "
                        + "install the same twin on primary and replicas"
                Self.advance(&state)
            }
        } catch let error as DatabaseError where error.isBusy {
            // It is being written for longer than usual; its age says when that is too long.
            return
        } catch {
            state.withLock { $0.fileProblem = "the replica's file cannot be read" }
        }
        state.notifyAll()
    }

    private static func advance(_ state: inout State) {
        let reached = state.awaited.prefix { $0.sequence <= state.file }
        guard let last = reached.last else { return }
        state.newAsOf = max(state.newAsOf ?? 0, last.at)
        state.awaited.removeFirst(reached.count)
    }

    /// What may be done with a read now.
    package var standing: Standing { state.withLock { standing($0, Clock.monotonicNanoseconds) } }

    private func standing(_ state: State, _ now: UInt64) -> Standing {
        if let problem = state.fileProblem ?? state.primaryProblem { return .refused(problem) }
        guard let newAsOf = state.newAsOf, let heard = state.heard else {
            return .refused("the replica has not caught up with its primary yet")
        }
        let isAway = now &- heard > Self.limit
        guard now &- newAsOf <= (isAway ? patience : Self.limit) else {
            return .refused(
                isAway ? "the replica has lost its primary" : "the replica is more than \(Int(Self.limitSeconds)) seconds behind")
        }
        return state.withdrawn > state.file ? .withdrawn : .current
    }

    /// Whether the primary has been silent for so long that it counts as away.
    package var isAlone: Bool {
        state.withLock { state in state.heard.map { Clock.monotonicNanoseconds &- $0 > Self.limit } ?? true }
    }

    /// Whether the primary answers nothing any more, not even that it is none for this replica.
    package var isSilent: Bool {
        state.withLock { state in state.replied.map { Clock.monotonicNanoseconds &- $0 > Self.limit } ?? false }
    }

    /// Of the file, as it was looked at last.
    package var sequence: Int64 { state.withLock { $0.file } }

    /// Seconds that the file is behind the primary at the most; none before the first comparison.
    package var lag: Double? {
        state.withLock { state in state.newAsOf.map { Double(Clock.monotonicNanoseconds &- $0) / 1e9 } }
    }

    /// Waits until the file has this change, for at most `seconds`. False when it has not, or too many wait already.
    package func wait(for sequence: Int64, seconds: Double) -> Bool {
        let begins: Bool? = state.withLock { state in
            if state.file >= sequence { return true }
            guard state.waiters < Self.maximumWaiters else { return false }
            state.waiters += 1
            return nil
        }
        if let begins { return begins }
        defer { state.withLock { $0.waiters -= 1 } }
        return state.wait(seconds: seconds) { $0.file >= sequence ? true : nil } ?? false
    }

    // MARK: Numbers

    /// Counts a request that was passed on, and why.
    package func countForwarded(_ reason: String) { state.withLock { $0.forwarded[reason, default: 0] += 1 } }
    /// Counts a read that was refused.
    package func countRefusal() { state.withLock { $0.refusals += 1 } }

    /// Shows the numbers with the others of the server.
    package func show(in registry: Counters) {
        registry.gauge("twin_replica_lag_seconds", "Seconds that the replica's file is behind the primary at the most.") {
            [self] in lag
        }
        registry.gauge("twin_replica_sequence", "The last change that the replica's file has.") { [self] in Double(sequence) }
        registry.gauge("twin_replica_forwarded_requests", "Requests passed on to the primary since the start.", label: "reason") {
            [self] in
            state.withLock { $0.forwarded }.sorted { $0.key < $1.key }.map { (label: $0.key, value: Double($0.value)) }
        }
        registry.gauge("twin_replica_refused_requests", "Reads refused since the start.") { [self] in
            Double(state.withLock { $0.refusals })
        }
    }

    /// For `/readyz`.
    package var json: JSON {
        let standing = standing
        var object: JSONObject = ["sequence": .int(sequence), "lag_seconds": lag.map { .double($0) } ?? .null]
        object["state"] = standing == .current ? "current" : standing == .withdrawn ? "asks the primary" : "refuses"
        if case .refused(let reason) = standing { object["reason"] = .string(reason) }
        return .object(object)
    }
}
