import TwinHTTP
import TwinSupport

/// Signing in, registering, and the users of a tenant.
struct SupportAccounts: RouteCollection {
    let context: APIContext

    private static let email = FieldRule.line(3...254)
    private static let password = FieldRule.string(8...1_024)
    private static let name = FieldRule.line(1...200)
    private static let token = FieldRule.string(1...16_384)
    private static let role = FieldRule.oneOf(SupportRole.names)
    private static let user = JSONSchema.reference("SupportUser")
    private static let stateCookie = "twin_oidc"

    func add(to group: inout RouteGroup) throws {
        try group.post(
            "/api/auth/login",
            .support(
                "Sign in with a password", .publicWrite,
                description: "The address may be given as `username` too. `tenant_id` is checked where it is given.",
                body: [
                    "anyOf": .array(
                        ["email", "username"].map { name in
                            JSONSchema.input(
                                [
                                    name: FieldRule.text(1...1_000).schema, "password": FieldRule.string(1...1_024).schema,
                                    "tenant_id": JSONSchema.uuid,
                                ], required: [name, "password"])
                        })
                ],
                example: ["email": "ada@example.org", "password": "correct horse battery"],
                answer: JSONSchema.reference("SupportSignIn")), signIn)
        try group.post(
            "/api/auth/register",
            .support(
                "Create a user", .publicWrite,
                description:
                    "Admins create users of their tenant. Where registration is open, anybody makes a tenant of their own and is "
                    + "its admin.",
                body: JSONSchema.input(
                    [
                        "email": Self.email.schema, "password": Self.password.schema, "username": Self.name.schema,
                        "display_name": Self.name.schema, "role": Self.role.schema, "tenant_id": JSONSchema.uuid,
                    ], required: ["email", "password"]),
                example: ["email": "grace@example.org", "password": "correct horse battery", "role": "supporter"],
                answer: Self.user, status: .created), register)
        try group.post(
            "/api/auth/refresh",
            .support(
                "Get a new access token", .publicWrite,
                body: JSONSchema.input(["refresh_token": Self.token.schema], required: ["refresh_token"]),
                answer: JSONSchema.output(["access_token": JSONSchema.string, "expires_in": JSONSchema.integer])), refresh)
        try group.post(
            "/api/auth/logout", .support("End the sign-in of a token", .userWrite, answer: SupportSchemas.detail)
        ) { request in
            _ = try context.deskUser(request)
            try context.workspace.tokens.signOut(Authentication.bearer(request))
            return .json(["detail": "You are signed out"])
        }
        try group.post(
            "/api/auth/change-password",
            .support(
                "Change your password", .userWrite, description: "Tokens made before stop working.",
                body: JSONSchema.input(
                    ["old_password": FieldRule.string(1...1_024).schema, "new_password": Self.password.schema],
                    required: ["old_password", "new_password"]), answer: SupportSchemas.detail), changePassword)
        try group.get(
            "/api/auth/users",
            .support(
                "List the users of the tenant, newest first", .userRead,
                parameters: [SupportPage.tenant, .query("role", Self.role, "Only with this role")] + SupportPage.parameters,
                answer: JSONSchema.output([
                    "success": JSONSchema.boolean, "users": JSONSchema.array(Self.user), "total": JSONSchema.integer,
                    "skip": JSONSchema.integer, "limit": JSONSchema.integer,
                ])), users)
        try group.get(
            "/api/auth/oidc/login",
            .support(
                "Sign in at the configured issuer", .publicRead,
                description: "Leads the browser there; it comes back to `/api/auth/oidc/callback`.", status: .found)
        ) { request in
            try context.count([.refreshingTokens(from: context.address(of: request))])
            let begun = try context.workspace.openIDSignIn().begin()
            return Response(
                .found,
                headers: [
                    HeaderField("location", begun.address), HeaderField("cache-control", "no-store"),
                    // Where the browser keeps the state: only who began the sign-in can end it.
                    HeaderField(
                        "set-cookie",
                        "\(Self.stateCookie)=\(begun.state.reveal()); Path=/api/auth/oidc; Max-Age=600; HttpOnly; SameSite=Lax"),
                ])
        }
        try group.get(
            "/api/auth/oidc/callback",
            .support(
                "Come back from the issuer", .publicWrite,
                parameters: [
                    .query("code", .string(1...4_096)), .query("state", .string(1...200)), .query("error", .string(0...200)),
                ], answer: JSONSchema.reference("SupportSignIn"))
        ) { request in
            try context.count([.refreshingTokens(from: context.address(of: request))])
            var query = request.queryFields()
            let code = query.optional("code", .string(1...4_096))
            let state = query.optional("state", .string(1...200))
            try query.validate()
            guard let code, let state else {
                throw TwinError(.unauthenticated, "the issuer did not let you in")
            }
            let kept = request.headers.all("cookie").flatMap { $0.split(separator: ";") }
                .compactMap { pair -> Secret? in
                    let parts = pair.split(separator: "=", maxSplits: 1)
                    guard parts.count == 2, String(parts[0]).trimmed == Self.stateCookie else { return nil }
                    return Secret(String(parts[1]).trimmed)
                }.first
            let user = try context.workspace.openIDSignIn().finish(code: code, state: state, kept: kept)
            return .json(
                try SupportSignIn.json(user, context.workspace.tokens),
                headers: [
                    HeaderField("cache-control", "no-store"),
                    HeaderField("set-cookie", "\(Self.stateCookie)=; Path=/api/auth/oidc; Max-Age=0; HttpOnly; SameSite=Lax"),
                ])
        }
        guard !context.serves("brain") else { return }
        try group.get("/api/auth/me", .support("Who is signed in", .userRead, answer: Self.user)) { request in
            .json(SupportUser(try context.deskUser(request)).json)
        }
    }

    private func signIn(_ request: Request) throws -> Response {
        var body = try request.bodyFields()
        let email = body.optional("email", .string(0...1_000)) ?? body.optional("username", .string(0...1_000))
        let password = Secret(body.required("password", .string(1...1_024)))
        let tenant = body.optional("tenant_id", .uuid)
        try body.validate()
        guard let email, !email.trimmed.isEmpty else { throw TwinError(.invalid, "send an email or a username") }
        let user = try context.workspace.users.signIn(
            email: email, password: password, from: SignInOrigin(address: context.address(of: request)))
        guard tenant == nil || tenant == user.tenantID else { throw Authorizer.noTenant }
        if let tenant = user.tenantID, !user.isOperator { _ = try context.desks.open(tenant) }
        return .json(
            try SupportSignIn.json(user, context.workspace.tokens), headers: [HeaderField("cache-control", "no-store")])
    }

    private func register(_ request: Request) throws -> Response {
        let principal = try context.deskPrincipal(request)
        // Who may do this is said before what is wrong with it.
        let isOpen = context.workspace.configuration.opensRegistration
        if principal != .nobody {
            _ = try context.authorizer.desk(nil, .manage, as: principal)
        } else if !isOpen {
            throw Authorizer.unauthenticated
        } else {
            try context.count([.registering(from: context.address(of: request))])
        }
        var body = try request.bodyFields()
        let email = body.required("email", Self.email)
        let password = Secret(body.required("password", Self.password))
        let name = body.optional("display_name", Self.name) ?? body.optional("username", Self.name)
        let role = body.optional("role", Self.role).flatMap(SupportRole.role)
        let named = body.optional("tenant_id", .uuid)
        try body.validate()
        let user: User
        if principal == .nobody {
            user = try context.desks.register(email: email, password: password, fullName: name)
        } else {
            let tenant = try context.authorizer.desk(named, .manage, as: principal)
            user = try context.workspace.users.create(
                email: email, role: role ?? .viewer, password: password, fullName: name, tenantID: tenant, by: principal)
        }
        return .json(SupportUser(user).json, status: .created)
    }

    private func refresh(_ request: Request) throws -> Response {
        try context.count([.refreshingTokens(from: context.address(of: request))])
        var body = try request.bodyFields()
        let token = Secret(body.required("refresh_token", Self.token))
        try body.validate()
        let access = try context.workspace.tokens.renewPublished(token, claims: SupportUser.claims)
        return .json(
            ["access_token": .string(access.reveal()), "expires_in": .number(Tokens.accessLifetime)],
            headers: [HeaderField("cache-control", "no-store")])
    }

    private func changePassword(_ request: Request) throws -> Response {
        let user = try context.deskUser(request)
        var body = try request.bodyFields()
        let old = Secret(body.required("old_password", .string(1...1_024)))
        let new = Secret(body.required("new_password", Self.password))
        try body.validate()
        try context.workspace.users.changePassword(of: user, from: old, to: new)
        return .json(["detail": "The password is changed; sign in again"])
    }

    private func users(_ request: Request) throws -> Response {
        var query = request.queryFields()
        let tenant = try context.desk(request, .manage, query: &query)
        let role = query.optional("role", Self.role).flatMap(SupportRole.role)
        let skip = query.optional("skip", SupportPage.offset)
        let page = SupportPage(&query)
        try query.validate()
        let users = try context.workspace.users.list(tenantID: tenant).filter { role == nil || $0.role == role }
        let offset = skip ?? page.offset
        return .json([
            "success": true, "users": .array(users.dropFirst(offset).prefix(page.limit).map { SupportUser($0).json }),
            "total": .number(users.count), "skip": .number(offset), "limit": .number(page.limit),
        ])
    }
}

/// A user as the support contract shows it.
struct SupportUser: JSONRepresentable {
    let user: User

    init(_ user: User) { self.user = user }

    /// What its tokens say beside the usual.
    static func claims(_ user: User) -> JSONObject {
        [
            "user_id": .string(user.id), "email": .string(user.email), "role": .string(SupportRole.name(user.role)),
            "roles": [.string(SupportRole.name(user.role))], "tenant_id": .optional(user.tenantID),
        ]
    }

    var json: JSON {
        [
            "user_id": .string(user.id), "email": .string(user.email), "username": .string(user.email),
            "display_name": .optional(user.fullName), "role": .string(SupportRole.name(user.role)), "status": "active",
            "tenant_id": .optional(user.tenantID), "created_at": .string(user.createdAt.description),
            "last_login": .optional(user.lastActiveAt?.description),
        ]
    }
}

/// What somebody is given who has signed in.
enum SupportSignIn {
    static func json(_ user: User, _ tokens: Tokens) throws -> JSON {
        let session = try tokens.publishedSession(for: user, claims: SupportUser.claims(user))
        // The places where tokens leave the program are here, in studio's sign-in and in `twin token create`.
        return .object(
            (SupportUser(user).json.objectValue ?? JSONObject()).merging([
                "token": .string(session.access.reveal()), "access_token": .string(session.access.reveal()),
                "refresh_token": .string(session.refresh.reveal()), "token_type": "bearer",
                "expires_in": .number(Tokens.accessLifetime),
            ]))
    }
}
