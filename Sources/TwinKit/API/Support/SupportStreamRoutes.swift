import Synchronization
import TwinHTTP
import TwinSupport

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
