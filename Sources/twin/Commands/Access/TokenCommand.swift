import TwinHTTP
import TwinKit
import TwinSearch
import TwinSupport

enum TokenCommand {
    static let command = Command(
        "token", summary: "Create and check users' tokens, for scripts",
        discussion: """
            A token is what the HTTP API takes as 'Authorization: Bearer'. It is signed with the secret that jwt.secret_file or \
            TWIN_JWT_SECRET gives, else with one that is made on first use and kept in the database.
            """,
        examples: [
            Example("twin token create --user ada@example.org --expires-hours 1", "for an hour"),
            Example("twin token create --json | jq -r .access_token", "of the only user, for a script"),
        ],
        alsoCalled: ["tokens", "jwt"], subcommands: [create, verify, rotateKey])

    static let rotateKey = Command(
        "rotate-key", summary: "Sign tokens of the support contract with a new key from now on",
        discussion: """
            The keys that check them are published at /.well-known/jwks.json. Those before the new one go on checking for 30 days, \
            so that nobody has to sign in again; with --revoke not a moment longer.
            """,
        examples: [
            Example("twin token rotate-key", "as a matter of routine"),
            Example("twin token rotate-key --revoke", "after a theft"),
        ],
        options: [.flag("revoke", help: "Tokens that older keys signed stop working at once")],
        exits: [.notConfigured], alsoCalled: ["rotate"], run: rotateSigningKey)

    private static func rotateSigningKey(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let id = try workspace.tokens.keys.rotate(revoking: call.flag("revoke"), by: AuditLog.localActor)
        let keys = try workspace.tokens.keys.entries()
        try call.output.show(
            JSON.object(["key_id": .string(id), "keys": .strings(keys.map(\.id)), "revoked": .bool(call.flag("revoke"))])
        ) {
            try call.output.line("\(id, .bold) signs from now on; \(keys.count - 1) before it still check")
        }
        return .done
    }

    static let create = Command(
        "create", summary: "Create an access token for a user and print it",
        examples: [Example("twin token create --user ada@example.org", "for a day")],
        options: [
            .string(
                "user", "E-MAIL", short: "u", completion: .dynamic(.users),
                help: "Whose token; needed only when there are several users"),
            .int("expires-hours", in: 1...87_600, default: "24", help: "Expires after this many hours"),
        ],
        exits: [.notConfigured, .notFound], alsoCalled: ["new", "mint"], run: createToken)

    static let verify = Command(
        "verify", summary: "Check a token or an API key and show whose it is",
        discussion: "The token is read from standard input or from a file, because a command line is public.",
        examples: [Example("twin token create | twin token verify", "one that was just made")],
        arguments: [Argument("FILE|-", .optional, help: "Where the token is; standard input without it", completion: .files)],
        exits: [.notConfigured, .notPermitted], alsoCalled: ["check", "inspect"], run: verifyToken)

    private static func createToken(_ call: Invocation) throws -> ExitCode {
        let workspace = try call.workspace()
        let user = try user(call, workspace.users)
        let seconds = (call.int("expires-hours") ?? 24) * 3600
        let token = try workspace.tokens.accessToken(for: user, lifetime: seconds)
        // The one place besides a sign-in where a token leaves the program.
        let text = token.reveal()
        try call.output.show(
            JSON.object([
                "access_token": .string(text), "token_type": "bearer", "expires_in": .number(seconds),
                "expires_at": .string(Clock.now.adding(seconds: Double(seconds)).description), "user": user.json,
            ])
        ) { try call.output.line(StyledText(text)) }
        return .done
    }

    private static func user(_ call: Invocation, _ users: Users) throws -> User {
        if let name = call.string("user") { return try users.resolve(name) }
        let all = try users.list()
        guard let only = all.first else {
            throw TwinError(.notConfigured, "there is no user yet; add one with 'twin users add E-MAIL'")
        }
        guard all.count == 1 else { throw call.usage("there are several users; name one with --user") }
        return only
    }

    private static func verifyToken(_ call: Invocation) throws -> ExitCode {
        let text = try SecretInput.line(of: call.operand("FILE|-") ?? "-")
        let authenticator = try call.workspace().authenticator
        let principal = try authenticator.principal(bearer: text, apiKey: nil, origin: nil)
        switch principal {
        case .user(let user):
            let claims = try authenticator.tokens.verify(text)
            try call.output.show(
                JSON.object(["valid": true, "auth_method": "jwt", "user": user.json, "claims": .object(claims)])
            ) {
                try call.output.details(
                    Details([
                        "user": "\(user.email, .bold)", "id": StyledText(user.id),
                        "role": StyledText(user.tenantID == nil ? "no workspace yet" : user.role.rawValue),
                        "expires": StyledText(expiry(claims)),
                    ]))
            }
        case .apiKey(let key):
            try call.output.show(JSON.object(["valid": true, "auth_method": "api_key", "key": key.json])) {
                try call.output.details(
                    Details([
                        "key": "\(key.name, .bold)", "id": StyledText(key.id),
                        "expires": StyledText(key.expiresAt?.description ?? "never"),
                    ]))
            }
        case .localOperator, .visitor, .frontEnd, .nobody:
            throw TwinError(.unauthenticated, "this is neither a valid token nor a valid API key")
        }
        return .done
    }

    private static func expiry(_ claims: JSONObject) -> String {
        guard let seconds = claims["exp"]?.doubleValue, abs(seconds) < 1e11 else { return "never" }
        return Timestamp(milliseconds: Int64(seconds * 1000)).description
    }
}
