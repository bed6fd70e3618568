import TwinHTTP
import TwinSupport

/// Contacts of a tenant: those whom staff vouch for, and those who came by themselves.
struct SupportContacts: RouteCollection {
    let context: APIContext

    private static let email = FieldRule.line(3...254)
    private static let session = JSONSchema.reference("SupportSession")
    private static let contact = JSONSchema.reference("SupportContact")

    func add(to group: inout RouteGroup) throws {
        let path = "/api/{tenant_id:uuid}/chat-users"
        try group.post(
            path,
            .support(
                "Make a contact", .userWrite,
                description: "One whose address staff vouch for; an address that there is already gives the same contact.",
                body: JSONSchema.input(
                    [
                        "email": Self.email.schema, "username": FieldRule.line(1...200).schema,
                        "department": FieldRule.line(1...200).schema,
                    ], required: ["email"]), example: ["email": "visitor@example.org", "username": "A visitor"],
                answer: Self.contact, status: .created)
        ) { request in
            let caller = try context.caller(request, .attend)
            var body = try request.bodyFields()
            let email = body.required("email", Self.email)
            let name = body.optional("username", .line(1...200))
            let department = body.optional("department", .line(1...200))
            try body.validate()
            let contact = try context.workspace.contacts.add(
                email: email, name: name ?? email, department: department, to: caller.tenantID)
            let token = try context.workspace.tokens.token(
                for: Tokens.Pass(.contact, contactID: contact.id, tenantID: caller.tenantID))
            return .json(SupportContact(contact, token: token).json, status: .created)
        }
        try group.get(
            path,
            .support(
                "List contacts, newest first", .userRead,
                parameters: [.query("email", .string(1...254), "Who state this address")] + SupportPage.parameters,
                answer: JSONSchema.output(["chat_users": JSONSchema.array(Self.contact)]))
        ) { request in
            let caller = try context.caller(request, .attend)
            var query = request.queryFields()
            let email = query.optional("email", .string(1...254))
            let page = SupportPage(&query)
            try query.validate()
            let contacts = try context.workspace.contacts.list(
                of: caller.tenantID, email: email, limit: page.limit, offset: page.offset)
            return .json(["chat_users": .array(contacts.map { SupportContact($0).json })])
        }
        try group.get(path + "/{user_id:uuid}", .support("Read a contact", .userRead, answer: Self.contact)) { request in
            .json(SupportContact(try context.contact(request, for: context.caller(request))).json)
        }
        try group.post(
            path + "/{user_id:uuid}/merge",
            .support(
                "Make a claimed contact and another one", .userWrite,
                description: "Its sessions become the other's, and its tokens stop working.",
                body: JSONSchema.input(["into": JSONSchema.uuid], required: ["into"]), answer: Self.contact)
        ) { request in
            let caller = try context.caller(request, .attend)
            let id = try request.parameters.require("user_id")
            _ = try context.workspace.contacts.find(id, of: caller.tenantID)
            var body = try request.bodyFields()
            let into = body.required("into", .uuid)
            try body.validate()
            let contact = try context.workspace.contacts.merge(
                id, into: into, of: caller.tenantID, by: caller.principal.actorID)
            return .json(SupportContact(contact).json)
        }
        try group.get(
            path + "/{user_id:uuid}/sessions",
            .support(
                "List a contact's sessions, newest first", .userRead, parameters: SupportPage.parameters,
                answer: JSONSchema.array(Self.session))
        ) { request in
            let caller = try context.caller(request)
            let contact = try context.contact(request, for: caller)
            var query = request.queryFields()
            let page = SupportPage(&query, default: 50)
            try query.validate()
            return .json(try SupportSessions(context: context).sessions(caller, contactID: contact.id, page: page))
        }
    }
}
