import TwinHTTP
import TwinSupport

/// Registering, signing in, and what is known of a user.
struct JournalAccount: RouteCollection {
    let context: APIContext

    private static let name = FieldRule.line(1...200)
    private static let email = FieldRule.string(3...254).matching(
        "^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
            + "(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$"
    ) { text in
        guard (try? EmailAddress.checked(text)) != nil else {
            throw FieldRule<String>.Problem("value_error", "value is not a valid email address")
        }
    }
    private static let password = FieldRule.string(PasswordHash.lengths)
    private static let role = FieldRule.string(0...50)
    static let tokens = FieldRule.int(Quotas.limits)
    private static let user = JSONSchema.reference("JournalUser")
    static let quota = JSONSchema.reference("JournalQuota")
    static let quotaChange = JSONSchema.input([
        "daily_limit": tokens.schema, "used_today": tokens.schema,
    ])

    private static let newUser = JSONSchema.input(
        ["name": name.schema, "email": email.schema, "role": role.schema, "password": password.schema],
        required: ["name", "email", "password"])
    private static let example: JSON = [
        "name": "Ada Lovelace", "email": "ada@example.org", "password": "correct horse battery",
    ]

    func add(to group: inout RouteGroup) throws {
        try addEntrance(to: &group)
        try group.post(
            "/api/v1/users",
            .journal(
                "Add a user", .userWrite, description: "For operators of the server, who may also send the role admin.",
                body: Self.newUser, example: Self.example, answer: Self.user, status: .created)
        ) { request in
            if request.principal == .nobody { throw Authorizer.unauthenticated }
            guard request.principal.isOperator else {
                throw TwinError(.notPermitted, "only an operator of the server adds users; register, or ask to be invited")
            }
            return try make(request)
        }
        let path = "/api/v1/users/{user_id}"
        try group.get(path, .journal("Read a user", .userRead, answer: Self.user)) { request in
            .json(JournalUser(try context.user(request)).json)
        }
        try group.put(
            path,
            .journal(
                "Change a user's name or address", .userWrite,
                description: "A new address counts as claimed until it is proven. A role is set by operators only.",
                body: JSONSchema.input(["name": Self.name.schema, "email": Self.email.schema, "role": Self.role.schema]),
                example: ["name": "Ada King", "email": "ada@example.org"], answer: Self.user), change)
        try group.delete(
            path,
            .journal(
                "Erase a user with everything of theirs", .userWrite,
                description:
                    "Sessions, prompts, conversations and quota are gone; the log keeps what was done, under a pseudonym. A workspace that has nobody else goes with its user, once it has no twins.",
                answer: JournalSchemas.message)
        ) { request in
            try context.workspace.erase(context.user(request), by: request.principal)
            return JournalSchemas.message("User deleted successfully")
        }
        try group.get(path + "/quota", .journal("Read a user's quota for today", .userRead, answer: Self.quota)) { request in
            try context.quota(of: context.user(request))
        }
        try group.put(
            path + "/quota",
            .journal(
                "Change a user's quota", .userWrite,
                description:
                    "For operators, and for owners of somebody else's workspace; nobody sets their own. `last_reset` is not taken: the day begins at midnight.",
                body: Self.quotaChange, example: ["daily_limit": 20000], answer: Self.quota)
        ) { request in
            let user = try context.user(request)
            return .json(
                JournalQuota(try context.workspace.quotas.set(user, Self.quotaChange(request), by: request.principal)).json)
        }
    }

    private func addEntrance(to group: inout RouteGroup) throws {
        try group.post(
            "/api/v1/auth/register",
            .journal(
                "Make an account with a workspace of its own", .publicWrite,
                description: "A role that is sent is ignored.",
                body: Self.newUser, example: Self.example, answer: Self.user, status: .created)
        ) { request in
            guard context.workspace.configuration.text("journal.registration") == "open" || request.principal.isOperator else {
                throw TwinError(.notPermitted, "registration is closed; ask the operator of the server for an account")
            }
            try paceNewAddress(request)
            return try make(request)
        }
        try group.post(
            "/api/v1/auth/login",
            .journal(
                "Sign in with a password", .publicWrite,
                description: "The password grant of OAuth 2.0 (RFC 6749 section 4.3): a form, not JSON.",
                body: JSONSchema.object(
                    [
                        "username": FieldRule.string(1...254).schema, "password": FieldRule.string(1...1_024).schema,
                        "grant_type": JSONSchema.oneOf(["password"]),
                    ], required: ["username", "password"]),
                bodyType: "application/x-www-form-urlencoded",
                example: ["username": "ada@example.org", "password": "correct horse battery"],
                answer: JSONSchema.reference("JournalToken")), signIn)
        try group.get(
            "/api/v1/auth/protected", .journal("Read who is signed in", .userRead, answer: Self.user)
        ) { request in
            .json(JournalUser(try request.principal.person()).json)
        }
    }

    /// Whether an address is registered already shows to whoever registers it, or takes it: so nobody may try many.
    private func paceNewAddress(_ request: Request) throws {
        let network = SignInOrigin(address: context.address(of: request)).network
        try context.count([.registering(from: network)])
    }

    private func make(_ request: Request) throws -> Response {
        var body = try request.bodyFields()
        let name = body.required("name", Self.name)
        let email = body.required("email", Self.email)
        let role = body.optional("role", Self.role)
        let password = Secret(body.required("password", Self.password))
        try body.validate()
        let user = try context.conflictsAreInvalid {
            try context.workspace.users.register(
                name: name, email: email, password: password, isOperator: role == "admin", by: request.principal)
        }
        return .json(JournalUser(user).json, status: .created)
    }

    private func signIn(_ request: Request) throws -> Response {
        var form = try request.formFields()
        _ = form.optional("grant_type", .oneOf(["password"]))
        let email = form.required("username", .string(1...254))
        let password = Secret(form.required("password", .string(1...1_024)))
        try form.validate()
        let origin = SignInOrigin(address: context.address(of: request))
        let user = try context.workspace.users.signIn(email: email, password: password, from: origin)
        let session = try context.workspace.tokens.session(for: user)
        return .json([
            "access_token": session["access_token"] ?? .null, "token_type": "bearer",
            "expires_in": session["expires_in"] ?? .null,
        ])
    }

    private func change(_ request: Request) throws -> Response {
        let user = try context.user(request)
        var body = try request.bodyFields()
        let name = body.optional("name", Self.name)
        let email = body.optional("email", Self.email)
        let role = body.optional("role", Self.role)
        try body.validate()
        if let email, email != user.email, !request.principal.isOperator { try paceNewAddress(request) }
        let changed = try context.conflictsAreInvalid {
            try context.workspace.users.change(
                user, name: name, email: email, isOperator: role.map { $0 == "admin" }, by: request.principal)
        }
        return .json(JournalUser(changed).json)
    }

    static func quotaChange(_ request: Request) throws -> Quotas.Change {
        var body = try request.bodyFields()
        let limit = body.optional("daily_limit", tokens)
        let used = body.optional("used_today", tokens)
        try body.validate()
        return Quotas.Change(dailyLimit: limit.map { .some($0) } ?? nil, usedToday: used)
    }
}

extension APIContext {
    /// A user's quota as it stands; 404 where nothing limits them.
    func quota(of user: User) throws -> Response {
        guard let quota = try workspace.quotas.find(user) else { throw TwinError(.notFound, "the user has no quota") }
        return .json(JournalQuota(quota).json)
    }
}
