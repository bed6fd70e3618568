import TwinHTTP
import TwinSupport

/// Widgets on other people's pages: how they look, and what their visitors ask.
struct SupportWidgets: RouteCollection {
    let context: APIContext

    private static let color = FieldRule.string(4...30).matching("^#[0-9A-Fa-f]{3,8}$") { text in
        guard text.hasPrefix("#"), text.dropFirst().allSatisfy(\.isHexDigit), (4...9).contains(text.utf8.count) else {
            throw FieldRule<String>.Problem("value_error", "Input should be a color such as #3B82F6")
        }
    }
    private static let text = FieldRule.string(0...500)
    private static let position = FieldRule.oneOf(WidgetSettings.positions)
    private static let theme = FieldRule.oneOf(WidgetSettings.themes)
    private static let domains = FieldRule<[String]>.list(of: FieldRule.line(1...253), count: 0...100)
    private static let change = JSONSchema.change([
        "primary_color": color.schema, "welcome_message": text.schema, "placeholder_text": text.schema,
        "position": position.schema, "theme": theme.schema, "enabled": JSONSchema.boolean, "auto_open": JSONSchema.boolean,
        "allowed_domains": domains.schema,
    ])
    private static let widget = JSONSchema.reference("SupportWidget")

    func add(to group: inout RouteGroup) throws {
        let path = "/api/admin/widgets/{tenant_id:uuid}"
        try group.get(path, .support("Read how a widget looks", .userRead, answer: Self.widget)) { request in
            let tenant = try context.desk(request, .manage, named: request.parameters.require("tenant_id"))
            return .json(json(try context.desks.complete(tenant)))
        }
        try group.put(
            path,
            .support(
                "Change how a widget looks", .userWrite, description: "What is left out stays.", body: Self.change,
                example: ["primary_color": "#0F766E", "enabled": true], answer: Self.widget), change)
        try group.post(
            path + "/regenerate-key",
            .support("Give a widget a new key; the old one stops working", .userWrite, answer: Self.widget)
        ) { request in
            let tenant = try context.desk(request, .manage, named: request.parameters.require("tenant_id"))
            return .json(
                json(
                    try context.desks.change(tenant, by: context.deskPrincipal(request)) { _ in
                        var change = Desks.Change()
                        change.renewsWidgetKey = true
                        return change
                    }))
        }
        let publicPath = "/api/public/widgets/{tenant_id:uuid}"
        try group.get(
            publicPath + "/config",
            .support(
                "Read how a widget looks, as its page does", .publicWrite, answer: JSONSchema.reference("SupportPublicWidget"))
        ) { request in
            let desk = try open(request)
            return .json(
                publicJSON(desk), headers: [HeaderField("cache-control", "no-cache"), HeaderField("vary", "Origin")])
        }
        try group.post(
            publicPath + "/chat",
            .support(
                "Ask through a widget", .publicWrite,
                description:
                    "The first message begins a session and is answered with its `token`, which is good for this session for an "
                    + "hour; send it as a bearer with the next.",
                body: JSONSchema.input(
                    [
                        "message": SupportChat.message.schema, "session_id": FieldRule.string(0...200).schema,
                        "token": FieldRule.string(1...16_384).schema,
                        "metadata": JSONSchema.object,
                    ], required: ["message"]), example: ["message": "Do you deliver on Saturdays?"],
                answer: JSONSchema.reference("SupportAnswer"), execution: .longRunning, bodyLimit: 131_072), ask)
        try group.post(
            publicPath + "/escalate",
            .support(
                "Ask for a person through a widget", .publicWrite,
                body: JSONSchema.input(["reason": FieldRule.string(0...500).schema, "email": FieldRule.line(3...254).schema]),
                answer: JSONSchema.reference("SupportEscalation"), isBodyRequired: false)
        ) { request in
            let desk = try open(request)
            guard let pass = request[Tokens.Pass.self], let id = pass.sessionID else { throw Authorizer.unauthenticated }
            guard pass.tenantID == desk.tenantID else { throw Authorizer.noTenant }
            let session = try context.session(
                id, for: SupportCaller(tenantID: desk.tenantID, principal: .nobody, pass: pass))
            return try SupportSessions.escalate(session, request, context)
        }
    }

    private func change(_ request: Request) throws -> Response {
        let tenant = try context.desk(request, .manage, named: request.parameters.require("tenant_id"))
        var body = try request.bodyFields()
        let color = body.optional("primary_color", Self.color)
        let welcome = body.optional("welcome_message", Self.text)
        let placeholder = body.optional("placeholder_text", Self.text)
        let position = body.optional("position", Self.position)
        let theme = body.optional("theme", Self.theme)
        let isEnabled = body.optional("enabled", .bool)
        let opens = body.optional("auto_open", .bool)
        let domains = body.optional("allowed_domains", Self.domains)
        try body.validate()
        let desk = try context.desks.change(tenant, by: context.deskPrincipal(request)) { desk in
            var widget = desk.widget
            widget.primaryColor = color ?? widget.primaryColor
            widget.welcomeMessage = welcome ?? widget.welcomeMessage
            widget.placeholderText = placeholder ?? widget.placeholderText
            widget.position = position ?? widget.position
            widget.theme = theme ?? widget.theme
            widget.isEnabled = isEnabled ?? widget.isEnabled
            widget.opensByItself = opens ?? widget.opensByItself
            widget.allowedDomains = try domains.map { try WidgetSettings.checkedDomains($0) } ?? widget.allowedDomains
            var change = Desks.Change()
            change.widget = widget
            return change
        }
        return .json(json(desk))
    }

    /// The desk of the path, if its widget is there for the page that asks.
    private func open(_ request: Request) throws -> Desk {
        let desk = try context.desks.find(request.parameters.require("tenant_id"))
        guard desk.isActive, desk.widget.isEnabled else { throw TwinError(.notFound, "there is no such widget") }
        // A widget's own page is on this server's origin; which sites may show it, its policy says.
        let isOfOwnPage = request.headers["origin"] != nil && ConsoleCookie.isOfOwnPage(request)
        guard isOfOwnPage || desk.widget.allows(origin: Authentication.origin(request)) else {
            throw TwinError(.notPermitted, "the widget may not be used from this site")
        }
        return desk
    }

    private func ask(_ request: Request) throws -> Response {
        let desk = try open(request)
        var body = try request.bodyFields()
        let message = body.required("message", SupportChat.message)
        let given = body.optional("token", .string(1...16_384))
        _ = body.optional("session_id", .string(0...200))
        let metadata = body.optional("metadata", .object)
        try body.validate()
        var pass = request[Tokens.Pass.self]
        if pass == nil, let given { pass = try context.workspace.tokens.pass(Secret(given)) }
        if let pass { guard pass.tenantID == desk.tenantID else { throw Authorizer.noTenant } }
        try context.count([.usingWidget(desk.tenantID, from: context.address(of: request))])
        var inquiry = DeskChat.Inquiry(
            message, from: try pass.map { try context.workspace.contacts.find($0.contactID, of: desk.tenantID) },
            sessionID: pass?.sessionID)
        inquiry.metadata = metadata ?? JSONObject()
        inquiry.address = context.address(of: request)
        let reply = try context.workspace.deskChat.answer(inquiry, at: desk.tenantID, isCancelled: { request.isCancelled })
        let token = try context.workspace.tokens.token(
            for: Tokens.Pass(
                .widget, contactID: reply.session.contactID, tenantID: desk.tenantID, sessionID: reply.session.id))
        return SupportAnswer(reply, token: token).response
    }

    private func publicJSON(_ desk: Desk) -> JSON {
        let widget = desk.widget
        return [
            "tenant_id": .string(desk.tenantID), "theme": .string(widget.theme), "primary_color": .string(widget.primaryColor),
            "position": .string(widget.position), "welcome_message": .string(widget.welcomeMessage),
            "placeholder_text": .string(widget.placeholderText), "auto_open": .bool(widget.opensByItself), "enabled": true,
        ]
    }

    private func json(_ desk: Desk) -> JSON {
        let base = context.workspace.publicURL
        return .object(
            (publicJSON(desk).objectValue ?? JSONObject()).merging([
                "widget_key": .string(desk.widgetKey), "enabled": .bool(desk.widget.isEnabled),
                "allowed_domains": .strings(desk.widget.allowedDomains),
                "config_url": .string("\(base)/api/public/widgets/\(desk.tenantID)/config"),
                "chat_url": .string("\(base)/api/public/widgets/\(desk.tenantID)/chat"),
                "created_at": .string(desk.createdAt.description), "updated_at": .string(desk.updatedAt.description),
            ]))
    }
}
