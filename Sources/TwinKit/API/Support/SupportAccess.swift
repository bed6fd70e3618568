import Synchronization
import TwinHTTP
import TwinSupport

/// Finds out who asks: a user with a token, or a contact with a pass.
struct SupportAuthentication: Middleware {
    let context: APIContext

    private static let tokenPrefix = "bearer."

    /// The token that stands beside the subprotocol of a socket.
    static func socketToken(of request: Request) -> Secret? {
        request.headers.members("sec-websocket-protocol").first { $0.hasPrefix(tokenPrefix) }
            .map { Secret(String($0.dropFirst(tokenPrefix.count))) }
    }

    func respond(to request: Request, next: any Responder) throws -> Response {
        if request[Principal.self] == nil, let bearer = try Authentication.bearer(request),
            !bearer.reveal().hasPrefix(KeyStore.textPrefix), let pass = try context.workspace.tokens.pass(bearer)
        {
            var request = request
            request[Tokens.Pass.self] = pass
            return try next.respond(to: request)
        }
        return try context.authentication.respond(to: request, next: next)
    }
}

/// Keeps the pace of staff, and of whoever comes without a name by address; what contacts ask, the desk counts itself. Every
/// reply says what is left.
struct SupportRates: Middleware {
    let context: APIContext
    let errors: ErrorRenderer
    private let paces = Paces()

    init(context: APIContext, errors: @escaping ErrorRenderer) {
        self.context = context
        self.errors = errors
    }

    func respond(to request: Request, next: any Responder) throws -> Response {
        var fields: [HeaderField] = []
        var response: Response
        do {
            let (limit, isCounted) = try self.limit(request)
            let status = try paces.count(limit, counts: isCounted)
            fields = status.fields
            response = try next.respond(to: request)
        } catch {
            response = errors(error, request)
        }
        if !response.headers.contains(where: { $0.name.lowercased() == "x-ratelimit-limit" }) {
            response.headers += fields
        }
        return response
    }

    /// Whose pace a request counts towards. The credential itself names it, before it was looked at: a made-up one only slows
    /// itself down, and its address is counted where it fails.
    private func limit(_ request: Request) throws -> (PacedLimit, counts: Bool) {
        // Presence is asked for all day long; streams stay open.
        let counts = !(request.route?.hasSuffix("/presence") ?? false)
        let address = context.address(of: request)
        guard let token = context.authentication.token(of: request) ?? SupportAuthentication.socketToken(of: request) else {
            return (pace("address:\(address)"), counts)
        }
        if let pass = try? context.workspace.tokens.pass(token) {
            return (pace("contact:\(pass.contactID)", at: pass.tenantID, \.contactPace), counts)
        }
        if case .user(let user) = try? context.workspace.authenticator.principal(bearer: token, apiKey: nil, origin: nil) {
            return (pace("staff:\(user.id)", at: user.tenantID, \.staffPace), counts)
        }
        return (pace("address:\(address)"), counts)
    }

    private func pace(_ name: String, at tenant: String? = nil, _ setting: KeyPath<Desk, Int>? = nil) -> PacedLimit {
        let desk = tenant.flatMap { try? context.desks.find($0) }
        let each = desk.flatMap { desk in setting.map { desk[keyPath: $0] } } ?? Desk.defaultPace
        return PacedLimit(name, each: each, burst: each)
    }
}

/// The paces of this process, in memory: at most `capacity` of them.
private final class Paces: Sendable {
    private static let capacity = 20_000
    private let arrivals = Mutex<[String: Int64]>([:])

    /// Throws `RateLimit.Exceeded`.
    func count(_ limit: PacedLimit, counts: Bool, now: Timestamp = Clock.now) throws -> RateLimit.Status {
        try arrivals.withLock { arrivals in
            let arrival = arrivals[limit.name] ?? 0
            guard counts else { return limit.status(arrival: arrival, now: now) }
            let step = limit.next(arrival: arrival, now: now)
            guard step.isAllowed else {
                throw RateLimit.Exceeded(
                    status: RateLimit.Status(limit: limit.each, remaining: 0, resetsAt: step.from), window: .minute)
            }
            if arrivals.count >= Self.capacity { arrivals = arrivals.filter { $0.value > now.milliseconds } }
            // With nobody to forget, strangers share one pace.
            if arrivals.count < Self.capacity || arrivals[limit.name] != nil { arrivals[limit.name] = step.arrival }
            return limit.status(arrival: step.arrival, now: now)
        }
    }
}

/// What a caller may touch of a tenant: all of its sessions, or what is theirs.
struct SupportCaller: Sendable {
    let tenantID: String
    let principal: Principal
    let pass: Tokens.Pass?

    /// Staff see every contact and session of the tenant.
    var isStaff: Bool {
        switch principal {
        case .localOperator: true
        case .user(let user): user.isOperator || user.role != .viewer
        case .apiKey, .visitor, .frontEnd, .nobody: false
        }
    }

    /// Whether this contact is theirs to speak for.
    func owns(_ contact: Contact) -> Bool {
        if let pass { return pass.contactID == contact.id }
        if isStaff { return true }
        guard case .user(let user) = principal else { return false }
        return Contacts.isSame(contact, as: user)
    }
}

extension APIContext {
    var desks: Desks { workspace.desks }

    /// Who asks, with a workspace. A pass opens nothing here.
    func deskPrincipal(_ request: Request) throws -> Principal {
        guard request[Tokens.Pass.self] == nil else {
            throw TwinError(.notPermitted, "this needs a signed-in user; the token is good for its own sessions only")
        }
        guard case .user(let user) = request.principal else { return request.principal }
        return .user(try withWorkspace(user))
    }

    /// The tenant at whose desk the caller may do this: their own, or the one that is named.
    func desk(_ request: Request, _ action: Authorizer.Action, named: String? = nil) throws -> String {
        try authorizer.desk(named, action, as: deskPrincipal(request))
    }

    /// The same by the tenant in the query, which operators name.
    func desk(_ request: Request, _ action: Authorizer.Action, query: inout FieldDecoder) throws -> String {
        let named = query.optional("tenant_id", .uuid)
        return try desk(request, action, named: named)
    }

    /// The same for a request whose query holds nothing else, with the id that stands in the path as `parameter`.
    func deskObject(
        _ request: Request, _ action: Authorizer.Action, _ parameter: String
    ) throws -> (tenant: String, id: String) {
        var query = request.queryFields()
        let tenant = try desk(request, action, query: &query)
        try query.validate()
        return (tenant, try request.parameters.require(parameter))
    }

    /// The caller at the desk of the path.
    func caller(_ request: Request, _ action: Authorizer.Action = .chat) throws -> SupportCaller {
        let tenant = try request.parameters.require("tenant_id")
        if let pass = request[Tokens.Pass.self] {
            guard pass.tenantID == tenant else { throw Authorizer.noTenant }
            guard action == .chat else {
                throw TwinError(.notPermitted, "this needs a signed-in user; the token is good for its own sessions only")
            }
            return try caller(pass)
        }
        let principal = try deskPrincipal(request)
        return SupportCaller(tenantID: try authorizer.desk(tenant, action, as: principal), principal: principal, pass: nil)
    }

    /// The contact of a pass, for as long as the desk is open, its widget is there, and nobody has removed the contact.
    func caller(_ pass: Tokens.Pass) throws -> SupportCaller {
        let desk = try desks.open(pass.tenantID)
        guard pass.sessionID == nil || desk.widget.isEnabled else { throw TwinError(.notFound, "there is no such widget") }
        _ = try workspace.contacts.find(pass.contactID, of: pass.tenantID)
        return SupportCaller(tenantID: pass.tenantID, principal: .nobody, pass: pass)
    }

    /// A session of the caller's tenant that is theirs to look into.
    func session(_ id: String, for caller: SupportCaller) throws -> DeskSession {
        let session = try workspace.deskSessions.find(id, of: caller.tenantID)
        if let pass = caller.pass {
            guard pass.contactID == session.contactID, pass.sessionID == nil || pass.sessionID == session.id else {
                throw OwnedTable<OwnedByTenant>.deskSessions.notFound
            }
        } else if !caller.isStaff {
            guard caller.owns(try workspace.contacts.find(session.contactID, of: caller.tenantID)) else {
                throw OwnedTable<OwnedByTenant>.deskSessions.notFound
            }
        }
        return session
    }

    /// The contact that a caller asks as: the one that is named, else the caller's own.
    func contact(_ id: String?, for caller: SupportCaller) throws -> Contact {
        let contacts = workspace.contacts
        if let pass = caller.pass {
            guard id == nil || id == pass.contactID else { throw Contacts.notFound }
            return try contacts.find(pass.contactID, of: caller.tenantID)
        }
        if case .user(let user) = caller.principal, id == nil || id == user.id { return try contacts.contact(for: user) }
        guard let id else { throw TwinError(.invalid, "send a user_id: the contact who asks") }
        let contact = try contacts.find(id, of: caller.tenantID)
        guard caller.owns(contact) else { throw Contacts.notFound }
        return contact
    }

    /// The contact of the path, where the caller may look at it.
    func contact(_ request: Request, for caller: SupportCaller) throws -> Contact {
        let contact = try workspace.contacts.find(request.parameters.require("user_id"), of: caller.tenantID)
        guard caller.owns(contact) else { throw Contacts.notFound }
        return contact
    }

    /// What whoever asks may read of a desk's twin.
    func deskClearance(of twin: Twin, _ request: Request) throws -> Clearance {
        try authorizer.clearance(of: twin, as: deskPrincipal(request))
    }

    /// The user, at the desk of the path or their own.
    func deskUser(_ request: Request) throws -> User { try deskPrincipal(request).person() }
}

/// A page of a list.
struct SupportPage {
    var limit: Int
    var offset: Int

    static let limit = FieldRule.int(1...500)
    static let offset = FieldRule.int(0...1_000_000_000)
    static let tenant = RouteDocumentation.Parameter.query("tenant_id", .uuid, "Operators name a tenant; others have one")
    static let parameters: [RouteDocumentation.Parameter] = [
        .query("limit", limit, "Show at most this many"), .query("offset", offset, "How many to skip"),
    ]

    init(_ query: inout FieldDecoder, default fallback: Int = 100) {
        limit = query.optional("limit", Self.limit) ?? fallback
        offset = query.optional("offset", Self.offset) ?? 0
    }
}
