import Synchronization
import TwinHTTP
import TwinSupport

/// Events of desks as they happen, to Server-Sent Events and WebSockets with the same JSON. One thread looks for them and tells
/// all who listen; it ends when nobody does.
final class SupportStreams: Sendable {
    /// Who listens, and to what.
    struct Audience: Sendable {
        var tenantID: String
        /// One session; none for all of the tenant.
        var sessionID: String?
        /// Tells credentials apart: of those who come with the same, one is looked at for all.
        var credential: String
        /// Looks anew whether they still may. Throws `TwinError`.
        var requireAccess: @Sendable () throws -> Void
    }

    private struct Listener {
        var audience: Audience
        /// The number of the last event that was told.
        var seen: Int64
        /// What happened before it came has to be told first.
        var isBehind: Bool
        var checked: UInt64
        let tell: @Sendable (SupportTelling) -> Bool
        let end: @Sendable (String?) -> Void
    }

    private struct State {
        var listeners: [Int: Listener] = [:]
        var next = 0
        var isRunning = false
        /// What is to be done at an instant, in monotonic nanoseconds.
        var appointments: [(at: UInt64, work: @Sendable () -> Void)] = []
    }

    /// Seconds between two looks at what other processes have done.
    private static let interval = 0.5
    /// How often, and how many seconds apart, it is looked for what was signalled.
    private static let quickLooks = 20
    private static let quickInterval = 0.005
    /// Nanoseconds after which it is looked again whether a listener may still listen; before each batch it is looked anyway.
    private static let accessInterval: UInt64 = 2_000_000_000
    /// Events that somebody catches up with at the most.
    private static let catchUp = 1_000

    private let workspace: Workspace
    private let state = Mutex(State())

    init(workspace: Workspace) { self.workspace = workspace }

    /// Tells events from the one behind `after` on, or without it from now on. Answers what ends it.
    func listen(
        _ audience: Audience, after: Int64?, tell: @escaping @Sendable (SupportTelling) -> Bool,
        end: @escaping @Sendable (String?) -> Void
    ) throws -> @Sendable () -> Void {
        let last = try workspace.deskEvents.last(of: audience.tenantID)
        let seen = after.map { min(max(0, $0), last) } ?? last
        _ = tell(
            SupportTelling(
                [
                    "type": "connected", "seq": .int(seen), "tenant_id": .string(audience.tenantID),
                    "session_id": .optional(audience.sessionID),
                ], seen))
        let (number, starts) = state.withLock { state in
            let number = state.next
            state.next += 1
            state.listeners[number] = Listener(
                audience: audience, seen: seen, isBehind: true, checked: Clock.monotonicNanoseconds, tell: tell, end: end)
            defer { state.isRunning = true }
            return (number, !state.isRunning)
        }
        if starts { start() }
        DeskSignal.wake()
        return { [self] in _ = state.withLock { $0.listeners.removeValue(forKey: number) } }
    }

    /// Does something after so many seconds, which must not block.
    func later(seconds: Double, _ work: @escaping @Sendable () -> Void) {
        let starts = state.withLock { state in
            state.appointments.append((Clock.monotonicNanoseconds &+ UInt64(seconds * 1e9), work))
            defer { state.isRunning = true }
            return !state.isRunning
        }
        if starts { start() }
    }

    private func start() {
        if !SystemThread.start({ [self] in run() }) { state.withLock { $0.isRunning = false } }
    }

    private func keepAppointments() {
        let now = Clock.monotonicNanoseconds
        let due = state.withLock { state in
            let due = state.appointments.filter { $0.at <= now }
            state.appointments.removeAll { $0.at <= now }
            return due
        }
        for appointment in due { appointment.work() }
    }

    private func run() {
        var lastKey = (try? workspace.deskEvents.lastKey()) ?? 0
        // What was signalled may be stored only a moment later.
        var quickLooks = 0
        while true {
            let signal = DeskSignal.current
            do {
                try bringUp()
                while true {
                    let events = try workspace.deskEvents.list(afterKey: lastKey)
                    guard let last = events.last else { break }
                    try tell(events)
                    lastKey = last.key
                    quickLooks = 0
                }
                dropWithoutAccess { Clock.monotonicNanoseconds > $0.checked &+ Self.accessInterval }
            } catch {
                // The database is busy; the next look comes soon.
            }
            keepAppointments()
            let isOver = state.withLock { state in
                let isOver = state.listeners.isEmpty && state.appointments.isEmpty
                if isOver { state.isRunning = false }
                return isOver
            }
            if isOver { return }
            if quickLooks > 0 {
                quickLooks -= 1
                _ = DeskSignal.wait(after: DeskSignal.current, seconds: Self.quickInterval)
            } else if DeskSignal.wait(after: signal, seconds: Self.interval) {
                quickLooks = Self.quickLooks
            }
        }
    }

    /// Tells those who came what happened before.
    private func bringUp() throws {
        for (number, listener) in state.withLock({ $0.listeners.filter(\.value.isBehind) }) {
            guard isPermitted(number, listener) else { continue }
            let events = try workspace.deskEvents.list(
                of: listener.audience.tenantID, after: listener.seen, session: listener.audience.sessionID, limit: Self.catchUp)
            var seen = listener.seen
            for event in events {
                guard Self.hears(listener.audience, event) else { continue }
                if let json = try? SupportEvent(event, in: workspace).json {
                    guard listener.tell(SupportTelling(json, event.sequence)) else {
                        drop(number, "you are too far behind; come back with the last number")
                        break
                    }
                }
                seen = event.sequence
            }
            state.withLock { state in
                state.listeners[number]?.seen = seen
                state.listeners[number]?.isBehind = events.count == Self.catchUp
            }
        }
    }

    private static func hears(_ audience: Audience, _ event: DeskEvent) -> Bool {
        guard event.tenantID == audience.tenantID else { return false }
        guard let session = audience.sessionID else { return true }
        return event.sessionID == session && event.kind.isForContacts
    }

    private func tell(_ events: [DeskEvent]) throws {
        let tenants = Set(events.map(\.tenantID))
        dropWithoutAccess { tenants.contains($0.audience.tenantID) }
        for event in events {
            let hearers = state.withLock { state in
                state.listeners.filter { _, listener in
                    !listener.isBehind && listener.seen < event.sequence && Self.hears(listener.audience, event)
                }
            }
            guard !hearers.isEmpty, let json = try SupportEvent(event, in: workspace).json else { continue }
            let telling = SupportTelling(json, event.sequence)
            var told: [Int] = []
            for (number, listener) in hearers {
                if listener.tell(telling) {
                    told.append(number)
                } else {
                    drop(number, "you are too far behind; come back with the last number")
                }
            }
            state.withLock { state in for number in told { state.listeners[number]?.seen = event.sequence } }
        }
    }

    /// Ends the streams of those who may not listen any more. Who comes with the same credential to the same thing is looked at
    /// once for all.
    private func dropWithoutAccess(_ isDue: (Listener) -> Bool) {
        let due = state.withLock { $0.listeners.filter { isDue($0.value) } }
        let alike = Dictionary(grouping: due) { entry in
            [entry.value.audience.credential, entry.value.audience.tenantID, entry.value.audience.sessionID ?? ""]
        }
        for entries in alike.values {
            guard let first = entries.first else { continue }
            check(entries.map(\.key), first.value)
        }
    }

    private func isPermitted(_ number: Int, _ listener: Listener) -> Bool { check([number], listener) }

    @discardableResult
    private func check(_ numbers: [Int], _ listener: Listener) -> Bool {
        do {
            try listener.audience.requireAccess()
            let now = Clock.monotonicNanoseconds
            state.withLock { state in for number in numbers { state.listeners[number]?.checked = now } }
            return true
        } catch let error as TwinError where error.kind != .busy {
            for number in numbers { drop(number, error.message) }
            return false
        } catch {
            // It could not be looked up: they are told nothing until it can, and then what they missed.
            state.withLock { state in for number in numbers { state.listeners[number]?.isBehind = true } }
            return false
        }
    }

    private func drop(_ number: Int, _ reason: String) {
        guard let listener = state.withLock({ $0.listeners.removeValue(forKey: number) }) else { return }
        listener.end(reason)
    }
}
