import TwinHTTP
import TwinSupport

// Who may listen to what happens at a desk, looked at anew for as long as they do.

extension SupportStreamRoutes {
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

    func holder(of request: Request) throws -> Credential {
        var query = request.queryFields()
        let ticket = query.optional("ticket", .string(1...200))
        try query.validate()
        if let ticket {
            let holder = try context.workspace.streamTickets.redeem(Secret(ticket))
            return Credential(name: "ticket:" + Identifier.make()) { [context] in
                switch holder {
                case .user(let id, let generation):
                    .principal(.user(try context.workspace.streamTickets.user(id, generation: generation)))
                case .pass(let pass):
                    // A ticket is not good for longer than the token that it was asked for with.
                    if let until = pass.expiresAt, until <= Clock.now { throw JSONWebToken.refused } else { .pass(pass) }
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

    func holder(of token: Secret) throws -> Credential {
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
            caller = try context.caller(pass)
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

    func audience(
        _ tenant: String, _ session: String?, _ credential: Credential
    ) throws -> SupportStreams.Audience {
        let check: @Sendable () throws -> Void = { try requireAccess(credential.check(), tenant: tenant, session: session) }
        try check()
        return SupportStreams.Audience(
            tenantID: tenant, sessionID: session, credential: credential.name, requireAccess: check)
    }
}
