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

    /// One event, written once for all who hear it.
    final class Telling: Sendable {
        let json: JSON
        let sequence: Int64
        private let made = Mutex<(events: [UInt8]?, lines: [UInt8]?, frame: [UInt8]?)>((nil, nil, nil))

        init(_ json: JSON, _ sequence: Int64) {
            self.json = json
            self.sequence = sequence
        }

        func bytes(_ format: EventStream.Format) -> [UInt8] {
            made.withLock { made in
                if let known = format == .serverSentEvents ? made.events : made.lines { return known }
                let bytes = EventStream.encode(
                    StreamEvent(json["type"]?.stringValue, data: json, id: String(sequence)), as: format)
                if format == .serverSentEvents { made.events = bytes } else { made.lines = bytes }
                return bytes
            }
        }

        var frame: [UInt8] {
            made.withLock { made in
                if let known = made.frame { return known }
                let bytes = WebSocket.encode(json.text)
                made.frame = bytes
                return bytes
            }
        }
    }

    private struct Listener {
        var audience: Audience
        /// The number of the last event that was told.
        var seen: Int64
        /// What happened before it came has to be told first.
        var isBehind: Bool
        var checked: UInt64
        let tell: @Sendable (Telling) -> Bool
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
        _ audience: Audience, after: Int64?, tell: @escaping @Sendable (Telling) -> Bool,
        end: @escaping @Sendable (String?) -> Void
    ) throws -> @Sendable () -> Void {
        let last = try workspace.deskEvents.last(of: audience.tenantID)
        let seen = after.map { min(max(0, $0), last) } ?? last
        _ = tell(
            Telling(
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
                    guard listener.tell(Telling(json, event.sequence)) else {
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
            let telling = Telling(json, event.sequence)
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

/// An event as streams tell it.
struct SupportEvent {
    let event: DeskEvent
    let workspace: Workspace

    init(_ event: DeskEvent, in workspace: Workspace) {
        self.event = event
        self.workspace = workspace
    }

    /// None for what is not there any more.
    var json: JSON? {
        get throws {
            var object: JSONObject = [
                "seq": .int(event.sequence), "session_id": .optional(event.sessionID),
                "created_at": .string(event.createdAt.description),
            ]
            switch event.kind {
            case .message:
                guard let id = event.sessionID, let session = try? workspace.deskSessions.find(id, of: event.tenantID),
                    let message = try workspace.deskSessions.message(event.subjectID, in: session)
                else { return nil }
                let name = try message.senderID.flatMap { try workspace.users.find($0)?.fullName }
                object["type"] = "new_message"
                object["message"] = SupportMessage(message, in: session, name: name).json
            case .handover:
                object["type"] = "escalation_status_update"
                object["escalation_status"] = event.details["status"] ?? .null
                object["assigned_supporter_id"] = event.details["user_id"] ?? .null
            case .sessionBegun, .sessionEnded:
                object["type"] = "session_update"
                object["status"] = event.kind == .sessionBegun ? "started" : "ended"
            case .presence:
                object["type"] = "presence_update"
                object["user_id"] = .string(event.subjectID)
                object["supporter_status"] = event.details["status"] ?? .null
            }
            return .object(object)
        }
    }
}

/// The addresses of the streams.
struct SupportStreamRoutes: RouteCollection {
    let context: APIContext
    let streams: SupportStreams

    init(context: APIContext) {
        self.context = context
        streams = SupportStreams(workspace: context.workspace)
    }

    /// The subprotocol of the socket; a token may stand beside it.
    private static let subprotocol = "twin.v1"
    /// Seconds in which a socket has to say whose it is.
    private static let patience = 10.0

    private static let after = FieldRule.int(0...Int.max)
    private static let parameters: [RouteDocumentation.Parameter] = [
        .query("ticket", .string(1...200), "In place of the Authorization field"),
        .query("after", after, "Also what happened behind this number"),
    ]

    func add(to group: inout RouteGroup) throws {
        try group.post(
            "/api/auth/ticket",
            .support(
                "Get a ticket for a stream", .userWrite,
                description: "Good once and for 30 seconds, as `?ticket=`, where a client cannot send fields.",
                answer: JSONSchema.output(["ticket": JSONSchema.string, "expires_in": JSONSchema.integer]))
        ) { request in
            let tickets = context.workspace.streamTickets
            let ticket: Secret
            if let pass = request[Tokens.Pass.self] {
                ticket = try tickets.issue(to: .pass(pass), at: pass.tenantID)
            } else {
                let user = try context.deskUser(request)
                guard let tenant = user.tenantID else { throw Authorizer.noTenant }
                ticket = try tickets.issue(to: StreamTickets.holder(of: user), at: tenant)
            }
            return .json(
                ["ticket": .string(ticket.reveal()), "expires_in": .number(Int(StreamTickets.lifetime))],
                headers: [HeaderField("cache-control", "no-store")])
        }
        try group.get(
            "/api/{tenant_id:uuid}/session/{session_id:uuid}/stream",
            .support(
                "Hear what happens in a session", .userRead,
                description:
                    "Events are `connected`, `new_message`, `escalation_status_update`, `session_update`. `Last-Event-ID` or "
                    + "`after` tells what was missed.",
                parameters: Self.parameters, answer: JSONSchema.string, answerType: "text/event-stream")
        ) { request in
            let holder = try holder(of: request)
            let tenant = try request.parameters.require("tenant_id")
            let id = try request.parameters.require("session_id")
            return try stream(request, tenant: tenant, session: id, holder)
        }
        try group.get(
            "/api/admin/escalation/stream",
            .support(
                "Hear what happens at the desk", .userRead, parameters: [SupportPage.tenant] + Self.parameters,
                answer: JSONSchema.string, answerType: "text/event-stream")
        ) { request in
            let holder = try holder(of: request)
            var query = request.queryFields()
            let named = query.optional("tenant_id", .uuid)
            try query.validate()
            let tenant = try context.authorizer.desk(named, .attend, as: try holder.check().principal())
            return try stream(request, tenant: tenant, session: nil, holder)
        }
        var socket = RouteOptions.support(
            "Hear what happens over a WebSocket", .userRead,
            description:
                "The token goes as the subprotocol `bearer.TOKEN` beside `twin.v1`, as a ticket, or in the first message: "
                + "`{\"type\": \"authenticate\", \"token\": …, \"session_id\": …, \"after\": …}`. Staff who name no session hear all.",
            parameters: Self.parameters + [.query("session_id", .uuid, "Only of this session")],
            status: HTTPStatus(101))
        // Whose it is may be said later.
        socket.documentation.security = []
        socket.documentation.answers.append(
            RouteDocumentation.Answer(HTTPStatus(426), content: .init(JSONSchema.reference("SupportError"))))
        try group.get("/api/{tenant_id:uuid}/ws", socket, openSocket)
    }

    // MARK: Who listens

    /// Somebody who listens, by credentials that are looked at anew each time.
    enum Holder {
        case principal(Principal)
        case pass(Tokens.Pass)

        func principal() throws -> Principal {
            switch self {
            case .principal(let principal): return principal
            case .pass: throw TwinError(.notPermitted, "the token is good for its own sessions only")
            }
        }
    }

    /// Credentials that can be looked at again, and what tells them apart.
    struct Credential: Sendable {
        let name: String
        let check: @Sendable () throws -> Holder
    }

    private func holder(of request: Request) throws -> Credential {
        var query = request.queryFields()
        let ticket = query.optional("ticket", .string(1...200))
        try query.validate()
        if let ticket {
            let holder = try context.workspace.streamTickets.redeem(Secret(ticket))
            return Credential(name: "ticket:" + Identifier.make()) { [context] in
                switch holder {
                case .user(let id, let generation):
                    .principal(.user(try context.workspace.streamTickets.user(id, generation: generation)))
                case .pass(let pass): .pass(pass)
                }
            }
        }
        if let pass = request[Tokens.Pass.self] {
            let bearer = try Authentication.bearer(request)
            return Credential(name: try Self.name(of: bearer)) { [context] in
                // It may have expired meanwhile.
                guard let bearer, try context.workspace.tokens.pass(bearer) == pass else { throw JSONWebToken.refused }
                return .pass(pass)
            }
        }
        guard request.principal != .nobody else { throw Authorizer.unauthenticated }
        let again = request.reauthenticate
        return Credential(name: try Self.name(of: Authentication.bearer(request))) { .principal(try again()) }
    }

    private static func name(of token: Secret?) throws -> String {
        guard let token else { return Identifier.make() }
        return "token:" + Hex.encode(try SHA256.hash(token.reveal()))
    }

    private func holder(of token: Secret) throws -> Credential {
        let check: @Sendable () throws -> Holder = { [context] in
            if let pass = try context.workspace.tokens.pass(token) { return .pass(pass) }
            return .principal(try context.workspace.authenticator.principal(bearer: token, apiKey: nil, origin: nil))
        }
        _ = try check()
        return Credential(name: try Self.name(of: token), check: check)
    }

    /// Throws `TwinError` where the holder may not listen to this.
    private func requireAccess(_ holder: Holder, tenant: String, session: String?) throws {
        let caller: SupportCaller
        switch holder {
        case .pass(let pass):
            guard pass.tenantID == tenant else { throw Authorizer.noTenant }
            _ = try context.workspace.contacts.find(pass.contactID, of: tenant)
            caller = SupportCaller(tenantID: tenant, principal: .nobody, pass: pass)
        case .principal(let principal):
            _ = try context.authorizer.desk(tenant, session == nil ? .attend : .chat, as: principal)
            caller = SupportCaller(tenantID: tenant, principal: principal, pass: nil)
        }
        if let session {
            _ = try context.session(session, for: caller)
        } else if !caller.isStaff {
            throw TwinError(.notPermitted, "name a session of yours")
        }
    }

    private func audience(
        _ tenant: String, _ session: String?, _ credential: Credential
    ) throws -> SupportStreams.Audience {
        let check: @Sendable () throws -> Void = { try requireAccess(credential.check(), tenant: tenant, session: session) }
        try check()
        return SupportStreams.Audience(
            tenantID: tenant, sessionID: session, credential: credential.name, requireAccess: check)
    }

    // MARK: Server-Sent Events

    private func stream(
        _ request: Request, tenant: String, session: String?, _ credential: Credential
    ) throws -> Response {
        let audience = try audience(tenant, session, credential)
        var query = request.queryFields()
        let asked = query.optional("after", Self.after)
        try query.validate()
        let after = request.lastEventID.flatMap(Int64.init) ?? asked.map(Int64.init)
        var options = EventStream.Options()
        options.fallback = .serverSentEvents
        options.jsonLinesHeartbeat = ["type": "heartbeat"]
        options.lastEvent = StreamEvent("closing", data: ["type": "closing", "reason": "the server is restarting"])
        return EventStream.subscription(to: request, options) { [streams] stream in
            let leave = try streams.listen(
                audience, after: after,
                tell: { stream.offer(encoded: $0.bytes(stream.format)) },
                end: { reason in
                    if let reason {
                        _ = stream.offer(StreamEvent("error", data: ["type": "error", "error": .string(reason)]))
                    }
                    stream.finish()
                })
            stream.cancellation.onCancel { leave() }
        }
    }

    // MARK: WebSocket

    /// What a socket has become.
    private final class Seat: Sendable {
        let leave = Mutex<(@Sendable () -> Void)?>(nil)
        let isTaken = Mutex(false)
    }

    private func openSocket(_ request: Request) throws -> Response {
        let tenant = try request.parameters.require("tenant_id")
        var query = request.queryFields()
        let session = query.optional("session_id", .uuid)
        let after = query.optional("after", Self.after).map(Int64.init)
        let hasTicket = query.has("ticket")
        try query.validate()
        let token = SupportAuthentication.socketToken(of: request)
        var first: Credential?
        if let token {
            first = try holder(of: token)
        } else if hasTicket || request[Tokens.Pass.self] != nil || request.principal != .nobody {
            first = try holder(of: request)
        }
        // Refused before the socket opens, where it is known who comes.
        let known = try first.map { try audience(tenant, session, $0) }
        let seat = Seat()
        return try WebSocket.response(
            to: request, protocols: [Self.subprotocol],
            opened: { socket in
                socket.cancellation.onCancel { seat.leave.withLock { $0 }?() }
                if let known { return try sit(socket, known, after, seat) }
                streams.later(seconds: Self.patience) {
                    if !seat.isTaken.withLock({ $0 }) { socket.close(4401, "say who you are") }
                }
            },
            received: { socket, message in
                guard case .text(let text) = message, let json = try? JSONParser.parse(text) else {
                    return socket.close(1003, "send JSON as text")
                }
                switch json["type"]?.stringValue {
                case "ping": _ = socket.offer(#"{"type":"pong"}"#)
                case "authenticate":
                    guard !seat.isTaken.withLock({ $0 }), let token = json["token"]?.stringValue else {
                        return socket.close(4400, "send a token, once")
                    }
                    do {
                        let wanted = json["session_id"]?.stringValue?.lowercased() ?? session
                        let audience = try audience(tenant, wanted, holder(of: Secret(token)))
                        try sit(socket, audience, json["after"]?.intValue.map(Int64.init) ?? after, seat)
                    } catch {
                        socket.close(4401, (error as? TwinError)?.message ?? "the token is not valid")
                    }
                default: _ = socket.offer(#"{"type":"error","error":"the type of a message is authenticate or ping"}"#)
                }
            })
    }

    private func sit(_ socket: WebSocket, _ audience: SupportStreams.Audience, _ after: Int64?, _ seat: Seat) throws {
        seat.isTaken.withLock { $0 = true }
        let leave = try streams.listen(
            audience, after: after, tell: { socket.offer(encoded: $0.frame) },
            end: { socket.close(4403, $0 ?? "") })
        seat.leave.withLock { $0 = leave }
        if socket.isClosed { leave() }
    }
}
