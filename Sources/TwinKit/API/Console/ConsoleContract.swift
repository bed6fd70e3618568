import TwinHTTP
import TwinSupport

/// The console: a front end for the owner, in the program itself. What it shows and does it asks of the public routes of other
/// contracts; its own are the page and the session in a cookie.
package struct ConsoleContract: Contract {
    package let name = "console"
    package let prefixes = ["/console"]
    package let replyForm = ReplyForm.document
    package var schemas: JSONObject {
        [
            "ConsoleSession": JSONSchema.output([
                "user": JSONSchema.object, "csrf_token": JSONSchema.string, "version": JSONSchema.string,
            ])
        ]
    }

    package init() {}

    /// An error as `{"detail": …}`: the console's own script reads it.
    package func response(to error: ErrorReport, _ request: Request) -> Response { error.detailResponse }

    /// The page and its session. All else the console asks of the other contracts' routes, as anybody might.
    package func routes(_ context: APIContext) -> [RouteArea] { [RouteArea("Console", ConsoleRoutes(context: context))] }
}

/// The page of the console, and signing in and out of it.
struct ConsoleRoutes: RouteCollection {
    let context: APIContext

    private static let session = JSONSchema.reference("ConsoleSession")
    private static let token = FieldRule.string(1...200)

    private var cookie: ConsoleCookie {
        ConsoleCookie(isSecure: { [workspace = context.workspace] in workspace.publicURL.hasPrefix("https://") })
    }

    func add(to group: inout RouteGroup) throws {
        try group.get(
            "/console",
            RouteOptions(
                "Open the console", execution: .eventLoop, documentation: RouteDocumentation(security: [], isHidden: true))
        ) { request in
            try ServerPages.page("console.html", request, lifetime: "public, no-cache")
        }
        try group.get(
            "/console/session",
            .contract(
                "Say who is signed in to the console", .publicWrite,
                description: "With the code that changes come with in `X-CSRF-Token` beside the cookie.", answer: Self.session),
            read)
        try group.post(
            "/console/session",
            .contract(
                "Sign in to the console, with a cookie", .publicWrite,
                description: "With a password, or with the token of a link of `twin console`, from this machine only.",
                body: [
                    "anyOf": [
                        JSONSchema.input(
                            ["email": FieldRule.string(3...254).schema, "password": FieldRule.string(1...1_024).schema],
                            required: ["email", "password"]),
                        JSONSchema.input(["login_token": Self.token.schema], required: ["login_token"]),
                    ]
                ], answer: Self.session),
            begin)
        try group.delete(
            "/console/session",
            .contract("Sign out of the console", .publicWrite, answer: JSONSchema.output(["status": JSONSchema.string])), end)
    }

    private func read(_ request: Request) throws -> Response {
        guard let token = cookie.session(of: request), case .user(let user) = request.principal else {
            throw Authorizer.unauthenticated
        }
        return try reply(user, token)
    }

    private func begin(_ request: Request) throws -> Response {
        guard ConsoleCookie.isOfOwnPage(request) else {
            throw TwinError(.notPermitted, "sign in on the page of the console itself")
        }
        var body = try request.bodyFields()
        let email = body.optional("email", .string(3...254))
        let password = body.optional("password", .string(1...1_024))
        let link = body.optional("login_token", Self.token)
        try body.validate()
        var fields: [HeaderField] = []
        let user: User
        if let link {
            try context.count([.redeemingLoginLinks(from: context.address(of: request))])
            guard Self.isOfThisMachine(request.clientAddress) else {
                throw TwinError(.notPermitted, "links of 'twin console' are good on the machine that the server runs on only")
            }
            user = try context.workspace.loginLinks.redeem(Secret(link))
        } else {
            guard let email, let password else {
                throw TwinError(.invalid, "send an e-mail address and a password, or the token of a link")
            }
            let origin = SignInOrigin(address: context.address(of: request), device: DeviceCookie.value(of: request))
            user = try context.workspace.users.signIn(email: email, password: Secret(password), from: origin)
            let device = try context.workspace.users.remember(origin, of: user)
            fields.append(DeviceCookie.field(device, path: "/console"))
        }
        let tokens = try context.workspace.tokens.session(for: user)
        guard let text = tokens["access_token"]?.stringValue, let seconds = tokens["expires_in"]?.intValue else {
            throw TwinError(.failed, "the session could not be made")
        }
        return try reply(user, Secret(text), fields + [cookie.setting(Secret(text), seconds: seconds)])
    }

    /// Whether an address is this machine's own; none is a Unix domain socket's.
    private static func isOfThisMachine(_ address: String) -> Bool {
        guard let bytes = IPAddress(address)?.canonical.bytes else { return address.isEmpty }
        return bytes.count == 4 ? bytes[0] == 127 : bytes == [UInt8](repeating: 0, count: 15) + [1]
    }

    private func reply(_ user: User, _ token: Secret, _ fields: [HeaderField] = []) throws -> Response {
        let user = try context.withWorkspace(user)
        return .json(
            [
                "user": StudioUser(user).json, "csrf_token": .string(try ConsoleCookie.code(of: token)),
                "version": .string(TwinVersion.current), "public_url": .string(context.workspace.publicURL),
                "serves_desk": .bool(context.serves("support")),
            ], headers: fields + [HeaderField("cache-control", "no-store")])
    }

    private func end(_ request: Request) throws -> Response {
        if let token = cookie.session(of: request) { try context.workspace.tokens.signOut(token) }
        return .json(["status": "success"], headers: [cookie.removal])
    }
}
