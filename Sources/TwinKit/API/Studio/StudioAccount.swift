import TwinHTTP
import TwinSupport

/// Who is signed in, who else is in the workspace, and how people come in.
struct StudioAccount: RouteCollection {
    let context: APIContext

    private static let email = FieldRule.string(3...254)
    /// What HTML's `<input type=email>` takes; more is accepted, such as letters of other scripts.
    private static let newEmail = email.matching(
        "^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
            + "(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$"
    ) { _ in }
    private static let password = FieldRule.string(8...1_024)
    private static let role = FieldRule.oneOf(User.Role.allCases.map(\.rawValue))
    private static let name = FieldRule.string(0...200)
    private static let token = FieldRule.string(1...16_384)

    func add(to group: inout RouteGroup) throws {
        try addOwn(to: &group)
        try addUsers(to: &group)
        try addEntrance(to: &group)
    }

    private func addOwn(to group: inout RouteGroup) throws {
        try group.post(
            "/auth/sync-user",
            .contract(
                "Create the caller's user and workspace if they are missing", .userWrite,
                answer: JSONSchema.output([
                    "status": JSONSchema.oneOf(["created", "exists"]), "user": JSONSchema.reference("UserProfile"),
                    "needs_onboarding": JSONSchema.boolean,
                ])),
            synchronize)
        try group.get(
            "/auth/me", .contract("Read the caller's profile", .userRead, answer: JSONSchema.reference("UserProfile")), me)
        try group.get("/auth/whoami", .contract("Say who is asking", .read, answer: JSONSchema.reference("Identity")), whoAmI)
        try group.get(
            "/auth/my-twins",
            .contract("List the caller's twins, newest first", .userRead, answer: JSONSchema.array(JSONSchema.reference("Twin"))),
            myTwins)
    }

    private func addUsers(to group: inout RouteGroup) throws {
        try group.get(
            "/users",
            .contract(
                "List the workspace's users, newest first", .userRead, answer: JSONSchema.array(JSONSchema.reference("User"))),
            users)
        try group.post(
            "/users/invite",
            .contract(
                "Invite somebody into the workspace", .userWrite,
                body: JSONSchema.input(["email": Self.newEmail.schema, "role": Self.role.schema], required: ["email", "role"]),
                example: ["email": "ada@example.org", "role": "viewer"], answer: JSONSchema.reference("Invitation")),
            invite)
        try group.delete(
            "/users/{user_id}",
            .contract(
                "Remove a user, and revoke the keys that they made", .userWrite,
                parameters: [.query("keep_keys", .bool, "Keep their keys")],
                answer: JSONSchema.output(["status": JSONSchema.string])),
            remove)
    }

    private func addEntrance(to group: inout RouteGroup) throws {
        try group.get(
            "/auth/invitation/{token}",
            .contract(
                "Read an invitation by its token", .publicRead,
                answer: JSONSchema.output([
                    "email": JSONSchema.string, "role": Self.role.schema, "expires_at": JSONSchema.dateTime,
                    "status": JSONSchema.oneOf(["pending"]), "invited_by": JSONSchema.nullableString,
                    "tenant_id": JSONSchema.uuid,
                ])),
            invitation)
        try group.post(
            "/auth/accept-invitation",
            .contract(
                "Accept an invitation, and be signed in", .publicWrite,
                body: JSONSchema.input(
                    [
                        "token": Self.token.schema, "password": Self.password.schema,
                        "name": Self.name.schema,
                    ], required: ["token", "password"]),
                answer: JSONSchema.output([
                    "status": JSONSchema.string, "user": JSONSchema.reference("User"), "token": JSONSchema.string,
                    "session": JSONSchema.reference("Session"),
                ])),
            accept)
        try group.post(
            "/auth/login",
            .contract(
                "Sign in with a password", .publicWrite,
                body: JSONSchema.input(
                    ["email": Self.email.schema, "password": FieldRule.string(1...1_024).schema], required: ["email", "password"]),
                answer: JSONSchema.reference("Session")),
            signIn)
        try group.post(
            "/auth/refresh",
            .contract(
                "Get new tokens for a refresh token", .publicWrite,
                body: JSONSchema.input(["refresh_token": Self.token.schema], required: ["refresh_token"]),
                answer: JSONSchema.reference("Session")),
            refresh)
        var logout = RouteOptions.contract(
            "End the sign-in of the caller's token, or of a refresh token", .publicWrite,
            description:
                "Its access and refresh tokens stop working at once. With `everywhere` all of the caller's sign-ins end.",
            body: JSONSchema.input(["refresh_token": Self.token.schema, "everywhere": JSONSchema.boolean]),
            answer: JSONSchema.output(["status": JSONSchema.string]))
        logout.documentation.isRequestRequired = false
        try group.post("/auth/logout", logout, signOut)
    }

    /// The caller, who must be a person.
    private func user(_ request: Request) throws -> User { try request.principal.person() }

    // MARK: The caller

    private func synchronize(_ request: Request) throws -> Response {
        let user = try user(request)
        let synced = try context.workspace.users.sync(user)
        let hasTwin = try context.workspace.users.hasTwin(synced.user)
        return .json([
            "status": synced.created ? "created" : "exists", "user": synced.user.profile(hasTwin: hasTwin),
            "needs_onboarding": .bool(!hasTwin),
        ])
    }

    private func me(_ request: Request) throws -> Response {
        let user = try user(request)
        guard user.key != nil else {
            throw TwinError(.notFound, "there is no user for this token yet; call /auth/sync-user first")
        }
        return .json(user.profile(hasTwin: try context.workspace.users.hasTwin(user)))
    }

    private func whoAmI(_ request: Request) throws -> Response {
        switch request.principal {
        case .user(let caller):
            let user = try context.withWorkspace(caller)
            return .json([
                "user_id": .string(user.id), "tenant_id": .optional(user.tenantID), "email": .string(user.email),
                "role": .string(user.role.rawValue), "has_tenant": .bool(user.tenantID != nil), "auth_method": "jwt",
            ])
        case .apiKey:
            return .json([
                "user_id": nil, "tenant_id": nil, "email": nil, "role": "visitor", "has_tenant": false, "auth_method": "api_key",
            ])
        case .localOperator:
            return .json([
                "user_id": "local", "tenant_id": .string(try context.tenant(request, .read)), "email": nil, "role": "owner",
                "has_tenant": true, "auth_method": "local",
            ])
        case .visitor, .frontEnd, .nobody: throw Authorizer.unauthenticated
        }
    }

    private func myTwins(_ request: Request) throws -> Response {
        .list(try context.authorizer.twins(visibleTo: .user(context.withWorkspace(user(request)))).map(StudioTwin.init))
    }

    // MARK: Users

    private func users(_ request: Request) throws -> Response {
        .list(try context.workspace.users.list(tenantID: context.tenant(request, .manage)).map(StudioUser.init))
    }

    private func invite(_ request: Request) throws -> Response {
        let tenant = try context.tenant(request, .manage)
        var body = try request.bodyFields()
        let email = body.required("email", Self.newEmail)
        let named = body.required("role", Self.role)
        try body.validate()
        guard let role = User.Role(rawValue: named) else { throw TwinError(.invalid, "there is no role '\(named)'") }
        do {
            let made = try context.workspace.invite(email: email, role: role, tenantID: tenant, by: request.principal)
            return .json(
                StudioInvitation(made.invitation).json(
                    token: made.token, url: context.workspace.invitations.url(token: made.token)),
                headers: [HeaderField("cache-control", "no-store")])
        } catch let error as TwinError where error.kind == .conflict {
            // The contract has 400 with the reason.
            throw TwinError(.invalid, error.message)
        }
    }

    private func remove(_ request: Request) throws -> Response {
        let id = try request.parameters.require("user_id")
        let tenant = try context.authorizer.tenant(owning: id, in: .users, .manage, as: request.principal)
        var query = request.queryFields()
        let keepsKeys = query.optional("keep_keys", .bool) ?? false
        try query.validate()
        let removal = try context.workspace.users.remove(
            id, tenantID: tenant, keepingKeys: keepsKeys, by: request.principal)
        let status: JSONObject = ["status": "success"]
        return .json(.object(status.merging(StudioRemoval(removal).keys)))
    }

    // MARK: Coming in

    private func invitation(_ request: Request) throws -> Response {
        try context.count([.readingInvitations(from: context.address(of: request))])
        let found = try context.workspace.invitations.find(Secret(request.parameters.require("token")))
        return .json(
            [
                "email": .string(found.email), "role": .string(found.role.rawValue),
                "expires_at": .string(found.expiresAt.description),
                "status": .string(found.status.rawValue), "invited_by": .optional(found.invitedBy),
                "tenant_id": .string(found.tenantID),
            ], headers: [HeaderField("cache-control", "no-store")])
    }

    private func accept(_ request: Request) throws -> Response {
        try context.count([.acceptingInvitations(from: context.address(of: request))])
        var body = try request.bodyFields()
        for name in ["token", "password"] { try Self.refuseBlank(name, in: body) }
        let token = Secret(body.required("token", Self.token))
        let password = Secret(body.required("password", Self.password))
        let name = body.optional("name", Self.name)
        try body.validate()
        let user = try context.workspace.invitations.accept(token, password: password, name: name)
        let session = try context.workspace.tokens.session(for: user)
        return .json(
            ["status": "success", "user": StudioUser(user).json, "token": session["access_token"] ?? .null, "session": session],
            headers: [HeaderField("cache-control", "no-store")])
    }

    /// A text field that is there and holds nothing is 400 in the contract, where one of the wrong length is 422.
    static func refuseBlank(_ name: String, in body: FieldDecoder) throws {
        var body = body
        if let text = body.optional(name, .any)?.stringValue, text.trimmed.isEmpty {
            throw TwinError(.invalid, "the \(name) must not be blank")
        }
    }

    private func signIn(_ request: Request) throws -> Response {
        var body = try request.bodyFields()
        try Self.refuseBlank("password", in: body)
        let email = body.required("email", Self.email)
        let password = Secret(body.required("password", .string(1...1_024)))
        try body.validate()
        let users = context.workspace.users
        let origin = SignInOrigin(address: context.address(of: request), device: DeviceCookie.value(of: request))
        let user = try users.signIn(email: email, password: password, from: origin)
        let device = try users.remember(origin, of: user)
        return .json(
            try context.workspace.tokens.session(for: user),
            headers: [HeaderField("cache-control", "no-store"), DeviceCookie.field(device)])
    }

    private func refresh(_ request: Request) throws -> Response {
        try context.count([.refreshingTokens(from: context.address(of: request))])
        var body = try request.bodyFields()
        let token = Secret(body.required("refresh_token", Self.token))
        try body.validate()
        return .json(try context.workspace.tokens.refresh(token), headers: [HeaderField("cache-control", "no-store")])
    }

    private func signOut(_ request: Request) throws -> Response {
        try context.count([.refreshingTokens(from: context.address(of: request))])
        var body = try request.body.collect().isEmpty ? FieldDecoder(JSONObject()) : request.bodyFields()
        let refresh = body.optional("refresh_token", Self.token).map { Secret($0) }
        let everywhere = body.optional("everywhere", .bool) ?? false
        try body.validate()
        let access = try Authentication.bearer(request)
        guard refresh != nil || access != nil else { throw Authorizer.unauthenticated }
        if everywhere { try context.workspace.users.invalidateTokens(of: user(request)) }
        try context.workspace.tokens.signOut(access, refresh)
        return .json(["status": "success"])
    }
}

/// What a browser keeps to be known again when somebody signs in. Scripts of a page cannot read it, and it opens nothing.
enum DeviceCookie {
    private static let name = "twin_device"
    /// A year, in seconds.
    private static let lifetime = 31_536_000

    static func value(of request: Request) -> Secret? {
        request.cookie(name).map { Secret($0) }
    }

    /// RFC 6265 section 4.1. The value is base64url and needs no quoting.
    static func field(_ device: Secret, path: String = "/auth") -> HeaderField {
        HeaderField(
            "set-cookie", "\(name)=\(device.reveal()); Path=\(path); Max-Age=\(lifetime); HttpOnly; SameSite=Strict")
    }
}

extension Request {
    /// The value of a cookie (RFC 6265 section 5.4); of two with one name, the first.
    func cookie(_ name: String) -> String? {
        for pair in headers.all("cookie").flatMap({ $0.split(separator: ";") }) {
            let parts = pair.split(separator: "=", maxSplits: 1)
            if parts.count == 2, String(parts[0]).trimmed == name { return String(parts[1]).trimmed }
        }
        return nil
    }
}

extension User {
    /// The profile of the studio contract.
    func profile(hasTwin: Bool) -> JSON {
        [
            "id": .string(id), "email": .string(email), "full_name": .optional(fullName), "avatar_url": .optional(avatarURL),
            "tenant_id": .optional(tenantID), "onboarding_completed": .bool(hasTwin),
            "created_at": .string(createdAt.description),
        ]
    }
}
