import TwinHTTP
import TwinSupport

/// A new password for who has forgotten theirs, by mail.
struct StudioPasswords: RouteCollection {
    let context: APIContext

    private static let email = FieldRule.string(3...254)
    private static let password = FieldRule.string(8...1_024)
    private static let token = FieldRule.string(1...200)

    func add(to group: inout RouteGroup) throws {
        let done = JSONSchema.output(["status": JSONSchema.string, "detail": JSONSchema.string])
        try group.post(
            "/auth/forgot-password",
            .contract(
                "Ask for a letter with which a new password can be chosen", .publicWrite,
                description: "The reply is the same whether anybody has the address or not.",
                body: JSONSchema.input(["email": Self.email.schema], required: ["email"]),
                example: ["email": "ada@example.org"], answer: done),
            ask)
        try group.post(
            "/auth/reset-password",
            .contract(
                "Choose a new password with the token of a letter", .publicWrite,
                body: JSONSchema.input(
                    ["token": Self.token.schema, "password": Self.password.schema], required: ["token", "password"]),
                answer: done),
            choose)
    }

    private func ask(_ request: Request) throws -> Response {
        var body = try request.bodyFields()
        let email = body.required("email", Self.email)
        try body.validate()
        guard try context.workspace.sends(.passwords) else {
            throw HTTPError(
                .serviceUnavailable, "this server sends no mail; ask whoever runs it for a new password")
        }
        try context.workspace.requestPasswordReset(email: email, from: context.address(of: request))
        return .json([
            "status": "success",
            "detail": "If somebody has this address, a letter with a link is on its way; it is good for an hour.",
        ])
    }

    private func choose(_ request: Request) throws -> Response {
        try context.count([.acceptingInvitations(from: context.address(of: request))])
        var body = try request.bodyFields()
        for name in ["token", "password"] { try StudioAccount.refuseBlank(name, in: body) }
        let token = Secret(body.required("token", Self.token))
        let password = Secret(body.required("password", Self.password))
        try body.validate()
        _ = try context.workspace.passwordResets.redeem(token, password: password)
        return .json(
            ["status": "success", "detail": "Sign in with the new password; whoever was signed in is signed out."],
            headers: [HeaderField("cache-control", "no-store")])
    }
}
